using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api;

/// <summary>
/// Refuses JSON that parses but holds what nothing behind it can keep: the NUL character and halves of surrogate pairs, which are
/// no text for PostgreSQL, and numbers that double precision does not hold or that are written too long.
/// </summary>
internal static class CleanJson
{
    // PostgreSQL keeps 16,383 digits behind the point, which an exponent moves.
    private const int LongestNumber = 1_000;
    private const int MostExponent = 400;

    /// <summary>Refuses such JSON with the name of the field; what does not parse throws <see cref="JsonException"/>.</summary>
    public static void Check(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw Refusal.Invalid("Invalid/missing parameters: the body is not UTF-8.");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        var (top, field) = ("", "");
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    var name = reader.ValueIsEscaped ? Text(ref reader, "a field's name") : reader.GetString()!;
                    top = reader.CurrentDepth <= 1 ? name : top;
                    field = reader.CurrentDepth <= 1 ? name : $"{top}.{name}";
                    break;
                case JsonTokenType.String when reader.ValueIsEscaped:
                    Text(ref reader, field);
                    break;
                case JsonTokenType.Number when MayOverflow(reader.ValueSpan) && NumberFault(ref reader) is { } fault:
                    throw ApiBody.Wrong(field, fault);
            }
        }
    }

    // Only an exponent, or very many digits, leads out of range; others need not be read twice.
    private static bool MayOverflow(ReadOnlySpan<byte> number) => number.Length > 300 || number.IndexOfAny((byte)'e', (byte)'E') >= 0;

    private static string? NumberFault(ref Utf8JsonReader reader)
    {
        if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return "Input should be a finite number";
        }

        var written = reader.ValueSpan;
        var mark = written.IndexOfAny((byte)'e', (byte)'E');
        var digits = mark < 0 ? written : written[..mark];
        var isFar = mark >= 0
            && (!int.TryParse(written[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) || exponent is < -MostExponent or > MostExponent);
        return isFar || (number == 0 && digits.IndexOfAnyInRange((byte)'1', (byte)'9') >= 0) ? "Input should be a number that double precision holds"
            : written.Length > LongestNumber ? $"Input should be a number of at most {LongestNumber} characters"
            : null;
    }

    private static string Text(ref Utf8JsonReader reader, string field)
    {
        try
        {
            return reader.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw NoText(field);
        }
        catch (InvalidOperationException)
        {
            throw NoText(field);
        }
    }

    private static Refusal NoText(string field) => ApiBody.Wrong(field, "it holds a character that no text has");
}
