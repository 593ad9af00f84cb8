using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Annotations on sources, spectra and points of photometry.</summary>
internal static class AnnotationRoutes
{
    public static void MapAnnotations(this IEndpointRouteBuilder routes)
    {
        routes.MapAnnotationsOn(AnnotatedKind.Sources, "sources", "objId", "", SourceAsync);
        routes.MapAnnotationsOn(AnnotatedKind.Spectra, "spectra", "spectrumId", "Spectrum", SpectrumAsync);
        routes.MapAnnotationsOn(AnnotatedKind.Photometry, "photometry", "photometryId", "Photometry", PointAsync);
        routes.MapGet("/api/internal/annotations_info", InfoAsync).SignedIn().WithName("AnnotationsInfo");
    }

    // What reads all annotations of a thing, by id.
    private delegate Task<List<(long Id, object Row)>> Reading(Viewer viewer, HttpContext http, string key, CancellationToken ct);

    private static void MapAnnotationsOn(this IEndpointRouteBuilder routes, AnnotatedKind kind, string path, string key, string name, Reading read)
    {
        var all = $"/api/{path}/{{{key}}}/annotations";
        var one = $"{all}/{{annotationId}}";
        routes.MapGet(all, (Viewer viewer, HttpContext http, CancellationToken ct) => ListAsync(viewer, http, Part(http, key), read, ct)).SignedIn().WithName($"List{name}Annotations");
        routes.MapPost(all, (Viewer viewer, HttpContext http, ApiBody body, PostAnnotation verb, CancellationToken ct) =>
            PostAsync(viewer, kind, Part(http, key), body, verb, ct)).Needs(Acl.Annotate).WithName($"Post{name}Annotation");
        routes.MapGet(one, (Viewer viewer, HttpContext http, CancellationToken ct) => GetAsync(viewer, http, Part(http, key), Id(http), read, ct)).SignedIn().WithName($"Get{name}Annotation");
        routes.MapPut(one, (Viewer viewer, HttpContext http, ApiBody body, EditAnnotation verb, CancellationToken ct) =>
            PutAsync(viewer, kind, Part(http, key), Id(http), body, verb, ct)).Needs(Acl.Annotate).WithName($"Edit{name}Annotation");
        routes.MapDelete(one, (Viewer viewer, HttpContext http, DeleteAnnotation verb, CancellationToken ct) =>
            DeleteAsync(viewer, kind, Part(http, key), Id(http), verb, ct)).Needs(Acl.Annotate).WithName($"Delete{name}Annotation");
    }

    private static string Part(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    private static long Id(HttpContext http) => DiscussionRoutes.Id("annotation_id", Part(http, "annotationId"));

    private static async Task<List<(long Id, object Row)>> SourceAsync(Viewer viewer, HttpContext http, string key, CancellationToken ct) =>
        [.. (await Of<ReadObjAnnotations>(http).ForAsync(viewer, [key], withAuthor: false, ct, withGroups: true))[key].Select(row => (row.Id, (object)row))];

    private static async Task<List<(long Id, object Row)>> SpectrumAsync(Viewer viewer, HttpContext http, string key, CancellationToken ct) =>
        [.. (await Of<ReadSpectrumAnnotations>(http).OfAsync(viewer, DiscussionRoutes.Id("spectrum_id", key), ct)).Select(row => (row.Id, (object)row))];

    private static async Task<List<(long Id, object Row)>> PointAsync(Viewer viewer, HttpContext http, string key, CancellationToken ct)
    {
        var point = DiscussionRoutes.Id("photometry_id", key);
        return [.. (await Of<ReadPhotometryAnnotations>(http).ForAsync(viewer, [point], withGroups: true, ct))[point].Select(row => (row.Id, (object)row))];
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();

    private static async Task<IResult> ListAsync(Viewer viewer, HttpContext http, string key, Reading read, CancellationToken ct) =>
        ApiResults.Success((await read(viewer, http, key, ct)).Select(item => item.Row));

    private static async Task<IResult> GetAsync(Viewer viewer, HttpContext http, string key, long id, Reading read, CancellationToken ct) =>
        ApiResults.Success((await read(viewer, http, key, ct)).FirstOrDefault(item => item.Id == id).Row ?? throw Refusal.Forbidden("Could not find any accessible annotations."));

    private static async Task<IResult> PostAsync(Viewer viewer, AnnotatedKind kind, string key, ApiBody body, PostAnnotation verb, CancellationToken ct)
    {
        var origin = body.RequiredText("origin");
        var data = body.Object("data") ?? throw ApiBody.Wrong("data", "Field required");
        return ApiResults.Success(new { annotation_id = await verb.HandleAsync(viewer, kind, key, origin, data, body.Ints("group_ids"), ct) });
    }

    private static async Task<IResult> PutAsync(Viewer viewer, AnnotatedKind kind, string key, long id, ApiBody body, EditAnnotation verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, kind, key, id, body.Text("origin"), body.Object("data"), body.Ints("group_ids"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, AnnotatedKind kind, string key, long id, DeleteAnnotation verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, kind, key, id, ct);
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
