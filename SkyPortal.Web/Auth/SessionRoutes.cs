using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Api;
using SkyPortal.Web.Api.Access;

namespace SkyPortal.Web.Auth;

/// <summary>What clients that keep a browser session ask outside the API.</summary>
public static class SessionRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/baselayer/profile", Profile).Session().WithName("BaselayerProfile");
        routes.MapGet("/become_user/{userId}", BecomeAsync).Session().WithName("BecomeUser");
    }

    private static IResult Profile(Viewer viewer) =>
        viewer.UserId is null ? Results.Redirect("/") : Results.Json(new { username = viewer.Username });

    private static async Task<IResult> BecomeAsync(string userId, Viewer viewer, HttpContext context, BecomeUser become, CancellationToken ct)
    {
        if (viewer.UserId is null)
        {
            return Results.Redirect("/");
        }

        // A foreign page must not make an administrator somebody else by a link.
        if (!SameOrigin.IsSure(context.Request))
        {
            return ApiResults.Error(403, "The request does not come from this site.");
        }

        var id = PathIds.Id(userId, "user_id");
        await become.HandleAsync(viewer, id, ct);
        await context.SignInAsync(id);
        return Results.Redirect("/");
    }
}
