using System.Buffers.Binary;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// The framing of Confluent's schema registry, which Rubin's alerts use: a zero byte, the schema's id (32 bit,
/// big-endian), then the record without its schema.
/// </summary>
public static class ConfluentFraming
{
    /// <summary>Bytes before the record.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Whether the bytes begin as a framed message does.</summary>
    public static bool IsFramed(ReadOnlySpan<byte> message) => message.Length >= HeaderBytes && message[0] == 0;

    /// <summary>The schema id of a framed message.</summary>
    /// <exception cref="PacketFormatException">The message is not framed.</exception>
    public static int SchemaIdOf(ReadOnlySpan<byte> message) =>
        IsFramed(message)
            ? BinaryPrimitives.ReadInt32BigEndian(message[1..])
            : throw new PacketFormatException("The message does not begin with a schema id", byteOffset: 0);

    /// <summary>Decodes a framed message with the schema that the registry has for its id.</summary>
    /// <exception cref="PacketFormatException">The message is not framed, its schema is unknown or the record does not fit it.</exception>
    public static async ValueTask<PacketRecord> ReadAsync(
        ReadOnlyMemory<byte> message,
        IAvroSchemaRegistry registry,
        AvroLimits? limits = null,
        CancellationToken cancellation = default)
    {
        var id = SchemaIdOf(message.Span);
        var schema = await registry.FindAsync(id, cancellation).ConfigureAwait(false)
            ?? throw new PacketFormatException($"No schema is known with id {id}", byteOffset: 1);
        return AvroReader.ReadDatum(schema, message.Span[HeaderBytes..], HeaderBytes, limits ?? AvroLimits.Default);
    }

    /// <summary>Puts a schema id before an encoded record.</summary>
    public static byte[] Write(int schemaId, ReadOnlySpan<byte> datum)
    {
        var message = new byte[HeaderBytes + datum.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), schemaId);
        datum.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }
}

/// <summary>Schemas by the ids that framed messages carry.</summary>
public interface IAvroSchemaRegistry
{
    /// <summary>The schema with this id, or null where the registry has none.</summary>
    ValueTask<AvroSchema?> FindAsync(int id, CancellationToken cancellation = default);
}
