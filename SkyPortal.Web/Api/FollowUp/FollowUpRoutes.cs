namespace SkyPortal.Web.Api.FollowUp;

/// <summary>Tools that prepare an observation.</summary>
public static class FollowUpRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFollowUp(this IEndpointRouteBuilder routes)
    {
        routes.MapObservability();
        routes.MapStarlists();
        routes.MapFinders();
        routes.MapMovingObjects();
        routes.MapFollowupRequests();
    }
}
