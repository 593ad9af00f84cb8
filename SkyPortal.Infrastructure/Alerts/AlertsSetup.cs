using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Registers the ingest and archive of alert packets.</summary>
public static class AlertsSetup
{
    /// <summary>Ingest, archive, pictures of cut-outs, streams of a fresh site.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        // Also registered by photometry itself.
        services.TryAddSingleton<PhotometryWriter>();
        services.TryAddSingleton<UpdatePhotStats>();
        return services
            .AddSingleton<IngestFilters>()
            .AddSingleton(provider => new ReadIngestDirectory(provider.GetRequiredService<Contexts>().DataSource, provider.GetRequiredService<IngestFilters>()))
            .AddSingleton(provider => new AlertPartitions(provider.GetRequiredService<Contexts>().DataSource))
            .AddSingleton<WriteCandidates>()
            .AddSingleton<WriteAlerts>()
            .AddSingleton<IngestAlerts>()
            .AddSingleton<SeedStreams>()
            .AddSingleton<ReadPacket>()
            .AddSingleton<DrawThumbnail>();
    }
}
