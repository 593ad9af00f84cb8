using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Candidates: posting, listing, removing.</summary>
public static partial class CandidateRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapCandidates(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/candidates", PostAsync).Needs(Acl.UploadData).WithName("PostCandidate");
        routes.MapGet("/api/candidates", ListAsync).SignedIn().WithName("ListCandidates");
        routes.MapGet("/api/candidates/{objId}", GetAsync).SignedIn().WithName("GetCandidate");
        routes.MapMethods("/api/candidates/{objId}", [HttpMethods.Head], HeadAsync).SignedIn().WithName("HeadCandidate");
        routes.MapMethods("/api/candidates/{objId}/{filterId}", [HttpMethods.Head], HeadAsync).SignedIn().WithName("HeadCandidateOfFilter");
        routes.MapDelete("/api/candidates/{objId}/{filterId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteCandidate");
        routes.MapGet("/api/candidates_filter", ListRowsAsync).SignedIn().WithName("ListCandidateRows");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, PostCandidate verb, CancellationToken ct)
    {
        var id = body.Element("id") is { } element
            ? element.ValueKind == JsonValueKind.Number ? element.GetRawText() : body.RequiredText("id")
            : throw Refusal.Invalid("Missing required parameter: `id`.");
        if (!ObjName().IsMatch(id))
        {
            throw Refusal.Invalid("Invalid/missing parameters: id: only letters, digits and - _ ; : + . are allowed");
        }

        var values = ObjChanges.FromJson(body.Root, "id", "filter_ids", "passed_at", "passing_alert_id", "refresh");
        var passedAt = !body.Has("passed_at")
            ? throw Refusal.Invalid("Missing required parameter: `passed_at`.")
            : body.Element("passed_at")!.Value.ValueKind == JsonValueKind.String && ApiTime.Parse(body.Text("passed_at")!) is { } time
                ? time
                : throw Refusal.Invalid("Invalid passedAt value");
        var filterIds = body.Ints("filter_ids") ?? throw Refusal.Invalid("Missing required parameter: `filter_ids`.");
        var ids = await verb.HandleAsync(viewer, id, values, filterIds, passedAt, body.Long("passing_alert_id"), ct);
        return ApiResults.Success(new { ids });
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ListCandidates list, Contexts contexts, CancellationToken ct)
    {
        if (query.Bool("nameOnly") && query.Text("objID") is { } prefix)
        {
            var (_, perPage) = query.Page(25);
            await using var db = contexts.For(viewer);
            var names = await db.Set<Obj>().AsNoTracking()
                .Where(obj => EF.Functions.ILike(obj.Id, EscapeLike(prefix) + "%") && db.Set<Candidate>().Any(candidate => candidate.ObjId == obj.Id))
                .OrderBy(obj => obj.Id).Take(perPage).Select(obj => new { obj.Id }).ToListAsync(ct);
            return ApiResults.Success(new { candidates = names });
        }

        var criteria = CandidateQueries.Read(query);
        var found = await list.HandleAsync(viewer, criteria, ct);
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["queryID"] = found.Page.QueryId,
            ["pageNumber"] = criteria.PageNumber,
            ["numPerPage"] = criteria.NumPerPage,
            ["totalMatches"] = found.Page.TotalMatches,
            ["candidates"] = found.Candidates,
        });
    }

    private static async Task<IResult> GetAsync(
        Viewer viewer, string objId, ApiQuery query, GetCandidate get, CancellationToken ct) =>
        ApiResults.Success(await get.HandleAsync(
            viewer, objId, query.Bool("includeAlerts"), query.Bool("includePhotometry"), query.Bool("includeComments"), ct)
            ?? throw Refusal.Invalid("Invalid ID"));

    private static async Task<IResult> HeadAsync(Viewer viewer, string objId, string? filterId, Contexts contexts, CancellationToken ct)
    {
        int? filter = filterId is null ? null : FilterId(filterId);
        await using var db = contexts.For(viewer);
        return await db.Set<Candidate>().AnyAsync(candidate => candidate.ObjId == objId && (filter == null || candidate.FilterId == filter), ct)
            ? ApiResults.Success()
            : ApiResults.Error(404, "Not found");
    }

    private static async Task<IResult> DeleteAsync(Viewer viewer, string objId, string filterId, DeleteCandidate verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, objId, FilterId(filterId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ListRowsAsync(Viewer viewer, ApiQuery query, Contexts contexts, CancellationToken ct)
    {
        var (page, perPage) = query.Page(25);
        var (start, end) = (query.Time("startDate"), query.Time("endDate"));
        var groups = query.Ints("groupIDs", "Invalid groupIDs value -- select at least one group");
        var filters = query.Ints("filterIDs", "Invalid filterIDs parameter value.");
        await using var db = contexts.For(viewer);
        var rows = db.Set<Candidate>().AsNoTracking();
        rows = start is null ? rows : rows.Where(row => row.PassedAt >= start);
        rows = end is null ? rows : rows.Where(row => row.PassedAt <= end);
        rows = groups is null ? rows : rows.Where(row => db.Set<Filter>().Any(filter => filter.Id == row.FilterId && groups.Contains(filter.GroupId)));
        rows = filters is null ? rows : rows.Where(row => filters.Contains(row.FilterId));
        var candidates = await rows.OrderBy(row => row.PassedAt).ThenBy(row => row.Id).Skip((page - 1) * perPage).Take(perPage)
            .Select(row => new { row.Id, row.ObjId, row.FilterId, row.PassedAt, row.PassingAlertId, row.UploaderId, row.CreatedAt, row.Modified })
            .ToListAsync(ct);
        var data = new Dictionary<string, object?> { ["candidates"] = candidates };
        if (page == 1)
        {
            data["totalMatches"] = candidates.Count < perPage ? candidates.Count : await rows.CountAsync(ct);
        }

        return ApiResults.Success(data);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9_\-;:+.]+$")]
    private static partial Regex ObjName();

    private static int FilterId(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Refusal.Invalid($"Invalid filter_id: {text}");

    private static string EscapeLike(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
