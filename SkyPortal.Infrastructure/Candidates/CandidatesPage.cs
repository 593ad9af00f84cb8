using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
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
/// Finds the objects of one page of candidates in four statements at most: the scope, the newest candidate, the page and the
/// total. A window of up to <see cref="CandidateSql.MostNarrow"/> passings is read as a whole, which gives page and total at
/// once; of a wider one the index on (filter_id, passed_at desc, obj_id) gives each filter's newest passings in order, so that a
/// page costs as much as its number of rows, not as the table. A page that was handed out under a query id is kept and costs the
/// scope alone.
/// </summary>
public sealed class CandidatesPage(Contexts contexts, CandidateTotals totals, CandidateListings listings)
{
    /// <summary>Finds a page; refuses an unknown scope and a page beyond the end.</summary>
    public async Task<CandidatePageAnswer> HandleAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        var (filterIds, groupIds) = await ScopeAsync(viewer, criteria, ct);
        var selected = Selected(viewer, criteria, groupIds);
        var (listing, isContinued) = await listings.OpenAsync(viewer, criteria.QueryId, criteria.IsPaged, ct);
        if (filterIds.Length == 0)
        {
            return new CandidatePageAnswer(criteria.PageNumber == 1 ? [] : throw OutOfRange(), 0, listing.Id, filterIds, groupIds, selected);
        }

        var conditions = new CandidateConditions(viewer, criteria, selected, isContinued ? listing.LastId : null);
        var key = $"{viewer.SeesAll} {string.Join(',', filterIds)} {criteria.NumPerPage} {string.Join(',', criteria.Sorts)} {conditions.Key}";
        var kept = listing.Page(key, criteria.PageNumber);
        var (shown, before) = isContinued && kept is null ? listing.Shown(key, criteria.PageNumber) : ([], 0);
        var (hits, total) = kept is not null && listing.Total(key) is { } known
            ? (kept, known)
            : await FindAsync(viewer, criteria, filterIds, conditions, listing, isContinued, shown, before, ct);
        total = listing.Total(key) ?? total;
        if (criteria.PageNumber > 1 && (criteria.PageNumber - 1L) * criteria.NumPerPage >= total)
        {
            throw OutOfRange();
        }

        listing.Keep(key, criteria.PageNumber, hits, total);
        return new CandidatePageAnswer(hits, total, listing.Id, filterIds, groupIds, selected);
    }

    /// <summary>The objects of the first page alone, without their total, which may cost more than they do.</summary>
    public async Task<IReadOnlyList<CandidateHit>> HitsAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        var (filterIds, groupIds) = await ScopeAsync(viewer, criteria, ct);
        if (filterIds.Length == 0)
        {
            return [];
        }

        var conditions = new CandidateConditions(viewer, criteria, Selected(viewer, criteria, groupIds), null);
        return await ReadNarrowAsync(viewer, criteria, filterIds, conditions, [], 0, ct) is { } narrow
            ? narrow.Hits
            : await ReadWideAsync(viewer, criteria, filterIds, conditions, [], 0, ct);
    }

    private async Task<(IReadOnlyList<CandidateHit> Hits, int Total)> FindAsync(
        Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, CandidateListing listing, bool isContinued,
        string[] shown, int before, CancellationToken ct)
    {
        var scope = CandidateTotals.ScopeKey(filterIds, conditions);
        if (!totals.IsWide(scope))
        {
            if (await ReadNarrowAsync(viewer, criteria, filterIds, conditions, shown, before, ct) is { } narrow)
            {
                return narrow;
            }

            totals.KeepWide(scope);
        }

        // The two together take as long as the longer of them.
        var reading = ReadWideAsync(viewer, criteria, filterIds, conditions, shown, before, ct);
        var counting = totals.CountAsync(listing, isContinued, filterIds, conditions, ct);
        await Task.WhenAll(reading, counting);
        return (await reading, await counting);
    }

    /// <summary>The chosen groups of the viewer, be it without a filter; those of the filters where none are chosen.</summary>
    internal static int[] Selected(Viewer viewer, CandidateCriteria criteria, int[] filterGroupIds) => criteria.GroupIds is { } chosen
        ? [.. chosen.Where(id => viewer.SeesAll || viewer.GroupIds.Contains(id)).Distinct().Order()]
        : filterGroupIds;

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

    // Null where the window holds too many passings. What was handed out counts for the total, but not for the page.
    private async Task<(IReadOnlyList<CandidateHit> Hits, int Total)?> ReadNarrowAsync(
        Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, string[] shown, int before, CancellationToken ct)
    {
        await using var command = Command(CandidateSql.Narrow(conditions, criteria.Sorts, shown.Length > 0), viewer, criteria, filterIds, conditions, shown, before);
        command.Parameters.Add(new NpgsqlParameter("most", NpgsqlDbType.Bigint) { Value = (long)CandidateSql.MostNarrow });
        var hits = new List<CandidateHit>();
        var total = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetInt64(0) > CandidateSql.MostNarrow)
            {
                return null;
            }

            total = (int)reader.GetInt64(1);
            if (!await reader.IsDBNullAsync(2, ct))
            {
                hits.Add(new CandidateHit(reader.GetString(2), reader.GetDateTime(3)));
            }
        }

        return (hits, total);
    }

    private async Task<IReadOnlyList<CandidateHit>> ReadWideAsync(
        Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, string[] shown, int before, CancellationToken ct)
    {
        await using var command = Command(CandidateSql.Wide(conditions, criteria.Sorts, shown.Length > 0), viewer, criteria, filterIds, conditions, shown, before);
        return await command.ReadAllAsync(reader => new CandidateHit(reader.GetString(0), reader.GetDateTime(1)), ct);
    }

    // What was handed out is left out by name, and the rest is counted from there.
    private NpgsqlCommand Command(
        string sql, Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, string[] shown, int before)
    {
        var command = contexts.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        command.Parameters.Add(new NpgsqlParameter("take", NpgsqlDbType.Bigint) { Value = (long)criteria.NumPerPage });
        command.Parameters.Add(new NpgsqlParameter("skip", NpgsqlDbType.Bigint) { Value = Math.Max(0, ((criteria.PageNumber - 1L) * criteria.NumPerPage) - before) });
        conditions.Bind(command.Parameters);
        if (shown.Length > 0)
        {
            command.Parameters.Add(new NpgsqlParameter("shown", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = shown });
        }

        if (criteria.Sorts.Count > 0)
        {
            command.Parameters.Add(new NpgsqlParameter("sort_all", NpgsqlDbType.Boolean) { Value = viewer.SeesAll });
            command.Parameters.Add(new NpgsqlParameter("sort_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = viewer.GroupIds });
            for (var i = 0; i < criteria.Sorts.Count; i++)
            {
                command.Parameters.Add(new NpgsqlParameter($"sort{i}_origin", NpgsqlDbType.Text) { Value = criteria.Sorts[i].Origin });
                command.Parameters.Add(new NpgsqlParameter($"sort{i}_key", NpgsqlDbType.Text) { Value = criteria.Sorts[i].Key });
            }
        }

        return command;
    }
}
