namespace SkyPortal.Web.Api.Access;

/// <summary>Every route of access.</summary>
public static class AccessRoutes
{
    /// <summary>Maps users, profile, tokens, groups, admission requests and streams.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapUsers();
        routes.MapProfile();
        routes.MapGroups();
        routes.MapAdmissionRequests();
        routes.MapStreams();
    }
}
