using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Reads what brokers answer, whatever it is: a reply that is not what was asked for is told as such, with the broker's name.</summary>
internal static class BrokerJson
{
    /// <summary>Parses a reply.</summary>
    /// <exception cref="OutsideException">It is empty, a web page, cut off, or not JSON at all.</exception>
    public static JsonElement Parse(OutsideService service, OutsideReply reply)
    {
        var body = reply.Body.AsSpan().TrimStart(" \t\r\n\uFEFF"u8);
        if (body.IsEmpty)
        {
            throw OutsideException.Unreadable(service, "its reply is empty.");
        }

        if (body[0] == '<')
        {
            throw OutsideException.Unreadable(service, "it is a web page and not data.");
        }

        try
        {
            using var document = JsonDocument.Parse(reply.Body);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw OutsideException.Unreadable(service, "it is not whole JSON.", error);
        }
    }

    /// <summary>The items of a list, which must be one.</summary>
    public static IReadOnlyList<JsonElement> Items(OutsideService service, JsonElement list, string what) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray()]
        : throw OutsideException.Unreadable(service, $"{what} is no list.");

    /// <summary>The objects of a list, which must be one of objects only.</summary>
    public static IReadOnlyList<JsonElement> Rows(OutsideService service, JsonElement list, string what)
    {
        var items = Items(service, list, what);
        return items.All(item => item.ValueKind == JsonValueKind.Object) ? items : throw OutsideException.Unreadable(service, $"{what} holds what is no record.");
    }

    /// <summary>A field that must be there.</summary>
    public static JsonElement Field(OutsideService service, JsonElement record, string name) => Maybe(record, name) ?? throw OutsideException.Unreadable(service, $"it lacks {name}.");

    /// <summary>A field; null where it is absent or null.</summary>
    public static JsonElement? Maybe(JsonElement record, string name) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

    /// <summary>A finite number, be it as text; null where there is none.</summary>
    public static double? Number(JsonElement record, string name) => Maybe(record, name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        { ValueKind: JsonValueKind.String } value when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    /// <summary>A number that must be there.</summary>
    public static double Needed(OutsideService service, JsonElement record, string name) => Number(record, name) ?? throw OutsideException.Unreadable(service, $"{name} is no number.");

    /// <summary>A whole number; null where there is none.</summary>
    public static long? Whole(JsonElement record, string name) => Maybe(record, name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var whole) => whole,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) < 9e15 => (long)number,
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => null,
    };

    /// <summary>A text, or a number as it was written; null where there is none.</summary>
    public static string? Text(JsonElement record, string name) => Maybe(record, name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => null,
    };

    /// <summary>
    /// Whether a subtraction is positive: false where it is said to be f, 0, -1 or false, as surveys and brokers write it in many ways.
    /// </summary>
    public static bool IsPositive(JsonElement record, string name) => Maybe(record, name) switch
    {
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } value => value.GetString() is not ("f" or "F" or "0" or "-1" or "false" or "False"),
        { ValueKind: JsonValueKind.Number } value => value.TryGetDouble(out var number) && number > 0,
        _ => true,
    };

    /// <summary>A record as a node of its own that can be kept: without what no text or number of the database is; an empty one where it is none.</summary>
    public static JsonObject Node(JsonElement record) => Any(record) as JsonObject ?? [];

    /// <summary>A value as a node of its own that can be kept; null where it cannot.</summary>
    public static JsonNode? Any(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var record = new JsonObject();
                foreach (var field in value.EnumerateObject())
                {
                    record[Clean(field.Name)] = Any(field.Value);
                }

                return record;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(Any)]);
            case JsonValueKind.String:
                return Clean(value.GetString()!);
            case JsonValueKind.Number when value.TryGetInt64(out var whole):
                return whole;
            case JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number):
                return number;
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            default:
                return null;
        }
    }

    private static string Clean(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;

    /// <summary>Bytes that came as base64, bare or as data: address, or as a list of numbers; null where there are none.</summary>
    public static byte[]? Bytes(JsonElement record, string name)
    {
        switch (Maybe(record, name))
        {
            case { ValueKind: JsonValueKind.String } value:
                var text = value.GetString()!;
                text = text.StartsWith("data:", StringComparison.Ordinal) && text.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma ? text[(comma + 1)..] : text;
                var bytes = new byte[(text.Length * 3 / 4) + 3];
                return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
            case { ValueKind: JsonValueKind.Array } list:
                var numbers = list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetByte(out var one) ? one : (byte?)null).ToList();
                return numbers.Count > 0 && numbers.TrueForAll(one => one is not null) ? [.. numbers.Select(one => one!.Value)] : null;
            default:
                return null;
        }
    }

    /// <summary>Measurements of rows, each once; that none of many rows can be read is a fault of the reply.</summary>
    public static IReadOnlyList<AlertMeasurement> Points(OutsideService service, IReadOnlyList<JsonElement> rows, string what, Func<JsonElement, AlertMeasurement?> read)
    {
        var points = PacketValues.Distinct(rows.Select(read));
        return points.Count > 0 || rows.Count == 0 ? points : throw OutsideException.Unreadable(service, $"none of its {rows.Count} {what} can be read.");
    }
}
