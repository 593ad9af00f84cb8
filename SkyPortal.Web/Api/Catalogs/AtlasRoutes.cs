using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Catalogs;

/// <summary>The ATLAS transient server through this site's account there.</summary>
internal static class AtlasRoutes
{
    public static void MapAtlas(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/atlas/cone", ConeAsync).Needs(Acl.UploadData).WithName("GetAtlasCone");
        routes.MapGet("/api/atlas/objects/{atlasId}", ObjectAsync).Needs(Acl.UploadData).WithName("GetAtlasObject");
        routes.MapGet("/api/atlas/objects/{atlasId}/lists", ListsAsync).Needs(Acl.UploadData).WithName("GetAtlasLists");
        routes.MapPost("/api/atlas/objects/{atlasId}/lists", AddAsync).Needs(Acl.UploadData).WithName("AddToAtlasList");
        routes.MapDelete("/api/atlas/objects/{atlasId}/lists/{listId}", RemoveAsync).Needs(Acl.UploadData).WithName("RemoveFromAtlasList");
    }

    private static async Task<IResult> ConeAsync(Viewer viewer, ApiQuery query, AtlasServer server, CancellationToken ct)
    {
        var (ra, dec) = (query.StrictNumber("ra") ?? throw Refusal.Invalid("ra: missing."), query.StrictNumber("dec") ?? throw Refusal.Invalid("dec: missing."));
        var radiusArcsec = query.StrictNumber("radius") ?? 5;
        if (radiusArcsec is not (> 0 and <= AtlasServer.MostRadiusArcsec))
        {
            throw Refusal.Invalid($"radius: must be above 0 and at most {AtlasServer.MostRadiusArcsec} arcsec.");
        }

        return SkyPosition.TryCreate(ra, dec, out var center, out var error)
            ? ApiResults.Success(await server.ConeAsync(viewer, center, radiusArcsec, null, ct))
            : throw Refusal.Invalid($"ra, dec: {error}");
    }

    private static async Task<IResult> ObjectAsync(string atlasId, Viewer viewer, ApiQuery query, AtlasServer server, CancellationToken ct)
    {
        var since = query.StrictNumber("mjd") ?? 0;
        var found = await server.ObjectsAsync(viewer, [Id(atlasId)], since is >= 0 and < 200_000 ? since : throw Refusal.Invalid("mjd: must be between 0 and 200000."), null, ct);
        return found is [var one] ? ApiResults.Success(one) : throw Refusal.NotFound($"The ATLAS transient server knows no object {atlasId}.");
    }

    private static async Task<IResult> ListsAsync(string atlasId, Viewer viewer, AtlasServer server, CancellationToken ct) =>
        ApiResults.Success(await server.ListsOfAsync(viewer, Id(atlasId), null, ct));

    private static async Task<IResult> AddAsync(string atlasId, Viewer viewer, ApiBody body, AtlasServer server, CancellationToken ct)
    {
        await server.AddToListAsync(viewer, Id(atlasId), List(body.RequiredInt("list_id")), null, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> RemoveAsync(string atlasId, string listId, Viewer viewer, AtlasServer server, CancellationToken ct)
    {
        var list = int.TryParse(listId, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : throw Refusal.Invalid($"Invalid listId: {listId}");
        await server.RemoveFromListAsync(viewer, Id(atlasId), List(list), null, ct);
        return ApiResults.Success();
    }

    private static string Id(string atlasId) =>
        atlasId.Length is > 0 and <= 19 && atlasId.All(char.IsAsciiDigit) ? atlasId : throw Refusal.Invalid($"Invalid atlasId: {atlasId} is not a number of up to 19 digits.");

    private static int List(int list) => list is > 0 and < 100_000 ? list : throw Refusal.Invalid("list_id: must be between 1 and 99999.");
}
