using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Access;

/// <summary>Requests to join a group.</summary>
public static class AdmissionRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapAdmissionRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/group_admission_requests", ListAsync).SignedIn().WithName("ListAdmissionRequests");
        routes.MapGet("/api/group_admission_requests/{requestId}", GetAsync).SignedIn().WithName("GetAdmissionRequest");
        routes.MapPost("/api/group_admission_requests", PostAsync).SignedIn().WithName("PostAdmissionRequest");
        routes.MapPatch("/api/group_admission_requests/{requestId}", PatchAsync).Needs(Acl.UploadData).WithName("PatchAdmissionRequest");
        routes.MapDelete("/api/group_admission_requests/{requestId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteAdmissionRequest");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ListAdmissionRequests requests, CancellationToken ct) =>
        ApiResults.Success(await requests.HandleAsync(viewer, query.Text("groupID") is { } text ? PathIds.Id(text, "groupID") : null, null, ct));

    private static async Task<IResult> GetAsync(string requestId, Viewer viewer, ListAdmissionRequests requests, CancellationToken ct)
    {
        var id = PathIds.Id(requestId, "admission_request_id");
        var found = await requests.HandleAsync(viewer, null, id, ct);
        return found.Count == 1 ? ApiResults.Success(found[0]) : throw Refusal.Invalid($"Could not find an admission request with the ID: {id}.");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, RequestAdmission request, CancellationToken ct)
    {
        body.AllowOnly("groupID", "userID");
        return ApiResults.Success(new { Id = await request.HandleAsync(viewer, body.RequiredInt("groupID"), body.RequiredInt("userID"), ct) });
    }

    private static async Task<IResult> PatchAsync(string requestId, Viewer viewer, ApiBody body, DecideAdmission decide, CancellationToken ct)
    {
        await decide.HandleAsync(viewer, PathIds.Id(requestId, "admission_request_id"), body.RequiredText("status"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string requestId, Viewer viewer, WithdrawAdmission withdraw, CancellationToken ct)
    {
        await withdraw.HandleAsync(viewer, PathIds.Id(requestId, "admission_request_id"), ct);
        return ApiResults.Success();
    }
}
