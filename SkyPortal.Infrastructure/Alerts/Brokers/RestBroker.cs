using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Any server that serves alerts of the standard shape under alerts and alerts/ID, fluxes in nanojansky or magnitudes (AB), Julian dates in UTC.</summary>
public sealed class RestBroker(CallOutside call) : HttpBroker(call), IBrokerAlerts, IBrokerPolling
{
    private const double MicroJanskyPerNanoJansky = 1e-3;

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("GENERICBROKER", "REST broker", [], new BrokerForm(
        new BrokerField("base_url", "Address") { IsRequired = true, Shape = BrokerShapes.Address, Help = "Alerts are asked for under it: alerts and alerts/ID." },
        new BrokerField("token", "Token") { IsSecret = true, Help = "Sent as Bearer, where one is given." },
        new BrokerField("poll_interval", "Seconds between polls", "integer") { Default = 3600 },
        new BrokerField("limit", "Most alerts of a poll", "integer") { Default = 100 },
        BrokerFields.FilterIds,
        BrokerFields.Query));

    /// <inheritdoc/>
    public TimeSpan PollInterval => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct) => await AskAsync(ask, "alerts", [Field("limit", 1)], ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        var fields = new List<OutsideField>();
        if (query.ObjectId is { } objectId)
        {
            fields.Add(Field("objectId", objectId));
        }

        if (query.AlertId is { } alertId)
        {
            fields.Add(Field("candid", alertId));
        }

        if (query.Center is { } center)
        {
            fields.AddRange([Field("ra", center.RaDegrees), Field("dec", center.DecDegrees), Field("radius", query.RadiusArcsec), Field("radius_units", "arcsec")]);
        }

        fields.Add(Field("limit", query.Limit));
        var rows = await AskAsync(ask, "alerts", fields, ct) is { } root ? BrokerJson.Rows(Server(ask), root, "its list of alerts") : [];
        return [.. rows.Select(row => Alert(Server(ask), row)).DistinctBy(alert => (alert.ObjectId, alert.AlertId)).Where(alert => Within(query, alert.MjdUtcDays)).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct) =>
        await AskAsync(ask, $"alerts/{Name(objectId)}", [], ct) is { } root ? Alert(Server(ask), root) : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PollAsync(BrokerAsk ask, JsonObject? query, int limit, CancellationToken ct)
    {
        var fields = (query ?? []).Where(field => field.Key != "limit").Select(field => Field(field.Key, $"{field.Value}")).Append(Field("limit", limit)).ToList();
        var rows = await AskAsync(ask, "alerts", fields, ct) is { } root ? BrokerJson.Rows(Server(ask), root, "its list of alerts") : [];
        return [.. rows.Select(row => Alert(Server(ask), row).ObjectId).Distinct().Take(limit)];
    }

    private static BrokerAlert Alert(OutsideService service, JsonElement row)
    {
        var candidate = BrokerJson.Field(service, row, "candidate");
        var (ra, dec) = Place(service, BrokerJson.Number(candidate, "ra"), BrokerJson.Number(candidate, "dec"));
        var survey = BrokerJson.Text(row, "survey")?.ToUpperInvariant() ?? throw OutsideException.Unreadable(service, "an alert has no survey.");
        var programme = Programme(candidate, BrokerAlert.PublicProgramme);
        var points = new List<AlertMeasurement?> { Point(survey, candidate, AlertOrigins.Alert, programme) };
        foreach (var (name, origin) in new[] { ("prv_candidates", AlertOrigins.Alert), ("prv_nondetections", AlertOrigins.Alert), ("fp_hists", AlertOrigins.ForcedPhotometry) })
        {
            if (BrokerJson.Maybe(row, name) is { } list)
            {
                points.AddRange(BrokerJson.Points(service, BrokerJson.Rows(service, list, $"its list {name}"), name, one => Point(survey, one, origin, programme)));
            }
        }

        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(row, "objectId") is { Length: > 0 } objectId ? objectId : throw OutsideException.Unreadable(service, "an alert has no name of an object."),
            AlertId = BrokerJson.Text(row, "candid"),
            Survey = survey,
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = (BrokerJson.Number(row, "jd") ?? BrokerJson.Number(candidate, "jd")) - PacketValues.MjdOffset,
            Programme = programme,
            Score = Score(BrokerJson.Number(candidate, "drb")),
            Points = PacketValues.Distinct(points),
            Candidate = BrokerJson.Node(candidate),
            Properties = BrokerJson.Node(BrokerJson.Maybe(row, "properties") ?? default),
            Cutouts = new BrokerCutouts(BrokerJson.Text(row, "candid"), BrokerJson.Bytes(row, "cutoutScience"), BrokerJson.Bytes(row, "cutoutTemplate"), BrokerJson.Bytes(row, "cutoutDifference")) is { HasAny: true } cutouts ? cutouts : null,
        };
    }

    private static AlertMeasurement? Point(string survey, JsonElement row, string origin, int fallback)
    {
        var filter = BrokerJson.Text(row, "band") is [var band] ? (survey, "gri".Contains(band, StringComparison.Ordinal), "ugrizy".Contains(band, StringComparison.Ordinal)) switch
        {
            ("ZTF", true, _) => $"ztf{band}",
            ("LSST", _, true) => $"lsst{band}",
            _ => null,
        } : null;
        var (mjd, programme) = (BrokerJson.Number(row, "jd") - PacketValues.MjdOffset, Programme(row, fallback));
        return BrokerJson.Number(row, "psfFlux") is { } flux
            ? PacketValues.FromFlux(
                filter, mjd, flux * MicroJanskyPerNanoJansky, BrokerJson.Number(row, "psfFluxErr") * MicroJanskyPerNanoJansky, origin, BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"), programme)
            : BrokerJson.Number(row, "magpsf") is { } mag
                ? PacketValues.FromMagnitude(filter, mjd, mag, BrokerJson.Number(row, "sigmapsf"), BrokerJson.IsPositive(row, "isdiffpos"), BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"), programme)
                : PacketValues.FromLimit(filter, mjd, BrokerJson.Number(row, "diffmaglim"), programme);
    }

    private static int Programme(JsonElement row, int fallback) => BrokerJson.Whole(row, "programid") is >= 0 and <= 1000 and var programme ? (int)programme : fallback;

    private static OutsideService Server(BrokerAsk ask) => new("RestBroker", ask.Config.Name, ask.Config.Text("base_url")) { IsEntered = true };

    private async Task<JsonElement?> AskAsync(BrokerAsk ask, string path, IReadOnlyList<OutsideField> query, CancellationToken ct)
    {
        var service = Server(ask);
        var reply = await SendAsync(
            ask,
            new OutsideCall(service, path)
            {
                Query = query,
                Headers = ask.Config.Text("token") is { } token ? [new OutsideField("Authorization", $"Bearer {token}", IsSecret: true)] : [],
                AlsoAnswers = [404],
            },
            ct);
        if (reply.Status == 404)
        {
            return null;
        }

        var root = BrokerJson.Parse(service, reply);
        return BrokerJson.Maybe(root, "data") ?? root;
    }
}
