using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>
/// Collects the keywords of a text header: <c>KEY: value</c> as a plain value, <c>KEY = value / comment</c>, as FITS writes it,
/// as <c>{"value", "comment"}</c>. Other lines are remarks and left out, they stay in the original file.
/// </summary>
internal sealed partial class SpectrumHeader
{
    private const int MostKeys = 5_000;
    private readonly JsonObject _values = [];

    /// <summary>Adds a line without its comment sign.</summary>
    public void Add(string line)
    {
        if (_values.Count >= MostKeys)
        {
            return;
        }

        if (Card().Match(line) is { Success: true } card)
        {
            var (value, comment) = Split(card.Groups[2].Value.Trim());
            _values[card.Groups[1].Value.Trim()] = new JsonObject { ["value"] = value, ["comment"] = comment };
        }
        else if (Pair().Match(line) is { Success: true } pair)
        {
            _values[pair.Groups[1].Value.Trim()] = Scalar(Clean(pair.Groups[2].Value.Trim()));
        }
    }

    /// <summary>What was collected; null where nothing was.</summary>
    public JsonObject? ToJson() => _values.Count == 0 ? null : _values;

    private static (JsonNode? Value, string Comment) Split(string text)
    {
        if (text.StartsWith('\'') && text.IndexOf('\'', 1) is > 0 and var end)
        {
            return (Clean(text[1..end].TrimEnd()), Clean(text[(end + 1)..].TrimStart(' ', '/')));
        }

        var slash = text.IndexOf(" /", StringComparison.Ordinal);
        return slash < 0 ? (Scalar(Clean(text)), "") : (Scalar(Clean(text[..slash].TrimEnd())), Clean(text[(slash + 2)..].Trim()));
    }

    private static JsonNode? Scalar(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        return text switch
        {
            "" or "null" or "~" => null,
            "T" or "true" or "True" => true,
            "F" or "false" or "False" => false,
            _ => text.Length > 1 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1] : text,
        };
    }

    // PostgreSQL's jsonb cannot hold the NUL character.
    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*([A-Za-z_][\w .\-]{0,70}?)\s*=\s*(.*)$")]
    private static partial Regex Card();

    [GeneratedRegex(@"^\s*([A-Za-z_][\w .\-/]{0,70}?)\s*:(?:\s+(.*))?$")]
    private static partial Regex Pair();
}
