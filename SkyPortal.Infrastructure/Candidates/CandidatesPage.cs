using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>One object on a page of candidates and when it last passed within the window.</summary>
public sealed record CandidateHit(string ObjId, DateTime PassedAt);

/// <summary>Which objects stand on a page.</summary>
/// <param name="Hits">In order: newest passing first, then by name; or by the chosen annotation.</param>
/// <param name="TotalMatches">Distinct objects on all pages.</param>
/// <param name="QueryId">To be sent back for further pages that do not shift.</param>
/// <param name="FilterIds">Filters that counted.</param>
/// <param name="GroupIds">Groups of these filters.</param>
/// <param name="SelectedGroupIds">Groups that were chosen, be it without a filter; those of the filters where none were.</param>
public sealed record CandidatePageAnswer(
    IReadOnlyList<CandidateHit> Hits, int TotalMatches, string QueryId, int[] FilterIds, int[] GroupIds, int[] SelectedGroupIds);

/// <summary>
/// Finds the objects of one page of candidates with their total: the scope, the newest candidate, the page and the total, of which the
/// last two are read side by side. A page that was handed out under a query id is kept and costs the scope alone.
/// </summary>
public sealed class CandidatesPage(Contexts contexts, CandidateHits find, CandidateTotals totals, CandidateListings listings, ReadLocalization maps)
{
    /// <summary>Finds a page; refuses an unknown scope, a sky map that the viewer does not see, and a page beyond the end.</summary>
    public async Task<CandidatePageAnswer> HandleAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        criteria = await PlacedAsync(viewer, criteria, ct);
        var (filterIds, groupIds) = await ScopeAsync(viewer, criteria, ct);
        var selected = Selected(viewer, criteria, groupIds);
        var (listing, isContinued) = await listings.OpenAsync(viewer, criteria.QueryId, criteria.IsPaged, ct);
        if (filterIds.Length == 0)
        {
            return new CandidatePageAnswer(criteria.PageNumber == 1 ? [] : throw OutOfRange(), 0, listing.Id, filterIds, groupIds, selected);
        }

        var conditions = new CandidateConditions(viewer, criteria, selected, isContinued ? listing.LastId : null, Now());
        var key = $"{viewer.SeesAll} {string.Join(',', filterIds)} {criteria.NumPerPage} {string.Join(',', criteria.Sorts)} {conditions.Key}";
        var kept = listing.Page(key, criteria.PageNumber);
        var (shown, before) = isContinued && kept is null ? listing.Shown(key, criteria.PageNumber) : ([], 0);
        var (placed, number) = kept is null && !isContinued && conditions.IsOfAPlace && criteria.Sorts.Count == 0
            ? await find.AtPlaceAsync(viewer, criteria, filterIds, conditions, ct)
            : (null, null);
        kept ??= placed;
        // The two together take as long as the longer of them.
        var reading = kept is null ? find.FindAsync(viewer, criteria, filterIds, conditions, shown, before, ct) : Task.FromResult(kept);
        var counting = (listing.Total(key) ?? number) is { } known ? Task.FromResult(known) : totals.CountAsync(listing, isContinued, filterIds, conditions, ct);
        await Task.WhenAll(reading, counting);
        var (hits, total) = (await reading, await counting);
        if (criteria.PageNumber > 1 && (criteria.PageNumber - 1L) * criteria.NumPerPage >= total)
        {
            throw OutOfRange();
        }

        listing.Keep(key, criteria.PageNumber, hits, total);
        return new CandidatePageAnswer(hits, total, listing.Id, filterIds, groupIds, selected);
    }

    /// <summary>The objects of the first page alone with the scope, without their total, which costs more than they do. Two statements or a few more.</summary>
    public async Task<(IReadOnlyList<CandidateHit> Hits, int[] FilterIds, int[] GroupIds)> HitsAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        criteria = await PlacedAsync(viewer, criteria, ct);
        var (filterIds, groupIds) = await ScopeAsync(viewer, criteria, ct);
        IReadOnlyList<CandidateHit> hits = filterIds.Length == 0
            ? []
            : await find.FindAsync(viewer, criteria, filterIds, new CandidateConditions(viewer, criteria, Selected(viewer, criteria, groupIds), null, Now()), [], 0, ct);
        return (hits, filterIds, groupIds);
    }

    /// <summary>The chosen groups of the viewer, be it without a filter; those of the filters where none are chosen.</summary>
    internal static int[] Selected(Viewer viewer, CandidateCriteria criteria, int[] filterGroupIds) => criteria.GroupIds is { } chosen
        ? [.. chosen.Where(id => viewer.SeesAll || viewer.GroupIds.Contains(id)).Distinct().Order()]
        : filterGroupIds;

    private async Task<CandidateCriteria> PlacedAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct) =>
        criteria.SkyMap is { } part ? criteria with { Place = await maps.PlaceAsync(viewer, part, ct) } : criteria;

    private DateTime Now() => contexts.Clock.GetUtcNow().UtcDateTime;

    private static Refusal OutOfRange() => Refusal.Invalid("Page number out of range.");

    /// <summary>The filters that count, as far as the viewer may read them, and their groups. One statement.</summary>
    internal async Task<(int[] FilterIds, int[] GroupIds)> ScopeAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var readable = db.Set<Filter>().AsNoTracking();
        if (criteria.GroupIds is { } groups)
        {
            readable = readable.Where(filter => groups.Contains(filter.GroupId));
        }
        else if (criteria.FilterIds is { } filters)
        {
            readable = readable.Where(filter => filters.Contains(filter.Id));
        }

        var rows = await readable.Select(filter => new { filter.Id, filter.GroupId }).ToListAsync(ct);
        return ([.. rows.Select(row => row.Id).Order()], [.. rows.Select(row => row.GroupId).Distinct().Order()]);
    }
}
