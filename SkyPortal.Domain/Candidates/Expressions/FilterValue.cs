using System.Linq.Expressions;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

internal enum FilterType
{
    Null,
    Number,
    Truth,
    Text,
    Record,
    Records,
    Other,
}

/// <summary>
/// A typed piece of a compiled filter. Code yields double (NaN is null) for numbers, bool or bool? for truth
/// values, string for text, PacketRecord, object?[] or object otherwise.
/// </summary>
/// <param name="Layout">Layout of a record or of an array's records.</param>
/// <param name="Exact">For integer fields, the value as decoded, which keeps digits that a double would lose.</param>
/// <param name="IsFlag">Whether it is text that may stand for a truth value.</param>
internal sealed record FilterValue(
    FilterType Type,
    Expression Code,
    FilterSpan Span,
    PacketLayout? Layout = null,
    Expression? Exact = null,
    bool IsFlag = false)
{
    public string TypeName => Describe(Type);

    public static string Describe(FilterType type) => type switch
    {
        FilterType.Null => "null",
        FilterType.Number => "a number",
        FilterType.Truth => "a truth value",
        FilterType.Text => "text",
        FilterType.Record => "a record",
        FilterType.Records => "an array of records",
        _ => "data that can only be tested for null",
    };
}
