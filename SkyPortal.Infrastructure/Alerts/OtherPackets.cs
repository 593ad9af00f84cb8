using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Reads WINTER's packets.</summary>
internal static class WinterPackets
{
    public static DecodedAlert Read(PacketRecord packet)
    {
        var candidate = PacketValues.RequiredRecord(packet, "candidate");
        var programme = PacketValues.Programme(candidate);
        return new DecodedAlert
        {
            Survey = "WINTER",
            AlertId = PacketValues.RequiredInteger(packet, "candid"),
            ObjId = packet.Text("objectid") ?? throw new PacketFormatException("It lacks a name", "objectid"),
            Mjd = PacketValues.RequiredNumber(candidate, "jd") - PacketValues.MjdOffset,
            RaDegrees = PacketValues.RequiredNumber(candidate, "ra"),
            DecDegrees = PacketValues.RequiredNumber(candidate, "dec"),
            Programme = programme,
            Score = candidate.Number("rb") is >= 0 and <= 1 and var score ? score : null,
            Packet = packet,
            Photometry = PacketValues.Distinct(
                packet.Records("prv_candidates").Prepend(candidate).Select(record => Point(record, PacketValues.Programme(record, programme)))),
        };
    }

    private static AlertMeasurement? Point(PacketRecord record, int programme) => PacketValues.FromMagnitude(
        record.Integer("fid") switch
        {
            1 => "desy",
            2 => "2massj",
            3 => "2massh",
            _ => null,
        },
        record.Number("jd") - PacketValues.MjdOffset,
        record.Number("magpsf"),
        record.Number("sigmapsf"),
        record["isdiffpos"] is not false,
        record.Number("ra"),
        record.Number("dec"),
        programme);
}

/// <summary>Reads the packets of the DESI time-domain programme at DECam.</summary>
internal static class DecamPackets
{
    private const double MicroJanskyPerNanoJansky = 1e-3;
    private const string Bands = "grizy";

    // The packets name no programme.
    private const int Only = 1;

    public static DecodedAlert Read(PacketRecord packet)
    {
        var candidate = PacketValues.RequiredRecord(packet, "candidate");
        return new DecodedAlert
        {
            Survey = "DECam",
            AlertId = PacketValues.RequiredInteger(packet, "candid"),
            ObjId = packet.Text("objectId") ?? throw new PacketFormatException("It lacks a name", "objectId"),
            Mjd = PacketValues.RequiredNumber(candidate, "mjd"),
            RaDegrees = PacketValues.RequiredNumber(candidate, "ra"),
            DecDegrees = PacketValues.RequiredNumber(candidate, "dec"),
            Programme = Only,
            Score = candidate.Number("reliability") is >= 0 and <= 1 and var score ? score : null,
            Packet = packet,
            Photometry = PacketValues.Distinct(
                packet.Records("fp_hists").Select(record => Point(record, AlertOrigins.ForcedPhotometry)).Prepend(Point(candidate, AlertOrigins.Alert))),
        };
    }

    private static AlertMeasurement? Point(PacketRecord record, string origin) => PacketValues.FromFlux(
        record.Text("band") is [var band] && Bands.Contains(band, StringComparison.Ordinal) ? $"des{band}" : null,
        record.Number("mjd"),
        record.Number("psfFlux") * MicroJanskyPerNanoJansky,
        record.Number("psfFluxErr") * MicroJanskyPerNanoJansky,
        origin,
        record.Number("ra"),
        record.Number("dec"),
        Only);
}
