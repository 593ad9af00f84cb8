using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>Groups, their members and their streams.</summary>
public static class GroupRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/groups", ListAsync).SignedIn().WithName("ListGroups");
        routes.MapGet("/api/groups/public", GetPublicAsync).SignedIn().WithName("GetPublicGroup");
        routes.MapGet("/api/groups/{groupId}", GetAsync).SignedIn().WithName("GetGroup");
        routes.MapPost("/api/groups", PostAsync).Needs(Acl.UploadData).WithName("PostGroup");
        routes.MapPut("/api/groups/{groupId}", PutAsync).Needs(Acl.UploadData).WithName("PutGroup");
        routes.MapDelete("/api/groups/{groupId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteGroup");
        routes.MapPost("/api/groups/{groupId}/users", PostUserAsync).Needs(Acl.UploadData).WithName("PostGroupUser");
        routes.MapPatch("/api/groups/{groupId}/users", PatchUserAsync).Needs(Acl.UploadData).WithName("PatchGroupUser");
        routes.MapDelete("/api/groups/{groupId}/users/{userId}", DeleteUserAsync).SignedIn().WithName("DeleteGroupUser");
        routes.MapPost("/api/groups/{groupId}/usersFromGroups", PostUsersFromGroupsAsync).Needs(Acl.UploadData).WithName("PostUsersFromGroups");
        routes.MapPost("/api/groups/{groupId}/streams", PostStreamAsync).Needs(Acl.UploadData).WithName("PostGroupStream");
        routes.MapDelete("/api/groups/{groupId}/streams/{streamId}", DeleteStreamAsync).Needs(Acl.UploadData).WithName("DeleteGroupStream");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ListGroups groups, CancellationToken ct) =>
        query.Text("name") is { } name
            ? ApiResults.Success(await groups.ByNameAsync(viewer, name, ct))
            : ApiResults.Success(await groups.HandleAsync(viewer, query.Bool("includeSingleUserGroups"), ct));

    private static async Task<IResult> GetPublicAsync(Viewer viewer, GetGroup group, CancellationToken ct) =>
        ApiResults.Success(await group.SitewideAsync(viewer, ct));

    private static async Task<IResult> GetAsync(string groupId, Viewer viewer, ApiQuery query, GetGroup group, CancellationToken ct) =>
        ApiResults.Success(await group.HandleAsync(viewer, PathIds.Id(groupId, "group_id"), query.Bool("includeGroupUsers", true), ct));

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateGroup create, CancellationToken ct)
    {
        body.AllowOnly("name", "nickname", "description", "auto_accept_requests", "group_admins");
        var group = new NewGroup(
            body.Text("name") ?? "", Blank(body.Text("nickname")), body.Text("description"), body.Bool("auto_accept_requests") ?? false, body.Ints("group_admins") ?? []);
        return ApiResults.Success(new { Id = await create.HandleAsync(viewer, group, ct) });
    }

    private static async Task<IResult> PutAsync(string groupId, Viewer viewer, ApiBody body, UpdateGroup update, CancellationToken ct)
    {
        body.AllowOnly("name", "nickname", "description", "private", "auto_accept_requests");
        var changes = new GroupChanges(body.Text("name") ?? "")
        {
            SetsNickname = body.Mentions("nickname"),
            Nickname = Blank(body.Text("nickname")),
            SetsDescription = body.Mentions("description"),
            Description = body.Text("description"),
            Private = body.Bool("private"),
            AutoAcceptRequests = body.Bool("auto_accept_requests"),
        };
        await update.HandleAsync(viewer, PathIds.Id(groupId, "group_id"), changes, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string groupId, Viewer viewer, DeleteGroup delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, PathIds.Id(groupId, "group_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PostUserAsync(string groupId, Viewer viewer, ApiBody body, AddGroupMember add, CancellationToken ct)
    {
        var id = PathIds.Id(groupId, "group_id");
        var userId = body.RequiredInt("userID");
        var admin = body.Bool("admin") ?? false;
        await add.HandleAsync(viewer, id, userId, admin, body.Bool("canSave") ?? true, body.Bool("canSharePhotometry") ?? false, ct);
        return ApiResults.Success(new { GroupId = id, UserId = userId, Admin = admin });
    }

    private static async Task<IResult> PatchUserAsync(string groupId, Viewer viewer, ApiBody body, UpdateGroupMember update, CancellationToken ct)
    {
        await update.HandleAsync(
            viewer, PathIds.Id(groupId, "group_id"), body.RequiredInt("userID"), body.Bool("admin"), body.Bool("canSave"), body.Bool("canSharePhotometry"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteUserAsync(string groupId, string userId, Viewer viewer, RemoveGroupMember remove, CancellationToken ct)
    {
        await remove.HandleAsync(viewer, PathIds.Id(groupId, "group_id"), PathIds.Id(userId, "user_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PostUsersFromGroupsAsync(string groupId, Viewer viewer, ApiBody body, AddMembersFromGroups add, CancellationToken ct)
    {
        var from = body.Ints("fromGroupIDs") ?? throw Refusal.Invalid("Missing required parameter: fromGroupIDs");
        await add.HandleAsync(viewer, PathIds.Id(groupId, "group_id"), from, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PostStreamAsync(string groupId, Viewer viewer, ApiBody body, AddGroupStream add, CancellationToken ct)
    {
        var id = PathIds.Id(groupId, "group_id");
        var streamId = body.RequiredInt("stream_id");
        await add.HandleAsync(viewer, id, streamId, ct);
        return ApiResults.Success(new { GroupId = id, StreamId = streamId });
    }

    private static async Task<IResult> DeleteStreamAsync(string groupId, string streamId, Viewer viewer, RemoveGroupStream remove, CancellationToken ct)
    {
        await remove.HandleAsync(viewer, PathIds.Id(groupId, "group_id"), PathIds.Id(streamId, "stream_id"), ct);
        return ApiResults.Success();
    }

    // An empty nickname would clash with the next empty one.
    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
