using System.Text.Json.Nodes;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// A plug-in that speaks the language of one kind of broker. What it can do besides being described is told by the interfaces that it
/// implements; the capabilities on the wire are made from them. Plug-ins are stateless but for access tokens, and safe for concurrent use.
/// </summary>
public interface IBroker
{
    /// <summary>What it is and how it is set up.</summary>
    BrokerAbout About { get; }

    /// <summary>Surveys that it serves as it is set up, such as ZTF.</summary>
    IReadOnlyList<string> Surveys(BrokerConfig config) => About.Surveys;

    /// <summary>Asks for the least that shows that address and credentials are right.</summary>
    /// <exception cref="OutsideException">They are not, or the server is down.</exception>
    Task TestAsync(BrokerAsk ask, CancellationToken ct);
}

/// <summary>A broker that can be searched for alerts.</summary>
public interface IBrokerAlerts : IBroker
{
    /// <summary>Alerts that fit, those of an object newest first, without their history; empty where there are none.</summary>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<IReadOnlyList<BrokerAlert>> QueryAsync(BrokerAsk ask, AlertQuery query, CancellationToken ct);

    /// <summary>The newest alert of an object with all that was measured of it; null where the broker knows no such object.</summary>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<BrokerAlert?> GetAsync(BrokerAsk ask, string objectId, CancellationToken ct);
}

/// <summary>A broker that has the cut-outs of alerts.</summary>
public interface IBrokerCutouts : IBroker
{
    /// <summary>The cut-outs of an alert; null where there are none.</summary>
    /// <param name="ask">Who asks.</param>
    /// <param name="objectId">Name of the object; null where only the alert is known.</param>
    /// <param name="alertId">The survey's number of the alert; null for the newest of the object.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<BrokerCutouts?> CutoutsAsync(BrokerAsk ask, string? objectId, string? alertId, CancellationToken ct);
}

/// <summary>A broker that has reference catalogues.</summary>
public interface IBrokerCatalogs : IBroker
{
    /// <summary>Sources of reference catalogues around a position, by catalogue.</summary>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<IReadOnlyDictionary<string, IReadOnlyList<JsonObject>>> ConeAsync(BrokerAsk ask, SkyPosition center, double radiusArcsec, CancellationToken ct);
}

/// <summary>A broker whose alerts arrive by asking again and again.</summary>
public interface IBrokerPolling : IBroker
{
    /// <summary>How long to wait between two times unless the site says otherwise.</summary>
    TimeSpan PollInterval { get; }

    /// <summary>Names of the objects that fit a filter's query, the newest first, each once.</summary>
    /// <param name="ask">Who asks.</param>
    /// <param name="query">The query as kept with the filter; null for the broker's newest.</param>
    /// <param name="limit">Most objects.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<IReadOnlyList<string>> PollAsync(BrokerAsk ask, JsonObject? query, int limit, CancellationToken ct);
}

/// <summary>What a plug-in is.</summary>
/// <param name="Classname">Name on the wire.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Surveys">Surveys that it can serve.</param>
/// <param name="Form">Its settings.</param>
public sealed record BrokerAbout(string Classname, string Title, IReadOnlyList<string> Surveys, BrokerForm Form)
{
    /// <summary>none, pipeline, query or tags: what a filter of it is.</summary>
    public string FilterKind { get; init; } = "none";

    /// <summary>Dialect of its pipelines; null where it has none.</summary>
    public string? FilterPipeline { get; init; }

    /// <summary>Whether it answers only who has an account there; such a one is tested before it is activated.</summary>
    public bool NeedsAccount { get; init; }

    /// <summary>Whether its alerts come as messages of a Kafka cluster.</summary>
    public bool HasMessages { get; init; }
}

/// <summary>A broker as this site has set it up.</summary>
/// <param name="Id">Its key; 0 while it is being made.</param>
/// <param name="Name">Its name.</param>
/// <param name="Altdata">Its settings, with the secrets.</param>
public sealed record BrokerConfig(int Id, string Name, JsonObject Altdata)
{
    /// <summary>A setting; null where it is not given. A nested one is named as in boom.host.</summary>
    public string? Text(string path)
    {
        JsonNode? node = Altdata;
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node is JsonValue value ? value.TryGetValue<string>(out var text) ? (text.Length > 0 ? text : null) : value.ToJsonString() : null;
    }
}

/// <summary>On whose behalf a broker is asked.</summary>
/// <param name="Viewer">Who asks.</param>
/// <param name="Config">The broker.</param>
/// <param name="Scope">What may be shown.</param>
/// <param name="Subject">What the calls are about, for their record; null for nothing.</param>
public sealed record BrokerAsk(Viewer Viewer, BrokerConfig Config, BrokerScope Scope, string? Subject);

/// <summary>Which alerts are looked for: an object's, those around a position, or one.</summary>
public sealed record AlertQuery
{
    /// <summary>Most alerts that are answered.</summary>
    public int Limit { get; init; } = 200;

    /// <summary>Name of an object.</summary>
    public string? ObjectId { get; init; }

    /// <summary>The survey's number of an alert.</summary>
    public string? AlertId { get; init; }

    /// <summary>Survey; null for all that the broker serves.</summary>
    public string? Survey { get; init; }

    /// <summary>Center of a cone.</summary>
    public SkyPosition? Center { get; init; }

    /// <summary>Radius of the cone, arcseconds.</summary>
    public double RadiusArcsec { get; init; } = 5;

    /// <summary>Earliest time, Julian date, UTC.</summary>
    public double? StartJd { get; init; }

    /// <summary>Latest time, Julian date, UTC.</summary>
    public double? EndJd { get; init; }
}
