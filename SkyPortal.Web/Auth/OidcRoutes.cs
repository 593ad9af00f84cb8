using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Access;

namespace SkyPortal.Web.Auth;

/// <summary>Signing in at the configured provider.</summary>
public static class OidcRoutes
{
    private const string CookieName = "skyportal.sign-in";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Maps the routes; the backend's name in the path is free, there is one provider.</summary>
    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login/{backend}", BeginAsync).Public().WithName("BeginProviderSignIn");
        routes.MapGet("/complete/{backend}", CompleteAsync).Public().WithName("CompleteProviderSignIn");
    }

    private static async Task<IResult> BeginAsync(
        string backend, HttpContext context, OidcProvider provider, IDataProtectionProvider protection, SiteAddress site, CancellationToken ct)
    {
        if (!provider.IsEnabled)
        {
            return Results.Redirect("/sign-in?reason=provider");
        }

        var attempt = OidcAttempt.New(context.Request.Query["invite_token"].ToString() is { Length: > 0 and <= 200 } invitation ? invitation : null);
        string url;
        try
        {
            url = await provider.AuthorizationUrlAsync(attempt, RedirectUri(context, site, backend), ct);
        }
        catch (Refusal refusal)
        {
            return Refused(refusal);
        }

        context.Response.Cookies.Append(CookieName, Protector(protection).Protect(JsonSerializer.Serialize(attempt), Lifetime), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = Lifetime,
        });
        return Results.Redirect(url);
    }

    private static async Task<IResult> CompleteAsync(
        string backend, HttpContext context, OidcProvider provider, SignInWithProvider signIn, IDataProtectionProvider protection, SiteAddress site, CancellationToken ct)
    {
        var attempt = Attempt(context.Request.Cookies[CookieName], Protector(protection));
        context.Response.Cookies.Delete(CookieName);
        var query = context.Request.Query;
        try
        {
            if (attempt is null || !Same(attempt.State, query["state"].ToString()))
            {
                throw Refusal.Invalid("The sign-in took too long, or was begun in another browser.");
            }

            if (query["code"].ToString() is not { Length: > 0 } code)
            {
                throw Refusal.Invalid("The sign-in provider refused.");
            }

            var identity = await provider.IdentifyAsync(attempt, code, RedirectUri(context, site, backend), ct);
            await context.SignInAsync(await signIn.HandleAsync(identity, attempt.InviteToken, ct));
            return Results.Redirect(attempt.InviteToken is null ? "/" : "/profile?newUser=true");
        }
        catch (Refusal refusal)
        {
            return Refused(refusal);
        }
    }

    private static IResult Refused(Refusal refusal) => Results.Redirect("/sign-in?reason=provider&message=" + Uri.EscapeDataString(refusal.Message));

    private static string RedirectUri(HttpContext context, SiteAddress site, string backend) => $"{site.For(context.Request)}/complete/{Uri.EscapeDataString(backend)}/";

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection) =>
        protection.CreateProtector("SkyPortal.ProviderSignIn").ToTimeLimitedDataProtector();

    private static OidcAttempt? Attempt(string? cookie, ITimeLimitedDataProtector protector)
    {
        try
        {
            return cookie is null ? null : JsonSerializer.Deserialize<OidcAttempt>(protector.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
