using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Alerts.Brokers.Google;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>Registers brokers.</summary>
public static class BrokersSetup
{
    /// <summary>The plug-ins in the order in which they are shown, and the verbs over them.</summary>
    public static IServiceCollection AddBrokers(this IServiceCollection services) => services
        .AddSingleton<BrokerTokens>()
        .AddSingleton<IBroker, AlerceBroker>()
        .AddSingleton<IBroker, AmpelBroker>()
        .AddSingleton<IBroker, AntaresBroker>()
        .AddSingleton<IBroker, BabamulBroker>()
        .AddSingleton<IBroker, BoomBroker>()
        .AddSingleton<IBroker, FinkBroker>()
        .AddSingleton<IBroker, KowalskiBroker>()
        .AddSingleton<IBroker, LasairBroker>()
        .AddSingleton<IBroker, PittGoogleBroker>()
        .AddSingleton<IBroker, RestBroker>()
        .AddSingleton<BrokerClasses>()
        .AddSingleton<BrokerRules>()
        .AddSingleton<ReadBrokerScope>()
        .AddSingleton<OpenBroker>()
        .AddSingleton<ReadBrokers>()
        .AddSingleton<SyncBrokerSubscription>()
        .AddSingleton<CreateBroker>()
        .AddSingleton<ChangeBroker>()
        .AddSingleton<TestBroker>()
        .AddSingleton<DeleteBroker>()
        .AddSingleton<ImportFromBroker>()
        .AddSingleton<WriteImport>()
        .AddSingleton<ImportRows>()
        .AddSingleton<ReadMappedFilters>()
        .AddSingleton<TakeBrokerAlerts>()
        .AddSingleton<FetchNamedObjects>()
        .AddSingleton<TakeBrokerMessages>()
        .AddSingleton<PollObjects>()
        .AddSingleton<TakeMailbox>()
        .AddSingleton<PollMailbox>()
        .AddSingleton<PollBrokers>()
        .AddSingleton<PollMeters>()
        .AddSingleton<ReadBrokerPhotometry>()
        .AddSingleton<SearchBroker>();
}
