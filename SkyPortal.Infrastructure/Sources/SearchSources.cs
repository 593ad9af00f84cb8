using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A page of sources.</summary>
/// <param name="QueryId">Names the listing, for its later pages.</param>
/// <param name="NextCursor">Where the next page begins; null at the end, and where pages are asked for by number.</param>
public sealed record SourcePage(int TotalMatches, IReadOnlyList<ObjRecord> Sources, string QueryId, string? NextCursor = null);

/// <summary>A save as it appears on the wire.</summary>
public sealed record SourceRecord(
    long Id, DateTime CreatedAt, DateTime Modified, string ObjId, int GroupId, int? SavedById, DateTime SavedAt, bool Active, bool Requested,
    int? UnsavedById, DateTime? UnsavedAt);

/// <summary>A page of saves.</summary>
public sealed record SavePage(int TotalMatches, IReadOnlyList<SourceRecord> Sources);

/// <summary>
/// Lists sources. One statement brings the order of saves up to date where nothing else is asked for; otherwise two find the page
/// and count all (one where the first page holds everything), and one checks the names of taxonomies where classes are asked for.
/// Four read the page's objects, groups, classes and annotations, and one more each of thumbnails, comments, statistics, labels and
/// the flags of what exists.
/// </summary>
public sealed class SearchSources(Contexts contexts, SourceOrder saves, SourceListings listings, ReadSourceParts parts, ReadLocalization maps)
{
    /// <summary>
    /// A page. Refuses groups that are not the viewer's, taxonomies that the viewer does not see, a cursor of another list, and a sky map that the viewer does not see.
    /// Where <paramref name="queryId"/> names the same listing, or one is to be kept, pages are cut from it as it was first found.
    /// </summary>
    public async Task<SourcePage> HandleAsync(
        Viewer viewer, SourceCriteria criteria, SourceListIncludes includes, string? queryId, CancellationToken ct, bool keeps = false)
    {
        criteria = await CheckAsync(viewer, criteria, ct);
        var sql = new SourceSql(viewer, criteria);
        var key = listings.KeyOf(sql);
        var (ids, counting, next) = await FindAsync(viewer, criteria, sql, key, queryId, keeps, ct);
        // The count runs beside the reads of the page: it is the longest part of a long list.
        var page = ids.Length == 0 ? [] : await parts.ForAsync(viewer, ids, criteria.Saves, includes, ct);
        return new SourcePage(await counting, page, key, next);
    }

    private async Task<(string[] Ids, Task<int> Total, string? Next)> FindAsync(
        Viewer viewer, SourceCriteria criteria, SourceSql sql, string key, string? queryId, bool keeps, CancellationToken ct)
    {
        if (criteria.Cursor is not null)
        {
            return await BehindAsync(viewer, criteria, sql, ct);
        }

        if (keeps || queryId == key)
        {
            var kept = queryId == key ? listings.Find(key) : null;
            if ((kept ?? (keeps ? listings.Keep(key, await AllAsync(viewer, criteria, ct)) : null)) is { } all)
            {
                var first = (int)Math.Min(all.Length, (criteria.PageNumber - 1L) * criteria.NumPerPage);
                return (all[first..Math.Min(all.Length, first + criteria.NumPerPage)], Task.FromResult(all.Length), null);
            }
        }

        if (sql.IsPlain)
        {
            var page = await saves.PageAsync(viewer, criteria, null, ct);
            return (page.ObjIds, Task.FromResult(page.Total), null);
        }

        var found = await ReadAsync(sql, null, criteria.NumPerPage, (criteria.PageNumber - 1L) * criteria.NumPerPage, ct);
        return ([.. found.Select(row => row.ObjId)], CountAsync(sql, criteria, found.Count, ct), null);
    }

    private async Task<(string[] Ids, Task<int> Total, string? Next)> BehindAsync(Viewer viewer, SourceCriteria criteria, SourceSql sql, CancellationToken ct)
    {
        var cursor = criteria.Cursor!.Length == 0 ? null : SourceCursor.Parse(criteria.Cursor, sql.Order);
        if (sql.IsPlain)
        {
            SavePlace? behind = cursor is null
                ? null
                : long.TryParse(cursor.Value, out var ticks) && long.TryParse(cursor.Tie, out var id) ? new SavePlace(ticks, id) : throw SourceCursor.Unreadable();
            var page = await saves.PageAsync(viewer, criteria with { PageNumber = 1 }, behind, ct);
            return (page.ObjIds, Task.FromResult(page.Total), page.Last is { } last
                ? new SourceCursor(sql.Order, $"{last.SavedAtTicks}", $"{last.Id}", page.Total).ToString()
                : null);
        }

        if (cursor is not null && !sql.Accepts(cursor))
        {
            throw SourceCursor.Unreadable();
        }

        var found = await ReadAsync(sql, cursor, criteria.NumPerPage + 1, 0, ct);
        var rows = found.Take(criteria.NumPerPage).ToList();
        var total = cursor?.Total ?? (found.Count <= criteria.NumPerPage ? found.Count : await CountAsync(sql, criteria, criteria.NumPerPage, ct));
        var next = found.Count > criteria.NumPerPage ? new SourceCursor(sql.Order, rows[^1].Value, rows[^1].Tie, total).ToString() : null;
        return ([.. rows.Select(row => row.ObjId)], Task.FromResult(total), next);
    }

    private async Task<string[]> AllAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        var sql = new SourceSql(viewer, criteria);
        return sql.IsPlain
            ? (await saves.PageAsync(viewer, criteria with { PageNumber = 1, NumPerPage = int.MaxValue }, null, ct)).ObjIds
            : [.. (await ReadAsync(sql, null, null, 0, ct)).Select(row => row.ObjId)];
    }

    private async Task<List<(string ObjId, string? Value, string Tie)>> ReadAsync(SourceSql sql, SourceCursor? behind, int? limit, long offset, CancellationToken ct)
    {
        var text = sql.Page(behind);
        await using var command = sql.Conditions.Bind(contexts.DataSource.CreateCommand(text)).With("offset", offset);
        command.Parameters.Add(new NpgsqlParameter("limit", NpgsqlDbType.Bigint) { Value = limit is { } most ? (long)most : DBNull.Value });
        try
        {
            return await command.ReadAllAsync(reader => (reader.GetString(0), reader.Maybe<string>(1), reader.GetString(2)), ct);
        }
        catch (PostgresException fault) when (behind is not null && fault.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            // The value in the cursor is none of the column.
            throw SourceCursor.Unreadable();
        }
    }

    private async Task<int> CountAsync(SourceSql sql, SourceCriteria criteria, int onPage, CancellationToken ct)
    {
        if (criteria.Cursor is null && criteria.PageNumber == 1 && onPage < criteria.NumPerPage)
        {
            return onPage;
        }

        return await CountAsync(sql.Conditions, sql.Count(), ct);
    }

    /// <summary>A page of bare saves, in the order in which they were made.</summary>
    public async Task<SavePage> SavesAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        criteria = await CheckAsync(viewer, criteria, ct);
        var conditions = new SourceConditions(viewer, criteria);
        var from = $"from sources s join objs o on o.id = s.obj_id where {ViewerSql.SeesObj} and {conditions.Save("s")}{conditions.Obj}";
        await using var command = conditions.Bind(contexts.DataSource.CreateCommand($"""
            select s.id, s.created_at, s.modified, s.obj_id, s.group_id, s.saved_by_id, s.saved_at, s.active, s.requested, s.unsaved_by_id, s.unsaved_at
            {from} order by s.saved_at, s.id limit @limit offset @offset
            """));
        AddPage(command, criteria);
        var rows = await command.ReadAllAsync(
            reader => new SourceRecord(
                reader.GetInt64(0),
                reader.GetDateTime(1),
                reader.GetDateTime(2),
                reader.GetString(3),
                reader.GetInt32(4),
                reader.Maybe<int?>(5),
                reader.GetDateTime(6),
                reader.GetBoolean(7),
                reader.GetBoolean(8),
                reader.Maybe<int?>(9),
                reader.Maybe<DateTime?>(10)),
            ct);
        var total = criteria.PageNumber == 1 && rows.Count < criteria.NumPerPage
            ? rows.Count
            : await CountAsync(conditions, $"select count(*) {from}", ct);
        return new SavePage(total, rows);
    }

    // The criteria with the place of their sky map.
    private async Task<SourceCriteria> CheckAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        if (criteria.GroupIds is { } wanted && !viewer.SeesAll && wanted.Except(viewer.GroupIds).Any())
        {
            throw Refusal.Invalid("Selected group(s) not all accessible to user.");
        }

        if (criteria.SkyMap is { } part)
        {
            criteria = criteria with { Place = await maps.PlaceAsync(viewer, part, ct) };
        }

        var names = criteria.Classes.Concat(criteria.NotClasses).Select(one => one.Taxonomy).Distinct().ToArray();
        if (names.Length == 0)
        {
            return criteria;
        }

        await using var command = contexts.DataSource.CreateCommand("select distinct x.name from taxonomies x where x.name = any(@names) and (@sees_all or x.group_ids && @viewer_groups)")
            .WithViewer(viewer).With("names", names);
        var known = await command.ReadAllAsync(reader => reader.GetString(0), ct);
        if (names.Except(known).FirstOrDefault() is { } unknown)
        {
            throw Refusal.Invalid($"Invalid taxonomy_name: {unknown}");
        }

        return criteria;
    }

    private static void AddPage(NpgsqlCommand command, SourceCriteria criteria) =>
        command.With("limit", criteria.NumPerPage).With("offset", (criteria.PageNumber - 1L) * criteria.NumPerPage);

    private async Task<int> CountAsync(SourceConditions conditions, string sql, CancellationToken ct)
    {
        await using var command = conditions.Bind(contexts.DataSource.CreateCommand(sql));
        return (int)(long)(await command.ExecuteScalarAsync(ct))!;
    }
}
