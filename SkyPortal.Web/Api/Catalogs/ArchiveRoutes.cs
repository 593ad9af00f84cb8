using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Catalogs;

/// <summary>Light curves from archives, and annotations from catalogues.</summary>
public static class CatalogRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapCatalogs(this IEndpointRouteBuilder routes)
    {
        routes.MapArchives();
        routes.MapAnnotationServices();
        routes.MapAtlas();
    }
}

/// <summary>Queries of archives about a source.</summary>
internal static class ArchiveRoutes
{
    public static void MapArchives(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/{objId}/archives", ListAsync).SignedIn().WithName("ListArchives");
        routes.MapPost("/api/sources/{objId}/archives", AskAsync).Needs(Acl.UploadData).WithName("AskArchives");
        routes.MapPost("/api/sources/{objId}/archives/{queryId}/cancel", CancelAsync).Needs(Acl.UploadData).WithName("CancelArchiveQuery");
        routes.MapPost("/api/sources/{objId}/archives/{queryId}/rerun", RerunAsync).Needs(Acl.UploadData).WithName("RerunArchiveQuery");
    }

    private static async Task<IResult> ListAsync(string objId, Viewer viewer, ReadArchives read, CancellationToken ct) =>
        ApiResults.Success(await read.HandleAsync(viewer, objId, ct));

    private static async Task<IResult> AskAsync(string objId, Viewer viewer, ApiBody body, AskArchives ask, CancellationToken ct) =>
        ApiResults.Success(new { ids = await ask.HandleAsync(viewer, objId, body.Texts("archives"), body.Ints("group_ids"), ct) });

    private static async Task<IResult> CancelAsync(string objId, string queryId, Viewer viewer, CancelArchiveQuery cancel, CancellationToken ct)
    {
        await cancel.HandleAsync(viewer, objId, Key(queryId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> RerunAsync(string objId, string queryId, Viewer viewer, RerunArchiveQuery rerun, CancellationToken ct)
    {
        await rerun.HandleAsync(viewer, objId, Key(queryId), ct);
        return ApiResults.Success();
    }

    private static long Key(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : throw Refusal.Invalid($"Invalid queryId: {id}");
}
