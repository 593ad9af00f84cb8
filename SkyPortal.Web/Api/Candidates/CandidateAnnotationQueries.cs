using System.Globalization;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Reads the conditions on annotations of objects and of points.</summary>
internal static class CandidateAnnotationQueries
{
    /// <summary>Conditions on one annotation of the object: objects of JSON joined by commas, not a JSON array; brackets make it one.</summary>
    public static IReadOnlyList<AnnotationCondition> OfObjects(string? text)
    {
        if (text is null)
        {
            return [];
        }

        try
        {
            var list = Encoding.UTF8.GetBytes(text.TrimStart().StartsWith('[') ? text : $"[{text}]");
            CleanJson.Check(list, 64);
            using var document = JsonDocument.Parse(list);
            return [.. document.RootElement.EnumerateArray().Select(OfObject)];
        }
        catch (JsonException)
        {
            throw Refusal.Invalid("Could not parse JSON objects for annotation filtering");
        }
    }

    /// <summary>Conditions on the annotations of points; null where there are none.</summary>
    public static PointAnnotationCriteria? OfPoints(ApiQuery query)
    {
        var least = query.StrictInt("photometryAnnotationsFilterMinCount") ?? 1;
        var criteria = new PointAnnotationCriteria
        {
            Tests = [.. (query.List("photometryAnnotationsFilter") ?? []).Select(OfPoint)],
            LowerOrigins = query.List("photometryAnnotationsFilterOrigin") is { Length: > 0 } origins ? [.. origins.Select(origin => origin.ToLowerInvariant())] : null,
            Before = query.Time("photometryAnnotationsFilterBefore"),
            After = query.Time("photometryAnnotationsFilterAfter"),
            MinCount = least > 0 ? least : throw Refusal.Invalid("Invalid photometryAnnotationsFilterMinCount: it must be at least 1."),
        };
        return criteria is { Tests.Count: 0, LowerOrigins: null, Before: null, After: null } ? null : criteria;
    }

    private static AnnotationCondition OfObject(JsonElement item)
    {
        string Required(string name) => item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() is var text && !text!.Contains('\0', StringComparison.Ordinal) ? text : throw Wrong(item, $"\"{name}\" holds a character that no text has.")
            : throw Wrong(item, $"\"{name}\" is required.");
        double? Number(string name) => !item.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.Number when double.IsFinite(value.GetDouble()) => value.GetDouble(),
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) => parsed,
            _ => throw Wrong(item, $"\"{name}\" must be a finite number."),
        };
        var (origin, key) = (Required("origin"), Required("key"));
        if (item.TryGetProperty("value", out var exact))
        {
            return new AnnotationCondition(origin, key, exact.ValueKind == JsonValueKind.String ? Required("value") : exact.GetRawText(), null, null);
        }

        var (min, max) = (Number("min"), Number("max"));
        return min is null || max is null
            ? throw Wrong(item, "\"min\" and \"max\", or \"value\", are required.")
            : new AnnotationCondition(origin, key, null, min, max);
    }

    private static PointAnnotationTest OfPoint(string item)
    {
        var parts = item.Split(':', StringSplitOptions.TrimEntries);
        if (parts is [{ Length: > 0 } only])
        {
            return new PointAnnotationTest(only, null, null);
        }

        if (parts is not [{ Length: > 0 } key, { Length: > 0 } value, { Length: > 0 } sign])
        {
            throw Refusal.Invalid($"Invalid photometryAnnotationsFilter value -- annotation filter must have 1 or 3 values: {item}");
        }

        JsonComparison comparison = sign switch
        {
            "lt" => JsonComparison.Lt,
            "le" => JsonComparison.Le,
            "eq" => JsonComparison.Eq,
            "ne" => JsonComparison.Ne,
            "ge" => JsonComparison.Ge,
            "gt" => JsonComparison.Gt,
            _ => throw Refusal.Invalid($"Invalid photometryAnnotationsFilter operator: {sign}. It must be one of lt, le, eq, ne, ge, gt."),
        };
        return new PointAnnotationTest(key, Json(value), comparison);
    }

    // A number, a truth value and null stand for themselves; anything else is text.
    private static string Json(string value) => value switch
    {
        "true" or "false" or "null" => value,
        _ when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            number.ToString("R", CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value),
    };

    private static Refusal Wrong(JsonElement item, string why) => Refusal.Invalid($"Invalid annotation filter list item {item.GetRawText()}: {why}");
}
