using System.Buffers;
using System.Buffers.Binary;
using System.Collections;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>How the blocks of a container file are stored.</summary>
public enum AvroCodec
{
    /// <summary>As they are.</summary>
    Null,

    /// <summary>Compressed with deflate.</summary>
    Deflate,
}

/// <summary>
/// Encodes packets: what the alert simulator and archives write. Records are matched with the schema by field name;
/// fields that a record lacks take the schema's default.
/// </summary>
public static class AvroWriter
{
    /// <summary>Encodes records as a container file with one block. Equal input gives equal bytes.</summary>
    /// <exception cref="PacketFormatException">A value does not fit the schema.</exception>
    public static byte[] WriteContainer(AvroSchema schema, IReadOnlyList<PacketRecord> records, AvroCodec codec = AvroCodec.Null)
    {
        var text = Encoding.UTF8.GetBytes(schema.Text);
        var sync = SHA256.HashData(text).AsSpan(0, 16);
        var output = new ArrayBufferWriter<byte>();
        output.Write(AvroContainer.Magic);
        WriteLong(output, 2);
        WriteBytes(output, "avro.codec"u8);
        WriteBytes(output, codec == AvroCodec.Deflate ? "deflate"u8 : "null"u8);
        WriteBytes(output, "avro.schema"u8);
        WriteBytes(output, text);
        WriteLong(output, 0);
        output.Write(sync);
        if (records.Count > 0)
        {
            var block = new ArrayBufferWriter<byte>();
            foreach (var record in records)
            {
                WriteValue(block, schema.Root, record, "");
            }

            WriteLong(output, records.Count);
            WriteBytes(output, codec == AvroCodec.Deflate ? Deflate(block.WrittenSpan) : block.WrittenSpan);
            output.Write(sync);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Encodes one record without its schema.</summary>
    /// <exception cref="PacketFormatException">A value does not fit the schema.</exception>
    public static byte[] WriteDatum(AvroSchema schema, PacketRecord record)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteValue(output, schema.Root, record, "");
        return output.WrittenSpan.ToArray();
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, AvroType type, object? value, string path)
    {
        switch (type.Kind)
        {
            case AvroKind.Null when value is null:
                return;
            case AvroKind.Union:
                var branch = BranchFor(type, value);
                if (branch < 0)
                {
                    break;
                }

                WriteLong(output, branch);
                WriteValue(output, type.Branches[branch], value, path);
                return;
            case AvroKind.Boolean when value is bool flag:
                output.Write([flag ? (byte)1 : (byte)0]);
                return;
            case AvroKind.Int or AvroKind.Long when IntegerOf(value) is { } integer && (type.Kind == AvroKind.Long || integer == (int)integer):
                WriteLong(output, integer);
                return;
            case AvroKind.Float when NumberOf(value) is { } number:
                BinaryPrimitives.WriteSingleLittleEndian(output.GetSpan(4), (float)number);
                output.Advance(4);
                return;
            case AvroKind.Double when NumberOf(value) is { } number:
                BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(8), number);
                output.Advance(8);
                return;
            case AvroKind.String when value is string text:
                WriteBytes(output, Encoding.UTF8.GetBytes(text));
                return;
            case AvroKind.Bytes when value is byte[] bytes:
                WriteBytes(output, bytes);
                return;
            case AvroKind.Fixed when value is byte[] bytes && bytes.Length == type.Size:
                output.Write(bytes);
                return;
            case AvroKind.Enum when value is string symbol && Array.IndexOf(type.Symbols, symbol) is >= 0 and var index:
                WriteLong(output, index);
                return;
            case AvroKind.Array when value is IEnumerable items and not (string or byte[] or IReadOnlyDictionary<string, object?>):
                WriteArray(output, type, items, path);
                return;
            case AvroKind.Map when value is IReadOnlyDictionary<string, object?> map:
                WriteMap(output, type, map, path);
                return;
            case AvroKind.Record when value is PacketRecord record:
                WriteRecord(output, type, record, path);
                return;
        }

        throw new PacketFormatException($"A value of type {value?.GetType().Name ?? "null"} does not fit the schema's {type.Kind}", path);
    }

    private static void WriteRecord(ArrayBufferWriter<byte> output, AvroType type, PacketRecord record, string path)
    {
        foreach (var field in type.Fields)
        {
            var index = record.Layout.IndexOf(field.Name);
            var value = index >= 0 ? record.Values[index] : field.Default;
            WriteValue(output, field.Type, value, path.Length > 0 ? $"{path}.{field.Name}" : field.Name);
        }
    }

    private static void WriteArray(ArrayBufferWriter<byte> output, AvroType type, IEnumerable items, string path)
    {
        var elements = items.Cast<object?>().ToList();
        if (elements.Count > 0)
        {
            WriteLong(output, elements.Count);
            for (var i = 0; i < elements.Count; i++)
            {
                WriteValue(output, type.Items!, elements[i], $"{path}[{i}]");
            }
        }

        WriteLong(output, 0);
    }

    private static void WriteMap(ArrayBufferWriter<byte> output, AvroType type, IReadOnlyDictionary<string, object?> map, string path)
    {
        if (map.Count > 0)
        {
            WriteLong(output, map.Count);
            foreach (var (key, value) in map)
            {
                WriteBytes(output, Encoding.UTF8.GetBytes(key));
                WriteValue(output, type.Items!, value, $"{path}[{key}]");
            }
        }

        WriteLong(output, 0);
    }

    /// <summary>The branch that fits a value: one of its own kind, wider before narrower, else a number for an integer.</summary>
    private static int BranchFor(AvroType union, object? value)
    {
        ReadOnlySpan<AvroKind> wanted = value switch
        {
            null => [AvroKind.Null],
            bool => [AvroKind.Boolean],
            long integer when integer != (int)integer => [AvroKind.Long, AvroKind.Double, AvroKind.Float],
            long or int => [AvroKind.Long, AvroKind.Int, AvroKind.Double, AvroKind.Float],
            double or float => [AvroKind.Double, AvroKind.Float],
            string => [AvroKind.String, AvroKind.Enum],
            byte[] => [AvroKind.Bytes, AvroKind.Fixed],
            PacketRecord => [AvroKind.Record],
            IReadOnlyDictionary<string, object?> => [AvroKind.Map],
            _ => [AvroKind.Array],
        };
        foreach (var kind in wanted)
        {
            var branch = Array.FindIndex(union.Branches, type => type.Kind == kind && Fits(type, value));
            if (branch >= 0)
            {
                return branch;
            }
        }

        // A record made for another version of the schema goes to the only record branch.
        return value is PacketRecord && union.Branches.Count(static type => type.Kind == AvroKind.Record) == 1
            ? Array.FindIndex(union.Branches, static type => type.Kind == AvroKind.Record)
            : -1;
    }

    private static bool Fits(AvroType type, object? value) => (type.Kind, value) switch
    {
        (AvroKind.Record, PacketRecord record) => record.Layout.Name == type.FullName,
        (AvroKind.Enum, string symbol) => type.Symbols.Contains(symbol, StringComparer.Ordinal),
        (AvroKind.Fixed, byte[] bytes) => bytes.Length == type.Size,
        _ => true,
    };

    private static long? IntegerOf(object? value) => value switch
    {
        long integer => integer,
        int integer => integer,
        _ => null,
    };

    private static double? NumberOf(object? value) => value switch
    {
        double number => number,
        float number => number,
        _ => IntegerOf(value),
    };

    private static void WriteLong(ArrayBufferWriter<byte> output, long value)
    {
        var raw = ((ulong)value << 1) ^ (ulong)(value >> 63);
        var span = output.GetSpan(10);
        var length = 0;
        while (raw >= 0x80)
        {
            span[length++] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        span[length++] = (byte)raw;
        output.Advance(length);
    }

    private static void WriteBytes(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        WriteLong(output, bytes.Length);
        output.Write(bytes);
    }

    private static byte[] Deflate(ReadOnlySpan<byte> bytes)
    {
        using var target = new MemoryStream();
        using (var deflater = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflater.Write(bytes);
        }

        return target.ToArray();
    }
}
