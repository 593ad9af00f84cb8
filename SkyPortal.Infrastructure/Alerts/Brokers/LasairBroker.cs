using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// Lasair (Smith et al. 2019; Williams et al. 2024), of ZTF or of Rubin: two servers with an account each, by the setting endpoint. Objects
/// with candidates as difference magnitudes, or sources as difference fluxes in nanojansky at times in TAI; filters are SQL.
/// </summary>
public sealed class LasairBroker(CallOutside call) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerQueries, IBrokerPolling
{
    private static readonly PictureServers Pictures = new("LasairPictures", "Lasair (pictures)", "lsst.ac.uk");

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("LASAIRBROKER", "Lasair", ["ZTF", "LSST"], new BrokerForm(
        new BrokerField("endpoint", "Endpoint")
        {
            IsRequired = true,
            Shape = BrokerShapes.Address,
            Default = "https://api.lasair.lsst.ac.uk/api",
            Help = "https://api.lasair.lsst.ac.uk/api (LSST) or https://lasair-ztf.lsst.ac.uk/api (ZTF)",
        },
        new BrokerField("token", "Token") { IsSecret = true, Help = "From the profile at Lasair; each of the two has its own." },
        new BrokerField("survey", "Survey") { Choices = ["LSST", "ZTF"], Default = "LSST" },
        new BrokerField("poll_interval", "Seconds between polls", "integer") { Default = 86400 },
        new BrokerField("limit", "Most objects of a poll", "integer") { Default = 1000 },
        BrokerFields.TopicFilterIds))
    {
        FilterKind = "query",
        NeedsAccount = true,
    };

    /// <inheritdoc/>
    public TimeSpan PollInterval => TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public IReadOnlyList<string> Surveys(BrokerConfig config) => [config.Text("survey") ?? "LSST"];

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct) =>
        BrokerJson.Items(Server(ask), await SendAsync(ask, "cone", [Field("ra", 194.494), Field("dec", 48.851), Field("radius", 1), Field("requestType", "all")], ct), "its list of objects");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        if (query.ObjectId is { } objectId)
        {
            var (_, alerts) = await HistoryAsync(ask, objectId, ct);
            return [.. alerts.Where(alert => Within(query, alert.MjdUtcDays) && (query.AlertId is null || alert.AlertId == query.AlertId)).Take(query.Limit)];
        }

        if (query.Center is not { } center || !Serves(this, ask, query, Survey(ask)))
        {
            return [];
        }

        var service = Server(ask);
        var reply = await SendAsync(ask, "cone", [Field("ra", center.RaDegrees), Field("dec", center.DecDegrees), Field("radius", query.RadiusArcsec), Field("requestType", "all")], ct);
        var found = new List<BrokerAlert>();
        foreach (var row in BrokerJson.Rows(service, reply, "its list of objects").OrderBy(row => BrokerJson.Number(row, "separation")).Take(Math.Min(query.Limit, MostPages)))
        {
            var name = BrokerJson.Text(row, "object") is { Length: > 0 } text ? text : throw OutsideException.Unreadable(service, "an object has no name.");
            if (found.TrueForAll(alert => alert.ObjectId != name) && (await HistoryAsync(ask, name, ct)).Object is { } alert && Within(query, alert.MjdUtcDays))
            {
                found.Add(alert with { Points = [.. alert.Points.Where(point => point == BrokerWire.Own(alert))] });
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct) => (await HistoryAsync(ask, objectId, ct)).Object;

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        if (objectId is null || (await ObjectAsync(ask, objectId, ct)) is not { } root)
        {
            return null;
        }

        var (id, images) = Images(root, alertId);
        var pictures = new List<byte[]?>();
        foreach (var kind in new[] { "Science", "Template", "Difference" })
        {
            pictures.Add(images is { } urls && BrokerJson.Text(urls, kind) is { } source && Picture(Pictures, source) is { } file ? await FileAsync(ask, file, ct) : null);
        }

        return new BrokerCutouts(id, pictures[0], pictures[1], pictures[2]) is { HasAny: true } cutouts ? cutouts : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JsonObject>> RunAsync(BrokerAsk ask, JsonObject query, int limit, int offset, CancellationToken ct)
    {
        var service = Server(ask);
        var rows = await SendAsync(
            ask,
            "query",
            [Field("selected", Part(query, "selected") ?? throw Missing("selected")), Field("tables", Part(query, "tables") ?? throw Missing("tables")), Field("conditions", Part(query, "conditions") ?? ""), Field("limit", limit), Field("offset", offset)],
            ct);
        return [.. BrokerJson.Rows(service, rows, "its list of rows").Select(BrokerJson.Node).Take(limit)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PollAsync(BrokerAsk ask, JsonObject? query, int limit, CancellationToken ct)
    {
        var key = Survey(ask) == "ZTF" ? "objectId" : "diaObjectId";
        query ??= Survey(ask) == "ZTF"
            ? new JsonObject { ["selected"] = "objects.objectId", ["tables"] = "objects", ["conditions"] = "1 = 1 ORDER BY objects.jdmax DESC" }
            : new JsonObject { ["selected"] = "objects.diaObjectId", ["tables"] = "objects", ["conditions"] = "1 = 1 ORDER BY objects.lastDiaSourceMjdTai DESC" };
        var rows = await RunAsync(ask, query, limit, 0, ct);
        return [.. rows.Select(row => row[key]?.ToString()).OfType<string>().Distinct()];
    }

    private static string Survey(BrokerAsk ask) => ask.Config.Text("survey") ?? "LSST";

    private static OutsideService Server(BrokerAsk ask) =>
        new(Survey(ask) == "ZTF" ? "LasairZtf" : "Lasair", Survey(ask) == "ZTF" ? "Lasair (ZTF)" : "Lasair", ask.Config.Text("endpoint")) { TimeoutSeconds = 60, IsEntered = true };

    private static string? Part(JsonObject query, string name) => query[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Trim().Length > 0 ? text.Trim() : null;

    private static Refusal Missing(string part) => Refusal.Invalid($"Invalid/missing parameters: query.{part}: Field required");

    private async Task<JsonElement> SendAsync(BrokerAsk ask, string method, IReadOnlyList<OutsideField> form, CancellationToken ct)
    {
        var service = Server(ask);
        var reply = await SendAsync(
            ask,
            new OutsideCall(service, $"{method}/")
            {
                Method = HttpMethod.Post,
                Form = form,
                IsRead = true,
                Headers = ask.Config.Text("token") is { } token ? [new OutsideField("Authorization", $"Token {token}", IsSecret: true)] : [],
            },
            ct);
        return BrokerJson.Parse(service, reply);
    }

    // Of an object that it does not know Lasair says so with status 400 or 404, or with an error in place of the object.
    private async Task<JsonElement?> ObjectAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        if (SurveyOfName(objectId) != Survey(ask))
        {
            return null;
        }

        try
        {
            var root = await SendAsync(ask, "object", [Field("objectId", Name(objectId)), Field("lite", "false"), Field("lasair_added", "true")], ct);
            return root.ValueKind == JsonValueKind.Object ? BrokerJson.Maybe(root, "error") is null ? root : null : throw OutsideException.Unreadable(Server(ask), "its reply is no object.");
        }
        catch (OutsideException error) when (error.Status is 400 or 404)
        {
            return null;
        }
    }

    private async Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> HistoryAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        if (await ObjectAsync(ask, objectId, ct) is not { } root)
        {
            return (null, []);
        }

        var service = Server(ask);
        return Survey(ask) == "ZTF" ? Ztf(service, objectId, root) : Lsst(service, objectId, root);
    }

    private static (BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts) Ztf(OutsideService service, string objectId, JsonElement root)
    {
        var about = BrokerJson.Field(service, root, "objectData");
        var (ra, dec) = Place(service, BrokerJson.Number(about, "ramean"), BrokerJson.Number(about, "decmean"));
        var rows = BrokerJson.Rows(service, BrokerJson.Field(service, root, "candidates"), "its list of candidates");
        var points = BrokerJson.Points(service, rows, "candidates", row => IsDetection(row) ? ZtfDetection(row) : ZtfLimit(row));
        var found = new BrokerAlert { ObjectId = objectId, Survey = "ZTF", RaDegrees = ra, DecDegrees = dec, Candidate = BrokerJson.Node(about), Properties = Added(root) };
        var alerts = rows.Where(IsDetection).OrderByDescending(Mjd).Select(row => found with
        {
            AlertId = BrokerJson.Text(row, "candid"),
            MjdUtcDays = Mjd(row),
            Score = Score(BrokerJson.Number(row, "drb")),
            Points = PacketValues.Distinct([ZtfDetection(row)]),
            Candidate = BrokerJson.Node(row),
        }).DistinctBy(alert => alert.AlertId).ToList();
        return ((alerts.FirstOrDefault() ?? found) with { Points = points }, alerts);
    }

    private static bool IsDetection(JsonElement row) => BrokerJson.Maybe(row, "candid") is not null;

    private static double? Mjd(JsonElement row) => BrokerJson.Number(row, "mjd") ?? (BrokerJson.Number(row, "jd") - PacketValues.MjdOffset);

    private static AlertMeasurement? ZtfDetection(JsonElement row) => PacketValues.FromMagnitude(
        ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")),
        Mjd(row),
        BrokerJson.Number(row, "magpsf"),
        BrokerJson.Number(row, "sigmapsf"),
        BrokerJson.IsPositive(row, "isdiffpos"),
        BrokerJson.Number(row, "ra"),
        BrokerJson.Number(row, "dec"),
        BrokerAlert.PublicProgramme);

    private static AlertMeasurement? ZtfLimit(JsonElement row) =>
        PacketValues.FromLimit(ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")), Mjd(row), BrokerJson.Number(row, "diffmaglim"), BrokerAlert.PublicProgramme);

    private static (BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts) Lsst(OutsideService service, string objectId, JsonElement root)
    {
        var about = BrokerJson.Field(service, root, "diaObject");
        var (ra, dec) = Place(service, BrokerJson.Number(about, "ra"), BrokerJson.Number(about, "decl") ?? BrokerJson.Number(about, "dec"));
        var rows = BrokerJson.Rows(service, BrokerJson.Field(service, root, "diaSourcesList"), "its list of sources");
        var forced = BrokerJson.Maybe(root, "diaForcedSourcesList") is { } list ? BrokerJson.Rows(service, list, "its list of forced sources") : [];
        var points = PacketValues.Distinct([
            .. BrokerJson.Points(service, rows, "sources", row => LsstPoint(row, AlertOrigins.Alert)),
            .. BrokerJson.Points(service, forced, "forced sources", row => LsstPoint(row, AlertOrigins.ForcedPhotometry)),
        ]);
        var found = new BrokerAlert { ObjectId = objectId, Survey = "LSST", RaDegrees = ra, DecDegrees = dec, Candidate = BrokerJson.Node(about), Properties = Added(root) };
        var alerts = rows.OrderByDescending(row => BrokerJson.Number(row, "midpointMjdTai")).Select(row => found with
        {
            AlertId = BrokerJson.Text(row, "diaSourceId"),
            MjdUtcDays = PacketValues.UtcOfTai(BrokerJson.Number(row, "midpointMjdTai")),
            Score = Score(BrokerJson.Number(row, "reliability")),
            Points = PacketValues.Distinct([LsstPoint(row, AlertOrigins.Alert)]),
            Candidate = BrokerJson.Node(row),
        }).DistinctBy(alert => alert.AlertId).ToList();
        return ((alerts.FirstOrDefault() ?? found) with { Points = points }, alerts);
    }

    private static AlertMeasurement? LsstPoint(JsonElement row, string origin) => RubinPoint(
        BrokerJson.Text(row, "band"), BrokerJson.Number(row, "midpointMjdTai"), BrokerJson.Number(row, "psfFlux"), BrokerJson.Number(row, "psfFluxErr"), origin,
        BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "decl") ?? BrokerJson.Number(row, "dec"));

    // What Sherlock, the TNS and the site's own annotators say of the object.
    private static JsonObject Added(JsonElement root)
    {
        var lasair = BrokerJson.Maybe(root, "lasairData") ?? root;
        var added = new JsonObject();
        foreach (var part in new[] { "sherlock", "TNS" })
        {
            foreach (var (name, value) in BrokerJson.Node(BrokerJson.Maybe(lasair, part) ?? default).Where(field => field.Value is JsonValue))
            {
                added[$"{part.ToLower(CultureInfo.InvariantCulture)}_{name}"] = value!.DeepClone();
            }
        }

        return added;
    }

    private static (string? AlertId, JsonElement? Urls) Images(JsonElement root, string? alertId)
    {
        if (BrokerJson.Maybe(root, "candidates") is { ValueKind: JsonValueKind.Array } candidates)
        {
            var row = candidates.EnumerateArray().Where(one => BrokerJson.Maybe(one, "image_urls") is not null && (alertId is null || BrokerJson.Text(one, "candid") == alertId))
                .OrderByDescending(Mjd).Select(one => (JsonElement?)one).FirstOrDefault();
            return row is { } found ? (BrokerJson.Text(found, "candid"), BrokerJson.Maybe(found, "image_urls")) : (null, null);
        }

        var images = BrokerJson.Maybe(root, "lasairData") is { } lasair ? BrokerJson.Maybe(lasair, "imageUrls") : null;
        if (images is { ValueKind: JsonValueKind.Array } list)
        {
            var one = list.EnumerateArray().Where(item => alertId is null || BrokerJson.Text(item, "diaSourceId") == alertId).Select(item => (JsonElement?)item).FirstOrDefault();
            return (one is { } item ? BrokerJson.Text(item, "diaSourceId") : null, one);
        }

        return (null, images);
    }
}
