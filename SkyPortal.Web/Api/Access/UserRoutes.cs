using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>Users, their roles and entries.</summary>
public static class UserRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/acls", () => ApiResults.Success(Acl.All)).SignedIn().WithName("ListAcls");
        routes.MapGet("/api/roles", ListRolesAsync).SignedIn().WithName("ListRoles");
        routes.MapGet("/api/user", SearchAsync).SignedIn().WithName("SearchUsers");
        routes.MapGet("/api/user/{userId}", GetAsync).SignedIn().WithName("GetUser");
        routes.MapPost("/api/user", PostAsync).Needs(Acl.ManageUsers).WithName("PostUser");
        routes.MapPatch("/api/user/{userId}", PatchAsync).Needs(Acl.ManageUsers).WithName("PatchUser");
        routes.MapDelete("/api/user/{userId}", DeleteAsync).Needs(Acl.ManageUsers).WithName("DeleteUser");
        routes.MapPost("/api/user/{userId}/acls", PostAclsAsync).Needs(Acl.ManageUsers).WithName("PostUserAcls");
        routes.MapDelete("/api/user/{userId}/acls/{aclId}", DeleteAclAsync).Needs(Acl.ManageUsers).WithName("DeleteUserAcl");
        routes.MapPost("/api/user/{userId}/roles", PostRolesAsync).Needs(Acl.ManageUsers).WithName("PostUserRoles");
        routes.MapDelete("/api/user/{userId}/roles/{roleId}", DeleteRoleAsync).Needs(Acl.ManageUsers).WithName("DeleteUserRole");
    }

    private static async Task<IResult> ListRolesAsync(ListRoles roles, CancellationToken ct) => ApiResults.Success(await roles.HandleAsync(ct));

    private static async Task<IResult> SearchAsync(Viewer viewer, ApiQuery query, SearchUsers search, CancellationToken ct)
    {
        var (pageNumber, numPerPage) = query.Page(100);
        if (query.Text("sortBy") is { } sortBy && sortBy is not ("username" or "createdAt"))
        {
            throw Refusal.Invalid("Invalid sortBy: it is one of username, createdAt.");
        }

        if (query.Text("sortOrder") is { } order && order is not ("asc" or "desc"))
        {
            throw Refusal.Invalid("Invalid sortOrder: it is one of asc, desc.");
        }

        return ApiResults.Success(await search.HandleAsync(
            viewer,
            new UserQuestion
            {
                FirstName = query.Text("firstName"),
                LastName = query.Text("lastName"),
                Username = query.Text("username"),
                Email = query.Text("email"),
                Role = query.Text("role"),
                Acl = query.Text("acl"),
                Group = query.Text("group"),
                Stream = query.Text("stream"),
                IncludeExpired = query.Bool("includeExpired"),
                SortBy = query.Text("sortBy"),
                Descending = query.Text("sortOrder") == "desc",
                PageNumber = pageNumber,
                NumPerPage = query.Text("numPerPage") is null ? null : numPerPage,
            },
            ct));
    }

    private static async Task<IResult> GetAsync(string userId, Viewer viewer, GetUser get, CancellationToken ct) =>
        ApiResults.Success(await get.HandleAsync(viewer, PathIds.Id(userId, "user_id"), ct));

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateUser create, CancellationToken ct)
    {
        body.AllowOnly(
            "username", "first_name", "last_name", "affiliations", "contact_email", "contact_phone", "oauth_uid", "roles", "groupIDsAndAdmin");
        var user = new NewUser(body.RequiredText("username"))
        {
            FirstName = body.Text("first_name"),
            LastName = body.Text("last_name"),
            Affiliations = body.Texts("affiliations") ?? [],
            ContactEmail = body.Text("contact_email"),
            ContactPhone = body.Text("contact_phone"),
            OauthUid = body.Text("oauth_uid"),
            Roles = body.Texts("roles") ?? [],
            Groups = [.. (body.List("groupIDsAndAdmin") ?? []).Select(GroupAndAdmin)],
        };
        return ApiResults.Success(new { Id = await create.HandleAsync(viewer, user, ct) });
    }

    private static async Task<IResult> PatchAsync(string userId, Viewer viewer, ApiBody body, UpdateUser update, CancellationToken ct)
    {
        await update.HandleAsync(viewer, PathIds.Id(userId, "user_id"), UserChangesBody.ForAdministration(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string userId, Viewer viewer, DeleteUser delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, PathIds.Id(userId, "user_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PostAclsAsync(string userId, Viewer viewer, ApiBody body, GrantRights grant, CancellationToken ct)
    {
        body.AllowOnly("aclIds");
        var acls = body.Texts("aclIds") ?? throw ApiBody.Wrong("aclIds", "Field required");
        await grant.HandleAsync(viewer, PathIds.Id(userId, "user_id"), [], acls, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAclAsync(string userId, string aclId, Viewer viewer, RevokeRights revoke, CancellationToken ct)
    {
        await revoke.HandleAsync(viewer, PathIds.Id(userId, "user_id"), null, aclId, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PostRolesAsync(string userId, Viewer viewer, ApiBody body, GrantRights grant, CancellationToken ct)
    {
        body.AllowOnly("roleIds");
        var roles = body.Texts("roleIds") ?? throw ApiBody.Wrong("roleIds", "Field required");
        await grant.HandleAsync(viewer, PathIds.Id(userId, "user_id"), roles, [], ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteRoleAsync(string userId, string roleId, Viewer viewer, RevokeRights revoke, CancellationToken ct)
    {
        await revoke.HandleAsync(viewer, PathIds.Id(userId, "user_id"), roleId, null, ct);
        return ApiResults.Success();
    }

    private static (int GroupId, bool Admin) GroupAndAdmin(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.Number && pair[0].TryGetInt32(out var id)
            && pair[1].ValueKind is JsonValueKind.True or JsonValueKind.False
            ? (id, pair[1].GetBoolean())
            : throw ApiBody.Wrong("groupIDsAndAdmin", "Input should be a list of [group_id, admin] pairs");
}
