using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Registers the tools that prepare an observation.</summary>
public static class FollowUpSetup
{
    /// <summary>Targets, sites and charts.</summary>
    public static IServiceCollection AddFollowUp(this IServiceCollection services) => services
        .AddSingleton<ReadTarget>()
        .AddSingleton<ReadSites>()
        .AddSingleton<SearchGaiaStars>()
        .AddSingleton<ZtfReferences>()
        .AddSingleton<FindOffsetStars>()
        .AddSingleton<GetStarlist>()
        .AddSingleton<FetchChartImage>()
        .AddSingleton<GetFinderChart>()
        .AddSingleton<Horizons>()
        .AddSingleton<PlanMovingObject>();
}
