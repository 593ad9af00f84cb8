using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Google;

/// <summary>
/// Pitt-Google: alerts of ZTF in a table of BigQuery, which is asked in SQL at the cost of one's own project, and as messages of a
/// subscription to Pub/Sub, each of which is a whole packet.
/// </summary>
public sealed partial class PittGoogleBroker(CallOutside call, BrokerTokens tokens, TimeProvider clock) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerMailbox
{
    private const string Scope = "https://www.googleapis.com/auth/bigquery https://www.googleapis.com/auth/pubsub";
    private const string DefaultTable = "ardent-cycling-243415.ztf.alerts_v4_02";
    private const int RowsPerPage = 500;
    private const int MostAlertsOfAnObject = 1000;
    private const int MostWaits = 10;

    private const string Columns = """
        objectId, candid, candidate.jd AS jd, candidate.fid AS fid, candidate.magpsf AS magpsf, candidate.sigmapsf AS sigmapsf, candidate.diffmaglim AS diffmaglim,
        candidate.isdiffpos AS isdiffpos, candidate.ra AS ra, candidate.dec AS dec, candidate.programid AS programid, candidate.drb AS drb, candidate.rb AS rb,
        candidate.ndethist AS ndethist, candidate.sgscore1 AS sgscore1, candidate.distpsnr1 AS distpsnr1
        """;

    private const string History = """
        ARRAY(SELECT AS STRUCT jd, fid, magpsf, sigmapsf, diffmaglim, isdiffpos, ra, dec, programid FROM UNNEST(prv_candidates)) AS history
        """;

    // Haversine, in degrees.
    private const string Separation = """
        2 * ASIN(SQRT(LEAST(1, POW(SIN((candidate.dec - @dec) * ACOS(-1) / 360), 2)
        + COS(candidate.dec * ACOS(-1) / 180) * COS(@dec * ACOS(-1) / 180) * POW(SIN((candidate.ra - @ra) * ACOS(-1) / 360), 2)))) * 180 / ACOS(-1)
        """;

    private static readonly OutsideService Table = new("BigQuery", "Pitt-Google (BigQuery)", "https://bigquery.googleapis.com") { TimeoutSeconds = 60 };
    private static readonly OutsideService Mailbox = new("PubSub", "Pitt-Google (Pub/Sub)", "https://pubsub.googleapis.com") { TimeoutSeconds = 60 };

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("PITTGOOGLEBROKER", "Pitt-Google", ["ZTF"], new BrokerForm(
        new BrokerField("project_id", "Project") { IsRequired = true, Help = "Of Google Cloud; it pays for the queries." },
        new BrokerField("service_account_key", "Service account key") { IsRequired = true, IsSecret = true, Help = "The whole JSON file that Google gave." },
        new BrokerField("table", "Table") { Default = DefaultTable },
        new BrokerField("subscription", "Pub/Sub subscription") { Help = "Name of a subscription of the project; its packets are taken where one is given." },
        new BrokerField("poll_interval", "Seconds between polls", "integer") { Default = 60 },
        new BrokerField("limit", "Most messages at a time", "integer") { Default = 100 },
        BrokerFields.FilterIds))
    {
        NeedsAccount = true,
    };

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct)
    {
        await RowsAsync(ask, "SELECT 1 AS one", [], 1, null, ct);
        if (ask.Config.Text("subscription") is not null)
        {
            await SendAsync(ask, Mailbox, SubscriptionPath(ask), HttpMethod.Get, null, [], [], ct);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        if (query.ObjectId is not null || query.AlertId is not null)
        {
            var rows = await OfAsync(ask, query.ObjectId, query.AlertId, "", query.Limit, ct);
            return [.. rows.Select(Alert).DistinctBy(alert => alert.AlertId).Where(alert => Within(query, alert.MjdUtcDays)).OrderByDescending(alert => alert.MjdUtcDays).Take(query.Limit)];
        }

        if (query.Center is not { } center || !Serves(this, ask, query, "ZTF"))
        {
            return [];
        }

        var radius = query.RadiusArcsec / 3600;
        var around = await RowsAsync(
            ask,
            $"""
            SELECT {Columns} FROM {TableOf(ask)}
            WHERE candidate.dec BETWEEN @dec - @radius AND @dec + @radius AND {Separation} <= @radius
              AND candidate.jd BETWEEN @start AND @end
            QUALIFY ROW_NUMBER() OVER (PARTITION BY objectId ORDER BY candidate.jd DESC) = 1
            ORDER BY {Separation} LIMIT {query.Limit.ToString(CultureInfo.InvariantCulture)}
            """,
            [Number("ra", center.RaDegrees), Number("dec", center.DecDegrees), Number("radius", radius), Number("start", query.StartJd ?? 0), Number("end", query.EndJd ?? 1e7)],
            query.Limit,
            null,
            ct);
        return [.. around!.Select(Alert).DistinctBy(alert => alert.ObjectId).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        var rows = await OfAsync(ask, Name(objectId), null, $", {History}", MostAlertsOfAnObject, ct);
        if (rows.Select(Alert).MaxBy(alert => alert.MjdUtcDays) is not { } newest)
        {
            return null;
        }

        var history = rows.SelectMany(row => BrokerJson.Maybe(row, "history") is { } list ? BrokerJson.Rows(Table, list, "a history") : []);
        return newest with { Points = BrokerJson.Points(Table, [.. rows, .. history], "points", Point) };
    }

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        if (objectId is null && alertId is null)
        {
            return null;
        }

        // A table may have been made without the pictures: then there are none.
        var (where, fields) = Which(objectId, alertId);
        var rows = await RowsAsync(
            ask,
            $"""
            SELECT candid, cutoutScience.stampData AS science, cutoutTemplate.stampData AS template, cutoutDifference.stampData AS difference
            FROM {TableOf(ask)} WHERE {where} ORDER BY candidate.jd DESC LIMIT 1
            """,
            fields,
            1,
            "cutout",
            ct);
        return rows is [var row, ..]
            && new BrokerCutouts(BrokerJson.Text(row, "candid"), BrokerJson.Bytes(row, "science"), BrokerJson.Bytes(row, "template"), BrokerJson.Bytes(row, "difference")) is { HasAny: true } cutouts
            ? cutouts
            : null;
    }

    /// <inheritdoc/>
    public bool HasMailbox(BrokerConfig config) => config.Text("subscription") is not null;

    /// <inheritdoc/>
    public TimeSpan PollInterval => TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MailboxMessage>> PullAsync(BrokerAsk ask, int limit, CancellationToken ct)
    {
        // It is asked once: what is pulled twice comes twice.
        var root = await SendAsync(ask, Mailbox, SubscriptionPath(ask) + ":pull", HttpMethod.Post, new JsonObject { ["maxMessages"] = Math.Clamp(limit, 1, 1000) }, [], [], ct);
        if (BrokerJson.Maybe(root!.Value, "receivedMessages") is not { } list)
        {
            return [];
        }

        return
        [
            .. BrokerJson.Rows(Mailbox, list, "its list of messages").Select(row =>
            {
                var message = BrokerJson.Maybe(row, "message") ?? default;
                return new MailboxMessage(
                    BrokerJson.Text(row, "ackId") ?? throw OutsideException.Unreadable(Mailbox, "a message has no ackId."),
                    BrokerJson.Text(message, "messageId") ?? "",
                    BrokerJson.Bytes(message, "data") ?? []);
            }).DistinctBy(message => message.Ticket),
        ];
    }

    /// <inheritdoc/>
    public async Task AcknowledgeAsync(BrokerAsk ask, IReadOnlyList<string> tickets, CancellationToken ct)
    {
        if (tickets.Count > 0)
        {
            var body = new JsonObject { ["ackIds"] = new JsonArray([.. tickets.Select(ticket => (JsonNode?)ticket)]) };
            await SendAsync(ask, Mailbox, SubscriptionPath(ask) + ":acknowledge", HttpMethod.Post, body, [], [], ct);
        }
    }

    private async Task<IReadOnlyList<JsonElement>> OfAsync(BrokerAsk ask, string? objectId, string? alertId, string more, int limit, CancellationToken ct)
    {
        var (where, fields) = Which(objectId, alertId);
        var sql = $"SELECT {Columns}{more} FROM {TableOf(ask)} WHERE {where} ORDER BY candidate.jd DESC LIMIT {limit.ToString(CultureInfo.InvariantCulture)}";
        return (await RowsAsync(ask, sql, fields, limit, null, ct))!;
    }

    private static (string Where, JsonObject[] Fields) Which(string? objectId, string? alertId)
    {
        var (parts, fields) = (new List<string>(), new List<JsonObject>());
        if (objectId is not null)
        {
            parts.Add("objectId = @objectId");
            fields.Add(Parameter("objectId", "STRING", objectId));
        }

        if (alertId is not null)
        {
            // One that is no number is nobody's.
            parts.Add("candid = @candid");
            fields.Add(Parameter("candid", "INT64", long.TryParse(alertId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : "-1"));
        }

        return (string.Join(" AND ", parts), [.. fields]);
    }

    private static JsonObject Number(string name, double value) => Parameter(name, "FLOAT64", value.ToString("R", CultureInfo.InvariantCulture));

    private static JsonObject Parameter(string name, string type, string value) => new()
    {
        ["name"] = name,
        ["parameterType"] = new JsonObject { ["type"] = type },
        ["parameterValue"] = new JsonObject { ["value"] = value },
    };

    private static string TableOf(BrokerAsk ask) => (ask.Config.Text("table") ?? DefaultTable) is var table && TableName().IsMatch(table)
        ? $"`{table}`"
        : throw new OutsideException(Table, OutsideFailure.NotConfigured, "The setting table is no name of a table; it is like project.dataset.table.");

    private static string Project(BrokerAsk ask) => ask.Config.Text("project_id") is { } project && ProjectName().IsMatch(project)
        ? project
        : throw new OutsideException(Table, OutsideFailure.NotConfigured, "The setting project_id is no name of a project.");

    private static string SubscriptionPath(BrokerAsk ask) => ask.Config.Text("subscription") is { } name && SubscriptionName().IsMatch(name)
        ? $"v1/projects/{Project(ask)}/subscriptions/{name}"
        : throw new OutsideException(Mailbox, OutsideFailure.NotConfigured, "The setting subscription is no name of a subscription; give its last part alone.");

    /// <summary>All rows of a query, page by page; null where it names a column that the table has not, which may be.</summary>
    private async Task<IReadOnlyList<JsonElement>?> RowsAsync(BrokerAsk ask, string sql, IReadOnlyList<JsonObject> fields, int limit, string? mayLack, CancellationToken ct)
    {
        var path = $"bigquery/v2/projects/{Project(ask)}/queries";
        var body = new JsonObject
        {
            ["query"] = sql,
            ["useLegacySql"] = false,
            ["parameterMode"] = "NAMED",
            ["queryParameters"] = new JsonArray([.. fields.Select(field => (JsonNode?)field)]),
            ["maxResults"] = RowsPerPage,
            ["timeoutMs"] = 30_000,
        };
        var page = await SendAsync(ask, Table, path, HttpMethod.Post, body, [], mayLack is null ? [] : [400], ct, mayLack);
        var rows = new List<JsonElement>();
        string? last = null;
        for (var (pages, waits) = (1, 0); page is { } found;)
        {
            var isWhole = BrokerJson.Maybe(found, "jobComplete") is { ValueKind: JsonValueKind.True };
            var token = BrokerJson.Text(found, "pageToken");
            if (isWhole)
            {
                rows.AddRange(BigQueryRows.Read(Table, found));
                if (token is null || token == last || rows.Count >= limit || pages++ >= MostPages)
                {
                    return rows;
                }

                last = token;
            }
            else if (waits++ >= MostWaits)
            {
                throw new OutsideException(Table, OutsideFailure.TimedOut, $"{Table.Title} did not finish the query in time.");
            }

            var job = BrokerJson.Field(Table, found, "jobReference");
            var number = BrokerJson.Text(job, "jobId") is { } id && JobName().IsMatch(id) ? id : throw OutsideException.Unreadable(Table, "the query has no name.");
            var query = new List<OutsideField> { Field("maxResults", RowsPerPage), Field("timeoutMs", 30_000) };
            query.AddRange(new[] { ("location", BrokerJson.Text(job, "location")), ("pageToken", last) }.Where(pair => pair.Item2 is not null).Select(pair => Field(pair.Item1, pair.Item2!)));
            page = await SendAsync(ask, Table, $"{path}/{number}", HttpMethod.Get, null, query, [], ct);
        }

        return null;
    }

    private async Task<JsonElement?> SendAsync(
        BrokerAsk ask, OutsideService service, string path, HttpMethod method, JsonObject? body, IReadOnlyList<OutsideField> query, IReadOnlyList<int> alsoAnswers, CancellationToken ct, string? mayLack = null)
    {
        var account = GoogleAccount.Read(ask.Config.Text("service_account_key"));
        var reply = await tokens.SendAsync(
            service,
            $"{account.Email}\n{account.PrivateKey}",
            () => SignInAsync(ask, account, ct),
            token => SendAsync(
                ask,
                new OutsideCall(service, path)
                {
                    Method = method,
                    Json = body?.ToJsonString(),
                    Query = query,
                    // A pull is no question: the server marks what it gives.
                    IsRead = service == Table,
                    Headers = [new OutsideField("Authorization", $"Bearer {token}", IsSecret: true)],
                    AlsoAnswers = [401, .. alsoAnswers],
                },
                ct),
            reply => reply.Status == 401);
        if (reply.Status == 400)
        {
            var message = BrokerJson.Maybe(BrokerJson.Parse(service, reply), "error") is { } error ? BrokerJson.Text(error, "message") ?? "" : "";
            return mayLack is not null && message.Contains(mayLack, StringComparison.Ordinal)
                ? null
                : throw new OutsideException(service, OutsideFailure.Refused, $"{service.Title} answered 400: it refuses the query.") { Status = 400 };
        }

        return BrokerJson.Parse(service, reply);
    }

    private async Task<(string Token, TimeSpan Holds)> SignInAsync(BrokerAsk ask, GoogleAccount account, CancellationToken ct)
    {
        var service = GoogleAccount.Accounts;
        var reply = await SendAsync(
            ask,
            new OutsideCall(service, "token")
            {
                Method = HttpMethod.Post,
                Form = [Field("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new OutsideField("assertion", account.Assertion(Scope, clock.GetUtcNow()), IsSecret: true)],
                IsRead = true,
                HidesReply = true,
            },
            ct);
        var root = BrokerJson.Parse(service, reply);
        return BrokerJson.Text(root, "access_token") is { Length: > 0 } token
            ? (token, TimeSpan.FromSeconds(Math.Clamp(BrokerJson.Number(root, "expires_in") ?? 3600, 60, 86_400)))
            : throw OutsideException.Unreadable(service, "it lacks an access token.");
    }

    private static BrokerAlert Alert(JsonElement row)
    {
        var (ra, dec) = Place(Table, BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"));
        var about = BrokerJson.Node(row);
        about.Remove("history");
        var properties = new JsonObject();
        foreach (var name in new[] { "drb", "rb", "ndethist", "sgscore1", "distpsnr1" })
        {
            if (BrokerJson.Number(row, name) is { } number)
            {
                about[name] = number;
                properties[name] = number;
            }
        }

        return new BrokerAlert
        {
            ObjectId = BrokerJson.Text(row, "objectId") is { Length: > 0 } name1 ? name1 : throw OutsideException.Unreadable(Table, "an alert has no name of an object."),
            AlertId = BrokerJson.Text(row, "candid"),
            Survey = "ZTF",
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = BrokerJson.Number(row, "jd") - PacketValues.MjdOffset,
            Programme = Programme(row),
            Score = Score(BrokerJson.Number(row, "drb")) ?? Score(BrokerJson.Number(row, "rb")),
            Points = PacketValues.Distinct([Point(row)]),
            Candidate = about,
            Properties = properties,
        };
    }

    private static AlertMeasurement? Point(JsonElement row)
    {
        var (filter, mjd) = (ZtfPackets.FilterOf(BrokerJson.Whole(row, "fid")), BrokerJson.Number(row, "jd") - PacketValues.MjdOffset);
        return BrokerJson.Number(row, "magpsf") is { } mag
            ? PacketValues.FromMagnitude(filter, mjd, mag, BrokerJson.Number(row, "sigmapsf"), BrokerJson.IsPositive(row, "isdiffpos"), BrokerJson.Number(row, "ra"), BrokerJson.Number(row, "dec"), Programme(row))
            : PacketValues.FromLimit(filter, mjd, BrokerJson.Number(row, "diffmaglim"), Programme(row));
    }

    private static int Programme(JsonElement row) => BrokerJson.Whole(row, "programid") is >= 0 and <= 1000 and var programme ? (int)programme : BrokerAlert.PublicProgramme;

    [GeneratedRegex(@"\A[a-z0-9.:-]{4,100}\.[A-Za-z0-9_]{1,200}\.[A-Za-z0-9_-]{1,200}\z")]
    private static partial Regex TableName();

    [GeneratedRegex(@"\A[a-z0-9.:-]{4,100}\z")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._~+%-]{2,254}\z")]
    private static partial Regex SubscriptionName();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,1024}\z")]
    private static partial Regex JobName();
}
