using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Components.Layout;

namespace SkyPortal.Web.Auth;

/// <summary>Signing in by link, and out.</summary>
public static class SignInRoutes
{
    private const string StampClaim = "stamp";

    /// <summary>Maps the routes.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context) => Results.Redirect(Places.HomeOf(context.Viewer()))).Session().WithName("Home");
        routes.MapGet("/sign-in/{secret}", UseLinkAsync).Public().WithName("UseSignInLink");
        routes.MapGet("/logout", (Delegate)SignOutAsync).Public().WithName("SignOut");
    }

    /// <summary>Starts a browser session for a user.</summary>
    public static async Task SignInAsync(this HttpContext context, int userId)
    {
        var stamp = await context.RequestServices.GetRequiredService<ReadViewer>().StampAsync(userId, context.RequestAborted);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, userId.ToString(CultureInfo.InvariantCulture)), new Claim(StampClaim, stamp)],
            CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            new ClaimsPrincipal(identity),
            new AuthenticationProperties { IsPersistent = true });
    }

    /// <summary>Who is signed in with these claims; null where nobody is, or the session has ended since.</summary>
    public static async Task<ViewerAnswer?> OfSessionAsync(this ReadViewer readViewer, ClaimsPrincipal claims, CancellationToken ct) =>
        int.TryParse(claims.FindFirstValue(ClaimTypes.NameIdentifier), CultureInfo.InvariantCulture, out var userId)
            ? await readViewer.BySessionAsync(userId, claims.FindFirstValue(StampClaim) ?? "", ct)
            : null;

    private static async Task<IResult> UseLinkAsync(string secret, [FromQuery(Name = "return")] string? returnUrl, HttpContext context, UseSignInLink useLink, CancellationToken ct)
    {
        if (await useLink.HandleAsync(secret, ct) is not { } userId)
        {
            return Results.Redirect("/sign-in?reason=link");
        }

        await context.SignInAsync(userId);
        return Results.Redirect(SameOrigin.IsLocal(returnUrl) ? returnUrl! : "/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.Redirect("/");
    }
}
