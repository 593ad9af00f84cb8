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
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = new WorkQueue(updates, contexts.Clock, logger, LookAgain, "The queue of follow-up requests could not be worked off");
        return Task.WhenAll(
        [
            queue.DrainAsync(note => note.Kind == FollowupEvents.Passed, make.HandleAsync, stoppingToken),
            .. Enumerable.Range(0, AtOnce).Select(_ => queue.DrainAsync(
                note => note.Kind == FollowupEvents.Queued, tell.ClaimAsync, (begun, ct) => tell.RunAsync(begun, somebodyWaits: false, ct), stoppingToken)),
        ]);
    }
}

/// <summary>Registers the jobs of follow-up requests.</summary>
public static class FollowUpJobsSetup
{
    /// <summary>The queue of requests.</summary>
    public static IServiceCollection AddFollowUpJobs(this IServiceCollection services) => services.AddHostedService<DrainFollowups>();
}
