using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// Kowalski (Duev et al. 2019): the packets of ZTF as MongoDB documents, with magnitudes and isdiffpos, limits, forced photometry in counts,
/// and reference catalogues; with an account and tokens that expire.
/// </summary>
public sealed class KowalskiBroker(CallOutside call, BrokerTokens tokens) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerCatalogs
{
    private const string DefaultAddress = "https://kowalski.caltech.edu/";
    private static readonly string[] Catalogs = ["Gaia_DR3", "PS1_DR1", "AllWISE", "CLU_20190625"];

    // How long a token of Kowalski holds is set there; a day is well within what it was.
    private static readonly TimeSpan Holds = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("KOWALSKIBROKER", "Kowalski", ["ZTF"], new BrokerForm(
        new BrokerField("base_url", "Address") { Shape = BrokerShapes.Address, Default = DefaultAddress },
        new BrokerField("username", "User name") { IsRequired = true },
        new BrokerField("password", "Password") { IsRequired = true, IsSecret = true },
        new BrokerField("catalogs", "Catalogues for cross-matches", "array") { Help = $"{string.Join(", ", Catalogs)}; collections of surveys are left out." }))
    {
        NeedsAccount = true,
    };

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct) =>
        Data(ask, await QueryAsync(ask, new JsonObject { ["query_type"] = "info", ["query"] = new JsonObject { ["command"] = "catalog_names" } }, ct));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        if (!Serves(this, ask, query, "ZTF"))
        {
            return [];
        }

        var filter = Permitted(ask);
        if (query.ObjectId is { } objectId)
        {
            filter["objectId"] = Name(objectId);
        }

        if (query.AlertId is { } alertId && long.TryParse(alertId, NumberStyles.None, CultureInfo.InvariantCulture, out var candid))
        {
            filter["candid"] = candid;
        }

        if (query.StartJd is not null || query.EndJd is not null)
        {
            filter["candidate.jd"] = new JsonObject { ["$gte"] = query.StartJd ?? 0, ["$lte"] = query.EndJd ?? 1e9 };
        }

        var documents = query.Center is { } center && query.ObjectId is null
            ? await ConeAsync(ask, "ZTF_alerts", filter, center, query.RadiusArcsec, query.Limit, ct)
            : await FindAsync(ask, "ZTF_alerts", filter, query.Limit, ct);
        return [.. documents.Select(document => Alert(Server(ask), document, null)).DistinctBy(alert => alert.AlertId).OrderByDescending(alert => alert.MjdUtcDays).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        var filter = Permitted(ask);
        filter["objectId"] = Name(objectId);
        var alerts = await FindAsync(ask, "ZTF_alerts", filter, 1, ct);
        if (alerts.Count == 0)
        {
            return null;
        }

        var aux = await FindAsync(ask, "ZTF_alerts_aux", new JsonObject { ["_id"] = objectId }, 1, ct);
        return Alert(Server(ask), alerts[0], aux.Count > 0 ? aux[0] : null);
    }

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        alertId ??= objectId is null ? null : (await GetAsync(ask, objectId, ct))?.AlertId;
        if (alertId is null)
        {
            return null;
        }

        var pictures = new List<byte[]?>();
        foreach (var kind in new[] { "science", "template", "difference" })
        {
            var reply = await SendAsync(ask, HttpMethod.Get, $"api/cutouts/ztf/{Name(alertId)}/{kind}/fits", null, ct);
            pictures.Add(reply.Status == 404 || reply.Body.Length == 0 ? null : reply.Body);
        }

        return new BrokerCutouts(alertId, pictures[0], pictures[1], pictures[2]) is { HasAny: true } cutouts ? cutouts : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>> ConeAsync(BrokerAsk ask, SkyPosition center, double radiusArcsec, CancellationToken ct)
    {
        var chosen = ask.Config.Altdata["catalogs"] is JsonArray { Count: > 0 } list ? list.Select(item => $"{item}") : Catalogs;
        var found = new Dictionary<string, IReadOnlyList<JsonObject>>(StringComparer.Ordinal);
        foreach (var catalog in chosen.Where(IsReference).Distinct())
        {
            var rows = await ConeAsync(ask, catalog, [], center, radiusArcsec, 50, ct);
            if (rows.Count > 0)
            {
                found[catalog] = [.. rows.Select(BrokerJson.Node)];
            }
        }

        return found;
    }

    /// <summary>A document with its history.</summary>
    public static BrokerAlert Alert(OutsideService service, JsonElement document, JsonElement? history)
    {
        var candidate = BrokerJson.Field(service, document, "candidate");
        var (ra, dec) = Place(service, BrokerJson.Number(candidate, "ra"), BrokerJson.Number(candidate, "dec"));
        var programme = Programme(candidate, BrokerAlert.PublicProgramme);
        var points = new List<AlertMeasurement?> { Detection(candidate, programme) };
        if (history is { } aux)
        {
            if (BrokerJson.Maybe(aux, "prv_candidates") is { } previous)
            {
                points.AddRange(BrokerJson.Points(
                    service, BrokerJson.Rows(service, previous, "its list of earlier detections"), "earlier detections", row => BrokerJson.Maybe(row, "magpsf") is null ? Limit(row, programme) : Detection(row, programme)));
            }

            if (BrokerJson.Maybe(aux, "fp_hists") is { } forced)
            {
                points.AddRange(BrokerJson.Rows(service, forced, "its forced photometry").Select(row => Forced(row, programme)));
            }
        }

        var properties = BrokerJson.Node(BrokerJson.Maybe(document, "classifications") ?? default);
        foreach (var name in properties.Where(field => field.Value is not JsonValue).Select(field => field.Key).ToList())
        {
            properties.Remove(name);
        }

        foreach (var name in new[] { "drb", "rb", "ndethist", "sgscore1", "distpsnr1" })
        {
            if (BrokerJson.Number(candidate, name) is { } number)
            {
                properties[name] = number;
            }
        }

        var extra = new JsonObject();
        if (history is { } more && BrokerJson.Maybe(more, "cross_matches") is { } matches)
        {
            extra["cross_matches"] = BrokerJson.Any(matches);
        }

        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(document, "objectId") is { Length: > 0 } objectId ? objectId : throw OutsideException.Unreadable(service, "an alert has no name of an object."),
            AlertId = BrokerJson.Text(document, "candid"),
            Survey = "ZTF",
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = BrokerJson.Number(candidate, "jd") - PacketValues.MjdOffset,
            Programme = programme,
            Score = Score(BrokerJson.Number(candidate, "drb")) ?? Score(BrokerJson.Number(candidate, "rb")),
            Points = PacketValues.Distinct(points),
            Candidate = BrokerJson.Node(candidate),
            Properties = properties,
            Extra = extra,
        };
    }

    private static AlertMeasurement? Detection(JsonElement row, int programme) => PacketValues.FromMagnitude(
        ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")), Mjd(row), BrokerJson.Number(row, "magpsf"), BrokerJson.Number(row, "sigmapsf"), BrokerJson.IsPositive(row, "isdiffpos"),
        BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"), Programme(row, programme));

    private static AlertMeasurement? Limit(JsonElement row, int programme) =>
        PacketValues.FromLimit(ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")), Mjd(row), BrokerJson.Number(row, "diffmaglim"), Programme(row, programme));

    private static AlertMeasurement? Forced(JsonElement row, int programme) => ZtfPackets.ForcedCounts(
        ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")), Mjd(row), BrokerJson.Number(row, "forcediffimflux"), BrokerJson.Number(row, "forcediffimfluxunc"), BrokerJson.Number(row, "magzpsci"),
        BrokerJson.Text(row, "procstatus"), BrokerJson.Number(row, "ranr"), BrokerJson.Number(row, "decnr"), Programme(row, programme));

    private static double? Mjd(JsonElement row) => BrokerJson.Number(row, "jd") - PacketValues.MjdOffset;

    private static int Programme(JsonElement row, int fallback) => BrokerJson.Whole(row, "programid") is >= 0 and <= 1000 and var programme ? (int)programme : fallback;

    private static OutsideService Server(BrokerAsk ask) => new("Kowalski", "Kowalski", ask.Config.Text("base_url") ?? DefaultAddress) { TimeoutSeconds = 60, IsEntered = true };

    private static JsonObject Permitted(BrokerAsk ask) => ask.Scope.Of("ZTF") is { } programmes
        ? new JsonObject { ["candidate.programid"] = new JsonObject { ["$in"] = new JsonArray([.. programmes.Select(one => (JsonNode?)one)]) } }
        : [];

    private async Task<IReadOnlyList<JsonElement>> FindAsync(BrokerAsk ask, string catalog, JsonObject filter, int limit, CancellationToken ct)
    {
        var query = new JsonObject
        {
            ["query_type"] = "find",
            ["query"] = new JsonObject { ["catalog"] = catalog, ["filter"] = filter.DeepClone(), ["projection"] = new JsonObject { ["cutoutScience"] = 0, ["cutoutTemplate"] = 0, ["cutoutDifference"] = 0 } },
            ["kwargs"] = new JsonObject { ["limit"] = limit, ["sort"] = new JsonArray(new JsonArray("candidate.jd", -1)) },
        };
        return BrokerJson.Rows(Server(ask), Data(ask, await QueryAsync(ask, query, ct)), "its list of documents");
    }

    private async Task<IReadOnlyList<JsonElement>> ConeAsync(BrokerAsk ask, string catalog, JsonObject filter, SkyPosition center, double radiusArcsec, int limit, CancellationToken ct)
    {
        var query = new JsonObject
        {
            ["query_type"] = "cone_search",
            ["query"] = new JsonObject
            {
                ["object_coordinates"] = new JsonObject
                {
                    ["cone_search_radius"] = radiusArcsec,
                    ["cone_search_unit"] = "arcsec",
                    ["radec"] = new JsonObject { ["here"] = new JsonArray(center.RaDegrees, center.DecDegrees) },
                },
                ["catalogs"] = new JsonObject { [catalog] = new JsonObject { ["filter"] = filter.DeepClone(), ["projection"] = new JsonObject { ["cutoutScience"] = 0, ["cutoutTemplate"] = 0, ["cutoutDifference"] = 0 } } },
            },
            ["kwargs"] = new JsonObject { ["limit"] = limit },
        };
        var service = Server(ask);
        var found = BrokerJson.Field(service, Data(ask, await QueryAsync(ask, query, ct)), catalog);
        return BrokerJson.Rows(service, BrokerJson.Field(service, found, "here"), "its list of documents");
    }

    private static JsonElement Data(BrokerAsk ask, OutsideReply reply) => BrokerJson.Field(Server(ask), BrokerJson.Parse(Server(ask), reply), "data");

    private Task<OutsideReply> QueryAsync(BrokerAsk ask, JsonObject query, CancellationToken ct) => SendAsync(ask, HttpMethod.Post, "api/queries", query, ct);

    private Task<OutsideReply> SendAsync(BrokerAsk ask, HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        var service = Server(ask);
        return tokens.SendAsync(
            service,
            $"{service.Name} {service.Address} {ask.Config.Text("username")} {ask.Config.Text("password")}",
            () => SignInAsync(ask, service, ct),
            token => WithAsync(ask, service, method, path, body, token, ct),
            reply => reply.Status == 401);
    }

    // A token that is not taken any more is answered with 401, or with 400 and a message about it.
    private async Task<OutsideReply> WithAsync(BrokerAsk ask, OutsideService service, HttpMethod method, string path, JsonObject? body, string token, CancellationToken ct)
    {
        try
        {
            return await SendAsync(
                ask,
                new OutsideCall(service, path)
                {
                    Method = method,
                    Json = body?.ToJsonString(),
                    Headers = [new OutsideField("Authorization", $"Bearer {token}", IsSecret: true)],
                    AlsoAnswers = [401, 404],
                    IsRead = true,
                },
                ct);
        }
        catch (OutsideException error) when (error.Status == 400 && error.Message.Contains("token", StringComparison.OrdinalIgnoreCase))
        {
            return new OutsideReply(401, null, [], 0);
        }
    }

    private async Task<(string Token, TimeSpan Holds)> SignInAsync(BrokerAsk ask, OutsideService service, CancellationToken ct)
    {
        var (user, password) = (ask.Config.Text("username") ?? "", ask.Config.Text("password") ?? "");
        var reply = await SendAsync(
            ask,
            new OutsideCall(service, "api/auth")
            {
                Method = HttpMethod.Post,
                Json = new JsonObject { ["username"] = user, ["password"] = password }.ToJsonString(),
                Secrets = [password],
                IsRead = true,
                HidesReply = true,
            },
            ct);
        var root = BrokerJson.Parse(service, reply);
        return (BrokerJson.Maybe(root, "token") is { ValueKind: JsonValueKind.String } token ? token.GetString()! : throw OutsideException.Unreadable(service, "it gave no token."), Holds);
    }
}
