using System.Globalization;
using System.Text.Json;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>A column of a source that is edited in the header.</summary>
/// <param name="Column">Wire name.</param>
/// <param name="Label">What is asked for, with its unit.</param>
/// <param name="Value">The present value as it is written; empty where there is none.</param>
public sealed record FactField(string Column, string Label, string Value)
{
    /// <summary>Whether it is text of several lines.</summary>
    public bool IsLong { get; init; }

    /// <summary>Whether it is a list, written with commas.</summary>
    public bool IsList { get; init; }

    /// <summary>A number as it is written.</summary>
    public static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    /// <summary>What was written, as the column takes it; null, which clears it, where nothing was.</summary>
    public JsonElement ToJson(string text)
    {
        var trimmed = text.Trim();
        return IsList
            ? JsonSerializer.SerializeToElement(trimmed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            : JsonSerializer.SerializeToElement(trimmed.Length == 0 ? null : trimmed);
    }

    /// <summary>A value of the column in words.</summary>
    public string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray()),
        JsonValueKind.Number when Column.EndsWith("_error", StringComparison.Ordinal) => "± " + value.GetRawText(),
        JsonValueKind.Number => value.GetRawText(),
        _ when Column.EndsWith("_origin", StringComparison.Ordinal) => "from " + value,
        _ => value.ToString(),
    };
}
