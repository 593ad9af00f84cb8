using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Reads ZTF packets (schema 4.02 and its predecessors).</summary>
internal static class ZtfPackets
{
    // ZTF names the nearest known body within 30 arcsec; within 12 the match is taken to be the source itself.
    private const double MovingWithinArcsec = 12;

    // Forced photometry says -99999 where there is no flux.
    private const double NoFlux = -99_998;

    public static DecodedAlert Read(PacketRecord packet)
    {
        var candidate = PacketValues.RequiredRecord(packet, "candidate");
        var alertId = PacketValues.RequiredInteger(packet, "candid");
        var isRoid = candidate.Number("ssdistnr") is >= 0 and <= MovingWithinArcsec;
        var programme = PacketValues.Programme(candidate);
        return new DecodedAlert
        {
            Survey = "ZTF",
            AlertId = alertId,
            ObjId = packet.Text("objectId") ?? throw new PacketFormatException("It lacks a name", "objectId"),
            Mjd = PacketValues.RequiredNumber(candidate, "jd") - PacketValues.MjdOffset,
            RaDegrees = PacketValues.RequiredNumber(candidate, "ra"),
            DecDegrees = PacketValues.RequiredNumber(candidate, "dec"),
            Programme = programme,
            Score = Score(candidate.Number("drb")) ?? Score(candidate.Number("rb")),
            IsRoid = isRoid,
            MpcName = isRoid && candidate.Text("ssnamenr") is { Length: > 0 } name && name != "null" ? name : null,
            Packet = packet,
            Photometry = PacketValues.Distinct(Points(packet, candidate, isRoid, programme)),
        };
    }

    private static IEnumerable<AlertMeasurement?> Points(PacketRecord packet, PacketRecord candidate, bool isRoid, int programme)
    {
        yield return Detection(candidate, programme);
        if (isRoid)
        {
            // The rest of the history was measured at this place, where the body is only now.
            yield break;
        }

        foreach (var previous in packet.Records("prv_candidates"))
        {
            yield return previous.Number("magpsf") is null ? Limit(previous, programme) : Detection(previous, programme);
        }

        foreach (var forced in packet.Records("fp_hists"))
        {
            yield return Forced(forced, programme);
        }
    }

    private static AlertMeasurement? Detection(PacketRecord record, int programme) => PacketValues.FromMagnitude(
        Filter(record),
        Mjd(record),
        record.Number("magpsf"),
        record.Number("sigmapsf"),
        record.Text("isdiffpos") is not ("f" or "0"),
        record.Number("ra"),
        record.Number("dec"),
        PacketValues.Programme(record, programme));

    private static AlertMeasurement? Limit(PacketRecord record, int programme) =>
        PacketValues.FromLimit(Filter(record), Mjd(record), record.Number("diffmaglim"), PacketValues.Programme(record, programme));

    private static AlertMeasurement? Forced(PacketRecord record, int programme) => ForcedCounts(
        Filter(record),
        Mjd(record),
        record.Number("forcediffimflux"),
        record.Number("forcediffimfluxunc"),
        record.Number("magzpsci"),
        record.Text("procstatus"),
        record.Number("ranr"),
        record.Number("decnr"),
        PacketValues.Programme(record, programme));

    /// <summary>Forced photometry of the survey from its counts; null where it measured nothing or says that it failed.</summary>
    public static AlertMeasurement? ForcedCounts(
        string? filter, double? mjd, double? counts, double? countsError, double? zeroPointMag, string? status, double? raDegrees, double? decDegrees, int programme)
    {
        var perCount = PacketValues.MicroJanskyPerCount(zeroPointMag);
        return counts is > NoFlux && status is null or "0"
            ? PacketValues.FromFlux(filter, mjd, counts * perCount, countsError * perCount, AlertOrigins.ForcedPhotometry, raDegrees, decDegrees, programme)
            : null;
    }

    /// <summary>Bandpass of the survey's number of a filter; null where there is none such.</summary>
    public static string? FilterOf(long? number) => number switch
    {
        1 => "ztfg",
        2 => "ztfr",
        3 => "ztfi",
        _ => null,
    };

    private static double? Score(double? value) => value is >= 0 and <= 1 ? value : null;

    private static double? Mjd(PacketRecord record) => record.Number("jd") - PacketValues.MjdOffset;

    private static string? Filter(PacketRecord record) => FilterOf(record.Integer("fid"));
}
