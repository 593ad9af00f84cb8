using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.Web.Api.Spectra;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Candidates: posting, listing, removing.</summary>
public static class CandidateRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapCandidates(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/candidates", PostAsync).Needs(Acl.UploadData).WithName("PostCandidate");
        routes.MapPost("/api/candidates/bulk_delete", DeleteOldAsync).Needs(Acl.SystemAdmin).WithName("DeleteOldCandidates");
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
        if (!ObjNames.AreLettersRight(id) || ObjNames.IsUnreachable(id))
        {
            throw Refusal.Invalid("Invalid/missing parameters: id: only letters, digits and - _ ; : + . are allowed, and 250 of them at most, but neither . nor .. nor comments");
        }

        var passedAt = !body.Has("passed_at")
            ? throw Refusal.Invalid("Missing required parameter: `passed_at`.")
            : body.Element("passed_at")!.Value.ValueKind == JsonValueKind.String && ApiTime.Parse(body.Text("passed_at")!) is { } time
                ? time
                : throw Refusal.Invalid("Invalid passedAt value");
        var filterIds = body.Ints("filter_ids") ?? throw Refusal.Invalid("Missing required parameter: `filter_ids`.");
        var values = ObjChanges.FromJson(body.Root, "id", "filter_ids", "passed_at", "passing_alert_id", "refresh");
        var ids = await verb.HandleAsync(viewer, id, values, filterIds, passedAt, body.Long("passing_alert_id"), ct);
        return ApiResults.Success(new { ids });
    }

    private static async Task<IResult> ListAsync(
        Viewer viewer, ApiQuery query, CandidatesPage page, AutosaveCandidates autosave, ListCandidates list, ReadSpectra readSpectra, Contexts contexts, HttpContext http, CancellationToken ct)
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
        var groupIds = CandidateQueries.Ids(query, "autosaveGroupIds", "Invalid autosaveGroupIds value: it must be group ids, joined by commas.");
        var found = await page.HandleAsync(viewer, criteria, ct);
        if (query.Bool("autosave"))
        {
            if (viewer.TokenId is null && !SameOrigin.IsSure(http.Request))
            {
                throw Refusal.Forbidden("A link from elsewhere must not save: the request does not come from this site.");
            }

            await autosave.HandleAsync(viewer, found, groupIds, ct);
        }

        var (candidates, photometry) = await list.HandleAsync(viewer, found, CandidateQueries.Parts(query), ct);
        await AddSpectraAsync(viewer, candidates, query, readSpectra, ct);
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["queryID"] = found.QueryId,
            ["pageNumber"] = criteria.PageNumber,
            ["numPerPage"] = criteria.NumPerPage,
            ["totalMatches"] = found.TotalMatches,
            ["candidates"] = CandidateWire.WithPhotometry(candidates, photometry),
        });
    }

    private static async Task<IResult> GetAsync(Viewer viewer, string objId, ApiQuery query, GetCandidate get, ReadSpectra readSpectra, CancellationToken ct)
    {
        var (obj, photometry) = await get.HandleAsync(viewer, objId, CandidateQueries.Parts(query) with { PointAnnotations = true }, ct) ?? throw Refusal.Invalid("Invalid ID");
        await AddSpectraAsync(viewer, [obj], query, readSpectra, ct);
        return ApiResults.Success(CandidateWire.WithPhotometry([obj], photometry)[0]);
    }

    private static async Task AddSpectraAsync(Viewer viewer, IReadOnlyList<ObjRecord> objs, ApiQuery query, ReadSpectra read, CancellationToken ct)
    {
        if (!query.Bool("includeSpectra"))
        {
            return;
        }

        var view = await read.SearchAsync(viewer, new SpectrumSearch { ObjIds = [.. objs.Select(obj => obj.Id)] }, ct);
        var spectra = view.Spectra.ToLookup(spectrum => spectrum.ObjId, spectrum => SpectrumWire.Full(spectrum, view));
        foreach (var obj in objs)
        {
            obj.With("spectra", spectra[obj.Id]);
        }
    }

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

    private static async Task<IResult> DeleteOldAsync(Viewer viewer, ApiBody body, DeleteOldCandidates verb, CancellationToken ct)
    {
        var isDryRun = body.Bool("dryRun") ?? false;
        var (deleted, remaining) = await verb.HandleAsync(viewer, body.Int("maxAgeMonths") ?? 6, body.Int("batchSize") ?? 1000, isDryRun, ct);
        return ApiResults.Success(new Dictionary<string, object> { ["deleted"] = deleted, ["remaining"] = remaining, ["dryRun"] = isDryRun });
    }

    private static async Task<IResult> ListRowsAsync(Viewer viewer, ApiQuery query, ListCandidateRows list, CancellationToken ct)
    {
        var (candidates, total) = await list.HandleAsync(viewer, CandidateQueries.ReadRows(query), ct);
        var data = new Dictionary<string, object?> { ["candidates"] = candidates };
        if (total is not null)
        {
            data["totalMatches"] = total;
        }

        return ApiResults.Success(data);
    }

    private static int FilterId(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Refusal.Invalid($"Invalid filter_id: {text}");

    private static string EscapeLike(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
