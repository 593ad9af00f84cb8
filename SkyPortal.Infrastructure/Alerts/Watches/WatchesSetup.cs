using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>Registers watch lists.</summary>
public static class WatchesSetup
{
    /// <summary>What is watched in memory, the verbs and reads of watch lists, and who is told.</summary>
    public static IServiceCollection AddWatches(this IServiceCollection services) => services
        .AddSingleton(provider => new WatchCache(provider.GetRequiredService<Contexts>().DataSource))
        .AddSingleton<MatchArchive>()
        .AddSingleton<CreateWatchList>()
        .AddSingleton<ChangeWatchList>()
        .AddSingleton<DeleteWatchList>()
        .AddSingleton<AddWatchEntries>()
        .AddSingleton<RemoveWatchEntries>()
        .AddSingleton<ReadWatchLists>()
        .AddSingleton<TellWatches>();
}
