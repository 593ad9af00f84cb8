using System.Text;
using System.Text.Json;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Values that a schema gives for absent fields (Avro 1.11 specification, "Complex Types: Records").</summary>
internal static class AvroDefaults
{
    /// <summary>The value that a default stands for; null where there is none or where it does not fit the type.</summary>
    public static object? Of(JsonElement value, AvroType type) => type.Kind switch
    {
        // A union's default belongs to its first branch by the letter, but surveys also write it for a later one.
        AvroKind.Union => type.Branches.Select(branch => Of(value, branch)).FirstOrDefault(static result => result is not null),
        AvroKind.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        AvroKind.Int or AvroKind.Long when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var integer) => integer,
        AvroKind.Float or AvroKind.Double when value.ValueKind == JsonValueKind.Number => value.GetDouble(),
        AvroKind.String or AvroKind.Enum when value.ValueKind == JsonValueKind.String => value.GetString(),
        AvroKind.Bytes or AvroKind.Fixed when value.ValueKind == JsonValueKind.String => Encoding.Latin1.GetBytes(value.GetString()!),
        AvroKind.Array when value.ValueKind == JsonValueKind.Array =>
            value.EnumerateArray().Select(item => Of(item, type.Items!)).ToArray(),
        AvroKind.Map when value.ValueKind == JsonValueKind.Object =>
            value.EnumerateObject().ToDictionary(item => item.Name, item => Of(item.Value, type.Items!), StringComparer.Ordinal),
        _ => null,
    };
}
