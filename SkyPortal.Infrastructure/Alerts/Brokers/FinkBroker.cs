using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// Fink (Moeller et al. 2021): rows of ZTF alerts under the prefixes i: (the survey's fields), d: and v: (what Fink adds), with five-sigma
/// limits; rows of Rubin under r:, as difference fluxes in nanojansky at times in TAI. No account is needed but for its messages.
/// </summary>
public sealed class FinkBroker(CallOutside call) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts
{
    private static readonly OutsideService Ztf = new("Fink", "Fink", "https://api.ztf.fink-portal.org/") { TimeoutSeconds = 60 };
    private static readonly OutsideService Lsst = new("FinkLsst", "Fink (LSST)", "https://api.lsst.fink-portal.org/") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("FINKBROKER", "Fink", ["ZTF", "LSST"], new BrokerForm(
        new BrokerField("survey", "Survey") { Choices = ["ZTF", "LSST"], Help = "Only this survey; both where none is chosen." },
        new BrokerField("fink", "Livestream", "object")
        {
            Help = "Given when one registers for the livestream.",
            Fields =
            [
                new BrokerField("servers", "Kafka servers"),
                new BrokerField("username", "User name"),
                new BrokerField("password", "Password") { IsSecret = true },
                new BrokerField("group_id", "Consumer group"),
                new BrokerField("topics", "Topics", "array"),
                new BrokerField("maxtimeout", "Seconds to wait for a message", "integer") { Default = 5 },
                BrokerFields.FilterIds,
                BrokerFields.TopicFilterIds,
            ],
        }))
    {
        HasMessages = true,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Surveys(BrokerConfig config) => config.Text("survey") is { } survey ? [survey] : About.Surveys;

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct)
    {
        var service = Surveys(ask.Config).Contains("ZTF") ? Ztf : Lsst;
        var reply = await SendAsync(ask, new OutsideCall(service, service == Ztf ? "api/v1/classes" : "api/v1/tags"), ct);
        BrokerJson.Parse(service, reply);
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

        var body = new JsonObject { ["ra"] = center.RaDegrees, ["dec"] = center.DecDegrees, ["radius"] = query.RadiusArcsec, ["n"] = query.Limit, ["output-format"] = "json" };
        var found = new List<BrokerAlert>();
        if (Serves(this, ask, query, "ZTF"))
        {
            found.AddRange((await RowsAsync(ask, Ztf, "api/v1/conesearch", body, ct)).Select(ZtfAlert));
        }

        if (Serves(this, ask, query, "LSST"))
        {
            found.AddRange((await RowsAsync(ask, Lsst, "api/v1/conesearch", body, ct)).Select(row => LsstAlert(row, null)));
        }

        return [.. found.DistinctBy(alert => (alert.ObjectId, alert.AlertId)).Where(alert => Within(query, alert.MjdUtcDays)).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct) => (await HistoryAsync(ask, objectId, ct)).Object;

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        if (objectId is null && alertId is null)
        {
            return null;
        }

        var service = objectId is not null && SurveyOfName(objectId) == "LSST" ? Lsst : Ztf;
        var pictures = new List<byte[]?>();
        foreach (var kind in new[] { "Science", "Template", "Difference" })
        {
            var body = new JsonObject { ["kind"] = kind, ["output-format"] = "FITS" };
            if (objectId is not null)
            {
                body[service == Ztf ? "objectId" : "diaObjectId"] = objectId;
            }

            if (alertId is not null)
            {
                body[service == Ztf ? "candid" : "diaSourceId"] = alertId;
            }

            pictures.Add(await FileAsync(ask, new OutsideCall(service, "api/v1/cutouts") { Method = HttpMethod.Post, Json = body.ToJsonString(), IsRead = true }, ct));
        }

        return new BrokerCutouts(alertId, pictures[0], pictures[1], pictures[2]) is { HasAny: true } cutouts ? cutouts : null;
    }

    private async Task<IReadOnlyList<JsonElement>> RowsAsync(BrokerAsk ask, OutsideService service, string path, JsonObject body, CancellationToken ct) =>
        await PostAsync(ask, service, path, body, ct) is { } rows ? BrokerJson.Rows(service, rows, "its list of rows") : [];

    private Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> HistoryAsync(BrokerAsk ask, string objectId, CancellationToken ct) =>
        !Surveys(ask.Config).Contains(SurveyOfName(objectId)) ? Task.FromResult<(BrokerAlert?, IReadOnlyList<BrokerAlert>)>((null, []))
        : SurveyOfName(objectId) == "ZTF" ? ZtfAsync(ask, Name(objectId), ct)
        : LsstAsync(ask, Name(objectId), ct);

    private async Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> ZtfAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        var rows = await RowsAsync(ask, Ztf, "api/v1/objects", new JsonObject { ["objectId"] = objectId, ["withupperlim"] = true, ["output-format"] = "json" }, ct);
        var points = BrokerJson.Points(Ztf, rows, "rows", row => IsDetection(row) ? ZtfDetection(row) : ZtfLimit(row));
        var alerts = rows.Where(IsDetection).OrderByDescending(row => BrokerJson.Number(row, "i:jd")).Select(ZtfAlert).DistinctBy(alert => alert.AlertId).ToList();
        return alerts.Count == 0 ? (null, []) : (alerts[0] with { ObjectId = objectId, Points = points }, alerts);
    }

    // Limits that come along have a magnitude of neither kind, or say what they are.
    private static bool IsDetection(JsonElement row) => BrokerJson.Text(row, "d:tag") is not "upperlim" && BrokerJson.Maybe(row, "i:magpsf") is not null;

    private static BrokerAlert ZtfAlert(JsonElement row)
    {
        var (ra, dec) = Place(Ztf, BrokerJson.Number(row, "i:ra"), BrokerJson.Number(row, "i:dec"));
        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(row, "i:objectId") is { Length: > 0 } name ? name : throw OutsideException.Unreadable(Ztf, "a row has no name of an object."),
            AlertId = BrokerJson.Text(row, "i:candid"),
            Survey = "ZTF",
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = BrokerJson.Number(row, "i:jd") - PacketValues.MjdOffset,
            Programme = Programme(row),
            Score = Score(BrokerJson.Number(row, "i:drb")) ?? Score(BrokerJson.Number(row, "i:rb")),
            Points = PacketValues.Distinct([ZtfDetection(row)]),
            Candidate = Under(row, "i:"),
            Properties = Added(row),
        };
    }

    private static AlertMeasurement? ZtfDetection(JsonElement row) => PacketValues.FromMagnitude(
        ZtfPackets.FilterOf(BrokerJson.Whole(row, "i:fid")),
        BrokerJson.Number(row, "i:jd") - PacketValues.MjdOffset,
        BrokerJson.Number(row, "i:magpsf"),
        BrokerJson.Number(row, "i:sigmapsf"),
        BrokerJson.IsPositive(row, "i:isdiffpos"),
        BrokerJson.Number(row, "i:ra"),
        BrokerJson.Number(row, "i:dec"),
        Programme(row));

    private static AlertMeasurement? ZtfLimit(JsonElement row) => PacketValues.FromLimit(
        ZtfPackets.FilterOf(BrokerJson.Whole(row, "i:fid")), BrokerJson.Number(row, "i:jd") - PacketValues.MjdOffset, BrokerJson.Number(row, "i:diffmaglim"), Programme(row));

    private static int Programme(JsonElement row) => BrokerJson.Whole(row, "i:programid") is >= 0 and <= 1000 and var programme ? (int)programme : BrokerAlert.PublicProgramme;

    private static JsonObject Under(JsonElement row, string prefix)
    {
        var fields = new JsonObject();
        foreach (var field in row.EnumerateObject().Where(field => field.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            fields[field.Name[prefix.Length..]] = BrokerJson.Any(field.Value);
        }

        return fields;
    }

    // What Fink works out, without the cut-outs and features that are lists.
    private static JsonObject Added(JsonElement row)
    {
        var fields = Under(row, "d:");
        foreach (var (name, value) in Under(row, "v:"))
        {
            fields[name] = value?.DeepClone();
        }

        foreach (var name in fields.Where(field => field.Value is not JsonValue).Select(field => field.Key).ToList())
        {
            fields.Remove(name);
        }

        return fields;
    }

    private async Task<(BrokerAlert? Object, IReadOnlyList<BrokerAlert> Alerts)> LsstAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        var rows = await RowsAsync(ask, Lsst, "api/v1/sources", new JsonObject { ["diaObjectId"] = objectId, ["output-format"] = "json" }, ct);
        var points = BrokerJson.Points(Lsst, rows, "rows", LsstDetection);
        var alerts = rows.OrderByDescending(row => BrokerJson.Number(row, "r:midpointMjdTai")).Select(row => LsstAlert(row, objectId)).DistinctBy(alert => alert.AlertId).ToList();
        return alerts.Count == 0 ? (null, []) : (alerts[0] with { Points = points }, alerts);
    }

    private static BrokerAlert LsstAlert(JsonElement row, string? objectId)
    {
        var (ra, dec) = Place(Lsst, BrokerJson.Number(row, "r:ra"), BrokerJson.Number(row, "r:dec"));
        return new BrokerAlert
        {
            ObjectId = objectId ?? BrokerJson.Text(row, "r:diaObjectId") ?? throw OutsideException.Unreadable(Lsst, "a row has no name of an object."),
            AlertId = BrokerJson.Text(row, "r:diaSourceId"),
            Survey = "LSST",
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = PacketValues.UtcOfTai(BrokerJson.Number(row, "r:midpointMjdTai")),
            Score = Score(BrokerJson.Number(row, "r:reliability")),
            Points = PacketValues.Distinct([LsstDetection(row)]),
            Candidate = Under(row, "r:"),
            Properties = Under(row, "f:"),
        };
    }

    private static AlertMeasurement? LsstDetection(JsonElement row) => RubinPoint(
        BrokerJson.Text(row, "r:band"),
        BrokerJson.Number(row, "r:midpointMjdTai"),
        BrokerJson.Number(row, "r:psfFlux"),
        BrokerJson.Number(row, "r:psfFluxErr"),
        AlertOrigins.Alert,
        BrokerJson.Number(row, "r:ra"),
        BrokerJson.Number(row, "r:dec"));
}
