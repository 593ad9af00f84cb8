using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.FollowUp;

/// <summary>Requests that objects be observed.</summary>
public static class FollowupRequestRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFollowupRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/followup_request", ListAsync).SignedIn().WithName("ListFollowupRequests");
        routes.MapGet("/api/followup_request/{followupId}", GetAsync).SignedIn().WithName("GetFollowupRequest");
        routes.MapPost("/api/followup_request", PostAsync).Needs(Acl.UploadData).WithName("PostFollowupRequest");
        routes.MapPut("/api/followup_request/{followupId}", PutAsync).Needs(Acl.UploadData).WithName("PutFollowupRequest");
        routes.MapDelete("/api/followup_request/{followupId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteFollowupRequest");
        routes.MapPut("/api/followup_request/{followupId}/comment", CommentAsync).Needs(Acl.UploadData).WithName("CommentOnFollowupRequest");
        routes.MapPost("/api/followup_request/watch/{followupId}", WatchAsync).SignedIn().WithName("WatchFollowupRequest");
        routes.MapDelete("/api/followup_request/watch/{followupId}", UnwatchAsync).SignedIn().WithName("UnwatchFollowupRequest");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadFollowups read, CancellationToken ct)
    {
        var search = FollowupQuery.Search(query);
        var found = await read.HandleAsync(viewer, search, ct);
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["followup_requests"] = found.Requests, ["totalMatches"] = found.Total, ["pageNumber"] = (search.Skip / search.Take) + 1, ["numPerPage"] = search.Take,
        });
    }

    private static async Task<IResult> GetAsync(string followupId, Viewer viewer, ReadFollowups read, CancellationToken ct) =>
        await read.OneAsync(viewer, Key(followupId), ct) is { } row ? ApiResults.Success(row) : ApiResults.Error(400, $"Could not retrieve followup request with ID: {followupId}.");

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, MakeFollowup make, CancellationToken ct)
    {
        var made = await make.HandleAsync(viewer, FollowupQuery.Wanted(body), ct);
        return ApiResults.Success(made.Ignored is { } reason
            ? new Dictionary<string, object?> { ["id"] = null, ["ignored"] = true, ["message"] = reason }
            : new Dictionary<string, object?> { ["id"] = made.Id, ["request_status"] = made.Status });
    }

    private static async Task<IResult> PutAsync(string followupId, Viewer viewer, ApiBody body, ChangeFollowup change, CancellationToken ct)
    {
        await change.HandleAsync(viewer, Key(followupId), FollowupQuery.Changes(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string followupId, Viewer viewer, DeleteFollowup delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(followupId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> CommentAsync(string followupId, Viewer viewer, ApiBody body, CommentOnFollowup comment, CancellationToken ct)
    {
        body.AllowOnly("comment");
        var id = Key(followupId);
        await comment.HandleAsync(viewer, id, body.Text("comment"), ct);
        return ApiResults.Success(new { id });
    }

    private static async Task<IResult> WatchAsync(string followupId, Viewer viewer, ApiBody body, WatchFollowup watch, CancellationToken ct)
    {
        Flags(body);
        await watch.HandleAsync(viewer, Key(followupId), watches: true, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> UnwatchAsync(string followupId, Viewer viewer, ApiBody body, WatchFollowup watch, CancellationToken ct)
    {
        Flags(body);
        await watch.HandleAsync(viewer, Key(followupId), watches: false, ct);
        return ApiResults.Success();
    }

    private static void Flags(ApiBody body)
    {
        body.AllowOnly("refreshSource", "refreshRequests");
        _ = (body.Bool("refreshSource"), body.Bool("refreshRequests"));
    }

    private static int Key(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Refusal.Invalid($"Invalid followup_request_id: {id}");
}
