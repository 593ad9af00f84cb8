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
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll([MeasureAsync(stoppingToken), .. Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(stoppingToken))]);

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

    private async Task WorkAsync(CancellationToken ct)
    {
        using var asked = new SemaphoreSlim(0, 1);
        using var news = updates.Subscribe(note => note.Kind is "broker.created" or "broker.changed" or LiveUpdates.Missed, _ =>
        {
            if (asked.CurrentCount == 0)
            {
                asked.Release();
            }
        });
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await poll.ClaimAsync(ct) is { } claimed)
                {
                    await poll.RunAsync(claimed, ct);
                }
                else
                {
                    await asked.WaitAsync(LookAgain, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Brokers could not be asked for new alerts");
                await Task.Delay(LookAgain, contexts.Clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
