using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>Pictures of objects.</summary>
public static class ThumbnailRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapThumbnails(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/thumbnail", PostAsync).Needs(Acl.UploadData).WithName("PostThumbnail");
        routes.MapGet("/api/thumbnail/{thumbnailId}", GetAsync).SignedIn().WithName("GetThumbnail");
        routes.MapDelete("/api/thumbnail/{thumbnailId}", DeleteAsync).Needs(Acl.ManageSources).WithName("DeleteThumbnail");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, PostThumbnail post, CancellationToken ct)
    {
        body.AllowOnly("obj_id", "data", "ttype", "survey");
        var id = await post.HandleAsync(viewer, body.RequiredText("obj_id"), body.RequiredText("ttype"), body.Text("survey"), Bytes(body.RequiredText("data")), ct);
        return ApiResults.Success(new { Id = id });
    }

    private static async Task<IResult> GetAsync(string thumbnailId, Viewer viewer, ReadThumbnail read, CancellationToken ct) =>
        ApiResults.Success(await read.RowAsync(viewer, Id(thumbnailId), ct) ?? throw Refusal.Invalid($"Could not load thumbnail with ID {thumbnailId}"));

    private static async Task<IResult> DeleteAsync(string thumbnailId, Viewer viewer, DeleteThumbnail delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Id(thumbnailId), ct);
        return ApiResults.Success();
    }

    private static long Id(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid thumbnail_id: {text}");

    private static byte[] Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException error)
        {
            throw new Refusal(RefusalKind.Invalid, "Thumbnail failed to post: cannot identify image file, data is not base64.", error);
        }
    }
}
