using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>Every route of access.</summary>
public static class AccessRoutes
{
    /// <summary>Maps users, profile, tokens, groups, admission requests, streams, invitations and the ways to sign in.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapUsers();
        routes.MapProfile();
        routes.MapGroups();
        routes.MapAdmissionRequests();
        routes.MapStreams();
        routes.MapInvitations();
        routes.MapPasswords();
        routes.MapOidc();
        routes.MapSessions();
    }
}
