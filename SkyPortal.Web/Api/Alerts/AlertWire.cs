using System.Globalization;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>How alerts and their packets look on the wire.</summary>
public static class AlertWire
{
    private const double JdOfMjd = 2_400_000.5;

    /// <summary>An alert as the API lists it.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="withFields">Whether every numeric field of the packet's main record comes along.</param>
    public static Dictionary<string, object?> Row(AlertRow alert, bool withFields)
    {
        var row = new Dictionary<string, object?>
        {
            ["survey"] = alert.Survey,
            ["alert_id"] = alert.AlertId,
            ["obj_id"] = alert.ObjId,
            ["mjd"] = alert.Mjd,
            ["time"] = alert.Time,
            ["ra"] = alert.RaDegrees,
            ["dec"] = alert.DecDegrees,
            ["l"] = alert.Number(AlertFields.GalacticLongitude),
            ["b"] = alert.Number(AlertFields.GalacticLatitude),
            ["programid"] = alert.Programme,
            ["filter"] = alert.Band,
            ["mag"] = alert.Mag,
            ["magerr"] = alert.MagErr,
            ["score"] = alert.Score,
            ["is_positive"] = alert.IsPositive,
            ["deltamaglatest"] = alert[AlertFields.DeltaMagLatest],
            ["deltamagref"] = alert[AlertFields.DeltaMagRef],
        };
        if (withFields)
        {
            row["fields"] = alert.Fields.ToDictionary(field => field.Field.Name, field => (object?)field.Value);
        }

        return row;
    }

    /// <summary>A single alert as MARS answers it: the packet's own fields with what is computed, and the history that the viewer may see.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="packet">Its packet as far as the viewer may see it; null where it is missing, and the fields of the archive stand for it.</param>
    /// <param name="site">Address of the site, without a slash at the end.</param>
    public static Dictionary<string, object?> Mars(AlertRow alert, VisiblePacket? packet, string site)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{site}/api/alerts/{alert.Survey}/{alert.AlertId}");
        var main = packet?.Packet.Record(AlertFields.RecordOf(alert.Survey) ?? "");
        var candidate = main is null ? alert.Fields.ToDictionary(field => field.Field.Name, field => (object?)field.Value) : Record(main);
        candidate["jd"] = alert.Mjd + JdOfMjd;
        candidate["ra"] = alert.RaDegrees;
        candidate["dec"] = alert.DecDegrees;
        candidate["wall_time"] = WallTime(alert.Mjd);
        candidate["filter"] = alert.Band;
        candidate["deltamaglatest"] = alert[AlertFields.DeltaMagLatest];
        candidate["deltamagref"] = alert[AlertFields.DeltaMagRef];
        candidate["l"] = alert[AlertFields.GalacticLongitude];
        candidate["b"] = alert[AlertFields.GalacticLatitude];
        return new Dictionary<string, object?>
        {
            ["lco_id"] = alert.AlertId,
            ["survey"] = alert.Survey,
            ["objectId"] = alert.ObjId,
            ["candid"] = alert.AlertId,
            ["publisher"] = packet?.Packet.Text("publisher") ?? alert.Survey,
            ["avro"] = $"{path}/packet",
            ["cutouts"] = ReadCutout.Kinds.ToDictionary(kind => kind, kind => $"{path}/cutouts/{kind}"),
            ["candidate"] = candidate,
            ["prv_candidate"] = packet is null ? [] : History(packet.Packet, "prv_candidates", "prvDiaSources"),
            ["fp_hists"] = packet is null ? [] : History(packet.Packet, "fp_hists", "prvDiaForcedSources"),
        };
    }

    /// <summary>A whole packet as JSON, pictures left out.</summary>
    public static Dictionary<string, object?> Record(PacketRecord record)
    {
        var fields = new Dictionary<string, object?>(record.Layout.Fields.Count);
        for (var i = 0; i < record.Layout.Fields.Count; i++)
        {
            if (!HoldsBytes(record.Values[i]))
            {
                fields[record.Layout.Fields[i].Name] = Value(record.Values[i]);
            }
        }

        return fields;
    }

    private static object[] History(PacketRecord packet, params string[] names) =>
        [.. names.SelectMany(packet.Records).Select(record => new { candidate = Previous(record) })];

    private static Dictionary<string, object?> Previous(PacketRecord record)
    {
        var fields = Record(record);
        if (record.Number("jd") is { } jd)
        {
            fields["wall_time"] = WallTime(jd - JdOfMjd);
        }

        if (record.Layout.Name.StartsWith("ztf.", StringComparison.Ordinal))
        {
            fields["filter"] = record.Integer("fid") switch { 1 => "g", 2 => "r", 3 => "i", _ => null };
        }

        return fields;
    }

    // As HTTP writes dates, which MARS did, too.
    private static string WallTime(double mjd) => Domain.Astronomy.Mjd.TimeOf(Math.Clamp(mjd, 0, 200_000)).ToString("R", CultureInfo.InvariantCulture);

    private static bool HoldsBytes(object? value) => value is byte[] || (value is PacketRecord record && Array.Exists(record.Values, inner => inner is byte[]));

    private static object? Value(object? value) => value switch
    {
        PacketRecord record => Record(record),
        object?[] items => items.Select(Value).ToArray(),
        Dictionary<string, object?> map => map.ToDictionary(item => item.Key, item => Value(item.Value)),
        _ => value,
    };
}
