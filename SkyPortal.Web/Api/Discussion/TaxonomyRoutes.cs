using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Taxonomies and the search for a class.</summary>
internal static class TaxonomyRoutes
{
    public static void MapTaxonomies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/taxonomy", ListAsync).SignedIn().WithName("ListTaxonomies");
        routes.MapPost("/api/taxonomy", PostAsync).Needs(Acl.PostTaxonomy).WithName("PostTaxonomy");
        routes.MapGet("/api/taxonomy/classes", ClassesAsync).SignedIn().WithName("SearchClasses");
        routes.MapGet("/api/taxonomy/{taxonomyId}", GetAsync).SignedIn().WithName("GetTaxonomy");
        routes.MapPut("/api/taxonomy/{taxonomyId}", PutAsync).Needs(Acl.PostTaxonomy).WithName("EditTaxonomy");
        routes.MapDelete("/api/taxonomy/{taxonomyId}", DeleteAsync).Needs(Acl.DeleteTaxonomy).WithName("DeleteTaxonomy");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ReadTaxonomies read, CancellationToken ct) =>
        ApiResults.Success(await read.HandleAsync(viewer, 0, ct));

    private static async Task<IResult> GetAsync(Viewer viewer, string taxonomyId, ReadTaxonomies read, CancellationToken ct)
    {
        var id = DiscussionRoutes.SmallId("taxonomy_id", taxonomyId);
        return ApiResults.Success((id == 0 ? [] : await read.HandleAsync(viewer, id, ct)).SingleOrDefault()
            ?? throw Refusal.Invalid("Taxonomy does not exist or is not available to user."));
    }

    private static async Task<IResult> ClassesAsync(Viewer viewer, ApiQuery query, SearchClasses search, CancellationToken ct)
    {
        var found = await search.HandleAsync(viewer, query.Text("q"), Math.Clamp(query.Int("limit", 10)!.Value, 1, 100), ct);
        return ApiResults.Success(found.Select(item => new
        {
            item.TaxonomyId, item.TaxonomyName, classification = item.Match.Class, item.Match.ShortKey, item.Match.Path, item.Match.MatchedName,
        }));
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, PostTaxonomy verb, CancellationToken ct)
    {
        var id = await verb.HandleAsync(
            viewer, body.RequiredText("name"), body.RequiredText("version"), Hierarchy(body), body.Ints("group_ids"), body.Text("provenance"),
            body.Bool("isLatest") ?? true, ct);
        return ApiResults.Success(new { taxonomy_id = id });
    }

    private static async Task<IResult> PutAsync(Viewer viewer, string taxonomyId, ApiBody body, EditTaxonomy verb, CancellationToken ct)
    {
        if (body.Has("hierarchy") || body.Has("hierarchy_file"))
        {
            throw Refusal.Invalid("Editing the hierarchy is not allowed: post a new version of the taxonomy.");
        }

        await verb.HandleAsync(
            viewer, DiscussionRoutes.SmallId("taxonomy_id", taxonomyId), body.Text("name"), body.Text("version"), body.Text("provenance"),
            body.Bool("isLatest"), body.Ints("group_ids"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string taxonomyId, DeleteTaxonomy verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, DiscussionRoutes.SmallId("taxonomy_id", taxonomyId), ct);
        return ApiResults.Success();
    }

    private static JsonElement Hierarchy(ApiBody body)
    {
        if (body.Element("hierarchy") is { } hierarchy)
        {
            return hierarchy;
        }

        if (body.Text("hierarchy_file") is not { } yaml)
        {
            throw Refusal.Invalid("A JSON of the taxonomy must be given");
        }

        try
        {
            return JsonSerializer.SerializeToElement(TaxonomyYaml.ToJson(yaml), new JsonSerializerOptions { MaxDepth = 256 });
        }
        catch (FormatException error)
        {
            throw Refusal.Invalid($"Hierarchy does not validate against the schema. {error.Message}");
        }
    }
}
