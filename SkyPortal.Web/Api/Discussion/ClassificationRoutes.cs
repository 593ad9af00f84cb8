using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Classifications and votes on them.</summary>
internal static class ClassificationRoutes
{
    public static void MapClassifications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/classification", ListAsync).SignedIn().WithName("ListClassifications");
        routes.MapPost("/api/classification", PostAsync).Needs(Acl.Classify).WithName("PostClassification");
        routes.MapGet("/api/classification/sources", SourcesAsync).SignedIn().WithName("ListClassifiedSources");
        routes.MapPost("/api/classification/votes/{classificationId}", VoteAsync).SignedIn().WithName("VoteOnClassification");
        routes.MapDelete("/api/classification/votes/{classificationId}", UnvoteAsync).SignedIn().WithName("UnvoteClassification");
        routes.MapGet("/api/classification/{classificationId}", GetAsync).SignedIn().WithName("GetClassification");
        routes.MapPut("/api/classification/{classificationId}", PutAsync).Needs(Acl.Classify).WithName("EditClassification");
        routes.MapDelete("/api/classification/{classificationId}", DeleteAsync).Needs(Acl.Classify).WithName("DeleteClassification");
        routes.MapGet("/api/sources/{objId}/classifications", OfObjectAsync).SignedIn().WithName("ListObjClassifications");
        routes.MapDelete("/api/sources/{objId}/classifications", DeleteOfObjectAsync).SignedIn().WithName("DeleteObjClassifications");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, Contexts contexts, CancellationToken ct)
    {
        var (page, perPage) = query.Page(100);
        await using var db = contexts.For(viewer);
        var rows = Within(db.Set<Classification>().AsNoTracking(), query);
        var found = await rows.OrderBy(row => row.Id).Skip((page - 1) * perPage).Take(perPage).ToListAsync(ct);
        var taxonomies = query.Bool("includeTaxonomy") ? await db.Set<Taxonomy>().AsNoTracking().ToDictionaryAsync(row => row.Id, ct) : null;
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["classifications"] = found.Select(row => Row(row, taxonomies?.GetValueOrDefault(row.TaxonomyId))).ToList(),
            ["totalMatches"] = await rows.CountAsync(ct),
        });
    }

    private static async Task<IResult> GetAsync(Viewer viewer, string classificationId, ApiQuery query, Contexts contexts, CancellationToken ct)
    {
        var id = DiscussionRoutes.Id("classification_id", classificationId);
        await using var db = contexts.For(viewer);
        var row = await db.Set<Classification>().AsNoTracking().SingleOrDefaultAsync(item => item.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find a classification with ID: {id}.");
        var taxonomy = query.Bool("includeTaxonomy") ? await db.Set<Taxonomy>().AsNoTracking().SingleOrDefaultAsync(item => item.Id == row.TaxonomyId, ct) : null;
        return ApiResults.Success(Row(row, taxonomy));
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, Classify verb, CancellationToken ct)
    {
        if (body.List("classifications") is not { } list)
        {
            return ApiResults.Success(new { classification_id = await verb.HandleAsync(viewer, Read(body), ct) });
        }

        var requests = list.Select((item, at) => item.ValueKind == JsonValueKind.Object
            ? Read(new ApiBody(item))
            : throw Refusal.Invalid($"Error posting classification: classifications[{at}] must be an object.")).ToList();
        return ApiResults.Success(new { classification_ids = await verb.HandleAsync(viewer, requests, ct) });
    }

    private static async Task<IResult> PutAsync(Viewer viewer, string classificationId, ApiBody body, EditClassification verb, CancellationToken ct)
    {
        var change = new ClassificationChange(body.Text("classification"), body.Number("probability"), body.Bool("ml"), body.Text("origin"), body.Ints("group_ids"));
        await verb.HandleAsync(viewer, DiscussionRoutes.Id("classification_id", classificationId), change, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string classificationId, ApiBody body, DeleteClassification verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, DiscussionRoutes.Id("classification_id", classificationId), body.Bool("label") ?? true, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> OfObjectAsync(Viewer viewer, string objId, ApiQuery query, ReadObjClassifications read, ReadSuperObjs supers, CancellationToken ct)
    {
        string[] ids = query.Bool("includeSuperObjs") ? await supers.WithAssociatedAsync(viewer, objId, ct) : [objId];
        var rows = await read.ForAsync(viewer, ids, withDetails: true, ct);
        return ApiResults.Success(ids.SelectMany(id => rows[id]).ToList());
    }

    private static async Task<IResult> DeleteOfObjectAsync(Viewer viewer, string objId, DeleteClassification verb, CancellationToken ct)
    {
        await verb.OfObjectAsync(viewer, objId, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> SourcesAsync(Viewer viewer, ApiQuery query, Contexts contexts, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return ApiResults.Success(await Within(db.Set<Classification>().AsNoTracking(), query).Select(row => row.ObjId).Distinct().OrderBy(id => id).Take(100_000).ToListAsync(ct));
    }

    private static async Task<IResult> VoteAsync(Viewer viewer, string classificationId, ApiBody body, VoteOnClassification verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, DiscussionRoutes.Id("classification_id", classificationId), body.RequiredInt("vote"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> UnvoteAsync(Viewer viewer, string classificationId, VoteOnClassification verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, DiscussionRoutes.Id("classification_id", classificationId), null, ct);
        return ApiResults.Success();
    }

    private static IQueryable<Classification> Within(IQueryable<Classification> rows, ApiQuery query)
    {
        var (start, end) = (query.Time("startDate"), query.Time("endDate"));
        rows = start is null ? rows : rows.Where(row => row.CreatedAt >= start);
        return end is null ? rows : rows.Where(row => row.CreatedAt <= end);
    }

    private static NewClassification Read(ApiBody body) =>
        new(body.RequiredText("obj_id"), body.RequiredText("classification"), body.RequiredInt("taxonomy_id"))
        {
            Origin = body.Text("origin"),
            Probability = body.Number("probability"),
            Ml = body.Bool("ml") ?? false,
            GroupIds = body.Ints("group_ids"),
            Vote = body.Bool("vote") ?? true,
            Label = body.Bool("label") ?? true,
        };

    private static Dictionary<string, object?> Row(Classification row, Taxonomy? taxonomy)
    {
        var data = new Dictionary<string, object?>
        {
            ["id"] = row.Id,
            ["obj_id"] = row.ObjId,
            ["classification"] = row.ClassName,
            ["taxonomy_id"] = row.TaxonomyId,
            ["probability"] = row.Probability,
            ["origin"] = row.Origin,
            ["ml"] = row.Ml,
            ["author_id"] = row.AuthorId,
            ["author_name"] = row.AuthorName,
            ["created_at"] = row.CreatedAt,
            ["modified"] = row.Modified,
        };
        if (taxonomy is not null)
        {
            data["taxonomy"] = new Dictionary<string, object?>
            {
                ["id"] = taxonomy.Id,
                ["name"] = taxonomy.Name,
                ["version"] = taxonomy.Version,
                ["hierarchy"] = taxonomy.Hierarchy,
                ["provenance"] = taxonomy.Provenance,
                ["isLatest"] = taxonomy.IsLatest,
                ["created_at"] = taxonomy.CreatedAt,
                ["modified"] = taxonomy.Modified,
            };
        }

        return data;
    }
}
