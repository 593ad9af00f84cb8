using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Registers the verbs and queries of sources.</summary>
public static class SourcesSetup
{
    /// <summary>Objects, saving, labels, lists and thumbnails.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services) => services
        .AddSingleton<FindObjects>()
        .AddSingleton<ReadObjs>()
        .AddSingleton<ReadObjGroups>()
        .AddSingleton<ReadObjThumbnails>()
        .AddSingleton<ReadObjAnnotations>()
        .AddSingleton<ReadObjClassifications>();
}
