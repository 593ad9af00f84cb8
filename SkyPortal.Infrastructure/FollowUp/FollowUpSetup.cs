using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Registers the tools that prepare an observation, and the requests of observations.</summary>
public static class FollowUpSetup
{
    /// <summary>Targets, sites, charts and requests.</summary>
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
        .AddSingleton<PlanMovingObject>()
        .AddSingleton<StoreFollowup>()
        .AddSingleton<TellFacility>()
        .AddSingleton<MakeFollowup>()
        .AddSingleton<ChangeFollowup>()
        .AddSingleton<DeleteFollowup>()
        .AddSingleton<CommentOnFollowup>()
        .AddSingleton<WatchFollowup>()
        .AddSingleton<ReadFollowups>()
        .AddSingleton<ReadFollowupChoices>()
        .AddSingleton<GetFilterFollowup>()
        .AddSingleton<SetFilterFollowup>()
        .AddSingleton<MakeAutoFollowups>();
}
