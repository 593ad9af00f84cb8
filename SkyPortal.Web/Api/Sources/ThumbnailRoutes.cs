using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
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
        routes.MapPut("/api/thumbnail/{thumbnailId}", PutAsync).Needs(Acl.ManageSources).WithName("PutThumbnail");
        routes.MapPost("/api/internal/survey_thumbnail", SurveysAsync).SignedIn().WithName("PostSurveyThumbnails");
        routes.MapGet("/api/thumbnailPath", CountAsync).Needs(Acl.SystemAdmin).WithName("GetThumbnailPath");
        routes.MapPatch("/api/thumbnailPath", MoveAsync).Needs(Acl.SystemAdmin).WithName("PatchThumbnailPath");
        routes.MapDelete("/api/thumbnailPath", TidyPaths).Needs(Acl.SystemAdmin).WithName("DeleteThumbnailPath");
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

    private static async Task<IResult> PutAsync(string thumbnailId, Viewer viewer, ApiBody body, ChangeThumbnail change, CancellationToken ct)
    {
        body.AllowOnly("obj_id", "type", "file_uri", "public_url", "origin", "is_grayscale");
        if (body.Text("file_uri") is not null)
        {
            throw ApiBody.Wrong("file_uri", "A picture lies where its content says and cannot be moved");
        }

        await change.HandleAsync(
            viewer, Id(thumbnailId), new ThumbnailChanges(body.Text("obj_id"), body.Text("type"), body.Text("public_url"), body.Text("origin"), body.Bool("is_grayscale")), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> SurveysAsync(Viewer viewer, ApiBody body, AddSurveyPictures add, CancellationToken ct)
    {
        body.AllowOnly("objID", "objIDs", "types");
        var objIds = body.Texts("objIDs") ?? [];
        objIds = body.Text("objID") is { } one ? [one, .. objIds] : objIds;
        if (objIds.Length == 0)
        {
            throw ApiBody.Wrong("objID", "Field required");
        }

        var types = body.Element("types") is { ValueKind: System.Text.Json.JsonValueKind.String } ? [body.Text("types")!] : body.Texts("types") ?? [.. SurveyPictures.Types];
        return ApiResults.Success(await add.HandleAsync(viewer, objIds, types, ct));
    }

    private static async Task<IResult> CountAsync(Viewer viewer, ApiQuery query, CountThumbnailFiles count, CancellationToken ct)
    {
        var total = await count.HandleAsync(viewer, PathTypes(query), ct);
        return ApiResults.Success(new Dictionary<string, int> { ["totalMatches"] = total, ["inCorrectFolder"] = total, ["inWrongFolder"] = 0 });
    }

    private static async Task<IResult> MoveAsync(Viewer viewer, ApiQuery query, CountThumbnailFiles count, CancellationToken ct)
    {
        query.Page(100);
        var total = await count.HandleAsync(viewer, PathTypes(query), ct);
        return ApiResults.Success(new Dictionary<string, int> { ["totalMatches"] = total, ["inCorrectFolder"] = total, ["inWrongFolder"] = 0, ["numMoved"] = 0 });
    }

    // The store makes no empty folders.
    private static IResult TidyPaths() => ApiResults.Success();

    private static IReadOnlyCollection<string> PathTypes(ApiQuery query)
    {
        if (query.StrictInt("requiredDepth") is < 0 or > 32)
        {
            throw Refusal.Invalid("Invalid requiredDepth: it must be between 0 and 32.");
        }

        var types = query.List("types") ?? ["new", "ref", "sub"];
        return types.FirstOrDefault(type => !ThumbnailTypes.All.Contains(type)) is { } unknown ? throw Refusal.Invalid($"Invalid types: {unknown}") : types;
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
