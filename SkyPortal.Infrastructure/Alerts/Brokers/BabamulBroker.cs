using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Babamul, the public face of BOOM: alerts and objects of ZTF and Rubin with a personal token, and matches with catalogues.</summary>
public sealed class BabamulBroker(CallOutside call, BrokerTokens tokens) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerCatalogs
{
    private const string DefaultAddress = "https://babamul.caltech.edu/api/babamul/";

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("BABAMULBROKER", "Babamul", ["ZTF", "LSST"], new BrokerForm(
        new BrokerField("token", "Token") { IsRequired = true, IsSecret = true, Help = "From the profile at Babamul, for up to three years." },
        new BrokerField("email", "E-mail address") { Help = "With the password, a token that has expired is had anew." },
        new BrokerField("password", "Password") { IsSecret = true },
        new BrokerField("survey", "Survey") { Choices = ["ZTF", "LSST"], Help = "Only this survey; both where none is chosen." },
        new BrokerField("base_url", "Address") { Shape = BrokerShapes.Address, Default = DefaultAddress },
        BrokerFields.FilterIds,
        BrokerFields.TopicFilterIds))
    {
        NeedsAccount = true,
        HasMessages = true,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Surveys(BrokerConfig config) => config.Text("survey") is { } survey ? [survey] : About.Surveys;

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct) =>
        Data(ask, await AskAsync(ask, "profile", [], ct) ?? throw OutsideException.Unreadable(Server(ask), "it knows no profile for the token."));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        var found = new List<BrokerAlert>();
        foreach (var survey in Surveys(ask.Config).Where(survey => Serves(this, ask, query, survey) && (query.ObjectId is null || SurveyOfName(query.ObjectId) == survey)))
        {
            var fields = new List<OutsideField>();
            if (query.ObjectId is { } objectId)
            {
                fields.Add(Field("object_id", Name(objectId)));
            }
            else if (query.Center is { } center)
            {
                fields.AddRange([Field("ra", center.RaDegrees), Field("dec", center.DecDegrees), Field("radius_arcsec", query.RadiusArcsec)]);
            }
            else
            {
                return [];
            }

            if (query.StartJd is { } start)
            {
                fields.Add(Field("start_jd", start));
            }

            if (query.EndJd is { } end)
            {
                fields.Add(Field("end_jd", end));
            }

            fields.Add(Field("limit", query.Limit));
            var rows = await AskAsync(ask, $"surveys/{survey}/alerts", fields, ct) is { } root ? BrokerJson.Rows(Server(ask), Data(ask, root), "its list of alerts") : [];
            found.AddRange(rows.Select(row => BoomDocuments.Alert(Server(ask), survey, row, null)));
        }

        return [.. found.DistinctBy(alert => (alert.Survey, alert.AlertId)).Where(alert => query.AlertId is null || alert.AlertId == query.AlertId).OrderByDescending(alert => alert.MjdUtcDays).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        var survey = SurveyOfName(objectId);
        if (!Surveys(ask.Config).Contains(survey) || await AskAsync(ask, $"surveys/{survey}/objects/{Name(objectId)}", [], ct) is not { } root)
        {
            return null;
        }

        return BoomDocuments.Alert(Server(ask), survey, Data(ask, root), null);
    }

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        alertId ??= objectId is null ? null : (await GetAsync(ask, objectId, ct))?.AlertId;
        var survey = objectId is null ? Surveys(ask.Config)[0] : SurveyOfName(objectId);
        if (alertId is null || await AskAsync(ask, $"surveys/{survey}/cutouts", [Field("candid", alertId)], ct) is not { } root)
        {
            return null;
        }

        var data = Data(ask, root);
        return new BrokerCutouts(alertId, BrokerJson.Bytes(data, "cutoutScience"), BrokerJson.Bytes(data, "cutoutTemplate"), BrokerJson.Bytes(data, "cutoutDifference")) is { HasAny: true } cutouts ? cutouts : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>> ConeAsync(BrokerAsk ask, SkyPosition center, double radiusArcsec, CancellationToken ct)
    {
        var found = new Dictionary<string, IReadOnlyList<JsonObject>>(StringComparer.Ordinal);
        foreach (var near in (await QueryAsync(ask, new AlertQuery { Center = center, RadiusArcsec = radiusArcsec, Limit = 20 }, ct)).Where(alert => ask.Scope.Show(alert) is not null).DistinctBy(alert => alert.ObjectId).Take(3))
        {
            if (await AskAsync(ask, $"surveys/{near.Survey}/objects/{Name(near.ObjectId)}/cross-matches", [], ct) is { } root && Data(ask, root) is { ValueKind: JsonValueKind.Object } data)
            {
                foreach (var catalog in data.EnumerateObject().Where(catalog => catalog.Value.ValueKind == JsonValueKind.Array))
                {
                    found[catalog.Name] = [.. catalog.Value.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object).Select(BrokerJson.Node)];
                }
            }
        }

        return found;
    }

    private static OutsideService Server(BrokerAsk ask) => new("Babamul", "Babamul", ask.Config.Text("base_url") ?? DefaultAddress) { TimeoutSeconds = 60, IsEntered = true };

    // Babamul wraps its replies like BOOM, but for the profile.
    private static JsonElement Data(BrokerAsk ask, JsonElement root) =>
        root.ValueKind == JsonValueKind.Object ? BrokerJson.Maybe(root, "data") ?? root : throw OutsideException.Unreadable(Server(ask), "its reply is no record.");

    private async Task<JsonElement?> AskAsync(BrokerAsk ask, string path, IReadOnlyList<OutsideField> query, CancellationToken ct)
    {
        var service = Server(ask);
        Task<OutsideReply> WithAsync(string? token) => SendAsync(
            ask,
            new OutsideCall(service, path) { Query = query, Headers = [new OutsideField("Authorization", $"Bearer {token}", IsSecret: true)], AlsoAnswers = ask.Config.Text("email") is null ? [404] : [401, 404] },
            ct);
        var reply = await WithAsync(ask.Config.Text("token"));
        if (reply.Status == 401)
        {
            reply = await tokens.SendAsync(service, $"{service.Name} {service.Address} {ask.Config.Text("email")} {ask.Config.Text("password")}", () => SignInAsync(ask, service, ct), WithAsync, one => one.Status == 401);
        }

        return reply.Status == 404 ? null : BrokerJson.Parse(service, reply);
    }

    private async Task<(string Token, TimeSpan Holds)> SignInAsync(BrokerAsk ask, OutsideService service, CancellationToken ct)
    {
        var reply = await SendAsync(
            ask,
            new OutsideCall(service, "auth")
            {
                Method = HttpMethod.Post,
                Form = [Field("email", ask.Config.Text("email")!), new OutsideField("password", ask.Config.Text("password") ?? "", IsSecret: true)],
                IsRead = true,
                HidesReply = true,
            },
            ct);
        var root = BrokerJson.Parse(service, reply);
        return (BrokerJson.Maybe(root, "access_token") is { ValueKind: JsonValueKind.String } token ? token.GetString()! : throw OutsideException.Unreadable(service, "it gave no token."),
            TimeSpan.FromSeconds(Math.Clamp(BrokerJson.Number(root, "expires_in") ?? 3600, 120, 30 * 86_400)));
    }
}
