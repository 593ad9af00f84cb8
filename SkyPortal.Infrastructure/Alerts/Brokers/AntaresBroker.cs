using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// ANTARES (Matheson et al. 2021): loci with tags, found by their own name, by the surveys' names or by place; their measurements are read
/// as the archive of the same name reads them.
/// </summary>
public sealed class AntaresBroker(CallOutside call) : HttpBroker(call), IBrokerAlerts, IBrokerCutouts, IBrokerPolling
{
    private const int PerPage = 1000;
    private static readonly OutsideService Server = AntaresArchive.Service;
    private static readonly PictureServers Pictures = new("AntaresPictures", "ANTARES (pictures)", "noirlab.edu", "storage.googleapis.com");

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("ANTARESBROKER", "ANTARES", ["ZTF", "LSST"], new BrokerForm(
        new BrokerField("poll_interval", "Seconds between polls", "integer") { Default = 3600 },
        new BrokerField("limit", "Most loci of a poll", "integer") { Default = 50 },
        BrokerFields.FilterIds,
        BrokerFields.Query,
        new BrokerField("antares", "Messages", "object")
        {
            Help = "With a key that the team of ANTARES gives, its loci come as messages.",
            Fields =
            [
                new BrokerField("servers", "Kafka servers") { Default = BrokerKafka.Antares },
                new BrokerField("username", "API key"),
                new BrokerField("password", "API secret") { IsSecret = true },
                new BrokerField("group_id", "Consumer group"),
                new BrokerField("topics", "Topics", "array") { Help = "client. and the name of a stream, such as client.extragalactic_staging" },
                new BrokerField("security", "Security") { Choices = [StreamSecurity.SaslSsl, StreamSecurity.SaslPlaintext], Help = "sasl_ssl where nothing is chosen." },
                new BrokerField("sasl_mechanism", "Mechanism") { Choices = StreamSecurity.Mechanisms, Help = "PLAIN where nothing is chosen." },
                BrokerFields.TopicFilterIds,
            ],
        }))
    {
        HasMessages = true,
    };

    /// <inheritdoc/>
    public TimeSpan PollInterval => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct) => await LociAsync(ask, new JsonObject { ["match_all"] = new JsonObject() }, 1, ct);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct)
    {
        if (query.ObjectId is { } objectId)
        {
            if (await FindAsync(ask, objectId, ct) is not { } found)
            {
                return [];
            }

            var alerts = (await AlertsAsync(ask, found, ct)).Select(one => Alert(found, objectId, one));
            return [.. alerts.Where(alert => alert.Points is [{ FluxMicroJansky: not null }] && Within(query, alert.MjdUtcDays) && (query.AlertId is null || alert.AlertId == query.AlertId))
                .OrderByDescending(alert => alert.MjdUtcDays).Take(query.Limit)];
        }

        if (query.Center is not { } center)
        {
            return [];
        }

        var loci = await LociAsync(ask, Cone(center, query.RadiusArcsec), query.Limit, ct);
        return [.. loci.Select(locus => Locus(locus, null)).Where(alert => Serves(this, ask, query, alert.Survey) && Within(query, alert.MjdUtcDays)).Take(query.Limit)];
    }

    /// <inheritdoc/>
    public async Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        if (await FindAsync(ask, objectId, ct) is not { } found)
        {
            return null;
        }

        var alerts = await AlertsAsync(ask, found, ct);
        var points = BrokerJson.Points(Server, alerts, "alerts", Point);
        var newest = alerts.Select(one => Alert(found, objectId, one)).Where(alert => alert.Points is [{ FluxMicroJansky: not null }]).MaxBy(alert => alert.MjdUtcDays);
        return (newest ?? Locus(found, objectId)) with { Points = points };
    }

    /// <inheritdoc/>
    public async Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct)
    {
        if (objectId is null || await FindAsync(ask, objectId, ct) is not { } locus)
        {
            return null;
        }

        var alerts = await AlertsAsync(ask, locus, ct);
        var one = alerts.Select(alert => BrokerJson.Text(alert, "id")).FirstOrDefault(id => id is not null && alertId is not null && Number(id) == alertId)
            ?? BrokerJson.Text(BrokerJson.Maybe(BrokerJson.Field(Server, locus, "attributes"), "properties") ?? default, "newest_alert_id");
        if (one is null || await GetAsync(ask, Server, $"alerts/{Uri.EscapeDataString(one)}/thumbnails", [], ct) is not { } root)
        {
            return null;
        }

        var pictures = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var row in BrokerJson.Rows(Server, BrokerJson.Field(Server, root, "data"), "its list of thumbnails").Take(6))
        {
            if (BrokerJson.Maybe(row, "attributes") is { } picture && BrokerJson.Text(picture, "thumbnail_type") is { } type && BrokerJson.Text(picture, "src") is { } source && Picture(Pictures, source) is { } file)
            {
                pictures[type] = await FileAsync(ask, file, ct);
            }
        }

        return new BrokerCutouts(Number(one), pictures.GetValueOrDefault("science"), pictures.GetValueOrDefault("template"), pictures.GetValueOrDefault("difference")) is { HasAny: true } cutouts
            ? cutouts
            : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PollAsync(BrokerAsk ask, JsonObject? query, int limit, CancellationToken ct)
    {
        var loci = await LociAsync(ask, query is null ? new JsonObject { ["match_all"] = new JsonObject() } : (JsonObject)query.DeepClone(), limit, ct);
        return [.. loci.Select(locus => Locus(locus, null).ObjectId).Distinct().Take(limit)];
    }

    private static JsonObject Cone(SkyPosition center, double radiusArcsec) => Filter(new JsonObject
    {
        ["sky_distance"] = new JsonObject
        {
            ["distance"] = $"{ArchiveText.Degrees(radiusArcsec)} degree",
            ["htm16"] = new JsonObject { ["center"] = $"{center.Ra()} {center.Dec()}" },
        },
    });

    private static JsonObject Filter(JsonObject condition) => new() { ["bool"] = new JsonObject { ["filter"] = condition } };

    private async Task<JsonElement?> FindAsync(BrokerAsk ask, string objectId, CancellationToken ct)
    {
        if (objectId.StartsWith("ANT", StringComparison.Ordinal))
        {
            return await GetAsync(ask, Server, $"loci/{Name(objectId)}", [], ct) is { } root ? BrokerJson.Field(Server, root, "data") : null;
        }

        var term = SurveyOfName(objectId) == "ZTF" ? "properties.ztf_object_id" : "properties.survey.lsst.dia_object_id";
        return (await LociAsync(ask, Filter(new JsonObject { ["term"] = new JsonObject { [term] = Name(objectId) } }), 1, ct)).Select(locus => (JsonElement?)locus).FirstOrDefault();
    }

    // Distinct loci; a page that brings nothing new ends it, whatever it says of a next one.
    private async Task<IReadOnlyList<JsonElement>> LociAsync(BrokerAsk ask, JsonObject query, int limit, CancellationToken ct)
    {
        var text = new JsonObject { ["query"] = query }.ToJsonString();
        var loci = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var size = Math.Min(limit, 100);
        for (var page = 0; page < MostPages && loci.Count < limit; page++)
        {
            var before = loci.Count;
            var root = await GetAsync(
                ask, Server, "loci",
                [Field("sort", "-properties.newest_alert_observation_time"), Field("elasticsearch_query[locus_listing]", text), Field("page[limit]", size), Field("page[offset]", page * size)], ct);
            foreach (var locus in root is { } listing ? BrokerJson.Rows(Server, BrokerJson.Field(Server, listing, "data"), "its list of loci") : [])
            {
                loci.TryAdd(BrokerJson.Text(locus, "id") is { Length: > 0 } id ? id : throw OutsideException.Unreadable(Server, "a locus has no name."), locus);
            }

            if (loci.Count == before || !HasNext(root!.Value))
            {
                break;
            }
        }

        return [.. loci.Values];
    }

    private async Task<IReadOnlyList<JsonElement>> AlertsAsync(BrokerAsk ask, JsonElement locus, CancellationToken ct)
    {
        var id = BrokerJson.Text(locus, "id") is { } name && name.All(char.IsAsciiLetterOrDigit) ? name : throw OutsideException.Unreadable(Server, "a locus has no name.");
        var alerts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        for (var page = 0; page < MostPages; page++)
        {
            var before = alerts.Count;
            var root = await GetAsync(ask, Server, $"loci/{id}/alerts", [Field("page[limit]", PerPage), Field("page[offset]", page * PerPage)], ct);
            foreach (var alert in root is { } listing ? BrokerJson.Rows(Server, BrokerJson.Field(Server, listing, "data"), "its list of alerts") : [])
            {
                alerts.TryAdd(BrokerJson.Text(alert, "id") ?? throw OutsideException.Unreadable(Server, "an alert has no name."), alert);
            }

            if (alerts.Count == before || !HasNext(root!.Value))
            {
                break;
            }
        }

        return [.. alerts.Values];
    }

    private static bool HasNext(JsonElement root) => BrokerJson.Maybe(root, "links") is { } links && BrokerJson.Text(links, "next") is not null;

    /// <summary>What a locus says of its object, which is known by the name that a survey gave it where there is one.</summary>
    internal static BrokerAlert Locus(JsonElement locus, string? objectId)
    {
        var about = BrokerJson.Field(Server, locus, "attributes");
        var properties = BrokerJson.Maybe(about, "properties") ?? default;
        var (ra, dec) = Place(Server, BrokerJson.Number(about, "ra"), BrokerJson.Number(about, "dec"));
        var names = BrokerJson.Maybe(properties, "survey") is { } survey && BrokerJson.Maybe(survey, "lsst") is { } lsst && BrokerJson.Maybe(lsst, "dia_object_id") is { ValueKind: JsonValueKind.Array } ids
            ? ids.EnumerateArray().Select(id => id.ToString()).ToList()
            : [];
        var name = objectId ?? BrokerJson.Text(properties, "ztf_object_id") ?? names.FirstOrDefault() ?? BrokerJson.Text(locus, "id")!;
        var added = new JsonObject { ["locus_id"] = BrokerJson.Text(locus, "id") };
        foreach (var field in new[] { "tags", "catalogs" })
        {
            if (BrokerJson.Maybe(about, field) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0)
            {
                added[field] = string.Join(", ", list.EnumerateArray().Select(item => item.ToString()));
            }
        }

        foreach (var (key, value) in BrokerJson.Node(properties).Where(field => field.Value is JsonValue))
        {
            added[key] = value!.DeepClone();
        }

        return new BrokerAlert
        {
            ObjectId = name,
            AlertId = BrokerJson.Text(properties, "newest_alert_id") is { } newest ? Number(newest) : null,
            Survey = name.StartsWith("ANT", StringComparison.Ordinal) ? names.Count > 0 && BrokerJson.Text(properties, "ztf_object_id") is null ? "LSST" : "ZTF" : SurveyOfName(name),
            RaDegrees = ra,
            DecDegrees = dec,
            MjdUtcDays = BrokerJson.Number(properties, "newest_alert_observation_time"),
            Candidate = BrokerJson.Node(properties),
            Properties = added,
        };
    }

    private static BrokerAlert Alert(JsonElement locus, string objectId, JsonElement row)
    {
        var properties = BrokerJson.Maybe(BrokerJson.Field(Server, row, "attributes"), "properties") ?? default;
        var point = Point(row);
        return Locus(locus, objectId) with
        {
            AlertId = Number(BrokerJson.Text(row, "id")!),
            MjdUtcDays = point?.Mjd,
            Score = Score(BrokerJson.Number(properties, "ztf_drb")) ?? Score(BrokerJson.Number(properties, "ztf_rb")) ?? Score(BrokerJson.Number(properties, "lsst_diaSource_reliability")),
            Points = point is null ? [] : [point],
            Candidate = BrokerJson.Node(properties),
        };
    }

    private static AlertMeasurement? Point(JsonElement row) => AntaresArchive.PointOf(row) is not { } point ? null
        : point.FluxMicroJansky is null
            ? new AlertMeasurement(point.Filter, point.MjdUtcDays, null, point.FluxErrMicroJansky, AlertOrigins.Alert, null, null, BrokerAlert.PublicProgramme)
            : PacketValues.FromFlux(point.Filter, point.MjdUtcDays, point.FluxMicroJansky, point.FluxErrMicroJansky, AlertOrigins.Alert, point.RaDegrees, point.DecDegrees, BrokerAlert.PublicProgramme);

    // As in ztf_candidate:1246250000000000001.
    private static string Number(string id) => id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
