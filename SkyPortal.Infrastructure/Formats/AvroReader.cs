using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>Decodes packets that come without their schema.</summary>
public static class AvroReader
{
    /// <summary>Decodes one record that fills the input exactly.</summary>
    /// <param name="schema">Schema that the record was written with.</param>
    /// <param name="datum">Avro binary encoding of the record.</param>
    /// <exception cref="PacketFormatException">The bytes do not fit the schema, end early or go on after the record.</exception>
    public static PacketRecord ReadDatum(AvroSchema schema, ReadOnlySpan<byte> datum, AvroLimits? limits = null) =>
        ReadDatum(schema, datum, 0, limits ?? AvroLimits.Default);

    internal static PacketRecord ReadDatum(AvroSchema schema, ReadOnlySpan<byte> datum, long origin, AvroLimits limits)
    {
        if (datum.Length > limits.MaxInputBytes)
        {
            throw new PacketFormatException($"A packet of {datum.Length} bytes is larger than the {limits.MaxInputBytes} allowed");
        }

        var cursor = new AvroCursor(datum, origin, limits.ValuesFor(datum.Length), limits.MaxDepth, limits.SkipsBytes);
        var record = schema.Reader.ReadRecord(ref cursor);
        if (cursor.Remaining > 0)
        {
            cursor.Fail($"{cursor.Remaining} bytes follow the packet's record");
        }

        return record;
    }
}
