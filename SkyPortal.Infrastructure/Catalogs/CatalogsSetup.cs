using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Registers archives and catalogue services.</summary>
public static class CatalogsSetup
{
    /// <summary>The archives in the order in which they are shown, what asks them, and what annotates from catalogues.</summary>
    public static IServiceCollection AddCatalogs(this IServiceCollection services) => services
        .AddSingleton<GaiaTap>()
        .AddSingleton<SesameResolver>()
        .AddSingleton<AtlasServer>()
        .AddSingleton<IArchive, ZtfArchive>()
        .AddSingleton<IArchive, AtlasForcedArchive>()
        .AddSingleton<IArchive, AtlasServerArchive>()
        .AddSingleton<IArchive, AntaresArchive>()
        .AddSingleton<IArchive, AsasSnArchive>()
        .AddSingleton<IArchive, GaiaAlertsArchive>()
        .AddSingleton<IArchive, GaiaDr3Archive>()
        .AddSingleton<IArchive, PanStarrsArchive>()
        .AddSingleton<IArchive, NeowiseArchive>()
        .AddSingleton<IArchive, AllwiseArchive>()
        .AddSingleton<IArchive, CrtsArchive>()
        .AddSingleton<IArchive, LinearArchive>()
        .AddSingleton<IArchive, SdssArchive>()
        .AddSingleton<IArchive, FirstArchive>()
        .AddSingleton<Archives>()
        .AddSingleton<ArchiveInstruments>()
        .AddSingleton<StoreArchivePoints>()
        .AddSingleton<AskArchives>()
        .AddSingleton<CancelArchiveQuery>()
        .AddSingleton<RerunArchiveQuery>()
        .AddSingleton<ReadArchives>()
        .AddSingleton<RunArchiveQueries>()
        .AddSingleton<AnnotateFromCatalog>();
}
