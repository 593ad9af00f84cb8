using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>A filter as lists show it. The names are additions of ours.</summary>
/// <param name="Id">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="BrokerId">The broker that runs it; null for none.</param>
/// <param name="Autosave">Whether what passes is saved to the group.</param>
/// <param name="Altdata">What is kept of it for the broker.</param>
/// <param name="GroupName">Name of the group.</param>
/// <param name="StreamName">Name of the stream.</param>
/// <param name="BrokerName">Name of the broker.</param>
/// <param name="IsActive">Whether it is on.</param>
public sealed record BrokerFilterRow(
    int Id, string Name, int GroupId, int StreamId, int? BrokerId, bool Autosave, JsonElement? Altdata, string GroupName, string StreamName, string? BrokerName, bool IsActive)
{
    /// <summary>Whether the broker has it: a pipeline or a query was saved.</summary>
    public bool IsManaged => BrokerId is not null && BrokerAltdata.Read(Altdata) is var altdata && (altdata.RemoteId is not null || altdata.Query is not null);
}

/// <summary>A page of the catalog of filters.</summary>
/// <param name="Filters">In order of their names.</param>
/// <param name="TotalMatches">How many fit.</param>
public sealed record BrokerFilterPage(IReadOnlyList<BrokerFilterRow> Filters, int TotalMatches);

/// <summary>A filter of a broker with what the broker has of it.</summary>
/// <param name="Row">The filter as this site has it.</param>
/// <param name="Remote">What the broker has; null where it has none or keeps none.</param>
public sealed record BrokerFilterDetail(BrokerFilterRow Row, RemoteStanding? Remote)
{
    /// <summary>Versions as their builder wrote them, by the id of the version.</summary>
    public JsonArray Drafts => BrokerAltdata.Read(Row.Altdata).Drafts;
}

/// <summary>A filter as it is at its broker.</summary>
/// <param name="IsActive">Whether it runs there.</param>
/// <param name="ActiveVersion">Id of the version that runs, or would.</param>
/// <param name="Versions">Versions as the broker tells them: fid, pipeline as text, created_at.</param>
public sealed record RemoteStanding(bool IsActive, string? ActiveVersion, JsonArray Versions)
{
    private const double UnixEpochJd = 2_440_587.5;

    /// <summary>Ids of the versions, in order.</summary>
    public IEnumerable<string> Ids => Versions.OfType<JsonObject>().Select(one => one["fid"]?.ToString()).OfType<string>();

    /// <summary>The pipeline of a version as text with a line for each part; null where there is none.</summary>
    public string? TextOf(string version)
    {
        var kept = Of(version)?["pipeline"];
        try
        {
            return kept is JsonValue text ? PipelineText.Write(JsonNode.Parse(text.ToString())) : kept is null ? null : PipelineText.Write(kept);
        }
        catch (JsonException)
        {
            return kept?.ToString();
        }
    }

    /// <summary>When a version was made (UTC), where the broker tells it as a Julian date or as text; else null.</summary>
    public DateTime? MadeAt(string version) => Of(version)?["created_at"] switch
    {
        JsonValue value when value.TryGetValue<double>(out var jd) && jd is > 2_440_000 and < 2_600_000 => DateTime.UnixEpoch.AddDays(jd - UnixEpochJd),
        JsonValue value when value.TryGetValue<string>(out var text) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
        _ => null,
    };

    private JsonObject? Of(string version) => Versions.OfType<JsonObject>().FirstOrDefault(one => one["fid"]?.ToString() == version);
}

/// <summary>What a broker said of a version.</summary>
/// <param name="Version">Id of the version.</param>
/// <param name="HasPassed">Whether it may be activated.</param>
/// <param name="Message">In the broker's words.</param>
public sealed record Validation(string Version, bool HasPassed, string? Message);

/// <summary>The part of a filter's altdata that belongs to its broker.</summary>
public sealed class BrokerAltdata
{
    /// <summary>Field of the platform and its broker, which clients do not write: the key there and what was validated.</summary>
    public const string Boom = "boom";

    /// <summary>Field of the query.</summary>
    public const string Lasair = "lasair";

    /// <summary>Switches by their names on the wire.</summary>
    public const string AutoSave = "autoSave";

    /// <summary>Whether passing objects are annotated.</summary>
    public const string AutoAnnotate = "autoAnnotate";

    /// <summary>Whether follow-up is asked for what passes.</summary>
    public const string AutoFollowup = "autoFollowup";

    private BrokerAltdata(JsonObject root) => Root = root;

    /// <summary>All of it; changes of it are kept by <see cref="Element"/>.</summary>
    public JsonObject Root { get; }

    /// <summary>Key of the filter at the broker; null where it has none.</summary>
    public string? RemoteId => (Root[Boom] as JsonObject)?["filter_id"] is JsonValue value ? value.ToString() is { Length: > 0 } text ? text : null : null;

    /// <summary>The query; null where there is none.</summary>
    public JsonObject? Query => Root[Lasair] as JsonObject;

    /// <summary>Versions as their builder wrote them.</summary>
    public JsonArray Drafts => Root["filters"] as JsonArray ?? [];

    /// <summary>Reads a copy.</summary>
    public static BrokerAltdata Read(JsonElement? altdata) => new(altdata is { ValueKind: JsonValueKind.Object } given ? (JsonObject)JsonObject.Create(given)!.DeepClone() : []);

    /// <summary>
    /// What is kept where a client writes altdata: what belongs to the platform and its broker stays, since a key of the broker's in it
    /// gives the filter behind that key to whoever reads and switches this one.
    /// </summary>
    /// <param name="viewer">Who writes.</param>
    /// <param name="before">What was kept; null for a new filter.</param>
    /// <param name="after">What is sent; null leaves it.</param>
    /// <exception cref="Refusal">It would set that part, which takes a system administrator, or its query cannot be.</exception>
    public static JsonElement? Written(Viewer viewer, JsonElement? before, JsonElement? after)
    {
        if (after is not { ValueKind: JsonValueKind.Object })
        {
            return after ?? before;
        }

        var (kept, sent) = (Read(before), Read(after));
        if (sent.Query is { } query && !JsonNode.DeepEquals(query, kept.Query))
        {
            QueryRules.Demand(query, $"altdata.{Lasair}");
        }

        if (viewer.Has(Acl.SystemAdmin) || JsonNode.DeepEquals(sent.Root[Boom], kept.Root[Boom]))
        {
            return after;
        }

        if (sent.Root[Boom] is not null)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: altdata.{Boom}: it is written by saving a version of the filter at its broker");
        }

        sent.Root[Boom] = kept.Root[Boom]!.DeepClone();
        return sent.Element();
    }

    /// <summary>Whether a switch is on.</summary>
    public bool Has(string name) => Root[name] is JsonValue value && value.TryGetValue<bool>(out var on) && on;

    /// <summary>What the broker said of a version; null where it was not asked.</summary>
    public Validation? ValidationOf(string version) =>
        ((Root[Boom] as JsonObject)?["validations"] as JsonObject)?[version] is JsonObject kept
            ? new Validation(version, kept["passed"] is JsonValue value && value.TryGetValue<bool>(out var passed) && passed, kept["message"]?.ToString())
            : null;

    /// <summary>Keeps what the broker said.</summary>
    public void Keep(Validation validation)
    {
        var boom = Part(Root, Boom);
        Part(boom, "validations")[validation.Version] = new JsonObject { ["passed"] = validation.HasPassed, ["message"] = validation.Message };
    }

    /// <summary>Keeps the key of a filter that the broker made; switches start off.</summary>
    public void KeepRemote(string remoteId)
    {
        Part(Root, Boom)["filter_id"] = remoteId;
        foreach (var name in new[] { AutoAnnotate, AutoSave, AutoFollowup })
        {
            Root[name] ??= false;
        }
    }

    /// <summary>Keeps a version as its builder wrote it.</summary>
    public void KeepDraft(string version, JsonNode? draft)
    {
        var drafts = Drafts;
        Root["filters"] = null;
        drafts.Add(new JsonObject { ["fid"] = version, ["version"] = draft?.DeepClone() });
        Root["filters"] = drafts;
    }

    /// <summary>All of it, for keeping.</summary>
    public JsonElement Element() => JsonSerializer.SerializeToElement(Root);

    private static JsonObject Part(JsonObject owner, string name)
    {
        if (owner[name] is JsonObject part)
        {
            return part;
        }

        var made = new JsonObject();
        owner[name] = made;
        return made;
    }
}
