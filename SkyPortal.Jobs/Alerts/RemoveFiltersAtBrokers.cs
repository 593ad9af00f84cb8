using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Alerts;

/// <summary>Tells brokers which of their filters are gone here, one after the other; of all nodes one tells of a filter.</summary>
public sealed class RemoveFiltersAtBrokers(ForgetAtBroker forget, LiveUpdates updates, Contexts contexts, ILogger<RemoveFiltersAtBrokers> logger) : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new WorkQueue(updates, contexts.Clock, logger, LookAgain, "Brokers could not be told which filters are gone")
            .DrainAsync(note => note.Kind == ForgetAtBroker.Queued, forget.ClaimAsync, forget.RunAsync, stoppingToken);
}
