using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A broker whose filters are pipelines that it runs itself.</summary>
public interface IBrokerPipelines : IBroker
{
    /// <summary>Runs a pipeline once over kept alerts.</summary>
    /// <param name="ask">Who asks; alerts of other programmes than theirs do not pass.</param>
    /// <param name="test">Pipeline and window as they were sent.</param>
    /// <param name="ct">Cancels it.</param>
    Task<JsonElement> TryPipelineAsync(BrokerAsk ask, JsonObject test, CancellationToken ct);

    /// <summary>Counts what <see cref="TryPipelineAsync"/> would find.</summary>
    Task<JsonElement> CountPipelineAsync(BrokerAsk ask, JsonObject test, CancellationToken ct);

    /// <summary>Makes a filter there.</summary>
    Task<RemoteFilter> CreateAsync(BrokerAsk ask, RemoteFilterDraft draft, CancellationToken ct);

    /// <summary>Adds a version to it and answers the version's id.</summary>
    Task<string> AddVersionAsync(BrokerAsk ask, string remoteId, JsonArray pipeline, CancellationToken ct);

    /// <summary>The filter as it is there; null where there is none.</summary>
    Task<JsonObject?> FindAsync(BrokerAsk ask, string remoteId, CancellationToken ct);

    /// <summary>Switches it on or off, or to another version, or gives it another name.</summary>
    Task UpdateAsync(BrokerAsk ask, string remoteId, RemoteFilterChanges changes, CancellationToken ct);

    /// <summary>Whether a version passes the broker's own checks, and why not.</summary>
    Task<(string Version, bool HasPassed, string? Message)> ValidateAsync(BrokerAsk ask, string remoteId, string? version, CancellationToken ct);

    /// <summary>Removes it there; nothing happens where there is none.</summary>
    Task DeleteAsync(BrokerAsk ask, string remoteId, CancellationToken ct);

    /// <summary>The fields that filters of a survey see, as an Avro schema.</summary>
    Task<JsonElement> SchemaAsync(BrokerAsk ask, string survey, CancellationToken ct);
}

/// <summary>A filter to be made at a broker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Survey">Survey whose alerts it reads.</param>
/// <param name="Programmes">Programmes whose alerts may pass.</param>
/// <param name="Pipeline">Stages.</param>
public sealed record RemoteFilterDraft(string Name, string Survey, IReadOnlyList<int> Programmes, JsonArray Pipeline);

/// <summary>A filter that a broker made.</summary>
/// <param name="Id">Its key there.</param>
/// <param name="Version">Id of its first version.</param>
public sealed record RemoteFilter(string Id, string Version);

/// <summary>What is to be changed of a filter at a broker; null leaves it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsActive">Whether it runs.</param>
/// <param name="ActiveVersion">Id of the version that runs.</param>
public sealed record RemoteFilterChanges(string? Name = null, bool? IsActive = null, string? ActiveVersion = null);

/// <summary>A broker whose filters are queries.</summary>
public interface IBrokerQueries : IBroker
{
    /// <summary>Rows of a query.</summary>
    /// <param name="ask">Who asks.</param>
    /// <param name="query">selected, tables and conditions.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="offset">Rows to pass over.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="OutsideException">It did not answer, or not what can be read.</exception>
    Task<IReadOnlyList<JsonObject>> RunAsync(BrokerAsk ask, JsonObject query, int limit, int offset, CancellationToken ct);
}

/// <summary>A broker that keeps parts of filters under names for use in others.</summary>
public interface IBrokerModules : IBroker
{
    /// <summary>Parts of one kind.</summary>
    Task<IReadOnlyList<JsonObject>> ModulesAsync(BrokerAsk ask, string elements, CancellationToken ct);
}
