using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Periodograms of light curves.</summary>
public static class PeriodogramRoutes
{
    /// <summary>Maps the route.</summary>
    public static void MapPeriodograms(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sources/{objId}/periodogram", GetAsync).SignedIn().WithName("GetPeriodogram");

    private static async Task<IResult> GetAsync(string objId, Viewer viewer, ApiQuery query, ReadPeriodogram read, CancellationToken ct)
    {
        var method = query.Text("method") switch
        {
            null or "fast" => PeriodogramMethod.Fast,
            "exact" => PeriodogramMethod.Exact,
            var other => throw Refusal.Invalid($"Invalid method: {other} is neither fast nor exact."),
        };
        var request = new PeriodogramRequest(query.StrictNumber("minPeriodDays"), query.StrictNumber("maxPeriodDays"), query.List("filters"), method, query.Ints("instrumentIds", "Invalid instrumentIds: it must be a list of integers parted by commas."));
        return await read.OfObjectAsync(viewer, objId, request, ct) is { } found
            ? ApiResults.Success(found)
            : ApiResults.Error(403, $"Insufficient permissions for User {viewer.UserId} to read Obj {objId}");
    }
}
