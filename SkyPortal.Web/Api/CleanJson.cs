using System.Text.Json;
using System.Text.Unicode;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api;

/// <summary>
/// Refuses JSON that parses but holds what nothing behind it can keep: the NUL character and halves of surrogate pairs, which are
/// no text for PostgreSQL, and numbers beyond the range of double precision.
/// </summary>
internal static class CleanJson
{
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
                case JsonTokenType.Number when MayOverflow(reader.ValueSpan) && (!reader.TryGetDouble(out var number) || !double.IsFinite(number)):
                    throw ApiBody.Wrong(field, "Input should be a finite number");
            }
        }
    }

    // Only an exponent, or very many digits, leads out of range; others need not be read twice.
    private static bool MayOverflow(ReadOnlySpan<byte> number) => number.Length > 300 || number.IndexOfAny((byte)'e', (byte)'E') >= 0;

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
