using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Components.Layout;

namespace SkyPortal.Web.Auth;

/// <summary>Signing in by link, and out.</summary>
public static class SignInRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context) => Results.Redirect(Places.HomeOf(context.Viewer()))).Session().WithName("Home");
        routes.MapGet("/sign-in/{secret}", UseLinkAsync).Public().WithName("UseSignInLink");
        routes.MapGet("/logout", (Delegate)SignOutAsync).Public().WithName("SignOut");
    }

    /// <summary>Starts a browser session for a user.</summary>
    public static Task SignInAsync(this HttpContext context, int userId)
    {
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, userId.ToString(CultureInfo.InvariantCulture))],
            CookieAuthenticationDefaults.AuthenticationScheme);
        return context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            new ClaimsPrincipal(identity),
            new AuthenticationProperties { IsPersistent = true });
    }

    private static async Task<IResult> UseLinkAsync(string secret, HttpContext context, UseSignInLink useLink, CancellationToken ct)
    {
        if (await useLink.HandleAsync(secret, ct) is not { } userId)
        {
            return Results.Redirect("/sign-in?reason=link");
        }

        await context.SignInAsync(userId);
        return Results.Redirect("/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.Redirect("/");
    }
}
