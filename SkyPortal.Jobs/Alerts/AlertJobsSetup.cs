using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Jobs.Alerts.Demo;

namespace SkyPortal.Jobs.Alerts;

/// <summary>Registers the jobs of alerts.</summary>
public static class AlertJobsSetup
{
    /// <summary>The demonstration.</summary>
    public static IServiceCollection AddAlertJobs(this IServiceCollection services) => services
        .AddSingleton<DemoSite>()
        .AddSingleton<DemoScanners>()
        .AddSingleton<PlayDemoNight>();

    /// <summary>The consumers of alert streams, and who asks brokers.</summary>
    public static IServiceCollection AddStreamJobs(this IServiceCollection services) => services.AddHostedService<RunStreams>().AddHostedService<AskBrokers>().AddHostedService<RemoveFiltersAtBrokers>();
}
