using System.Linq.Expressions;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// Resolves paths. A name is looked up in the elements of the enclosing aggregates, innermost first, then among the
/// variables, then among the packet's fields.
/// </summary>
internal sealed class FilterNames(string text, FilterEnvironment environment, ParameterExpression context)
{
    private readonly Stack<(PacketLayout Layout, Expression Element)> _elements = new();

    /// <summary>Variables that were named so far.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public int AggregateDepth => _elements.Count;

    public void Enter(PacketLayout layout, Expression element) => _elements.Push((layout, element));

    public void Leave() => _elements.Pop();

    public FilterValue Resolve(PathSyntax path)
    {
        var first = path.Names[0];
        var next = 1;
        FilterValue value;
        if (first.Value is "packet" or "alert" && path.Names.Count > 1)
        {
            value = first.Value == "packet"
                ? PacketField(path.Names[1]) ?? throw Unknown(path.Names[1], "packet.", FieldNames(environment.Packet))
                : Variable(path.Names[1]) ?? throw Unknown(path.Names[1], "alert.", environment.Variables.Select(variable => variable.Name));
            next = 2;
        }
        else
        {
            value = ElementField(first) ?? Variable(first) ?? PacketField(first) ?? throw Unknown(first, "", NamesInScope());
        }

        for (; next < path.Names.Count; next++)
        {
            value = Member(value, path.Names[next], path.Names[next - 1]);
        }

        return value with { Span = path.Span };
    }

    private FilterValue Member(FilterValue record, FilterToken name, FilterToken owner)
    {
        if (record.Type == FilterType.Records)
        {
            throw Error($"'{owner.Value}' is an array of records; use an aggregate, such as any({owner.Value}, {name.Value} is not null).", name.Span);
        }

        if (record.Type != FilterType.Record || record.Layout is null)
        {
            throw Error($"'{owner.Value}' is {record.TypeName} and has no fields.", name.Span);
        }

        return Field(record.Layout, record.Code, name) ?? throw Unknown(name, owner.Value + ".", FieldNames(record.Layout));
    }

    private FilterValue? ElementField(FilterToken name)
    {
        foreach (var (layout, element) in _elements)
        {
            if (Field(layout, element, name) is { } field)
            {
                return field;
            }
        }

        return null;
    }

    private FilterValue? PacketField(FilterToken name) =>
        Field(environment.Packet, Expression.Property(context, nameof(FilterContext.Packet)), name);

    private FilterValue? Field(PacketLayout layout, Expression record, FilterToken name)
    {
        var index = layout.IndexOf(name.Value);
        if (index < 0)
        {
            return null;
        }

        var field = layout.Fields[index];
        var reader = Expression.Constant(new PacketFieldReader(field.Name));
        return Typed(
            field.Kind,
            field.Record,
            name,
            method => Expression.Call(reader, typeof(PacketFieldReader).GetMethod(method)!, record));
    }

    private FilterValue? Variable(FilterToken name)
    {
        var slot = environment.SlotOf(name.Value);
        if (slot < 0)
        {
            return null;
        }

        var variable = environment.Variables[slot];
        Used.Add(variable.Name);
        return Typed(
            variable.Kind,
            variable.Record,
            name,
            method => Expression.Call(context, method, null, Expression.Constant(slot)));
    }

    private FilterValue Typed(PacketFieldKind kind, PacketLayout? layout, FilterToken name, Func<string, Expression> read) => kind switch
    {
        PacketFieldKind.Number => new(FilterType.Number, read("Number"), name.Span),
        PacketFieldKind.Integer => new(FilterType.Number, read("Number"), name.Span, Exact: read("Value")),
        PacketFieldKind.Boolean => new(FilterType.Truth, read("Truth"), name.Span),
        PacketFieldKind.Text => new(FilterType.Text, read("Text"), name.Span, IsFlag: environment.IsFlag(name.Value)),
        PacketFieldKind.Record when layout is not null => new(FilterType.Record, read("Record"), name.Span, layout),
        PacketFieldKind.Array when layout is not null => new(FilterType.Records, read("Items"), name.Span, layout),
        _ => new(FilterType.Other, read("Value"), name.Span),
    };

    private IEnumerable<string> NamesInScope() =>
        _elements.SelectMany(element => FieldNames(element.Layout))
            .Concat(environment.Variables.Select(variable => variable.Name))
            .Concat(FieldNames(environment.Packet));

    private static IEnumerable<string> FieldNames(PacketLayout layout) => layout.Fields.Select(field => field.Name);

    private FilterSyntaxException Unknown(FilterToken name, string prefix, IEnumerable<string> known)
    {
        var closest = NameSuggestions.Closest(name.Value, known).Select(suggestion => prefix + suggestion);
        if (prefix.Length == 0)
        {
            // "drb" alone is most often meant as "candidate.drb".
            closest = environment.Packet.Fields
                .Where(field => field is { Kind: PacketFieldKind.Record, Record: not null } && field.Record.IndexOf(name.Value) >= 0)
                .Select(field => $"{field.Name}.{name.Value}")
                .Concat(closest);
        }

        var message = $"Unknown field '{prefix}{FilterLexer.Short(name.Value)}'.";
        var suggestions = closest.Distinct().Take(3).Select(suggestion => $"'{suggestion}'").ToList();
        return Error(suggestions.Count == 0 ? message : $"{message} Did you mean {string.Join(" or ", suggestions)}?", name.Span);
    }

    private FilterSyntaxException Error(string message, FilterSpan span) => new(message, text, span);
}
