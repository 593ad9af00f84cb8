using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Api;
using SkyPortal.Web.Api.Access;

namespace SkyPortal.Web.Auth;

/// <summary>Signing in by password, joining by an invitation with a password, and setting one.</summary>
public static class PasswordRoutes
{
    /// <summary>Maps the routes. The forms' pages are /sign-in, and /sign-in?invite_token=... for joining.</summary>
    public static void MapPasswords(this IEndpointRouteBuilder routes)
    {
        // The page at the same path answers POST as well, as every page does; the form is ours.
        routes.MapPost("/sign-in", SignInAsync).Public().DisableAntiforgery().WithOrder(-1).WithName("SignInWithPassword");
        routes.MapPost("/sign-up", SignUpAsync).Public().DisableAntiforgery().WithName("SignUp");
        routes.MapPut("/api/internal/password", PutAsync).Session().WithName("PutPassword");
    }

    private static async Task<IResult> SignInAsync(HttpContext context, SignInWithPassword signIn, CancellationToken ct)
    {
        var form = await FormAsync(context, ct);
        var returnUrl = form["return"].ToString();
        var (userId, outcome) = await signIn.HandleAsync(
            form["username"].ToString(), form["password"].ToString(), context.Connection.RemoteIpAddress?.ToString() ?? "", ct);
        if (userId is { } id)
        {
            await context.SignInAsync(id);
            return Results.Redirect(SameOrigin.IsLocal(returnUrl) ? returnUrl : "/");
        }

        var reason = outcome switch
        {
            SignInOutcome.MustWait => "wait",
            SignInOutcome.Expired => "expired",
            _ => "password",
        };
        return Results.Redirect("/sign-in?reason=" + reason + (SameOrigin.IsLocal(returnUrl) ? "&return=" + Uri.EscapeDataString(returnUrl) : ""));
    }

    private static async Task<IResult> SignUpAsync(HttpContext context, AcceptInvitation accept, CancellationToken ct)
    {
        var form = await FormAsync(context, ct);
        var token = form["invite_token"].ToString();
        try
        {
            var username = form["username"].ToString().Trim();
            if (username.Length is < 5 or > 100)
            {
                throw Refusal.Invalid("Username must be at least five characters long.");
            }

            var identity = new NewIdentity(Usernames.Check(username))
            {
                FirstName = form["first_name"].ToString() is { Length: > 0 } first ? first : null,
                LastName = form["last_name"].ToString() is { Length: > 0 } last ? last : null,
                PasswordHash = Passwords.Hash(form["password"].ToString()),
            };
            await context.SignInAsync(await accept.HandleAsync(token, identity, ct));
            return Results.Redirect("/profile?newUser=true");
        }
        catch (Refusal refusal)
        {
            return Results.Redirect($"/sign-in?invite_token={Uri.EscapeDataString(token)}&reason=invitation&message={Uri.EscapeDataString(refusal.Message)}");
        }
    }

    private static async Task<IResult> PutAsync(Viewer viewer, HttpContext context, ApiBody body, SetPassword set, CancellationToken ct)
    {
        body.AllowOnly("user_id", "current_password", "password");
        var userId = body.Int("user_id") ?? viewer.UserId ?? throw ApiBody.Wrong("user_id", "Field required");
        if (await set.HandleAsync(viewer, userId, body.Text("current_password"), body.RequiredText("password"), ct) is not null)
        {
            await context.SignInAsync(userId);
        }

        return ApiResults.Success();
    }

    private static async Task<IFormCollection> FormAsync(HttpContext context, CancellationToken ct)
    {
        if (!SameOrigin.Holds(context.Request))
        {
            throw Refusal.Forbidden("The form does not come from this site.");
        }

        if (!context.Request.HasFormContentType)
        {
            throw Refusal.Invalid("The request must be a form.");
        }

        try
        {
            var form = await context.Request.ReadFormAsync(ct);
            // PostgreSQL's text cannot hold the NUL character.
            return form.FirstOrDefault(field => field.Value.ToString().Contains('\0', StringComparison.Ordinal)).Key is { } wrong
                ? throw Refusal.Invalid($"Invalid {wrong}: it holds a character that no text has.")
                : form;
        }
        catch (Exception error) when (error is InvalidOperationException or InvalidDataException)
        {
            throw new Refusal(RefusalKind.Invalid, "The form cannot be read: it is too large, or holds a character that no text has.", error);
        }
    }
}
