using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>Invitations, and why things are visible.</summary>
public static class InvitationRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/invitations", SearchAsync).Needs(Acl.ManageUsers).WithName("SearchInvitations");
        routes.MapPost("/api/invitations", PostAsync).Needs(Acl.ManageUsers).WithName("PostInvitation");
        routes.MapPatch("/api/invitations/{invitationId}", PatchAsync).Needs(Acl.ManageUsers).WithName("PatchInvitation");
        routes.MapDelete("/api/invitations/{invitationId}", DeleteAsync).Needs(Acl.ManageUsers).WithName("DeleteInvitation");
        routes.MapGet("/api/internal/access/explain", ExplainAsync).SignedIn().WithName("ExplainAccess");
    }

    private static async Task<IResult> SearchAsync(Viewer viewer, ApiQuery query, SearchInvitations search, CancellationToken ct)
    {
        var (pageNumber, numPerPage) = query.Page(25);
        return ApiResults.Success(await search.HandleAsync(
            viewer, query.Bool("includeUsed"), query.Text("email"), query.Text("group"), query.Text("stream"), query.Text("invitedBy"), pageNumber, numPerPage, ct));
    }

    private static async Task<IResult> PostAsync(
        Viewer viewer, ApiBody body, CreateInvitation create, OidcProvider provider, SiteAddress site, HttpContext context, CancellationToken ct)
    {
        body.AllowOnly("userEmail", "groupIDs", "role", "streamIDs", "groupAdmin", "canSave", "canSharePhotometry", "userExpirationDate");
        var invitation = new NewInvitation(body.Text("userEmail") ?? "", body.Ints("groupIDs") ?? throw ApiBody.Wrong("groupIDs", "Field required"))
        {
            RoleId = body.Text("role") ?? Role.FullUser,
            StreamIds = body.Ints("streamIDs"),
            GroupAdmin = Flags(body, "groupAdmin"),
            CanSave = Flags(body, "canSave"),
            CanSharePhotometry = Flags(body, "canSharePhotometry"),
            UserExpirationDate = Expiration(body),
        };
        var path = provider.IsEnabled ? "/login/oidc/?invite_token=" : "/sign-in?invite_token=";
        return ApiResults.Success(new { Id = await create.HandleAsync(viewer, invitation, secret => site.For(context.Request) + path + secret, ct) });
    }

    private static async Task<IResult> PatchAsync(string invitationId, Viewer viewer, ApiBody body, UpdateInvitation update, CancellationToken ct)
    {
        body.AllowOnly("groupIDs", "streamIDs", "role", "userExpirationDate");
        var expiration = body.Mentions("userExpirationDate") ? new Change<DateTime?>(true, Expiration(body)) : default;
        await update.HandleAsync(viewer, PathIds.Id(invitationId, "invitation_id"), body.Ints("groupIDs"), body.Ints("streamIDs"), body.Text("role"), expiration, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string invitationId, Viewer viewer, DeleteInvitation delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, PathIds.Id(invitationId, "invitation_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ExplainAsync(Viewer viewer, ApiQuery query, ExplainAccess explain, CancellationToken ct)
    {
        var resource = query.Text("resource") ?? throw Refusal.Invalid("Missing required parameter: resource");
        var id = query.Text("id") ?? throw Refusal.Invalid("Missing required parameter: id");
        var userId = query.Text("user_id") is { } text ? PathIds.Id(text, "user_id") : (int?)null;
        return ApiResults.Success(await explain.HandleAsync(viewer, resource, id, userId, ct));
    }

    private static DateTime? Expiration(ApiBody body) => body.Text("userExpirationDate") is { Length: > 0 } text
        ? ApiTime.Parse(text) ?? throw Refusal.Invalid($"Invalid userExpirationDate: {text} is not a date or time.")
        : null;

    private static bool[]? Flags(ApiBody body, string field) => body.List(field)?
        .Select(item => item.ValueKind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
            ? item.GetBoolean()
            : throw ApiBody.Wrong(field, "Input should be a list of booleans"))
        .ToArray();
}
