using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Alerts.BrokerFilters;

/// <summary>Registers the verbs of brokers' filters.</summary>
public static class BrokerFiltersSetup
{
    /// <summary>List, read, save, validate, switch, delete, attach, rename and try filters that brokers run.</summary>
    public static IServiceCollection AddBrokerFilters(this IServiceCollection services) => services
        .AddSingleton<OpenBrokerFilter>()
        .AddSingleton<SearchBrokerFilters>()
        .AddSingleton<GetBrokerFilter>()
        .AddSingleton<SaveBrokerPipeline>()
        .AddSingleton<SaveBrokerQuery>()
        .AddSingleton<ValidateBrokerFilter>()
        .AddSingleton<ChangeBrokerFilter>()
        .AddSingleton<DeleteBrokerFilter>()
        .AddSingleton<AttachFilter>()
        .AddSingleton<RenameAtBroker>()
        .AddSingleton<ForgetAtBroker>()
        .AddSingleton<ReadFilterRemovals>()
        .AddSingleton<TryBrokerFilter>()
        .AddSingleton<ReadFilterSchema>()
        .AddSingleton<ReadBrokerModules>()
        .AddSingleton<SaveBrokerModule>();
}
