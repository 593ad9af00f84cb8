using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Alerts;

/// <summary>Asks brokers for their new alerts when it is time, a few at once; of all nodes one asks a broker.</summary>
public sealed class AskBrokers(PollBrokers poll, PollMeters meters, LiveUpdates updates, Contexts contexts, ILogger<AskBrokers> logger) : BackgroundService
{
    private const int AtOnce = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = new WorkQueue(updates, contexts.Clock, logger, LookAgain, "Brokers could not be asked for new alerts");
        return Task.WhenAll(
            [MeasureAsync(stoppingToken), .. Enumerable.Range(0, AtOnce).Select(_ => queue.DrainAsync(note => note.Kind is "broker.created" or "broker.changed", poll.ClaimAsync, poll.RunAsync, stoppingToken))]);
    }

    private async Task MeasureAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await meters.ReadAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogDebug("The standing of brokers could not be read: {Reason}", error.Message);
            }

            await Task.Delay(LookAgain, contexts.Clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
