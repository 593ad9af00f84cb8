using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Brokers;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>Has a broker validate a version of a filter, and keeps what it said.</summary>
public sealed class ValidateBrokerFilter(OpenBrokerFilter open)
{
    /// <summary>Validates it.</summary>
    /// <param name="viewer">A member of the filter's group.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="filterId">The filter.</param>
    /// <param name="version">Id of the version; null for the one that is active.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The filter is not there for this viewer, or the broker has no such version or failed.</exception>
    public async Task<Validation> HandleAsync(Viewer viewer, int brokerId, int filterId, string? version, CancellationToken ct)
    {
        var opened = await open.HandleAsync(viewer, brokerId, filterId, ct);
        var client = opened.Broker.Needs<IBrokerPipelines>("validation");
        var remoteId = opened.RemoteId;
        var (said, hasPassed, message) = await opened.Broker.TryAsync("validating the filter on", () => client.ValidateAsync(opened.Broker.Ask, remoteId, version, ct));
        if (version is not null && said != version)
        {
            throw Refusal.Invalid($"Error validating the filter on {opened.Broker.Name}: it validated another version than the one that was named.");
        }

        var validation = new Validation(said, hasPassed, message);
        await open.WriteAsync(viewer, opened.Filter, "filter.validated", altdata => altdata.Keep(validation), default, null, ct);
        return validation;
    }
}
