using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>The list of sources.</summary>
public static class SourceListRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapSourceList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources", ListAsync).SignedIn().WithName("ListSources");
        routes.MapGet("/api/source_export", Export).SignedIn().WithName("ExportSources");
    }

    private static SourceExport Export(Viewer viewer, ApiQuery query, SearchSources search)
    {
        var (shape, includes) = ExportShape.Read(query);
        return new SourceExport(search, viewer, SourceCriteriaReader.Read(query), includes, shape);
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, SearchSources search, CancellationToken ct)
    {
        try
        {
            return ApiResults.Success(await ReadAsync(viewer, query, search, ct));
        }
        catch (Refusal refusal)
        {
            throw new Refusal(refusal.Kind, $"Cannot retrieve sources: {refusal.Message}", refusal);
        }
    }

    private static async Task<Dictionary<string, object?>> ReadAsync(Viewer viewer, ApiQuery query, SearchSources search, CancellationToken ct)
    {
        var criteria = SourceCriteriaReader.Read(query);
        var reply = new Dictionary<string, object?>();
        if (query.Bool("saveSummary"))
        {
            var saves = await search.SavesAsync(viewer, criteria, ct);
            reply["totalMatches"] = saves.TotalMatches;
            reply["sources"] = saves.Sources;
            AddPage(reply, criteria);
            return reply;
        }

        var (useCache, queryId) = Cache(query, criteria);
        var fields = SourceFields.Read(query);
        var page = await search.HandleAsync(viewer, criteria, SourceFields.Includes(query, fields), queryId, ct, useCache);
        reply["totalMatches"] = page.TotalMatches;
        reply["sources"] = fields is null ? page.Sources : page.Sources.Select(source => SourceFields.Pick(source, fields)).ToList();
        AddPage(reply, criteria);
        if (criteria.Cursor is not null)
        {
            reply["nextCursor"] = page.NextCursor;
        }

        if (useCache)
        {
            reply["queryID"] = page.QueryId;
        }

        if (query.Bool("includeGeoJSON"))
        {
            reply["geojson"] = GeoJson(page.Sources);
        }

        return reply;
    }

    private static void AddPage(Dictionary<string, object?> reply, SourceCriteria criteria)
    {
        reply["pageNumber"] = criteria.PageNumber;
        reply["numPerPage"] = criteria.NumPerPage;
        if (criteria.GroupIds is [var only])
        {
            reply["group_id"] = only;
        }
    }

    private static (bool UseCache, string? QueryId) Cache(ApiQuery query, SourceCriteria criteria)
    {
        var queryId = query.Text("queryID");
        if (!query.Bool("useCache"))
        {
            return (false, null);
        }

        if (criteria.PageNumber > 1 && queryId is null)
        {
            throw Refusal.Invalid("queryID is required for pages after the first when useCache is set");
        }

        return criteria.PageNumber == 1 && queryId is not null
            ? throw Refusal.Invalid("queryID must not be given for the first page")
            : (true, queryId);
    }

    private static object GeoJson(IReadOnlyList<ObjRecord> sources) => new
    {
        Type = "FeatureCollection",
        Features = sources.Where(obj => obj.Ra is not null && obj.Dec is not null).Select(obj => new
        {
            Type = "Feature",
            Geometry = new { Type = "Point", Coordinates = new[] { obj.Ra!.Value, obj.Dec!.Value } },
            Properties = new { Name = string.Join(", ", new[] { obj.Id }.Concat(obj.Alias ?? [])), Url = $"/source/{obj.Id}" },
        }),
    };
}
