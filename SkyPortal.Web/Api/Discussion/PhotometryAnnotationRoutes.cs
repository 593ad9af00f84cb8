using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Annotations on points of photometry.</summary>
internal static class PhotometryAnnotationRoutes
{
    public static void MapPhotometryAnnotations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/photometry/{photometryId}/annotations", ListAsync).SignedIn().WithName("ListPhotometryAnnotations");
        routes.MapPost("/api/photometry/{photometryId}/annotations", PostAsync).Needs(Acl.Annotate).WithName("PostPhotometryAnnotation");
        routes.MapGet("/api/photometry/{photometryId}/annotations/{annotationId}", GetAsync).SignedIn().WithName("GetPhotometryAnnotation");
        routes.MapPut("/api/photometry/{photometryId}/annotations/{annotationId}", PutAsync).Needs(Acl.Annotate).WithName("EditPhotometryAnnotation");
        routes.MapDelete("/api/photometry/{photometryId}/annotations/{annotationId}", DeleteAsync).Needs(Acl.Annotate).WithName("DeletePhotometryAnnotation");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, string photometryId, ReadPhotometryAnnotations read, CancellationToken ct)
    {
        var point = Point(photometryId);
        return ApiResults.Success((await read.ForAsync(viewer, [point], withGroups: true, ct))[point]);
    }

    private static async Task<IResult> GetAsync(Viewer viewer, string photometryId, string annotationId, ReadPhotometryAnnotations read, CancellationToken ct)
    {
        var (point, id) = (Point(photometryId), Id(annotationId));
        return ApiResults.Success((await read.ForAsync(viewer, [point], withGroups: true, ct))[point].FirstOrDefault(row => row.Id == id)
            ?? throw Refusal.Forbidden("Could not find any accessible annotations."));
    }

    private static async Task<IResult> PostAsync(Viewer viewer, string photometryId, ApiBody body, PostPhotometryAnnotation verb, CancellationToken ct)
    {
        var origin = body.RequiredText("origin");
        var data = body.Object("data") ?? throw ApiBody.Wrong("data", "Field required");
        return ApiResults.Success(new { annotation_id = await verb.HandleAsync(viewer, Point(photometryId), origin, data, body.Ints("group_ids"), ct) });
    }

    private static async Task<IResult> PutAsync(
        Viewer viewer, string photometryId, string annotationId, ApiBody body, EditPhotometryAnnotation verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, Point(photometryId), Id(annotationId), body.Text("origin"), body.Object("data"), body.Ints("group_ids"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string photometryId, string annotationId, DeletePhotometryAnnotation verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, Point(photometryId), Id(annotationId), ct);
        return ApiResults.Success();
    }

    private static long Point(string text) => DiscussionRoutes.Id("photometry_id", text);

    private static long Id(string text) => DiscussionRoutes.Id("annotation_id", text);
}
