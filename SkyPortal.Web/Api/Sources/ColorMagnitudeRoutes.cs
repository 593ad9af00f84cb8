using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>Colour and absolute magnitude of a source.</summary>
internal static class ColorMagnitudeRoutes
{
    public static void MapColorMagnitude(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/sources/{objId}/color_mag", GetAsync).SignedIn().WithName("GetColorMagnitude");

    private static async Task<IResult> GetAsync(string objId, Viewer viewer, ApiQuery query, ReadColorMagnitude read, CancellationToken ct)
    {
        var usual = new ColorMagnitudeKeys();
        var keys = new ColorMagnitudeKeys(
            query.Text("catalog") ?? usual.Catalog,
            query.Text("apparentMagKey") ?? usual.ApparentMag,
            query.Text("parallaxKey") ?? usual.ParallaxMas,
            query.Text("absorptionKey") ?? usual.AbsorptionMag,
            query.Text("absoluteMagKey"),
            query.Text("blueMagKey") ?? usual.BlueMag,
            query.Text("redMagKey") ?? usual.RedMag,
            query.Text("colorKey"));
        return await read.HandleAsync(viewer, objId, keys, ct) is { } places
            ? ApiResults.Success(places)
            : ApiResults.Error(400, $"Invalid objId: there is no source {objId}.");
    }
}
