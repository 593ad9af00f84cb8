using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>BOOM (Jegou du Laz et al. 2025): alerts, reference catalogues and filters over MongoDB, with an account and tokens that expire.</summary>
public sealed class BoomBroker(CallOutside call, BrokerTokens tokens) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerCatalogs, IBrokerPipelines
{
    private const int MostCatalogs = 30;
    private const int MostPerCatalog = 50;
    private const double DefaultHoldsSeconds = 3600;

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("BOOMBROKER", "BOOM", ["ZTF", "LSST"], new BrokerForm(
        new BrokerField("protocol", "Protocol") { Choices = ["https", "http"], Default = "https" },
        new BrokerField("host", "Host") { IsRequired = true, Shape = BrokerShapes.Host, Help = "api.kaboom.caltech.edu" },
        new BrokerField("port", "Port", "integer") { Default = 443, Most = 65535 },
        new BrokerField("username", "User name"),
        new BrokerField("password", "Password") { IsSecret = true },
        new BrokerField("survey", "Survey") { Choices = ["ZTF", "LSST"], Help = "Only this survey; both where none is chosen." }))
    {
        FilterKind = "pipeline",
        FilterPipeline = "mongo",
        NeedsAccount = true,
        HasMessages = true,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Surveys(BrokerConfig config) => config.Text("survey") is { } survey ? [survey] : About.Surveys;

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct) => Data(ask, await SendAsync(ask, HttpMethod.Get, "catalogs", null, [], ct));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        var found = new List<BrokerAlert>();
        foreach (var survey in Surveys(ask.Config).Where(survey => Serves(this, ask, query, survey) && (query.ObjectId is null || SurveyOfName(query.ObjectId) == survey)))
        {
            var filter = Permitted(ask, survey);
            if (query.ObjectId is { } objectId)
            {
                filter["objectId"] = OneOf(objectId);
            }

            if (query.AlertId is { } alertId)
            {
                filter["_id"] = OneOf(alertId);
            }

            if (query.StartJd is not null || query.EndJd is not null)
            {
                filter["candidate.jd"] = new JsonObject { ["$gte"] = query.StartJd ?? 0, ["$lte"] = query.EndJd ?? 1e9 };
            }

            var documents = query.Center is { } center && query.ObjectId is null
                ? await ConeAsync(ask, $"{survey}_alerts", filter, center, query.RadiusArcsec, query.Limit, ct)
                : await FindAsync(ask, $"{survey}_alerts", filter, new JsonObject { ["candidate.jd"] = -1 }, query.Limit, ct);
            found.AddRange(documents.Select(document => BoomDocuments.Alert(Server(ask), survey, document, null)));
        }

        return [.. found.DistinctBy(alert => (alert.Survey, alert.AlertId)).OrderByDescending(alert => alert.MjdUtcDays).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        var survey = SurveyOfName(objectId);
        if (!Surveys(ask.Config).Contains(survey))
        {
            return null;
        }

        var filter = Permitted(ask, survey);
        filter["objectId"] = OneOf(Name(objectId));
        var alerts = await FindAsync(ask, $"{survey}_alerts", filter, new JsonObject { ["candidate.jd"] = -1 }, 1, ct);
        if (alerts.Count == 0)
        {
            return null;
        }

        var aux = await FindAsync(ask, $"{survey}_alerts_aux", new JsonObject { ["_id"] = OneOf(objectId) }, null, 1, ct);
        return BoomDocuments.Alert(Server(ask), survey, alerts[0], aux.Count > 0 ? aux[0] : null);
    }

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        var survey = objectId is null ? Surveys(ask.Config)[0] : SurveyOfName(objectId);
        var which = alertId is not null ? Field("candid", alertId) : objectId is not null ? Field("objectId", objectId) : default;
        var reply = which.Name is null ? null : await SendAsync(ask, HttpMethod.Get, $"surveys/{survey}/cutouts", null, [which], ct, alsoAnswers: 404);
        if (reply is null || reply.Status == 404)
        {
            return null;
        }

        var data = Data(ask, reply);
        return new BrokerCutouts(BrokerJson.Text(data, "candid") ?? alertId, BrokerJson.Bytes(data, "cutoutScience"), BrokerJson.Bytes(data, "cutoutTemplate"), BrokerJson.Bytes(data, "cutoutDifference")) is { HasAny: true } cutouts
            ? cutouts
            : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>> ConeAsync(BrokerAsk ask, SkyPosition center, double radiusArcsec, CancellationToken ct)
    {
        var service = Server(ask);
        var names = BrokerJson.Rows(service, Data(ask, await SendAsync(ask, HttpMethod.Get, "catalogs", null, [], ct)), "its list of catalogues").Select(row => BrokerJson.Text(row, "name")).OfType<string>();
        var found = new Dictionary<string, IReadOnlyList<JsonObject>>(StringComparer.Ordinal);
        foreach (var name in names.Where(IsReference).Distinct().Take(MostCatalogs))
        {
            var rows = await ConeAsync(ask, name, [], center, radiusArcsec, MostPerCatalog, ct);
            if (rows.Count > 0)
            {
                found[name] = [.. rows.Select(BrokerJson.Node)];
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<JsonElement> TryPipelineAsync(BrokerAsk ask, JsonObject test, CancellationToken ct)
    {
        var data = await TestFilterAsync(ask, "filters/test", test, ct);
        var rows = BrokerJson.Rows(Server(ask), BrokerJson.Field(Server(ask), data, "results"), "its list of results");
        return rows.All(row => BrokerJson.Text(row, "objectId") is not null) ? data : throw OutsideException.Unreadable(Server(ask), "a result has no objectId.");
    }

    /// <inheritdoc/>
    public async Task<JsonElement> CountPipelineAsync(BrokerAsk ask, JsonObject test, CancellationToken ct)
    {
        var data = await TestFilterAsync(ask, "filters/test/count", test, ct);
        return BrokerJson.Whole(data, "count") is not null ? data : throw OutsideException.Unreadable(Server(ask), "count is no number.");
    }

    /// <inheritdoc/>
    public async Task<RemoteFilter> CreateAsync(BrokerAsk ask, RemoteFilterDraft draft, CancellationToken ct)
    {
        var data = Data(ask, await SendAsync(
            ask,
            HttpMethod.Post,
            "filters",
            new JsonObject
            {
                ["name"] = draft.Name,
                ["pipeline"] = draft.Pipeline.DeepClone(),
                ["survey"] = draft.Survey,
                ["permissions"] = new JsonObject { [draft.Survey] = new JsonArray([.. draft.Programmes.Select(one => (JsonNode?)one)]) },
            },
            [],
            ct));
        return new RemoteFilter(
            BrokerJson.Text(data, "id") ?? BrokerJson.Text(data, "_id") ?? throw OutsideException.Unreadable(Server(ask), "it gave the filter no id."),
            BrokerJson.Text(data, "active_fid") ?? throw OutsideException.Unreadable(Server(ask), "it gave the filter no version."));
    }

    /// <inheritdoc/>
    public async Task<string> AddVersionAsync(BrokerAsk ask, string remoteId, JsonArray pipeline, CancellationToken ct)
    {
        var data = Data(ask, await SendAsync(ask, HttpMethod.Post, $"filters/{Name(remoteId)}/versions", new JsonObject { ["pipeline"] = pipeline.DeepClone(), ["set_as_active"] = false }, [], ct));
        return BrokerJson.Text(data, "fid") ?? throw OutsideException.Unreadable(Server(ask), "it gave the version no id.");
    }

    /// <inheritdoc/>
    public async Task<JsonObject?> FindAsync(BrokerAsk ask, string remoteId, CancellationToken ct)
    {
        var reply = await SendAsync(ask, HttpMethod.Get, $"filters/{Name(remoteId)}", null, [], ct, alsoAnswers: 404);
        if (reply.Status == 404)
        {
            return null;
        }

        var found = Data(ask, reply);
        var versions = BrokerJson.Maybe(found, "fv") is { } list ? BrokerJson.Rows(Server(ask), list, "its list of versions") : [];
        return versions.All(version => BrokerJson.Text(version, "fid") is not null) && BrokerJson.Maybe(found, "active") is null or { ValueKind: JsonValueKind.True or JsonValueKind.False }
            ? BrokerJson.Node(found)
            : throw OutsideException.Unreadable(Server(ask), "its record of the filter is none.");
    }

    /// <inheritdoc/>
    public async Task UpdateAsync(BrokerAsk ask, string remoteId, RemoteFilterChanges changes, CancellationToken ct)
    {
        var body = new JsonObject();
        foreach (var (name, value) in new (string, JsonNode?)[] { ("name", changes.Name), ("active", changes.IsActive), ("active_fid", changes.ActiveVersion) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        BrokerJson.Parse(Server(ask), await SendAsync(ask, HttpMethod.Patch, $"filters/{Name(remoteId)}", body, [], ct));
    }

    /// <inheritdoc/>
    public async Task<(string Version, bool HasPassed, string? Message)> ValidateAsync(BrokerAsk ask, string remoteId, string? version, CancellationToken ct)
    {
        var data = Data(ask, await SendAsync(ask, HttpMethod.Post, $"filters/{Name(remoteId)}/validate", [], version is null ? [] : [Field("fid", version)], ct));
        return BrokerJson.Text(data, "fid") is { } fid && BrokerJson.Maybe(data, "passed") is { ValueKind: JsonValueKind.True or JsonValueKind.False } passed
            ? (fid, passed.GetBoolean(), BrokerJson.Text(data, "message"))
            : throw OutsideException.Unreadable(Server(ask), "it does not say of a version whether it passed.");
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(BrokerAsk ask, string remoteId, CancellationToken ct) =>
        await SendAsync(ask, HttpMethod.Delete, $"filters/{Name(remoteId)}", null, [], ct, alsoAnswers: 404);

    /// <inheritdoc/>
    public async Task<JsonElement> SchemaAsync(BrokerAsk ask, string survey, CancellationToken ct) =>
        Data(ask, await SendAsync(ask, HttpMethod.Get, $"filters/schemas/{Name(survey)}", null, [], ct));

    // Programmes that the caller does not see are withheld by the server.
    private async Task<JsonElement> TestFilterAsync(BrokerAsk ask, string path, JsonObject test, CancellationToken ct)
    {
        var survey = test["survey"]?.ToString() ?? Surveys(ask.Config)[0];
        var body = (JsonObject)test.DeepClone();
        body["survey"] = survey;
        body["permissions"] = new JsonObject { [survey] = new JsonArray([.. (ask.Scope.Of(survey) ?? [1, 2, 3]).Select(one => (JsonNode?)one)]) };
        return Data(ask, await SendAsync(ask, HttpMethod.Post, path, body, [], ct));
    }

    private static OutsideService Server(BrokerAsk ask) => new(
        "Boom", "BOOM", string.Create(CultureInfo.InvariantCulture, $"{ask.Config.Text("protocol") ?? "https"}://{ask.Config.Text("host")}:{ask.Config.Text("port") ?? "443"}/")) { TimeoutSeconds = 180, IsEntered = true };

    // Ids of Rubin are kept as text or as numbers.
    private static JsonNode OneOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? new JsonObject { ["$in"] = new JsonArray(id, number) }
        : JsonValue.Create(id);

    private static JsonObject Permitted(BrokerAsk ask, string survey) => survey == "ZTF" && ask.Scope.Of(survey) is { } programmes
        ? new JsonObject { ["candidate.programid"] = new JsonObject { ["$in"] = new JsonArray([.. programmes.Select(one => (JsonNode?)one)]) } }
        : [];

    private async Task<IReadOnlyList<JsonElement>> FindAsync(BrokerAsk ask, string catalog, JsonObject filter, JsonObject? sort, int limit, CancellationToken ct)
    {
        var body = new JsonObject { ["catalog_name"] = catalog, ["filter"] = filter.DeepClone(), ["limit"] = limit };
        if (sort is not null)
        {
            body["sort"] = sort;
        }

        return BrokerJson.Rows(Server(ask), Data(ask, await SendAsync(ask, HttpMethod.Post, "queries/find", body, [], ct)), "its list of documents");
    }

    private async Task<IReadOnlyList<JsonElement>> ConeAsync(BrokerAsk ask, string catalog, JsonObject filter, SkyPosition center, double radiusArcsec, int limit, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["catalog_name"] = catalog,
            ["filter"] = filter.DeepClone(),
            ["radius"] = radiusArcsec,
            ["unit"] = "Arcseconds",
            ["object_coordinates"] = new JsonObject { ["here"] = new JsonArray(center.RaDegrees, center.DecDegrees) },
            ["limit"] = limit,
        };
        var data = Data(ask, await SendAsync(ask, HttpMethod.Post, "queries/cone_search", body, [], ct));
        return BrokerJson.Rows(Server(ask), BrokerJson.Field(Server(ask), data, "here"), "its list of documents");
    }

    private static JsonElement Data(BrokerAsk ask, OutsideReply reply) => BrokerJson.Field(Server(ask), BrokerJson.Parse(Server(ask), reply), "data");

    private async Task<OutsideReply> SendAsync(
        BrokerAsk ask, HttpMethod method, string path, JsonObject? body, IReadOnlyList<OutsideField> query, CancellationToken ct, params int[] alsoAnswers)
    {
        var service = Server(ask);
        var isRead = method == HttpMethod.Get || path.StartsWith("queries/", StringComparison.Ordinal) || path.StartsWith("filters/test", StringComparison.Ordinal) || path.EndsWith("/validate", StringComparison.Ordinal);
        return await tokens.SendAsync(
            service,
            $"{service.Name} {service.Address} {ask.Config.Text("username")} {ask.Config.Text("password")}",
            () => SignInAsync(ask, service, ct),
            token => SendAsync(
                ask,
                new OutsideCall(service, path)
                {
                    Method = method,
                    Query = query,
                    Json = body?.ToJsonString(),
                    Headers = [new OutsideField("Authorization", $"Bearer {token}", IsSecret: true)],
                    AlsoAnswers = [401, .. alsoAnswers],
                    IsRead = isRead,
                },
                ct),
            reply => reply.Status == 401);
    }

    private async Task<(string Token, TimeSpan Holds)> SignInAsync(BrokerAsk ask, OutsideService service, CancellationToken ct)
    {
        var reply = await SendAsync(
            ask,
            new OutsideCall(service, "auth")
            {
                Method = HttpMethod.Post,
                Form = [Field("username", ask.Config.Text("username") ?? ""), new OutsideField("password", ask.Config.Text("password") ?? "", IsSecret: true)],
                IsRead = true,
                HidesReply = true,
            },
            ct);
        var root = BrokerJson.Parse(service, reply);
        return (BrokerJson.Maybe(root, "access_token") is { ValueKind: JsonValueKind.String } token ? token.GetString()! : throw OutsideException.Unreadable(service, "it gave no token."),
            TimeSpan.FromSeconds(Math.Clamp(BrokerJson.Number(root, "expires_in") ?? DefaultHoldsSeconds, 120, 30 * 86_400)));
    }
}
