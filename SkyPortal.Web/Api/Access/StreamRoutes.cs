using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>Streams and who has them.</summary>
public static class StreamRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapStreams(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/streams", ListAsync).SignedIn().WithName("ListStreams");
        routes.MapGet("/api/streams/{streamId}", GetAsync).SignedIn().WithName("GetStream");
        routes.MapPost("/api/streams", PostAsync).Needs(Acl.SystemAdmin).WithName("PostStream");
        routes.MapPatch("/api/streams/{streamId}", PatchAsync).Needs(Acl.SystemAdmin).WithName("PatchStream");
        routes.MapDelete("/api/streams/{streamId}", DeleteAsync).Needs(Acl.SystemAdmin).WithName("DeleteStream");
        routes.MapPost("/api/streams/{streamId}/users", PostUserAsync).SignedIn().WithName("PostStreamUser");
        routes.MapDelete("/api/streams/{streamId}/users/{userId}", DeleteUserAsync).Needs(Acl.SystemAdmin).WithName("DeleteStreamUser");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ListStreams streams, CancellationToken ct) =>
        ApiResults.Success(await streams.HandleAsync(viewer, null, ct));

    private static async Task<IResult> GetAsync(string streamId, Viewer viewer, ListStreams streams, CancellationToken ct)
    {
        var id = PathIds.Id(streamId, "stream_id");
        var found = await streams.HandleAsync(viewer, id, ct);
        return found.Count == 1 ? ApiResults.Success(found[0]) : throw Refusal.Invalid($"Could not retrieve stream with ID {id}.");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateStream create, CancellationToken ct)
    {
        body.AllowOnly("name", "altdata", "auto_join");
        return ApiResults.Success(new { Id = await create.HandleAsync(viewer, body.RequiredText("name"), body.Object("altdata"), body.Bool("auto_join") ?? false, ct) });
    }

    private static async Task<IResult> PatchAsync(string streamId, Viewer viewer, ApiBody body, UpdateStream update, CancellationToken ct)
    {
        body.AllowOnly("name", "altdata", "auto_join");
        await update.HandleAsync(
            viewer, PathIds.Id(streamId, "stream_id"), body.RequiredText("name"), body.Mentions("altdata"), body.Object("altdata"), body.Bool("auto_join"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string streamId, Viewer viewer, DeleteStream delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, PathIds.Id(streamId, "stream_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PostUserAsync(string streamId, Viewer viewer, ApiBody body, AddStreamUser add, CancellationToken ct)
    {
        var id = PathIds.Id(streamId, "stream_id");
        var userId = body.RequiredInt("user_id");
        await add.HandleAsync(viewer, id, userId, ct);
        return ApiResults.Success(new { StreamId = id, UserId = userId });
    }

    private static async Task<IResult> DeleteUserAsync(string streamId, string userId, Viewer viewer, RemoveStreamUser remove, CancellationToken ct)
    {
        await remove.HandleAsync(viewer, PathIds.Id(streamId, "stream_id"), PathIds.Id(userId, "user_id"), ct);
        return ApiResults.Success();
    }
}
