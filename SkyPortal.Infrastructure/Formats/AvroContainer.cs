using System.IO.Compression;
using System.Text;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>What an object container file held.</summary>
/// <param name="Schema">The schema that the file carries.</param>
/// <param name="Records">Its records, in order.</param>
public sealed record AvroContainerContent(AvroSchema Schema, IReadOnlyList<PacketRecord> Records);

/// <summary>
/// Decodes Avro object container files (Avro 1.11 specification, "Object Container Files"): the form in which ZTF and
/// others send each packet, and in which nightly archives keep them. Codecs <c>null</c> and <c>deflate</c>.
/// </summary>
public static class AvroContainer
{
    private const int SyncBytes = 16;
    private const int MaxMetadataEntries = 1_000;

    /// <summary>First bytes of a container file.</summary>
    internal static ReadOnlySpan<byte> Magic => "Obj\x01"u8;

    /// <summary>Whether the bytes begin as a container file does.</summary>
    public static bool IsContainer(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Decodes all records of a container file.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="PacketFormatException">The file is truncated, corrupt, too large or of an unknown codec.</exception>
    public static AvroContainerContent Read(ReadOnlyMemory<byte> file, AvroLimits? limits = null)
    {
        limits ??= AvroLimits.Default;
        var bytes = file.Span;
        if (bytes.Length > limits.MaxInputBytes)
        {
            throw new PacketFormatException($"A file of {bytes.Length} bytes is larger than the {limits.MaxInputBytes} allowed");
        }

        if (!IsContainer(bytes))
        {
            throw new PacketFormatException("The file does not begin as an Avro container", byteOffset: 0);
        }

        var cursor = new AvroCursor(bytes, 0, limits.MaxValues, limits.MaxDepth);
        cursor.Take(Magic.Length);
        var (schema, deflated) = ReadMetadata(ref cursor, limits);
        var sync = cursor.Take(SyncBytes);
        var records = new List<PacketRecord>(1);
        var valuesLeft = limits.MaxValues;
        var inflatedLeft = limits.MaxInflatedBytes;
        while (cursor.Remaining > 0)
        {
            var count = cursor.ReadLong();
            var stored = cursor.ReadBytes();
            var start = cursor.Position - stored.Length;
            if (count < 0)
            {
                cursor.Fail($"A block declares {count} records");
            }

            if (deflated)
            {
                var block = Inflate(file.Slice(start, stored.Length), inflatedLeft, start);
                inflatedLeft -= block.Length;
                ReadBlock(schema, block, 0, count, ref valuesLeft, limits, records);
            }
            else
            {
                ReadBlock(schema, stored, start, count, ref valuesLeft, limits, records);
            }

            if (!cursor.Take(SyncBytes).SequenceEqual(sync))
            {
                cursor.Fail("A block does not end with the file's sync marker");
            }
        }

        return new AvroContainerContent(schema, records);
    }

    private static (AvroSchema Schema, bool Deflated) ReadMetadata(ref AvroCursor cursor, AvroLimits limits)
    {
        ReadOnlySpan<byte> schema = default;
        var deflated = false;
        var entries = 0;
        while (true)
        {
            var (count, end) = cursor.ReadBlockHead(2);
            if (count == 0)
            {
                break;
            }

            entries += count;
            if (entries > MaxMetadataEntries)
            {
                cursor.Fail("The file has too many metadata entries");
            }

            for (var i = 0; i < count; i++)
            {
                var key = cursor.ReadBytes();
                var value = cursor.ReadBytes();
                if (key.SequenceEqual("avro.schema"u8))
                {
                    if (value.Length > limits.MaxSchemaBytes)
                    {
                        cursor.Fail($"A schema of {value.Length} bytes is larger than the {limits.MaxSchemaBytes} allowed");
                    }

                    schema = value;
                }
                else if (key.SequenceEqual("avro.codec"u8))
                {
                    deflated = value.SequenceEqual("deflate"u8);
                    if (!deflated && value.Length > 0 && !value.SequenceEqual("null"u8))
                    {
                        cursor.Fail($"The codec '{Encoding.ASCII.GetString(value[..Math.Min(value.Length, 32)])}' is not supported");
                    }
                }
            }

            cursor.EndBlock(end);
        }

        if (schema.IsEmpty)
        {
            cursor.Fail("The file carries no schema");
        }

        return (AvroSchema.Parse(schema), deflated);
    }

    private static void ReadBlock(
        AvroSchema schema,
        ReadOnlySpan<byte> block,
        long origin,
        long count,
        ref int valuesLeft,
        AvroLimits limits,
        List<PacketRecord> records)
    {
        var cursor = new AvroCursor(block, origin, Math.Min(valuesLeft, limits.ValuesFor(block.Length)), limits.MaxDepth, limits.SkipsBytes);
        var allowed = cursor.ValuesLeft;
        for (long i = 0; i < count; i++)
        {
            records.Add(schema.Reader.ReadRecord(ref cursor));
        }

        if (cursor.Remaining > 0)
        {
            cursor.Fail($"{cursor.Remaining} bytes follow the {count} records of a block");
        }

        valuesLeft -= allowed - cursor.ValuesLeft;
    }

    private static byte[] Inflate(ReadOnlyMemory<byte> stored, int maxBytes, long offset)
    {
        try
        {
            using var inflater = new DeflateStream(CappedInflation.StreamOf(stored), CompressionMode.Decompress);
            return CappedInflation.ReadAll(inflater, stored.Length, maxBytes)
                ?? throw new PacketFormatException($"The inflated blocks are larger than the {maxBytes} bytes left for them", byteOffset: offset);
        }
        catch (InvalidDataException error)
        {
            throw new PacketFormatException("A deflated block is corrupt", byteOffset: offset, inner: error);
        }
    }
}
