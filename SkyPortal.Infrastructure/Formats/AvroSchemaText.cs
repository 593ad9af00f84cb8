using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Writes a schema as one self-contained JSON text: each named type in full where it first occurs, by name after that.</summary>
internal static class AvroSchemaText
{
    public static string Of(AvroType root)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, root, new HashSet<string>(StringComparer.Ordinal));
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, AvroType type, HashSet<string> defined)
    {
        switch (type.Kind)
        {
            case AvroKind.Union:
                writer.WriteStartArray();
                foreach (var branch in type.Branches)
                {
                    Write(writer, branch, defined);
                }

                writer.WriteEndArray();
                return;
            case AvroKind.Array or AvroKind.Map:
                writer.WriteStartObject();
                writer.WriteString("type", NameOf(type.Kind));
                writer.WritePropertyName(type.Kind == AvroKind.Array ? "items" : "values");
                Write(writer, type.Items!, defined);
                writer.WriteEndObject();
                return;
            case AvroKind.Record or AvroKind.Enum or AvroKind.Fixed when !defined.Add(type.FullName):
                writer.WriteStringValue(type.FullName);
                return;
            case AvroKind.Record or AvroKind.Enum or AvroKind.Fixed:
                WriteDefinition(writer, type, defined);
                return;
            default:
                WritePrimitive(writer, type);
                return;
        }
    }

    private static void WriteDefinition(Utf8JsonWriter writer, AvroType type, HashSet<string> defined)
    {
        writer.WriteStartObject();
        writer.WriteString("type", NameOf(type.Kind));
        writer.WriteString("name", type.FullName);
        if (type.FullName.IndexOf('.') < 0)
        {
            // Without this the type would fall into the namespace of the record around it.
            writer.WriteString("namespace", "");
        }

        if (type.Kind == AvroKind.Record)
        {
            writer.WriteStartArray("fields");
            foreach (var field in type.Fields)
            {
                writer.WriteStartObject();
                writer.WriteString("name", field.Name);
                writer.WritePropertyName("type");
                Write(writer, field.Type, defined);
                if (field.DefaultJson.ValueKind != JsonValueKind.Undefined)
                {
                    writer.WritePropertyName("default");
                    field.DefaultJson.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
        else if (type.Kind == AvroKind.Enum)
        {
            writer.WriteStartArray("symbols");
            foreach (var symbol in type.Symbols)
            {
                writer.WriteStringValue(symbol);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteNumber("size", type.Size);
        }

        WriteLogicalType(writer, type);
        writer.WriteEndObject();
    }

    private static void WritePrimitive(Utf8JsonWriter writer, AvroType type)
    {
        if (type.LogicalType is null)
        {
            writer.WriteStringValue(NameOf(type.Kind));
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", NameOf(type.Kind));
        WriteLogicalType(writer, type);
        writer.WriteEndObject();
    }

    private static void WriteLogicalType(Utf8JsonWriter writer, AvroType type)
    {
        if (type.LogicalType is null)
        {
            return;
        }

        writer.WriteString("logicalType", type.LogicalType);
        if (type.Precision is { } precision)
        {
            writer.WriteNumber("precision", precision);
        }

        if (type.Scale is { } scale)
        {
            writer.WriteNumber("scale", scale);
        }
    }

    private static string NameOf(AvroKind kind) => kind switch
    {
        AvroKind.Null => "null",
        AvroKind.Boolean => "boolean",
        AvroKind.Int => "int",
        AvroKind.Long => "long",
        AvroKind.Float => "float",
        AvroKind.Double => "double",
        AvroKind.Bytes => "bytes",
        AvroKind.String => "string",
        AvroKind.Record => "record",
        AvroKind.Enum => "enum",
        AvroKind.Fixed => "fixed",
        AvroKind.Array => "array",
        AvroKind.Map => "map",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
