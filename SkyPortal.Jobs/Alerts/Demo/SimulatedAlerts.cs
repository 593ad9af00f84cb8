using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>One packet of the simulated night, as it would come from the survey.</summary>
/// <param name="Name">File name, {candid}.avro.</param>
/// <param name="Mjd">Time of the exposure.</param>
/// <param name="Programme">Programme under which it was taken.</param>
/// <param name="Object">The object that it shows.</param>
/// <param name="Bytes">An Avro container with one packet.</param>
public sealed record SimulatedPacket(string Name, double Mjd, int Programme, SimulatedObject Object, byte[] Bytes);

/// <summary>Makes the packets of a night, in the layout of ZTF's and in order of time. The same settings and night make the same bytes.</summary>
public sealed class SimulatedAlerts
{
    private const double LimitMag = 20.6;
    private const double HistoryDays = 30;
    private readonly AvroSchema _schema = AvroSchema.Parse(SchemaOf(KnownLayouts.Ztf, []).ToJsonString());

    // From the first exposure of a night to the last first visit, and from visit to visit [d].
    private const double FirstVisitDays = 0.12;
    private const double SpreadDays = 0.36;
    private const double VisitDays = 0.04;

    /// <summary>The last night whose exposures have all been taken.</summary>
    /// <param name="settings">What it holds.</param>
    /// <param name="nowMjd">Time now, UTC MJD in days.</param>
    public static double LastFinishedMjd(DemoSettings settings, double nowMjd) =>
        Math.Floor(nowMjd - FirstVisitDays - SpreadDays - (VisitDays * Math.Max(settings.Visits - 1, 0)));

    /// <summary>All packets of the night that begins at an MJD.</summary>
    public IEnumerable<SimulatedPacket> Of(DemoSettings settings, double nightMjd)
    {
        var random = new Random(settings.Seed);
        var objects = settings.Objects.OrderBy(pair => pair.Key)
            .SelectMany(pair => Enumerable.Repeat(pair.Key, pair.Value))
            .Select((kind, index) => new SimulatedObject(kind, index + 1, nightMjd, random, random.NextDouble() < settings.PartnershipFraction))
            .ToList();
        var visits = objects
            .SelectMany(item => Enumerable.Range(0, item.Kind is SimulatedKind.Bogus ? 1 : settings.Visits).Select(visit =>
                (Item: item, Visit: visit, Mjd: nightMjd + FirstVisitDays + (SpreadDays * ((item.Number * 0.6180339887) % 1)) + (VisitDays * visit))))
            .OrderBy(visit => visit.Mjd);
        foreach (var (item, visit, mjd) in visits)
        {
            if (Packet(item, visit, mjd) is { } bytes)
            {
                yield return bytes;
            }
        }
    }

    private SimulatedPacket? Packet(SimulatedObject item, int visit, double mjd)
    {
        var band = visit % 2 == 0 ? 'g' : 'r';
        var noise = new Random(unchecked(item.Seed + visit));
        var measured = Measure(item, mjd, band, noise);
        if (measured.Flux is null)
        {
            return null;
        }

        var programme = item.IsPartnership ? 2 : 1;
        var candid = (long)Math.Floor((mjd - 57754) * 1e4) * 1_000_000_000L + (item.Number * 100L) + visit;
        var history = item.Kind is SimulatedKind.Asteroid ? [] : History(item, mjd, programme);
        var detections = history.Count(row => row.Flux is not null) + 1;
        var first = history.Where(row => row.Flux is not null).Select(row => row.Mjd).DefaultIfEmpty(mjd).Min();
        var (science, template, difference) = SimulatedCutouts.Draw(item, measured.Flux.Value, visit);
        var (ra, dec) = item.PositionAt(mjd);
        var candidate = _schema.NewRecord("ztf.alert.candidate", Candidate(item, measured, candid, programme, band, ra, dec, detections, first, noise));
        var alert = _schema.NewRecord("ztf.alert", new Dictionary<string, object?>
        {
            ["schemavsn"] = "4.02",
            ["publisher"] = "SkyPortal simulator",
            ["objectId"] = item.Name,
            ["candid"] = candid,
            ["candidate"] = candidate,
            ["prv_candidates"] = history.Select(row => (object?)_schema.NewRecord("ztf.alert.prv_candidate", Previous(item, row, programme))).ToArray(),
            ["fp_hists"] = null,
            ["cutoutScience"] = Cutout(candid, "scimref", science),
            ["cutoutTemplate"] = Cutout(candid, "refmsci", template),
            ["cutoutDifference"] = Cutout(candid, "scimrefdiffimg", difference),
        });
        return new SimulatedPacket(
            candid.ToString(CultureInfo.InvariantCulture) + ".avro", mjd, programme, item, AvroWriter.WriteContainer(_schema, [alert]));
    }

    private PacketRecord Cutout(long candid, string kind, byte[] bytes) => _schema.NewRecord("ztf.alert.cutout", new Dictionary<string, object?>
    {
        ["fileName"] = $"candid{candid}_{kind}.fits.gz",
        ["stampData"] = bytes,
    });

    private static Dictionary<string, object?> Candidate(
        SimulatedObject item, Measurement now, long candid, int programme, char band, double ra, double dec, int detections, double firstMjd, Random noise)
    {
        var bogus = item.Kind == SimulatedKind.Bogus;
        var drb = bogus ? 0.02 + (0.35 * noise.NextDouble()) : 0.86 + (0.139 * noise.NextDouble());
        var moving = item.Kind == SimulatedKind.Asteroid;
        return new Dictionary<string, object?>
        {
            ["jd"] = now.Mjd + 2_400_000.5,
            ["fid"] = band == 'g' ? 1L : 2L,
            ["pid"] = candid / 1_000_000,
            ["diffmaglim"] = now.LimitMag,
            ["programid"] = (long)programme,
            ["candid"] = candid,
            ["isdiffpos"] = now.Flux > 0 ? "t" : "f",
            ["rcid"] = (long)(item.Number % 64),
            ["field"] = 400L + (item.Number % 500),
            ["ra"] = ra,
            ["dec"] = dec,
            ["magpsf"] = 23.9 - (2.5 * Math.Log10(Math.Abs(now.Flux!.Value))),
            ["sigmapsf"] = 1.0857 * now.Error / Math.Abs(now.Flux.Value),
            ["distnr"] = item.HostDistanceArcsec / 1.01,
            ["magnr"] = moving ? null : item.HostMag,
            ["fwhm"] = bogus ? 1.0 + (4 * noise.NextDouble()) : 1.9 + (0.5 * noise.NextDouble()),
            ["elong"] = bogus ? 1.5 + (2 * noise.NextDouble()) : 1.02 + (0.2 * noise.NextDouble()),
            ["nbad"] = bogus ? 2L : 0L,
            ["rb"] = drb * 0.95,
            ["drb"] = drb,
            ["ssdistnr"] = moving ? 0.4 : -999.0,
            ["ssmagnr"] = moving ? 19.0 : -999.0,
            ["ssnamenr"] = moving ? (100_000 + item.Number).ToString(CultureInfo.InvariantCulture) : "null",
            ["ranr"] = ra,
            ["decnr"] = dec,
            ["sgscore1"] = moving || bogus ? 0.5 : item.HasGalaxy ? 0.02 + (0.1 * noise.NextDouble()) : 0.93 + (0.06 * noise.NextDouble()),
            ["distpsnr1"] = moving || bogus ? 12.0 : item.HostDistanceArcsec,
            ["srmag1"] = moving ? -999.0 : item.HostMag,
            ["nmtchps"] = 1L,
            ["ndethist"] = (long)detections,
            ["ncovhist"] = 120L,
            ["jdstarthist"] = firstMjd + 2_400_000.5,
            ["jdendhist"] = now.Mjd + 2_400_000.5,
            ["rfid"] = 1L,
            ["jdstartref"] = 2_458_200.5,
            ["jdendref"] = 2_458_500.5,
            ["nframesref"] = 20L,
            ["rbversion"] = "t17_f5_c3",
            ["drbversion"] = "d6_m7",
            ["magzpsci"] = 26.2,
            ["nmatches"] = 300L,
            ["exptime"] = 30.0,
        };
    }

    private static Dictionary<string, object?> Previous(SimulatedObject item, Measurement row, int programme)
    {
        var values = new Dictionary<string, object?>
        {
            ["jd"] = row.Mjd + 2_400_000.5,
            ["fid"] = row.Band == 'g' ? 1L : 2L,
            ["pid"] = (long)Math.Floor((row.Mjd - 57754) * 1e6),
            ["diffmaglim"] = row.LimitMag,
            ["programid"] = (long)programme,
        };
        if (row.Flux is { } flux)
        {
            values["isdiffpos"] = flux > 0 ? "t" : "f";
            values["magpsf"] = 23.9 - (2.5 * Math.Log10(Math.Abs(flux)));
            values["sigmapsf"] = 1.0857 * row.Error / Math.Abs(flux);
            values["ra"] = item.RaDegrees;
            values["dec"] = item.DecDegrees;
            values["candid"] = (long)Math.Floor((row.Mjd - 57754) * 1e4) * 1_000_000_000L + (item.Number * 100L) + 50;
        }

        return values;
    }

    // The survey comes back every third night, once in g and once in r; the history holds limits where nothing was found.
    private static List<Measurement> History(SimulatedObject item, double mjd, int programme)
    {
        var rows = new List<Measurement>();
        var noise = new Random(unchecked(item.Seed + 31 + programme));
        for (var day = HistoryDays - (item.Number % 3); day >= 2.5; day -= 3)
        {
            rows.Add(Measure(item, mjd - day, 'g', noise));
            rows.Add(Measure(item, mjd - day + 0.03, 'r', noise));
        }

        if (item.Kind == SimulatedKind.Bogus)
        {
            return [.. rows.Select(row => row with { Flux = null })];
        }

        return rows;
    }

    private static Measurement Measure(SimulatedObject item, double mjd, char band, Random noise)
    {
        var limit = LimitMag - (0.9 * noise.NextDouble());
        var error = SimulatedObject.MicroJansky(limit) / 5;
        var flux = item.DifferenceMicroJansky(mjd, band);
        var sigma = Math.Sqrt((error * error) + (0.0004 * flux * flux));
        var seen = flux + (sigma * SimulatedCutouts.Gauss(noise));
        return new Measurement(mjd, band, Math.Abs(seen) > 5 * error ? seen : null, sigma, limit);
    }

    private static JsonObject SchemaOf(PacketLayout layout, HashSet<string> written)
    {
        var dot = layout.Name.LastIndexOf('.');
        return new JsonObject
        {
            ["type"] = "record",
            ["name"] = layout.Name[(dot + 1)..],
            ["namespace"] = dot < 0 ? "" : layout.Name[..dot],
            ["fields"] = new JsonArray([.. layout.Fields.Select(field => (JsonNode)FieldOf(field, written))]),
        };
    }

    private static JsonObject FieldOf(PacketField field, HashSet<string> written)
    {
        var type = TypeOf(field, written);
        var json = new JsonObject { ["name"] = field.Name, ["type"] = field.Nullable ? new JsonArray("null", type) : type };
        if (field.Nullable)
        {
            json["default"] = null;
        }

        return json;
    }

    private static JsonNode TypeOf(PacketField field, HashSet<string> written) => field.Kind switch
    {
        PacketFieldKind.Boolean => "boolean",
        PacketFieldKind.Integer => "long",
        PacketFieldKind.Number => "double",
        PacketFieldKind.Text => "string",
        PacketFieldKind.Bytes => "bytes",
        PacketFieldKind.Array => new JsonObject { ["type"] = "array", ["items"] = RecordOf(field.Record!, written) },
        PacketFieldKind.Record => RecordOf(field.Record!, written),
        _ => throw new NotSupportedException($"{field.Kind} has no place in a packet of this survey."),
    };

    // Avro defines a record once and names it afterwards.
    private static JsonNode RecordOf(PacketLayout layout, HashSet<string> written) =>
        written.Add(layout.Name) ? SchemaOf(layout, written) : layout.Name;

    private sealed record Measurement(double Mjd, char Band, double? Flux, double Error, double LimitMag);
}
