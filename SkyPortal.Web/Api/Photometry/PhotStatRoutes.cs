using SkyPortal.Domain;
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
        routes.MapGet("/api/phot_stats/aggregate", AggregateAsync).SignedIn().WithName("AggregatePhotStats");
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
        var (with, without) = await refresh.CountAsync(viewer, Window(query), ct);
        return ApiResults.Success(new Dictionary<string, int> { ["totalWithPhotStats"] = with, ["totalWithoutPhotStats"] = without });
    }

    private static PhotStatWindow Window(ApiQuery query) => new(
        query.Time("createdAtStartTime"), query.Time("createdAtEndTime"), query.Time("quickUpdateStartTime"), query.Time("quickUpdateEndTime"), query.Time("fullUpdateStartTime"), query.Time("fullUpdateEndTime"));

    private static async Task<IResult> AggregateAsync(Viewer viewer, ApiQuery query, AggregatePhotStats aggregate, CancellationToken ct)
    {
        var most = query.StrictInt("maxMatches") ?? AggregatePhotStats.UsualMatches;
        if (most is < 1 or > AggregatePhotStats.MostMatches)
        {
            throw Refusal.Invalid($"Invalid maxMatches: {most} is not between 1 and {AggregatePhotStats.MostMatches}.");
        }

        var found = await aggregate.HandleAsync(
            viewer,
            new PhotStatAggregate(
                query.Text("xField"), query.Text("yField"), query.Text("zField"), query.List("classifications"), query.StrictNumber("classificationProbThreshold"),
                query.StrictInt("group_id"), query.List("obj_ids"), most),
            ct);
        return ApiResults.Success(new { found.Fields, Points = found.Points.Select(Row), Count = found.Points.Count, found.Truncated });
    }

    private static Dictionary<string, object?> Row(PhotStatPoint point)
    {
        var row = new Dictionary<string, object?>
        {
            ["id"] = point.Id,
            ["ra"] = point.Ra,
            ["dec"] = point.Dec,
            ["redshift"] = point.Redshift,
            ["classification"] = point.Classification,
            ["first_detected_mjd"] = point.FirstDetectedMjd,
            ["peak_mjd"] = point.PeakMjd,
            ["tns_discovery_date"] = point.TnsDiscoveryDate,
            ["x"] = point.X,
            ["y"] = point.Y,
        };
        if (point.HasZ)
        {
            row["z"] = point.Z;
        }

        return row;
    }

    private static Task<IResult> CreateMissingAsync(Viewer viewer, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct) =>
        PageAsync(viewer, missing: true, query, refresh, ct);

    private static Task<IResult> RecomputeAsync(Viewer viewer, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct) =>
        PageAsync(viewer, missing: false, query, refresh, ct);

    private static async Task<IResult> PageAsync(Viewer viewer, bool missing, ApiQuery query, RefreshPhotStats refresh, CancellationToken ct)
    {
        var (page, items) = query.Page(100);
        var total = await refresh.PageAsync(viewer, missing, Window(query), page, items, ct);
        return ApiResults.Success(new Dictionary<string, int> { ["totalMatches"] = total, ["numPerPage"] = items, ["pageNumber"] = page });
    }
}
