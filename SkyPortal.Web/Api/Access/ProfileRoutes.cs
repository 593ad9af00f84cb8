using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>The caller's own profile and tokens.</summary>
public static class ProfileRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapProfile(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/internal/profile", GetAsync).SignedIn().WithName("GetProfile");
        routes.MapPatch("/api/internal/profile", PatchAsync).SignedIn().WithName("PatchProfile");
        routes.MapPatch("/api/internal/profile/{userId}", PatchOtherAsync).SignedIn().WithName("PatchUserProfile");
        routes.MapGet("/api/internal/tokens", ListTokensAsync).SignedIn().WithName("ListTokens");
        routes.MapGet("/api/internal/tokens/{tokenId}", GetTokenAsync).SignedIn().WithName("GetToken");
        routes.MapPost("/api/internal/tokens", PostTokenAsync).SignedIn().WithName("PostToken");
        routes.MapPut("/api/internal/tokens/{tokenId}", PutTokenAsync).SignedIn().WithName("PutToken");
        routes.MapDelete("/api/internal/tokens/{tokenId}", DeleteTokenAsync).SignedIn().WithName("DeleteToken");
    }

    private static async Task<IResult> GetAsync(Viewer viewer, GetProfile profile, CancellationToken ct) =>
        ApiResults.Success(await profile.HandleAsync(viewer, ct));

    private static async Task<IResult> PatchAsync(Viewer viewer, ApiBody body, UpdateUser update, CancellationToken ct)
    {
        await update.HandleAsync(viewer, viewer.UserId ?? throw Refusal.Invalid("Cannot find User with ID"), UserChangesBody.ForProfile(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PatchOtherAsync(string userId, Viewer viewer, ApiBody body, UpdateUser update, CancellationToken ct)
    {
        await update.HandleAsync(viewer, PathIds.Id(userId, "user_id"), UserChangesBody.ForProfile(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ListTokensAsync(Viewer viewer, ApiQuery query, ListTokens tokens, CancellationToken ct) =>
        ApiResults.Success(await tokens.HandleAsync(viewer, query.Text("userID") is { } text ? PathIds.Id(text, "userID") : null, ct));

    private static async Task<IResult> GetTokenAsync(string tokenId, Viewer viewer, ListTokens tokens, CancellationToken ct)
    {
        var all = await tokens.HandleAsync(viewer, null, ct);
        return ApiResults.Success(all.SingleOrDefault(token => token.Id == tokenId) ?? throw Refusal.Invalid("Could not load token with ID"));
    }

    private static async Task<IResult> PostTokenAsync(Viewer viewer, ApiBody body, CreateToken create, CancellationToken ct)
    {
        body.AllowOnly("name", "acls", "user_id");
        var acls = body.Texts("acls") ?? throw ApiBody.Wrong("acls", "Field required");
        return ApiResults.Success(new { TokenId = await create.HandleAsync(viewer, body.RequiredText("name"), acls, body.Int("user_id"), ct) });
    }

    private static async Task<IResult> PutTokenAsync(string tokenId, Viewer viewer, ApiBody body, UpdateToken update, CancellationToken ct)
    {
        body.AllowOnly("name", "acls", "user_id");
        await update.HandleAsync(viewer, tokenId, body.Text("name"), body.Texts("acls"), body.Int("user_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteTokenAsync(string tokenId, Viewer viewer, DeleteToken delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, tokenId, ct);
        return ApiResults.Success();
    }
}
