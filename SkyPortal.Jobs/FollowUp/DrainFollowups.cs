using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.FollowUp;

/// <summary>
/// Makes the requests of what passed filters and tells facilities of what waits, as soon as there is any and again when a pause is over.
/// </summary>
public sealed class DrainFollowups(MakeAutoFollowups make, TellFacility tell, LiveUpdates updates, Contexts contexts, ILogger<DrainFollowups> logger) : BackgroundService
{
    private const int AtOnce = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [WorkAsync(make.HandleAsync, stoppingToken), .. Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(TellAsync, stoppingToken))]);

    private async Task<bool> TellAsync(CancellationToken ct)
    {
        if (await tell.ClaimAsync(ct) is not { } begun)
        {
            return false;
        }

        await tell.RunAsync(begun, somebodyWaits: false, ct);
        return true;
    }

    private async Task WorkAsync(Func<CancellationToken, Task<bool>> work, CancellationToken ct)
    {
        using var asked = new SemaphoreSlim(0, 1);
        using var news = updates.Subscribe(note => note.Kind is FollowupEvents.Queued or FollowupEvents.Passed or LiveUpdates.Missed, _ =>
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
                if (!await work(ct))
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
                logger.LogError(error, "The queue of follow-up requests could not be worked off");
                await Task.Delay(LookAgain, contexts.Clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Registers the jobs of follow-up requests.</summary>
public static class FollowUpJobsSetup
{
    /// <summary>The queue of requests.</summary>
    public static IServiceCollection AddFollowUpJobs(this IServiceCollection services) => services.AddHostedService<DrainFollowups>();
}
