using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Web.Api.FollowUp;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>What is asked of a facility for what passes a filter: additions of ours.</summary>
public static class FilterFollowupRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFilterFollowups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/filters/{filterId}/followup", GetAsync).SignedIn().WithName("GetFilterFollowup");
        routes.MapPut("/api/filters/{filterId}/followup", PutAsync).Needs(Acl.UploadData).WithName("PutFilterFollowup");
        routes.MapDelete("/api/filters/{filterId}/followup", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteFilterFollowup");
    }

    private static async Task<IResult> GetAsync(string filterId, Viewer viewer, GetFilterFollowup get, CancellationToken ct) =>
        ApiResults.SuccessOrNull(await get.HandleAsync(viewer, FilterRoutes.Id(filterId), ct));

    private static async Task<IResult> PutAsync(string filterId, Viewer viewer, ApiBody body, SetFilterFollowup set, CancellationToken ct)
    {
        body.AllowOnly("autofollowup", "allocation_id", "payload", "validity_days", "constraints", "comment");
        var constraints = body.Object("constraints") is { } given ? new ApiBody(given) : null;
        constraints?.AllowOnly(FollowupQuery.ConstraintFields);
        await set.HandleAsync(
            viewer,
            FilterRoutes.Id(filterId),
            new NewFilterFollowup(body.RequiredInt("allocation_id"), FollowupQuery.Payload(body) ?? [])
            {
                Active = body.Bool("autofollowup") ?? true,
                ValidityDays = body.Int("validity_days") ?? 7,
                Constraints = constraints is null ? new() : FollowupQuery.Constraints(constraints),
                Comment = body.Text("comment"),
            },
            ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string filterId, Viewer viewer, SetFilterFollowup set, CancellationToken ct)
    {
        await set.HandleAsync(viewer, FilterRoutes.Id(filterId), null, ct);
        return ApiResults.Success();
    }
}
