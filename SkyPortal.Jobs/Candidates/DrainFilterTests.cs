using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Candidates;

/// <summary>Runs queued tests of filters, one at a time on each node, as soon as they are asked. A test uses all processors by itself.</summary>
public sealed class DrainFilterTests(RunFilterTests run, LiveUpdates updates, Contexts contexts, ILogger<DrainFilterTests> logger) : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var asked = new SemaphoreSlim(0, 1);
        using var news = updates.Subscribe(note => note.Kind is "filter_test.queued" or LiveUpdates.Missed, _ =>
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
                if (await run.ClaimAsync(stoppingToken) is { } claimed)
                {
                    await run.RunAsync(claimed, stoppingToken);
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
                logger.LogError(error, "The queue of tests of filters could not be read");
                await Task.Delay(LookAgain, contexts.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}

/// <summary>Registers the jobs of filters.</summary>
public static class FilterJobsSetup
{
    /// <summary>The queue of tests.</summary>
    public static IServiceCollection AddFilterJobs(this IServiceCollection services) => services.AddHostedService<DrainFilterTests>();
}
