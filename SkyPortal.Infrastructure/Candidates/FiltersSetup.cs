using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Candidates.Trials;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Registers the verbs of filters.</summary>
public static class FiltersSetup
{
    /// <summary>Filters: list, read, make, change, delete, check, the names that they may use.</summary>
    public static IServiceCollection AddFilters(this IServiceCollection services) => services
        .AddSingleton<ListFilters>()
        .AddSingleton<GetFilter>()
        .AddSingleton<CreateFilter>()
        .AddSingleton<ChangeFilter>()
        .AddSingleton<DeleteFilter>()
        .AddSingleton<ListFilterVersions>()
        .AddSingleton<GetFilterVersion>()
        .AddSingleton<SaveFilterVersion>()
        .AddSingleton<ActivateFilterVersion>()
        .AddSingleton<CompareFilterVersions>()
        .AddSingleton<TrialArchive>()
        .AddSingleton<TryFilter>()
        .AddSingleton(provider => FilterBounds.Of(provider.GetService<IConfiguration>() ?? new ConfigurationBuilder().Build()))
        .AddSingleton<FilterGate>()
        .AddSingleton<RunFilterTests>()
        .AddSingleton<StartFilterTest>()
        .AddSingleton<ListFilterTests>()
        .AddSingleton<GetFilterTest>()
        .AddSingleton<CancelFilterTest>()
        .AddSingleton<GetFilterActions>()
        .AddSingleton<SetFilterActions>()
        .AddSingleton<TellPassings>()
        .AddSingleton<CheckFilter>()
        .AddSingleton<ListFilterFields>();
}
