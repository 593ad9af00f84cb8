using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>A name that filters over one survey's alerts may use.</summary>
/// <param name="Name">How it is written, such as <c>age_days</c> or <c>candidate.magpsf</c>; within an array, the element's field.</param>
/// <param name="Array">The array whose elements have the field, to be used inside an aggregate over it; null elsewhere.</param>
/// <param name="IsOfSurvey">Whether it is a field of the survey's packet, as sent; else it means the same for every survey.</param>
/// <param name="Kind">In words: number, truth value, text, array or image.</param>
/// <param name="Meaning">What it is, with its unit in brackets; null where only the survey's own documents tell.</param>
public sealed record FilterField(string Name, string? Array, bool IsOfSurvey, string Kind, string? Meaning);

/// <summary>Lists the names that filters may use, from the tables by which they are checked.</summary>
public static class FilterFields
{
    /// <summary>Every name: those of all surveys first, then the packet's, each in the order of its table.</summary>
    public static IReadOnlyList<FilterField> Of(FilterEnvironment environment) =>
    [
        .. environment.Variables.SelectMany(variable => new[] { new FilterField(variable.Name, null, false, Word(variable.Kind), variable.Description) }
            .Concat(variable.Record is null ? [] : Elements(variable.Name, variable.Record, isOfSurvey: false))),
        .. environment.Packet.Fields.SelectMany(field => field switch
        {
            { Kind: PacketFieldKind.Record, Record: { } record } => record.Fields.Select(inner => Field($"{field.Name}.{inner.Name}", inner, null)),
            { Kind: PacketFieldKind.Array, Record: { } element } => new[] { Field(field.Name, field, null) }.Concat(Elements(field.Name, element, isOfSurvey: true)),
            _ => [Field(field.Name, field, null)],
        }),
    ];

    private static IEnumerable<FilterField> Elements(string array, PacketLayout layout, bool isOfSurvey) =>
        layout.Fields.Select(field => Field(field.Name, field, array) with { IsOfSurvey = isOfSurvey });

    private static FilterField Field(string name, PacketField field, string? array) =>
        new(name, array, true, Word(field.Kind), FilterMeanings.Of(array is null ? name : $"{array}.{name}"));

    private static string Word(PacketFieldKind kind) => kind switch
    {
        PacketFieldKind.Boolean => "truth value",
        PacketFieldKind.Integer or PacketFieldKind.Number => "number",
        PacketFieldKind.Text => "text",
        PacketFieldKind.Array => "array",
        PacketFieldKind.Bytes => "image",
        _ => "other",
    };
}
