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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var asked = new SemaphoreSlim(0, 1);
        using var news = updates.Subscribe(note => note.Kind is "filter.removing" or LiveUpdates.Missed, _ =>
        {
            if (asked.CurrentCount == 0)
            {
                asked.Release();
            }
        });
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await forget.ClaimAsync(stoppingToken) is { } claimed)
                {
                    await forget.RunAsync(claimed, stoppingToken);
                }
                else
                {
                    await asked.WaitAsync(LookAgain, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Brokers could not be told which filters are gone");
                await Task.Delay(LookAgain, contexts.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
