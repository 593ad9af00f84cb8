using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Statistics of light curves.</summary>
public static class PhotStatRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapPhotStats(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/{objId}/phot_stat", GetAsync).SignedIn().WithName("GetPhotStat");
        routes.MapPost("/api/sources/{objId}/phot_stat", PostAsync).Needs(Acl.SystemAdmin).WithName("PostPhotStat");
        routes.MapPut("/api/sources/{objId}/phot_stat", PutAsync).Needs(Acl.SystemAdmin).WithName("PutPhotStat");
        routes.MapDelete("/api/sources/{objId}/phot_stat", DeleteAsync).Needs(Acl.SystemAdmin).WithName("DeletePhotStat");
        routes.MapGet("/api/phot_stats", CountAsync).Needs(Acl.SystemAdmin).WithName("CountPhotStats");
        routes.MapPost("/api/phot_stats", CreateMissingAsync).Needs(Acl.SystemAdmin).WithName("PostPhotStats");
        routes.MapPatch("/api/phot_stats", RecomputeAsync).Needs(Acl.SystemAdmin).WithName("PatchPhotStats");
    }

    private static async Task<IResult> GetAsync(string objId, Viewer viewer, ReadPhotStats read, CancellationToken ct) =>
        await read.OneAsync(viewer, objId, ct) is { } stat ? ApiResults.Success(stat) : ApiResults.Error(400, $"No PhotStat for object {objId}.");

    private static async Task<IResult> PostAsync(string objId, Viewer viewer, RefreshPhotStats refresh, CancellationToken ct)
    {
        await refresh.CreateAsync(viewer, objId, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> PutAsync(string objId, Viewer viewer, RefreshPhotStats refresh, CancellationToken ct)
    {
        await refresh.RecomputeAsync(viewer, objId, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string objId, Viewer viewer, RefreshPhotStats refresh, CancellationToken ct)
    {
        await refresh.DeleteAsync(viewer, objId, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> CountAsync(Viewer viewer, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct)
    {
        var window = new PhotStatWindow(
            query.Time("createdAtStartTime"),
            query.Time("createdAtEndTime"),
            query.Time("quickUpdateStartTime"),
            query.Time("quickUpdateEndTime"),
            query.Time("fullUpdateStartTime"),
            query.Time("fullUpdateEndTime"));
        var (with, without) = await refresh.CountAsync(viewer, window, ct);
        return ApiResults.Success(new Dictionary<string, int> { ["totalWithPhotStats"] = with, ["totalWithoutPhotStats"] = without });
    }

    private static Task<IResult> CreateMissingAsync(Viewer viewer, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct) =>
        PageAsync(viewer, missing: true, query, refresh, ct);

    private static Task<IResult> RecomputeAsync(Viewer viewer, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct) =>
        PageAsync(viewer, missing: false, query, refresh, ct);

    private static async Task<IResult> PageAsync(Viewer viewer, bool missing, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct)
    {
        var (page, items) = query.Page(100);
        var total = await refresh.PageAsync(viewer, missing, page, items, ct);
        return ApiResults.Success(new Dictionary<string, int> { ["totalMatches"] = total, ["numPerPage"] = items, ["pageNumber"] = page });
    }
}
