using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// ALeRCE (Foerster et al. 2021): objects of ZTF as difference magnitudes with isdiffpos 1 or -1 and five-sigma limits, objects of Rubin
/// as difference fluxes in nanojansky at times in TAI; classes with probabilities.
/// </summary>
public sealed class AlerceBroker(CallOutside call) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerPolling
{
    private const int PerPage = 100;
    private static readonly OutsideService Ztf = new("Alerce", "ALeRCE", "https://api.alerce.online/ztf/v1/") { TimeoutSeconds = 60 };
    private static readonly OutsideService Stamps = new("AlerceStamps", "ALeRCE (stamps)", "https://avro.alerce.online/");
    private static readonly OutsideService Lsst = new("AlerceLsst", "ALeRCE (LSST)", "https://api-lsst.alerce.online/") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("ALERCEBROKER", "ALeRCE", ["ZTF", "LSST"], new BrokerForm(
        new BrokerField("survey", "Survey") { Choices = ["ZTF", "LSST"], Help = "Only this survey; both where none is chosen." },
        new BrokerField("poll_interval", "Seconds between polls", "integer") { Default = 3600 },
        new BrokerField("limit", "Most objects of a poll", "integer") { Default = 100 },
        BrokerFields.FilterIds,
        BrokerFields.Query));

    /// <inheritdoc/>
    public TimeSpan PollInterval => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public IReadOnlyList<string> Surveys(BrokerConfig config) => config.Text("survey") is { } survey ? [survey] : About.Surveys;

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct)
    {
        if (Surveys(ask.Config).Contains("ZTF"))
        {
            Items(Ztf, await GetAsync(ask, Ztf, "objects/", [Field("page_size", 1), Field("count", "false")], ct));
            return;
        }

        Items(Lsst, await GetAsync(ask, Lsst, "object_api/list_objects", [Field("survey", "lsst"), Field("page_size", 1)], ct));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        if (query.ObjectId is { } objectId)
        {
            var (_, alerts) = await HistoryAsync(ask, objectId, ct);
            return [.. alerts.Where(alert => Within(query, alert.MjdUtcDays) && (query.AlertId is null || alert.AlertId == query.AlertId)).Take(query.Limit)];
        }

        if (query.Center is not { } center)
        {
            return [];
        }

        OutsideField[] cone = [Field("ra", center.RaDegrees), Field("dec", center.DecDegrees), Field("radius", query.RadiusArcsec)];
        var found = new List<BrokerAlert>();
        if (Serves(this, ask, query, "ZTF"))
        {
            found.AddRange((await PagesAsync(ask, Ztf, "objects/", cone, query.Limit, ct)).Select(row => ZtfObject(row)));
        }

        if (Serves(this, ask, query, "LSST"))
        {
            found.AddRange((await PagesAsync(ask, Lsst, "object_api/list_objects", [Field("survey", "lsst"), .. cone], query.Limit, ct)).Select(row => LsstObject(row)));
        }

        return [.. found.Where(alert => Within(query, alert.MjdUtcDays)).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct) => (await HistoryAsync(ask, objectId, ct)).Object;

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        if (objectId is null)
        {
            return null;
        }

        alertId ??= (await HistoryAsync(ask, objectId, ct)).Object?.AlertId;
        if (alertId is null)
        {
            return null;
        }

        var isZtf = SurveyOfName(objectId) == "ZTF";
        var pictures = new List<byte[]?>();
        foreach (var kind in new[] { "science", "template", "difference" })
        {
            pictures.Add(await FileAsync(
                ask,
                isZtf
                    ? new OutsideCall(Stamps, "get_stamp") { Query = [Field("oid", objectId), Field("candid", alertId), Field("type", kind), Field("format", "fits")] }
                    : new OutsideCall(Lsst, "stamps_api/stamp")
                    {
                        Query = [Field("oid", objectId), Field("measurement_id", alertId), Field("stamp_type", char.ToUpperInvariant(kind[0]) + kind[1..]), Field("file_format", "fits"), Field("survey_id", "lsst")],
                    },
                ct));
        }

        return new BrokerCutouts(alertId, pictures[0], pictures[1], pictures[2]) is { HasAny: true } cutouts ? cutouts : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PollAsync(BrokerAsk ask, JsonObject? query, int limit, CancellationToken ct)
    {
        var fields = new List<OutsideField>();
        foreach (var (name, value) in query ?? [])
        {
            fields.AddRange(value is JsonArray list ? list.Select(item => Field(name, $"{item}")) : [Field(name, $"{value}")]);
        }

        if (fields.TrueForAll(field => field.Name != "order_by"))
        {
            fields.AddRange([Field("order_by", "lastmjd"), Field("order_mode", "DESC")]);
        }

        var rows = Surveys(ask.Config).Contains("ZTF")
            ? await PagesAsync(ask, Ztf, "objects/", fields, limit, ct)
            : await PagesAsync(ask, Lsst, "object_api/list_objects", [Field("survey", "lsst"), .. fields], limit, ct);
        return [.. rows.Select(row => BrokerJson.Text(row, "oid")!).Take(limit)];
    }

    // Rows with distinct names; a page that brings nothing new ends it, whatever it says of a next one.
    private async Task<List<JsonElement>> PagesAsync(BrokerAsk ask, OutsideService service, string path, IReadOnlyList<OutsideField> query, int limit, CancellationToken ct)
    {
        var rows = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (var page = 1; page <= MostPages && rows.Count < limit; page++)
        {
            var before = rows.Count;
            var root = await GetAsync(ask, service, path, [.. query, Field("page", page), Field("page_size", Math.Min(PerPage, limit)), Field("count", "false")], ct);
            foreach (var row in Items(service, root))
            {
                rows.TryAdd(BrokerJson.Text(row, "oid") is { Length: > 0 } name ? name : throw OutsideException.Unreadable(service, "an object has no name."), row);
            }

            if (rows.Count == before || BrokerJson.Maybe(root!.Value, "has_next") is not { ValueKind: JsonValueKind.True })
            {
                break;
            }
        }

        return [.. rows.Values];
    }

    private static IReadOnlyList<JsonElement> Items(OutsideService service, JsonElement? root) =>
        root is { } page ? BrokerJson.Rows(service, BrokerJson.Field(service, page, "items"), "its list of objects") : [];

    private Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> HistoryAsync(BrokerAsk ask, string objectId, CancellationToken ct) =>
        !Surveys(ask.Config).Contains(SurveyOfName(objectId)) ? Task.FromResult<(BrokerAlert?, IReadOnlyList<BrokerAlert>)>((null, []))
        : SurveyOfName(objectId) == "ZTF" ? ZtfAsync(ask, Name(objectId), ct)
        : LsstAsync(ask, Name(objectId), ct);

    private async Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> ZtfAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        if (await GetAsync(ask, Ztf, $"objects/{objectId}", [], ct) is not { } row)
        {
            return (null, []);
        }

        var found = ZtfObject(row);
        var detections = await RowsAsync(ask, $"objects/{objectId}/detections", "detections", ct);
        var limits = await RowsAsync(ask, $"objects/{objectId}/non_detections", "non-detections", ct);
        var classes = await RowsAsync(ask, $"objects/{objectId}/probabilities", "probabilities", ct);
        var points = PacketValues.Distinct([
            .. BrokerJson.Points(Ztf, detections, "detections", ZtfDetection),
            .. BrokerJson.Points(Ztf, limits, "non-detections", ZtfLimit),
        ]);
        var alerts = detections.OrderByDescending(detection => BrokerJson.Number(detection, "mjd")).Select(detection => ZtfAlert(found, detection)).ToList();
        var newest = alerts.FirstOrDefault() ?? found;
        return (newest with { ObjectId = objectId, Points = points, RaDegrees = found.RaDegrees, DecDegrees = found.DecDegrees, Properties = Properties(row, classes) }, alerts);
    }

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(BrokerAsk ask, string path, string what, CancellationToken ct) =>
        await GetAsync(ask, Ztf, path, [], ct) is { } rows ? BrokerJson.Rows(Ztf, rows, $"its list of {what}") : [];

    private static BrokerAlert ZtfObject(JsonElement row)
    {
        var (ra, dec) = Place(Ztf, BrokerJson.Number(row, "meanra"), BrokerJson.Number(row, "meandec"));
        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(row, "oid") is { Length: > 0 } name ? name : throw OutsideException.Unreadable(Ztf, "an object has no name."),
            Survey = "ZTF",
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = BrokerJson.Number(row, "lastmjd"),
            Candidate = BrokerJson.Node(row),
            Properties = Properties(row, []),
        };
    }

    private static BrokerAlert ZtfAlert(BrokerAlert found, JsonElement row) => found with
    {
        AlertId = BrokerJson.Text(row, "candid"),
        MjdUtcDays = BrokerJson.Number(row, "mjd"),
        RaDegrees = BrokerJson.Number(row, "ra") is >= 0 and < 360 and var ra ? ra : found.RaDegrees,
        DecDegrees = BrokerJson.Number(row, "dec") is >= -90 and <= 90 and var dec ? dec : found.DecDegrees,
        Score = Score(BrokerJson.Number(row, "drb")) ?? Score(BrokerJson.Number(row, "rb")),
        Points = PacketValues.Distinct([ZtfDetection(row)]),
        Candidate = BrokerJson.Node(row),
    };

    private static AlertMeasurement? ZtfDetection(JsonElement row) => PacketValues.FromMagnitude(
        ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")),
        BrokerJson.Number(row, "mjd"),
        BrokerJson.Number(row, "magpsf"),
        BrokerJson.Number(row, "sigmapsf"),
        BrokerJson.IsPositive(row, "isdiffpos"),
        BrokerJson.Number(row, "ra"),
        BrokerJson.Number(row, "dec"),
        BrokerAlert.PublicProgramme);

    private static AlertMeasurement? ZtfLimit(JsonElement row) =>
        PacketValues.FromLimit(ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")), BrokerJson.Number(row, "mjd"), BrokerJson.Number(row, "diffmaglim"), BrokerAlert.PublicProgramme);

    // The likeliest class of each classifier, and some counts.
    private static JsonObject Properties(JsonElement row, IReadOnlyList<JsonElement> classes)
    {
        var properties = new JsonObject();
        foreach (var name in new[] { "ndet", "ncovhist", "ndethist", "firstmjd", "lastmjd", "deltajd", "corrected", "stellar", "n_det", "n_forced", "g_r_max", "g_r_mean", "class", "classifier", "probability" })
        {
            if (BrokerJson.Maybe(row, name) is { ValueKind: JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False } value)
            {
                properties[name] = BrokerJson.Any(value);
            }
        }

        foreach (var one in classes.Where(one => BrokerJson.Whole(one, "ranking") == 1 && BrokerJson.Text(one, "classifier_name") is not null))
        {
            var classifier = BrokerJson.Text(one, "classifier_name")!;
            properties[classifier] = BrokerJson.Text(one, "class_name");
            properties[$"{classifier}_probability"] = BrokerJson.Number(one, "probability");
        }

        return properties;
    }

    private async Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> LsstAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        OutsideField[] which = [Field("survey_id", "lsst"), Field("oid", objectId)];
        if (await GetAsync(ask, Lsst, "object_api/object", which, ct) is not { } row)
        {
            return (null, []);
        }

        var found = LsstObject(row) with { ObjectId = objectId };
        var rows = await GetAsync(ask, Lsst, "lightcurve_api/detections", which, ct) is { } list ? BrokerJson.Rows(Lsst, list, "its list of detections") : [];
        var points = BrokerJson.Points(Lsst, rows, "detections", LsstDetection);
        var alerts = rows.OrderByDescending(detection => BrokerJson.Number(detection, "mjd")).Select(detection => found with
        {
            AlertId = BrokerJson.Text(detection, "measurement_id"),
            MjdUtcDays = PacketValues.UtcOfTai(BrokerJson.Number(detection, "mjd")),
            Score = Score(BrokerJson.Number(detection, "reliability")),
            Points = PacketValues.Distinct([LsstDetection(detection)]),
            Candidate = BrokerJson.Node(detection),
        }).ToList();
        return ((alerts.FirstOrDefault() ?? found) with { Points = points }, alerts);
    }

    private static BrokerAlert LsstObject(JsonElement row)
    {
        var (ra, dec) = Place(Lsst, BrokerJson.Number(row, "meanra"), BrokerJson.Number(row, "meandec"));
        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(row, "oid") is { Length: > 0 } name ? name : throw OutsideException.Unreadable(Lsst, "an object has no name."),
            Survey = "LSST",
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = PacketValues.UtcOfTai(BrokerJson.Number(row, "lastmjd")),
            Candidate = BrokerJson.Node(row),
            Properties = Properties(row, []),
        };
    }

    private static AlertMeasurement? LsstDetection(JsonElement row) => RubinPoint(
        Band(row),
        BrokerJson.Number(row, "mjd"),
        BrokerJson.Number(row, "psfFlux"),
        BrokerJson.Number(row, "psfFluxErr"),
        AlertOrigins.Alert,
        BrokerJson.Number(row, "ra"),
        BrokerJson.Number(row, "dec"));

    // A number whose meaning the row carries along; the numbers of the survey where it does not.
    private static string? Band(JsonElement row)
    {
        var number = BrokerJson.Whole(row, "band");
        return number is { } key && BrokerJson.Maybe(row, "band_map") is { } map
            ? BrokerJson.Text(map, key.ToString(CultureInfo.InvariantCulture))
            : number switch { 1 => "g", 2 => "r", 3 => "i", 4 => "z", 5 => "y", 6 => "u", _ => BrokerJson.Text(row, "band") };
    }
}
