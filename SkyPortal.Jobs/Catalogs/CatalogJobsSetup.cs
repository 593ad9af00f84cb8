using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Jobs.Catalogs;

/// <summary>Registers the jobs of catalogues and archives.</summary>
public static class CatalogJobsSetup
{
    /// <summary>The queue of archive queries.</summary>
    public static IServiceCollection AddCatalogJobs(this IServiceCollection services) => services.AddHostedService<DrainArchiveQueries>();
}
