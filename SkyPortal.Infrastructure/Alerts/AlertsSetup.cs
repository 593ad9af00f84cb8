using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Alerts.Scores;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Alerts.Watches;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Registers the ingest and archive of alert packets.</summary>
public static class AlertsSetup
{
    /// <summary>Ingest, archive and its search, pictures of cut-outs, streams of a fresh site.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        return services
            .AddSingleton<IngestFilters>()
            .AddSingleton<ScoringModels>()
            .AddSingleton<ListScoringModels>()
            .AddSingleton<AddScoringModel>()
            .AddSingleton<SwitchScoringModel>()
            .AddSingleton<DeleteScoringModel>()
            .AddSingleton(provider => new ReadIngestDirectory(
                provider.GetRequiredService<Contexts>().DataSource, provider.GetRequiredService<IngestFilters>(), provider.GetRequiredService<ScoringModels>(), provider.GetRequiredService<WatchCache>()))
            .AddSingleton(provider => new FindNearSources(provider.GetRequiredService<Contexts>().DataSource))
            .AddSingleton(provider => new AlertPartitions(provider.GetRequiredService<Contexts>().DataSource))
            .AddWatches()
            .AddSingleton<WriteCandidates>()
            .AddSingleton<WriteAlerts>()
            .AddSingleton<IngestAlerts>()
            .AddSingleton<SeedStreams>()
            .AddSingleton<ReadPacket>()
            .AddSingleton<DrawThumbnail>()
            .AddSingleton<SearchAlerts>()
            .AddSingleton<GetAlert>()
            .AddSingleton<ReadAlertsAtPlace>()
            .AddSingleton<OpenPackets>()
            .AddSingleton<ReadOriginals>()
            .AddSingleton<ReadCutout>()
            .AddSingleton<FindPlace>()
            .AddSingleton(provider => new OpenArchive(provider.GetRequiredService<Contexts>(), provider.GetService<IConfiguration>()))
            .AddStreams();
    }
}
