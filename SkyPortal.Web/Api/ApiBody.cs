using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api;

/// <summary>
/// The JSON object in a request's body. An empty body is an empty object. Coercion is lax as clients expect: numeric text is a
/// number, "true" and 1 are true; anything else of a wrong type is refused with the field's name.
/// </summary>
public sealed class ApiBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };
    private readonly JsonElement _root;

    /// <summary>Wraps an object.</summary>
    public ApiBody(JsonElement root) => _root = root;

    /// <summary>The object itself.</summary>
    public JsonElement Root => _root;

    /// <summary>Names of the fields.</summary>
    public IEnumerable<string> Fields => _root.EnumerateObject().Select(property => property.Name);

    /// <summary>Reads the body of a request.</summary>
    public static async ValueTask<ApiBody?> BindAsync(HttpContext context)
    {
        var memory = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, 1 << 20));
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted);
        if (memory.Length == 0)
        {
            return new ApiBody(JsonDocument.Parse("{}").RootElement);
        }

        try
        {
            CleanJson.Check(memory.GetBuffer().AsSpan(0, (int)memory.Length), Strict.MaxDepth);
            // The document lives as long as the body; a copy of a large one would cost as much as parsing it.
            var document = JsonDocument.Parse(memory.GetBuffer().AsMemory(0, (int)memory.Length), Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ApiBody(document.RootElement)
                : throw Refusal.Invalid($"JSON decode failed on {context.Request.Path}: the body must be a JSON object.");
        }
        catch (JsonException error)
        {
            throw Refusal.Invalid($"JSON decode failed on {context.Request.Path}: the body must be application/json. {error.Message}");
        }
    }

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string field) => _root.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Whether a field is there, be it null.</summary>
    public bool Mentions(string field) => _root.TryGetProperty(field, out _);

    /// <summary>A field's raw value, or null where it is absent or null.</summary>
    public JsonElement? Element(string field) => Has(field) ? _root.GetProperty(field) : null;

    /// <summary>Refuses any field that is not one of these.</summary>
    public void AllowOnly(params string[] fields)
    {
        var extra = Fields.Where(field => !fields.Contains(field)).Select(field => $"{field}: Extra inputs are not permitted").ToList();
        if (extra.Count > 0)
        {
            throw Refusal.Invalid("Invalid/missing parameters: " + string.Join("; ", extra));
        }
    }

    /// <summary>Text that must be there; a number is refused.</summary>
    public string RequiredText(string field) => Text(field) ?? throw Wrong(field, "Field required");

    /// <summary>An integer that must be there.</summary>
    public int RequiredInt(string field) => Int(field) ?? throw Wrong(field, "Field required");

    /// <summary>A number that must be there.</summary>
    public double RequiredNumber(string field) => Number(field) ?? throw Wrong(field, "Field required");

    /// <summary>Text, or null.</summary>
    public string? Text(string field) => Element(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong(field, "Input should be a valid string"),
    };

    /// <summary>A 32 bit integer, or null.</summary>
    public int? Int(string field) => Long(field) switch
    {
        null => null,
        >= int.MinValue and <= int.MaxValue and var value => (int)value,
        _ => throw Wrong(field, "Input should be a valid integer, it is out of range"),
    };

    /// <summary>A 64 bit integer, or null.</summary>
    public long? Long(string field) => Element(field) is { } value ? LongOf(value, field) : null;

    /// <summary>A finite number, or null.</summary>
    public double? Number(string field) => Element(field) is { } value ? NumberOf(value, field) : null;

    /// <summary>A truth value, or null.</summary>
    public bool? Bool(string field)
    {
        if (Element(field) is not { } value)
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetInt64(out var number) && number is 0 or 1 => value.GetInt64() == 1,
            JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "true" or "t" or "yes" or "y" or "1" => true,
            JsonValueKind.String when value.GetString()!.ToLowerInvariant() is "false" or "f" or "no" or "n" or "0" => false,
            _ => throw Wrong(field, "Input should be a valid boolean"),
        };
    }

    /// <summary>A list of integers, or null.</summary>
    public int[]? Ints(string field) => List(field)?.Select((item, index) => checked((int)Bounded(LongOf(item, $"{field}[{index}]"), field))).ToArray();

    /// <summary>A list of 64 bit integers, or null.</summary>
    public long[]? Longs(string field) => List(field)?.Select((item, index) => LongOf(item, $"{field}[{index}]")).ToArray();

    /// <summary>A list of texts, or null.</summary>
    public string[]? Texts(string field) => List(field)?.Select((item, index) => item.ValueKind == JsonValueKind.String
        ? item.GetString()!
        : throw Wrong($"{field}[{index}]", "Input should be a valid string")).ToArray();

    /// <summary>A JSON object, or null.</summary>
    public JsonElement? Object(string field) => Element(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        _ => throw Wrong(field, "Input should be a valid dictionary"),
    };

    /// <summary>The items of a list, or null.</summary>
    public IReadOnlyList<JsonElement>? List(string field) => Element(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value => [.. value.EnumerateArray()],
        _ => throw Wrong(field, "Input should be a valid list"),
    };

    /// <summary>An ISO time, taken as UTC where it has no zone; null where absent.</summary>
    public DateTime? Time(string field) => Text(field) is { } text ? ApiTime.Parse(text) ?? throw Wrong(field, "Input should be a valid datetime") : null;

    /// <summary>The refusal of a field.</summary>
    public static Refusal Wrong(string field, string reason) => Refusal.Invalid($"Invalid/missing parameters: {field}: {reason}");

    private static long Bounded(long value, string field) =>
        value is >= int.MinValue and <= int.MaxValue ? value : throw Wrong(field, "Input should be a valid integer, it is out of range");

    private static long LongOf(JsonElement value, string field) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetInt64(out var integer) => integer,
        JsonValueKind.Number when value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) < 9e15 => (long)number,
        JsonValueKind.String when long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => throw Wrong(field, "Input should be a valid integer, unable to parse it as an integer"),
    };

    private static double NumberOf(JsonElement value, string field)
    {
        var number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var plain) => plain,
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => throw Wrong(field, "Input should be a valid number"),
        };
        return double.IsFinite(number) ? number : throw Wrong(field, "Input should be a finite number");
    }
}
