using System.Collections.Concurrent;
using System.Text;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// Turns packets of any survey into <see cref="DecodedAlert"/>. The survey is told by the packet's own schema. Safe for
/// concurrent use.
/// </summary>
/// <param name="files">Keeps the schemas of framed messages, so that the archive stays readable without a registry.</param>
/// <param name="schemas">Schemas of framed messages by their ids; null where none are configured.</param>
public sealed class AlertDecoder(FileStore files, IAvroSchemaRegistry? schemas)
{
    private const int LongestObjId = 80;

    private readonly ConcurrentDictionary<AvroSchema, string> _addresses = new();

    /// <summary>Decodes and checks a packet.</summary>
    /// <exception cref="PacketFormatException">It is not a packet of a known survey, or its values cannot be; the message says why.</exception>
    public async ValueTask<DecodedAlert> DecodeAsync(AlertPacket packet, CancellationToken ct)
    {
        if (packet.Fault is { } fault)
        {
            throw new PacketFormatException(fault);
        }

        var (record, framing) = packet.Schema.IsEmpty ? await ReadAsync(packet.Bytes, ct) : await ReadBareAsync(packet, ct);
        var alert = Of(record);
        Check(alert);
        return alert with { Name = packet.Name, Bytes = packet.Bytes, Framing = framing };
    }

    /// <summary>A packet in the terms that all surveys share; the survey is told by its schema.</summary>
    /// <exception cref="PacketFormatException">It is not a packet of a known survey.</exception>
    internal static DecodedAlert Of(PacketRecord record) => record.Layout.Name switch
    {
        "ztf.alert" => ZtfPackets.Read(record),
        "winter.alert" => WinterPackets.Read(record),
        "desirt.alert" => DecamPackets.Read(record),
        var name when name.StartsWith("lsst.v", StringComparison.Ordinal) && name.EndsWith(".alert", StringComparison.Ordinal) => LsstPackets.Read(record),
        var name => throw new PacketFormatException($"Its schema '{Short(name)}' is of no survey that is known here"),
    };

    private async ValueTask<(PacketRecord Record, string Framing)> ReadAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if (AvroContainer.IsContainer(bytes.Span))
        {
            var records = AvroContainer.Read(bytes).Records;
            return records.Count == 1
                ? (records[0], PacketFraming.Container)
                : throw new PacketFormatException($"It holds {records.Count} packets where one belongs");
        }

        if (!ConfluentFraming.IsFramed(bytes.Span))
        {
            throw new PacketFormatException(bytes.IsEmpty ? "It is empty" : "It is neither an Avro container nor a framed message");
        }

        var id = ConfluentFraming.SchemaIdOf(bytes.Span);
        var schema = schemas is null ? null : await schemas.FindAsync(id, ct);
        if (schema is null)
        {
            throw new PacketFormatException(
                $"It is framed with schema id {id}, which is not among the schemas given; name their folder with --schemas or the setting Alerts:LsstSchemas");
        }

        var record = AvroReader.ReadDatum(schema, bytes.Span[ConfluentFraming.HeaderBytes..]);
        return (record, PacketFraming.Framed(id, await KeepAsync(schema, ct)));
    }

    private async ValueTask<(PacketRecord Record, string Framing)> ReadBareAsync(AlertPacket packet, CancellationToken ct)
    {
        var schema = AvroSchema.Parse(packet.Schema.Span);
        return (AvroReader.ReadDatum(schema, packet.Bytes.Span), PacketFraming.Bare(await KeepAsync(schema, ct)));
    }

    private async ValueTask<string> KeepAsync(AvroSchema schema, CancellationToken ct)
    {
        if (!_addresses.TryGetValue(schema, out var address))
        {
            address = _addresses.GetOrAdd(schema, await files.PutAsync(Encoding.UTF8.GetBytes(schema.Text), ct));
        }

        return address;
    }

    /// <summary>Refuses a place, a time or a name that cannot be.</summary>
    /// <exception cref="PacketFormatException">One of them cannot be.</exception>
    internal static void Check(DecodedAlert alert)
    {
        if (!(alert.RaDegrees is >= 0 and < 360))
        {
            throw new PacketFormatException($"Its right ascension {alert.RaDegrees} is not within 0 to 360 degrees");
        }

        if (!(alert.DecDegrees is >= -90 and <= 90))
        {
            throw new PacketFormatException($"Its declination {alert.DecDegrees} is not within -90 to 90 degrees");
        }

        if (!PacketValues.IsTime(alert.Mjd))
        {
            throw new PacketFormatException($"Its time, MJD {alert.Mjd}, is not that of an exposure");
        }

        if (alert.ObjId.Length is 0 or > LongestObjId || alert.ObjId.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c is '/' or '\\'))
        {
            throw new PacketFormatException($"Its object's name '{Short(alert.ObjId)}' is not a name");
        }
    }

    private static string Short(string text) => new([.. text.Take(60).Select(c => char.IsControl(c) ? '?' : c)]);
}
