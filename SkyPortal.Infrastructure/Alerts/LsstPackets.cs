using System.Globalization;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Reads Rubin's packets (schemas 8.0 to 11.0).</summary>
internal static class LsstPackets
{
    private const double MicroJanskyPerNanoJansky = 1e-3;
    private const string Bands = "ugrizy";

    // Rubin has no programmes; all its alerts are public.
    private const int Public = 1;

    public static DecodedAlert Read(PacketRecord packet)
    {
        var source = PacketValues.RequiredRecord(packet, "diaSource");
        var objectId = Id(packet.Record("diaObject"), "diaObjectId") ?? Id(source, "diaObjectId");
        var bodyId = Id(packet.Record("ssSource"), "ssObjectId") ?? Id(source, "ssObjectId");
        var isRoid = bodyId is not null && packet.Record("diaObject") is null;
        return new DecodedAlert
        {
            Survey = "LSST",
            AlertId = packet.Integer("diaSourceId") ?? PacketValues.RequiredInteger(source, "diaSourceId"),
            ObjId = Name(isRoid ? null : objectId, bodyId),
            Mjd = PacketValues.UtcOfTai(PacketValues.RequiredNumber(source, "midpointMjdTai")),
            RaDegrees = PacketValues.RequiredNumber(source, "ra"),
            DecDegrees = PacketValues.RequiredNumber(source, "dec"),
            Programme = Public,
            Score = source.Number("reliability") is >= 0 and <= 1 and var score ? score : null,
            IsRoid = isRoid,
            MpcName = isRoid ? Designation(packet) : null,
            Packet = packet,
            Photometry = PacketValues.Distinct(Points(packet, source, isRoid)),
        };
    }

    private static IEnumerable<AlertMeasurement?> Points(PacketRecord packet, PacketRecord source, bool isRoid)
    {
        yield return Point(source, AlertOrigins.Alert);
        if (isRoid)
        {
            yield break;
        }

        foreach (var previous in packet.Records("prvDiaSources"))
        {
            yield return Point(previous, AlertOrigins.Alert);
        }

        foreach (var forced in packet.Records("prvDiaForcedSources"))
        {
            yield return Point(forced, AlertOrigins.ForcedPhotometry);
        }
    }

    private static AlertMeasurement? Point(PacketRecord record, string origin) => PacketValues.FromFlux(
        record.Text("band") is [var band] && Bands.Contains(band, StringComparison.Ordinal) ? $"lsst{band}" : null,
        PacketValues.UtcOfTai(record.Number("midpointMjdTai")),
        record.Number("psfFlux") * MicroJanskyPerNanoJansky,
        record.Number("psfFluxErr") * MicroJanskyPerNanoJansky,
        origin,
        record.Number("ra"),
        record.Number("dec"),
        Public);

    private static string Name(long? objectId, long? bodyId)
    {
        if (objectId is { } id)
        {
            return id.ToString(CultureInfo.InvariantCulture);
        }

        return bodyId is { } body
            ? string.Create(CultureInfo.InvariantCulture, $"sso{body}")
            : throw new PacketFormatException("It belongs to no object", "diaSource.diaObjectId");
    }

    // Rubin says 0 where there is none.
    private static long? Id(PacketRecord? record, string field) => record?.Integer(field) is { } id and not 0 ? id : null;

    private static string? Designation(PacketRecord packet) =>
        packet.Record("ssSource")?.Text("designation")
        ?? packet.Record("mpc_orbits")?.Text("designation")
        ?? packet.Record("MPCORB")?.Text("mpcDesignation");
}
