using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>What follows for an object that passes a filter: additions of ours.</summary>
public static class FilterActionRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFilterActions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/filters/{filterId}/actions", GetAsync).SignedIn().WithName("GetFilterActions");
        routes.MapPut("/api/filters/{filterId}/actions", PutAsync).Needs(Acl.UploadData).WithName("PutFilterActions");
    }

    private static async Task<IResult> GetAsync(string filterId, Viewer viewer, GetFilterActions get, CancellationToken ct) =>
        ApiResults.Success(await get.HandleAsync(viewer, FilterRoutes.Id(filterId), ct));

    private static async Task<IResult> PutAsync(string filterId, Viewer viewer, ApiBody body, SetFilterActions set, CancellationToken ct)
    {
        body.AllowOnly("autosave", "group_ids", "saver_id", "ignore_group_ids", "ignore_rejected", "comment", "annotate", "notify_user_ids");
        await set.HandleAsync(
            viewer,
            FilterRoutes.Id(filterId),
            new NewFilterActions
            {
                Autosave = body.Bool("autosave") ?? false,
                GroupIds = body.Ints("group_ids"),
                SaverId = body.Int("saver_id"),
                IgnoreGroupIds = body.Ints("ignore_group_ids") ?? [],
                IgnoreRejected = body.Bool("ignore_rejected") ?? false,
                Comment = body.Text("comment"),
                Annotate = body.Bool("annotate") ?? true,
                NotifyUserIds = body.Ints("notify_user_ids") ?? [],
            },
            ct);
        return ApiResults.Success();
    }
}
