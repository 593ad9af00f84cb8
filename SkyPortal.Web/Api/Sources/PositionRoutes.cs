using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>The mean position of a source.</summary>
internal static class PositionRoutes
{
    public static void MapPosition(this IEndpointRouteBuilder routes) => routes.MapGet("/api/sources/{objId}/position", GetAsync).SignedIn().WithName("GetPosition");

    private static async Task<IResult> GetAsync(string objId, Viewer viewer, ApiQuery query, ReadPosition read, CancellationToken ct)
    {
        var threshold = query.StrictNumber("snr_threshold") ?? 3;
        if (threshold <= 0)
        {
            throw Refusal.Invalid("Invalid snr_threshold: it must be above 0.");
        }

        var weights = query.Text("method") switch
        {
            null or "snr2" => PositionWeights.SignalToNoiseSquared,
            "invvar" => PositionWeights.InverseVariance,
            var other => throw Refusal.Invalid($"Invalid method: {other}; it must be snr2 or invvar."),
        };
        var criteria = new PositionCriteria(
            query.Ints("instrument_ids", $"Invalid instrument_ids: {query.Text("instrument_ids")}"),
            query.Ints("stream_ids", $"Invalid stream_ids: {query.Text("stream_ids")}"),
            query.Bool("stream_only"),
            threshold,
            weights);
        return ApiResults.Success(await read.HandleAsync(viewer, objId, criteria, ct) ?? throw Refusal.Invalid($"Cannot find object with ID {objId}."));
    }
}
