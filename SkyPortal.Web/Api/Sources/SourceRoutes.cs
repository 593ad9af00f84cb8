using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>One source: saving, reading, changing, sharing and labelling it.</summary>
public static class SourceRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapSourceList();
        routes.MapPost("/api/sources", SaveAsync).Needs(Acl.UploadData).WithName("SaveSource");
        routes.MapGet("/api/sources/{objId}", GetAsync).SignedIn().WithName("GetSource");
        routes.MapMethods("/api/sources/{objId}", [HttpMethods.Head], HeadAsync).SignedIn().WithName("HeadSource");
        routes.MapPatch("/api/sources/{objId}", ChangeAsync).Needs(Acl.UploadData).WithName("ChangeSource");
        routes.MapDelete("/api/sources/{objId}", UnsaveAsync).Needs(Acl.ManageSources).WithName("UnsaveSource");
        routes.MapGet("/api/sources/{objId}/groups", GroupsAsync).SignedIn().WithName("ListGroupsOfSource");
        routes.MapPost("/api/sources/{objId}/labels", LabelAsync).SignedIn().WithName("LabelSource");
        routes.MapDelete("/api/sources/{objId}/labels", UnlabelAsync).SignedIn().WithName("UnlabelSource");
        routes.MapPost("/api/source_groups", ShareAsync).Needs(Acl.UploadData).WithName("ShareSource");
        routes.MapPatch("/api/source_groups/{objId}", AnswerAsync).Needs(Acl.UploadData).WithName("AnswerSourceOffer");
        routes.MapGet("/api/source_exists/{objId?}", ExistsAsync).SignedIn().WithName("SourceExists");
        routes.MapDelete("/api/objs/{objId}", DeleteAsync).SignedIn().WithName("DeleteObj");
        routes.MapListings();
        routes.MapTags();
        routes.MapRelations();
        routes.MapPosition();
        routes.MapThumbnails();
        routes.MapColorMagnitude();
    }

    private static async Task<IResult> SaveAsync(Viewer viewer, ApiBody body, SaveSource save, CancellationToken ct)
    {
        try
        {
            var request = SaveSourceBody.Read(body);
            var result = await save.HandleAsync(viewer, request, ct);
            var reply = new Dictionary<string, object?> { ["id"] = request.ObjId, ["saved_to_groups"] = result.SavedToGroups };
            if (result.Warnings.Count > 0)
            {
                reply["warnings"] = result.Warnings;
            }

            return ApiResults.Success(reply);
        }
        catch (Refusal refusal)
        {
            throw new Refusal(RefusalKind.Invalid, $"Failed to post source: {refusal.Message}", refusal);
        }
    }

    private static async Task<IResult> GetAsync(string objId, Viewer viewer, ApiQuery query, GetSource get, ReadPhotometry photometry, NoteSourceView note, CancellationToken ct)
    {
        var source = await get.HandleAsync(viewer, objId, Includes(query), ct) ?? throw Refusal.NotFound("Source not found");
        if (query.Bool("includePhotometry"))
        {
            source.With("photometry", Points(await photometry.OfObjectAsync(viewer, objId, ct), query.Bool("deduplicatePhotometry")));
        }

        if (viewer.TokenId is not null)
        {
            await note.HandleAsync(viewer, objId, ct);
        }

        return ApiResults.Success(source);
    }

    private static async Task<IResult> HeadAsync(string objId, Viewer viewer, SourceExists exists, CancellationToken ct) =>
        await exists.WasSavedAsync(viewer, objId, ct) ? ApiResults.Success() : ApiResults.Error(404, "Source not found");

    private static async Task<IResult> ChangeAsync(string objId, Viewer viewer, ApiBody body, SetSourceProperties change, CancellationToken ct)
    {
        if (SaveSourceBody.Name(body) is { } named && named != objId)
        {
            throw ApiBody.Wrong("id", "The name of an object cannot be changed");
        }

        await change.HandleAsync(viewer, objId, ObjChanges.FromJson(body.Root, "id", "internal_key"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> UnsaveAsync(string objId, Viewer viewer, ApiBody body, UnsaveSource unsave, CancellationToken ct)
    {
        var groupId = body.Element("group_id") switch
        {
            null => throw Refusal.Invalid("group_id must be provided in the body"),
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var id) => id,
            _ => throw Refusal.Invalid("Inadequate permissions."),
        };
        await unsave.HandleAsync(viewer, objId, groupId, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> GroupsAsync(string objId, Viewer viewer, SourceExists exists, ReadObjGroups groups, CancellationToken ct)
    {
        if (!await exists.ByNameAsync(viewer, objId, ct))
        {
            throw Refusal.NotFound("Source not found");
        }

        return ApiResults.Success((await groups.ForAsync(viewer, [objId], SaveKind.Active, ct))[objId].ToList());
    }

    private static async Task<IResult> LabelAsync(string objId, Viewer viewer, ApiBody body, LabelSource label, CancellationToken ct)
    {
        await label.HandleAsync(viewer, objId, LabelGroups(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> UnlabelAsync(string objId, Viewer viewer, ApiBody body, UnlabelSource unlabel, CancellationToken ct)
    {
        await unlabel.HandleAsync(viewer, objId, LabelGroups(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ShareAsync(Viewer viewer, ApiBody body, ShareSource share, CancellationToken ct)
    {
        body.AllowOnly("objId", "inviteGroupIds", "unsaveGroupIds");
        await share.HandleAsync(viewer, body.RequiredText("objId"), body.Ints("inviteGroupIds") ?? [], body.Ints("unsaveGroupIds") ?? [], ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> AnswerAsync(string objId, Viewer viewer, ApiBody body, AnswerSourceOffer answer, CancellationToken ct)
    {
        body.AllowOnly("groupID", "active", "requested");
        await answer.HandleAsync(
            viewer,
            objId,
            body.RequiredInt("groupID"),
            body.Bool("active") ?? throw ApiBody.Wrong("active", "Field required"),
            body.Bool("requested") ?? throw ApiBody.Wrong("requested", "Field required"),
            ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ExistsAsync(string? objId, Viewer viewer, ApiQuery query, SourceExists exists, CancellationToken ct)
    {
        if (!string.IsNullOrEmpty(objId))
        {
            var known = await exists.ByNameAsync(viewer, objId, ct);
            return ApiResults.Success(new { SourceExists = known, Message = $"A source with the name {objId} {(known ? "already exists" : "does not exist")}." });
        }

        if (query.StrictNumber("ra") is not { } ra || query.StrictNumber("dec") is not { } dec || query.StrictNumber("radius") is not { } radius || radius == 0)
        {
            throw Refusal.Invalid("Provide an obj_id, or either ra, dec, and radius to check whether a source exists.");
        }

        var cone = SourceCriteriaReader.Cone(ra, dec, radius);
        var near = await exists.ByPlaceAsync(viewer, cone.Center, cone.RadiusDegrees, ct);
        return ApiResults.Success(new
        {
            SourceExists = near.Count > 0,
            Message = near.Count > 0
                ? $"A source at that location already exists: {string.Join(", ", near.Select(source => source.ObjId))}"
                : "A source at that location does not exist.",
        });
    }

    private static async Task<IResult> DeleteAsync(string objId, Viewer viewer, DeleteObj delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, objId, ct);
        return ApiResults.Success();
    }

    private static SourceIncludes Includes(ApiQuery query) => new()
    {
        Saves = SourceCriteriaReader.Saves(query),
        Thumbnails = query.Bool("includeThumbnails"),
        Comments = query.Bool("includeComments"),
        PhotometryExists = query.Bool("includePhotometryExists"),
        SpectrumExists = query.Bool("includeSpectrumExists"),
        CommentExists = query.Bool("includeCommentExists"),
        PeriodExists = query.Bool("includePeriodExists"),
        Labellers = query.Bool("includeLabellers"),
        Candidates = query.Bool("includeCandidates"),
        ColorMagnitude = query.Bool("includeColorMagnitude"),
        Tags = query.Bool("includeTags", true),
        AssociatedObjs = query.Bool("includeAssociatedObjs", true),
        SuperObjs = query.Bool("includeSuperObjs"),
        DetectionStats = query.Bool("includeDetectionStats"),
        TnsName = query.Text("TNSname"),
    };

    private static List<Dictionary<string, object?>> Points(PhotometryView view, bool deduplicate)
    {
        var output = new PhotometryOutput(PhotometryFormat.Both, MagnitudeSystems.Ab, Owner: false, Streams: false, Annotations: true, Validations: false);
        return PhotometryWire.Rows(deduplicate ? view with { Points = NewestOfEach(view.Points) } : view, output);
    }

    private static List<PointRecord> NewestOfEach(IReadOnlyList<PointRecord> points) =>
        [.. points.GroupBy(point => (point.Mjd, point.Filter)).Select(same => same.MaxBy(point => point.CreatedAt)!)];

    private static int[] LabelGroups(ApiBody body)
    {
        body.AllowOnly("groupIds");
        return body.Ints("groupIds") ?? throw ApiBody.Wrong("groupIds", "Field required");
    }
}
