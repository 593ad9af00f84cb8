using System.Linq.Expressions;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Functions of a filter.</summary>
internal sealed class FilterCalls(FilterBinder binder, FilterAggregates aggregates)
{
    private static readonly Dictionary<string, (string Method, FilterType[] Parameters, FilterType Result)> Plain = new(StringComparer.Ordinal)
    {
        ["abs"] = Numeric(nameof(FilterRuntime.Abs), 1),
        ["sqrt"] = Numeric(nameof(FilterRuntime.Sqrt), 1),
        ["log10"] = Numeric(nameof(FilterRuntime.Log10), 1),
        ["ln"] = Numeric(nameof(FilterRuntime.Ln), 1),
        ["exp"] = Numeric(nameof(FilterRuntime.Exp), 1),
        ["floor"] = Numeric(nameof(FilterRuntime.Floor), 1),
        ["ceil"] = Numeric(nameof(FilterRuntime.Ceil), 1),
        ["round"] = Numeric(nameof(FilterRuntime.Round), 1),
        ["pow"] = Numeric(nameof(FilterRuntime.Pow), 2),
        ["nullif"] = Numeric(nameof(FilterRuntime.NullIf), 2),
        ["separation_arcsec"] = Numeric(nameof(FilterRuntime.SeparationArcsec), 4),
        ["galactic_latitude"] = Numeric(nameof(FilterRuntime.GalacticLatitudeDeg), 2),
        ["startswith"] = (nameof(FilterRuntime.StartsWith), [FilterType.Text, FilterType.Text], FilterType.Truth),
        ["endswith"] = (nameof(FilterRuntime.EndsWith), [FilterType.Text, FilterType.Text], FilterType.Truth),
        ["contains"] = (nameof(FilterRuntime.Contains), [FilterType.Text, FilterType.Text], FilterType.Truth),
        ["like"] = (nameof(FilterRuntime.Like), [FilterType.Text, FilterType.Text], FilterType.Truth),
        ["lower"] = (nameof(FilterRuntime.Lower), [FilterType.Text], FilterType.Text),
        ["length"] = (nameof(FilterRuntime.Length), [FilterType.Text], FilterType.Number),
    };

    private static readonly string[] Special = ["if", "isnull", "text", "min", "max"];

    public FilterValue Bind(CallSyntax call)
    {
        var name = call.Name.Value;
        if (Plain.TryGetValue(name, out var plain))
        {
            return BindPlain(call, plain.Method, plain.Parameters, plain.Result);
        }

        return name switch
        {
            "if" => If(call),
            "isnull" => binder.NullTest(binder.Bind(Only(call)), negated: false, call.Span),
            "text" => Text(call),
            "min" or "max" => Extreme(call),
            _ when FilterAggregates.Names.Contains(name) => aggregates.Bind(call, Array(call)),
            _ => throw Unknown(call),
        };
    }

    private static (string Method, FilterType[] Parameters, FilterType Result) Numeric(string method, int parameters) =>
        (method, Enumerable.Repeat(FilterType.Number, parameters).ToArray(), FilterType.Number);

    private FilterValue BindPlain(CallSyntax call, string method, FilterType[] parameters, FilterType result)
    {
        RequireCount(call, parameters.Length, parameters.Length);
        var arguments = parameters.Select((type, index) => binder.As(binder.Bind(call.Arguments[index]), type, $"'{call.Name.Value}'"));
        return new FilterValue(result, FilterBinder.Call(method, [.. arguments]), call.Span);
    }

    private FilterValue If(CallSyntax call)
    {
        RequireCount(call, 3, 3);
        var condition = binder.Condition(call.Arguments[0], "'if'");
        var (first, second) = (binder.Bind(call.Arguments[1]), binder.Bind(call.Arguments[2]));
        var (type, then, otherwise) = binder.Unify(first, second, "'if'");
        return new FilterValue(type, Expression.Condition(condition, then, otherwise), call.Span, IsFlag: first.IsFlag && second.IsFlag);
    }

    private FilterValue Text(CallSyntax call)
    {
        var value = binder.Bind(Only(call));
        if (value.Type == FilterType.Text)
        {
            return value with { Span = call.Span, IsFlag = false };
        }

        var number = binder.As(value, FilterType.Number, "'text'");
        var code = value.Exact is { } exact
            ? FilterBinder.Call(nameof(FilterRuntime.Text), exact)
            : FilterBinder.Call(nameof(FilterRuntime.NumberText), number);
        return new FilterValue(FilterType.Text, code, call.Span);
    }

    /// <summary>min and max take either an array, or two and more numbers.</summary>
    private FilterValue Extreme(CallSyntax call)
    {
        RequireCount(call, 2, FilterLimits.Nodes);
        var first = binder.Bind(call.Arguments[0]);
        if (first.Type == FilterType.Records)
        {
            return aggregates.Bind(call, first);
        }

        var user = $"'{call.Name.Value}'";
        var method = call.Name.Value == "min" ? nameof(FilterRuntime.Min) : nameof(FilterRuntime.Max);
        var code = binder.As(first, FilterType.Number, user);
        foreach (var argument in call.Arguments.Skip(1))
        {
            code = FilterBinder.Call(method, code, binder.Number(argument, user));
        }

        return new FilterValue(FilterType.Number, code, call.Span);
    }

    private FilterValue Array(CallSyntax call)
    {
        RequireCount(call, 1, 3);
        var array = binder.Bind(call.Arguments[0]);
        return array.Type == FilterType.Records
            ? array
            : throw binder.Error(
                $"'{call.Name.Value}' needs an array of records first, but '{binder.Source(array.Span)}' is {array.TypeName}.",
                array.Span);
    }

    private FilterSyntax Only(CallSyntax call)
    {
        RequireCount(call, 1, 1);
        return call.Arguments[0];
    }

    private void RequireCount(CallSyntax call, int least, int most)
    {
        if (call.Arguments.Count < least || call.Arguments.Count > most)
        {
            var wanted = least == most ? $"{least}" : most == FilterLimits.Nodes ? $"at least {least}" : $"{least} to {most}";
            throw binder.Error(
                $"'{call.Name.Value}' takes {wanted} argument{(wanted == "1" ? "" : "s")}, not {call.Arguments.Count}.",
                call.Span);
        }
    }

    private FilterSyntaxException Unknown(CallSyntax call)
    {
        var known = Plain.Keys.Concat(Special).Concat(FilterAggregates.Names);
        var closest = NameSuggestions.Closest(call.Name.Value, known).Take(3).Select(name => $"'{name}'").ToList();
        var message = $"Unknown function '{FilterLexer.Short(call.Name.Value)}'.";
        return binder.Error(closest.Count == 0 ? message : $"{message} Did you mean {string.Join(" or ", closest)}?", call.Name.Span);
    }
}
