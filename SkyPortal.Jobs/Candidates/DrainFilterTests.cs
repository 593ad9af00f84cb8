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
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new WorkQueue(updates, contexts.Clock, logger, LookAgain, "The queue of tests of filters could not be read")
            .DrainAsync(note => note.Kind == "filter_test.queued", run.ClaimAsync, run.RunAsync, stoppingToken);
}

/// <summary>Registers the jobs of filters.</summary>
public static class FilterJobsSetup
{
    /// <summary>The queue of tests.</summary>
    public static IServiceCollection AddFilterJobs(this IServiceCollection services) => services.AddHostedService<DrainFilterTests>();
}
