using System.Runtime.CompilerServices;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Api.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Sources;

/// <summary>The list of sources.</summary>
public static class SourceListRoutes
{
    private const int PointBatch = 100;

    /// <summary>Maps the routes.</summary>
    public static void MapSourceList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/sources", ListAsync).SignedIn().WithName("ListSources");
        routes.MapGet("/api/source_export", Export).SignedIn().WithName("ExportSources");
    }

    private static IResult Export(Viewer viewer, ApiQuery query, SearchSources search, PhotometryParts photometry, CancellationToken ct)
    {
        if (query.Text("rows") == "photometry")
        {
            var output = new PhotometryOutput(PhotometryFormat.Both, MagnitudeSystems.Ab, Owner: false, Streams: false, Annotations: false, Validations: false);
            var points = PointsAsync(viewer, SourceCriteriaReader.Read(query, needsWindow: false), search, photometry, new PhotometryShape(output, Extinction: false, Deduplicate: false, null), ct);
            return new PhotometryExport("photometry", ExportShape.IsCsvWanted(query), output.Format, [], points);
        }

        var (shape, includes) = ExportShape.Read(query);
        return new SourceExport(search, viewer, SourceCriteriaReader.Read(query, needsWindow: false), includes, shape);
    }

    // The points of a page of sources at a time, each page behind the last.
    private static async IAsyncEnumerable<List<Dictionary<string, object?>>> PointsAsync(
        Viewer viewer, SourceCriteria criteria, SearchSources search, PhotometryParts photometry, PhotometryShape shape, [EnumeratorCancellation] CancellationToken ct)
    {
        var nothing = new SourceListIncludes { Fields = new HashSet<string> { "id" } };
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await search.HandleAsync(viewer, criteria with { Cursor = cursor, PageNumber = 1, NumPerPage = PointBatch }, nothing, null, ct);
            await foreach (var part in photometry.OfObjectsAsync(viewer, [.. page.Sources.Select(source => source.Id)], shape, ct))
            {
                yield return part;
            }

            cursor = page.NextCursor;
        }
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
