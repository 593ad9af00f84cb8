using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Registers the consumers of alert streams and what administrators do with them.</summary>
internal static class StreamsSetup
{
    /// <summary>Subscriptions, consumers, set-aside packets.</summary>
    public static IServiceCollection AddStreams(this IServiceCollection services)
    {
        services.TryAddSingleton<IPacketSources, KafkaSources>();
        return services
            .AddSingleton(provider => new StreamSettings(provider.GetService<IConfiguration>()))
            .AddSingleton<AskKafka>()
            .AddSingleton<SchemaRegistries>()
            .AddSingleton<ReadSubscriptions>()
            .AddSingleton<SetAsidePackets>()
            .AddSingleton<TakeMessages>()
            .AddSingleton<ConsumeStreams>()
            .AddSingleton(provider => new ReportStanding(provider.GetRequiredService<Contexts>().DataSource, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReportStanding>>()))
            .AddSingleton<SaveSubscription>()
            .AddSingleton<DeleteSubscription>()
            .AddSingleton<SetSubscriptionActive>()
            .AddSingleton<RewindSubscription>()
            .AddSingleton<ReplaySetAside>()
            .AddSingleton<DismissSetAside>()
            .AddSingleton<ReadStreams>();
    }
}
