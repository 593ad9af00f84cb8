using System.Text.Json;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>A field that pipelines may use.</summary>
/// <param name="Name">Name with those that it lies in, such as candidate.magpsf.</param>
/// <param name="Kind">Its type; of a list with [] behind it.</param>
/// <param name="Doc">What it means, in the words of the schema; may be null.</param>
public sealed record SchemaField(string Name, string Kind, string? Doc);

/// <summary>Reads the fields of an Avro schema.</summary>
public static class SchemaFields
{
    private const int Deepest = 6;

    /// <summary>All that hold values, in the order of the schema; empty where it is none.</summary>
    public static IReadOnlyList<SchemaField> Of(JsonElement schema)
    {
        var (fields, named) = (new List<SchemaField>(), new Dictionary<string, JsonElement>(StringComparer.Ordinal));
        Add(schema, "", "", null, 0, fields, named);
        return fields;
    }

    private static void Add(JsonElement type, string name, string suffix, string? doc, int depth, List<SchemaField> fields, Dictionary<string, JsonElement> named)
    {
        if (depth > Deepest)
        {
            return;
        }

        switch (type.ValueKind)
        {
            case JsonValueKind.String when named.TryGetValue(type.GetString()!, out var known):
                Add(known, name, suffix, doc, depth + 1, fields, named);
                break;
            case JsonValueKind.String:
                fields.Add(new SchemaField(name, type.GetString() + suffix, doc));
                break;
            case JsonValueKind.Array:
                foreach (var one in type.EnumerateArray().Where(one => one.ValueKind != JsonValueKind.String || one.GetString() != "null").Take(1))
                {
                    Add(one, name, suffix, doc, depth, fields, named);
                }

                break;
            case JsonValueKind.Object:
                AddObject(type, name, suffix, doc, depth, fields, named);
                break;
        }
    }

    private static void AddObject(JsonElement type, string name, string suffix, string? doc, int depth, List<SchemaField> fields, Dictionary<string, JsonElement> named)
    {
        if (type.TryGetProperty("items", out var items))
        {
            if (name.Length > 0 && IsRecord(items, named))
            {
                fields.Add(new SchemaField(name, "list", doc));
            }

            Add(items, name, suffix + "[]", doc, depth + 1, fields, named);
        }
        else if (type.TryGetProperty("fields", out var parts) && parts.ValueKind == JsonValueKind.Array)
        {
            if (Text(type, "name") is { } own)
            {
                named[own] = type;
            }

            foreach (var part in parts.EnumerateArray().Where(part => Text(part, "name") is not null && part.TryGetProperty("type", out _)))
            {
                var full = name.Length == 0 ? Text(part, "name")! : $"{name}.{Text(part, "name")}";
                Add(part.GetProperty("type"), full, suffix, Text(part, "doc"), depth + 1, fields, named);
            }
        }
        else if (type.TryGetProperty("type", out var inner))
        {
            Add(inner, name, suffix, doc, depth + 1, fields, named);
        }
    }

    private static bool IsRecord(JsonElement type, Dictionary<string, JsonElement> named) => type.ValueKind switch
    {
        JsonValueKind.Object => type.TryGetProperty("fields", out _),
        JsonValueKind.String => named.ContainsKey(type.GetString()!),
        JsonValueKind.Array => type.EnumerateArray().Any(one => IsRecord(one, named)),
        _ => false,
    };

    private static string? Text(JsonElement record, string name) => record.ValueKind == JsonValueKind.Object && record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
