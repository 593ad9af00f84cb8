using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Annotations on sources.</summary>
internal static class AnnotationRoutes
{
    public static void MapAnnotations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources/{objId}/annotations", ListAsync).SignedIn().WithName("ListAnnotations");
        routes.MapPost("/api/sources/{objId}/annotations", PostAsync).Needs(Acl.Annotate).WithName("PostAnnotation");
        routes.MapGet("/api/sources/{objId}/annotations/{annotationId}", GetAsync).SignedIn().WithName("GetAnnotation");
        routes.MapPut("/api/sources/{objId}/annotations/{annotationId}", PutAsync).Needs(Acl.Annotate).WithName("EditAnnotation");
        routes.MapDelete("/api/sources/{objId}/annotations/{annotationId}", DeleteAsync).Needs(Acl.Annotate).WithName("DeleteAnnotation");
        routes.MapGet("/api/internal/annotations_info", InfoAsync).SignedIn().WithName("AnnotationsInfo");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, string objId, ReadObjAnnotations read, CancellationToken ct) =>
        ApiResults.Success((await read.ForAsync(viewer, [objId], withAuthor: false, ct, withGroups: true))[objId]);

    private static async Task<IResult> GetAsync(Viewer viewer, string objId, string annotationId, ReadObjAnnotations read, CancellationToken ct)
    {
        var id = DiscussionRoutes.Id("annotation_id", annotationId);
        return ApiResults.Success((await read.ForAsync(viewer, [objId], withAuthor: false, ct, withGroups: true))[objId].FirstOrDefault(row => row.Id == id)
            ?? throw Refusal.Forbidden("Could not find any accessible annotations."));
    }

    private static async Task<IResult> PostAsync(Viewer viewer, string objId, ApiBody body, PostAnnotation verb, CancellationToken ct)
    {
        var origin = body.RequiredText("origin");
        var data = body.Object("data") ?? throw ApiBody.Wrong("data", "Field required");
        return ApiResults.Success(new { annotation_id = await verb.HandleAsync(viewer, objId, origin, data, body.Ints("group_ids"), ct) });
    }

    private static async Task<IResult> PutAsync(Viewer viewer, string objId, string annotationId, ApiBody body, EditAnnotation verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, objId, DiscussionRoutes.Id("annotation_id", annotationId), body.Text("origin"), body.Object("data"), body.Ints("group_ids"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string objId, string annotationId, DeleteAnnotation verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, objId, DiscussionRoutes.Id("annotation_id", annotationId), ct);
        return ApiResults.Success();
    }

    // Names and kinds of the values by origin, from the newest annotations: the forms that ask for it need no more.
    private static async Task<IResult> InfoAsync(Viewer viewer, Contexts contexts, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<Annotation>().AsNoTracking().OrderByDescending(row => row.Id).Take(5000).Select(row => new { row.Origin, row.Data }).ToListAsync(ct);
        return ApiResults.Success(rows.GroupBy(row => row.Origin, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => group.SelectMany(row => row.Data.EnumerateObject())
                .Select(value => (value.Name, Kind: KindOf(value.Value.ValueKind)))
                .Distinct()
                .OrderBy(value => value.Name, StringComparer.Ordinal)
                .Select(value => new Dictionary<string, string> { [value.Name] = value.Kind })
                .ToList()));
    }

    private static string KindOf(System.Text.Json.JsonValueKind kind) => kind switch
    {
        System.Text.Json.JsonValueKind.Number => "number",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "boolean",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Null => "null",
        _ => "string",
    };
}
