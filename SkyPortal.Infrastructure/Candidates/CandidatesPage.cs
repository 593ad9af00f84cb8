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
/// total. A page that was handed out under a query id is kept and costs the scope alone. The index on
/// (filter_id, passed_at desc, obj_id) gives each filter's newest passings in order, so that a page costs as much as its
/// number of rows, not as the table.
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
        var key = $"{viewer.SeesAll} {string.Join(',', filterIds)} {criteria.NumPerPage} {criteria.Sort} {conditions.Key}";
        var kept = listing.Page(key, criteria.PageNumber);
        var (shown, before) = isContinued && kept is null ? listing.Shown(key, criteria.PageNumber) : ([], 0);
        // The two together take as long as the longer of them.
        var reading = kept is null ? ReadAsync(viewer, criteria, filterIds, conditions, shown, before, ct) : Task.FromResult(kept);
        var counting = listing.Total(key) is { } known ? Task.FromResult(known) : totals.CountAsync(listing, isContinued, filterIds, conditions, ct);
        await Task.WhenAll(reading, counting);
        var (hits, total) = (await reading, await counting);
        if (criteria.PageNumber > 1 && (criteria.PageNumber - 1L) * criteria.NumPerPage >= total)
        {
            throw OutOfRange();
        }

        listing.Keep(key, criteria.PageNumber, hits, total);
        return new CandidatePageAnswer(hits, total, listing.Id, filterIds, groupIds, selected);
    }

    /// <summary>The objects of the first page alone, without their total, which costs more than they do.</summary>
    public async Task<IReadOnlyList<CandidateHit>> HitsAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        var (filterIds, groupIds) = await ScopeAsync(viewer, criteria, ct);
        return filterIds.Length == 0
            ? []
            : await ReadAsync(viewer, criteria, filterIds, new CandidateConditions(viewer, criteria, Selected(viewer, criteria, groupIds), null), [], 0, ct);
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

    private async Task<IReadOnlyList<CandidateHit>> ReadAsync(
        Viewer viewer, CandidateCriteria criteria, int[] filterIds, CandidateConditions conditions, string[] shown, int before, CancellationToken ct)
    {
        // What was handed out is left out by name, and the rest is counted from there.
        var notShown = shown.Length == 0 ? "" : " and c.obj_id <> all(@shown)";
        var sql = criteria.Sort is null ? NewestFirst(conditions, notShown) : ByAnnotation(conditions, notShown, criteria.Sort);
        await using var command = contexts.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        command.Parameters.Add(new NpgsqlParameter("take", NpgsqlDbType.Bigint) { Value = (long)criteria.NumPerPage });
        command.Parameters.Add(new NpgsqlParameter("skip", NpgsqlDbType.Bigint) { Value = Math.Max(0, ((criteria.PageNumber - 1L) * criteria.NumPerPage) - before) });
        conditions.Bind(command.Parameters);
        if (shown.Length > 0)
        {
            command.Parameters.Add(new NpgsqlParameter("shown", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = shown });
        }

        if (criteria.Sort is { } sort)
        {
            command.Parameters.Add(new NpgsqlParameter("sort_origin", NpgsqlDbType.Text) { Value = sort.Origin });
            command.Parameters.Add(new NpgsqlParameter("sort_key", NpgsqlDbType.Text) { Value = sort.Key });
            command.Parameters.Add(new NpgsqlParameter("sort_all", NpgsqlDbType.Boolean) { Value = viewer.SeesAll });
            command.Parameters.Add(new NpgsqlParameter("sort_groups", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = viewer.GroupIds });
        }

        var hits = new List<CandidateHit>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            hits.Add(new CandidateHit(reader.GetString(0), reader.GetDateTime(1)));
        }

        return hits;
    }

    // An object on the page is, for some filter, among that filter's first skip + take objects: no more need be read of any.
    // Needs ix_candidates_filter_id_passed_at_obj_id; the anti-join uses ix_candidates_obj_id_filter_id_passed_at.
    private static string NewestFirst(CandidateConditions conditions, string notShown) => $"""
        select h.obj_id, max(h.passed_at) as newest
        from unnest(@filters) as f (filter_id)
        cross join lateral (
            select c.obj_id, c.passed_at
            from candidates c
            where c.filter_id = f.filter_id{conditions.Sql}{notShown}
              and not exists (
                select 1 from candidates n
                where n.obj_id = c.obj_id and n.filter_id = c.filter_id and n.passed_at > c.passed_at{conditions.WindowOf("n")})
            order by c.passed_at desc, c.obj_id
            limit @skip + @take) h
        group by h.obj_id
        order by newest desc, h.obj_id
        limit @take offset @skip
        """;

    // Objects with an annotation of the origin come first; without the key, or with null, last among them.
    private static string ByAnnotation(CandidateConditions conditions, string notShown, AnnotationSort sort) => $"""
        select h.obj_id, h.newest
        from (
            select c.obj_id, max(c.passed_at) as newest
            from candidates c
            where c.filter_id = any(@filters){conditions.Sql}{notShown}
            group by c.obj_id) h
        left join lateral (
            select nullif(a.data -> @sort_key, 'null') as value, true as found
            from annotations a
            where a.obj_id = h.obj_id and a.origin = @sort_origin and (@sort_all or a.group_ids && @sort_groups)
            limit 1) a on true
        order by a.found, a.value {(sort.Descending ? "desc" : "asc")} nulls last, h.newest desc, h.obj_id
        limit @take offset @skip
        """;
}
