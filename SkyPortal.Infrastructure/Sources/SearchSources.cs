using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A page of sources.</summary>
/// <param name="QueryId">Names the listing, for its later pages.</param>
public sealed record SourcePage(int TotalMatches, IReadOnlyList<ObjRecord> Sources, string QueryId);

/// <summary>A save as it appears on the wire.</summary>
public sealed record SourceRecord(
    long Id, DateTime CreatedAt, DateTime Modified, string ObjId, int GroupId, int? SavedById, DateTime SavedAt, bool Active, bool Requested,
    int? UnsavedById, DateTime? UnsavedAt);

/// <summary>A page of saves.</summary>
public sealed record SavePage(int TotalMatches, IReadOnlyList<SourceRecord> Sources);

/// <summary>
/// Lists sources. Two statements find the page and count all (one where the first page holds everything), one checks the names
/// of taxonomies where classes are asked for; four read the page's objects, groups, classes and annotations, and one more each
/// of thumbnails, comments, statistics, labels and the flags of what exists.
/// </summary>
public sealed class SearchSources(
    Contexts contexts,
    ReadObjs objs,
    ReadObjGroups groups,
    ReadObjAnnotations annotations,
    ReadObjClassifications classifications,
    ReadObjThumbnails thumbnails,
    ReadObjComments comments,
    ReadObjLabels labels,
    ReadObjFlags flags,
    ReadPhotStats stats)
{
    private const int MostTotals = 2_000;
    private static readonly TimeSpan TotalLife = TimeSpan.FromMinutes(360);
    private readonly ConcurrentDictionary<string, (int Total, DateTimeOffset At)> _totals = new();

    /// <summary>
    /// A page. Refuses groups that are not the viewer's and taxonomies that the viewer does not see. Where <paramref name="queryId"/>
    /// names the same listing, its first count is kept.
    /// </summary>
    public async Task<SourcePage> HandleAsync(Viewer viewer, SourceCriteria criteria, SourceListIncludes includes, string? queryId, CancellationToken ct)
    {
        await CheckAsync(viewer, criteria, ct);
        var conditions = new SourceConditions(viewer, criteria);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(conditions.Key)));
        var ids = await PageAsync(viewer, criteria, ct);
        // The count runs beside the reads of the page: it is the longest part of a long list.
        var counting = TotalAsync(conditions, criteria, key, queryId, ids.Length, ct);
        var page = ids.Length == 0 ? [] : await FillAsync(viewer, ids, criteria, includes, ct);
        return new SourcePage(await counting, page, key);
    }

    /// <summary>A page of bare saves, in the order in which they were made.</summary>
    public async Task<SavePage> SavesAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        await CheckAsync(viewer, criteria, ct);
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

    private async Task CheckAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        if (criteria.GroupIds is { } wanted && !viewer.SeesAll && wanted.Except(viewer.GroupIds).Any())
        {
            throw Refusal.Invalid("Selected group(s) not all accessible to user.");
        }

        var names = criteria.Classes.Concat(criteria.NotClasses).Select(one => one.Taxonomy).Distinct().ToArray();
        if (names.Length == 0)
        {
            return;
        }

        await using var command = contexts.DataSource.CreateCommand("select distinct x.name from taxonomies x where x.name = any(@names) and (@sees_all or x.group_ids && @viewer_groups)")
            .WithViewer(viewer).With("names", names);
        var known = await command.ReadAllAsync(reader => reader.GetString(0), ct);
        if (names.Except(known).FirstOrDefault() is { } unknown)
        {
            throw Refusal.Invalid($"Invalid taxonomy_name: {unknown}");
        }
    }

    private async Task<string[]> PageAsync(Viewer viewer, SourceCriteria criteria, CancellationToken ct)
    {
        var conditions = new SourceConditions(viewer, criteria);
        var sql = criteria.Sort == SourceSort.SavedAt && !conditions.IsSelective
            ? NewestSql(conditions, criteria)
            : SortedSql(conditions, criteria);
        await using var command = conditions.Bind(contexts.DataSource.CreateCommand(sql));
        AddPage(command, criteria);
        return [.. await command.ReadAllAsync(reader => reader.GetString(0), ct)];
    }

    // Walks the index sources (saved_at), or (group_id, saved_at) for one group, and takes each object at its newest save.
    private static string NewestSql(SourceConditions conditions, SourceCriteria criteria)
    {
        var direction = criteria.Ascending ? "asc" : "desc";
        var newest = criteria.GroupIds is [_]
            ? ""
            : $"and not exists (select 1 from sources n where n.obj_id = s.obj_id and {conditions.Save("n")} and (n.saved_at, n.id) > (s.saved_at, s.id))";
        return $"""
            select s.obj_id from sources s join objs o on o.id = s.obj_id
            where {conditions.Save("s")} {newest} and {ViewerSql.SeesObj}{conditions.Obj}
            order by s.saved_at {direction}, s.id {direction} limit @limit offset @offset
            """;
    }

    private static string SortedSql(SourceConditions conditions, SourceCriteria criteria)
    {
        var direction = criteria.Ascending ? "asc" : "desc";
        var by = criteria.Sort switch
        {
            SourceSort.SavedAt => $"(select max(s.saved_at) from sources s where s.obj_id = o.id and {conditions.Save("s")})",
            SourceSort.Id => "o.id",
            SourceSort.Alias => "o.alias",
            SourceSort.Origin => "o.origin",
            SourceSort.Ra => "o.ra",
            SourceSort.Dec => "o.dec",
            SourceSort.Redshift => "o.redshift",
            SourceSort.Favorites => "exists (select 1 from listings w where w.obj_id = o.id and w.user_id = @viewer_user and w.list_name = 'favorites')",
            SourceSort.Annotation => $"""
                (select a.data -> {conditions.Parameter(NpgsqlDbType.Text, criteria.SortPath[1])} from annotations a
                 where a.obj_id = o.id and a.origin = {conditions.Parameter(NpgsqlDbType.Text, criteria.SortPath[0])} and (@sees_all or a.group_ids && @viewer_groups))
                """,
            _ => $"o.altdata #> {conditions.Parameter(NpgsqlDbType.Array | NpgsqlDbType.Text, criteria.SortPath)}",
        };
        return $"""
            select o.id from objs o
            where {ViewerSql.SeesObj} and exists (select 1 from sources s where s.obj_id = o.id and {conditions.Save("s")}){conditions.Obj}
            order by {by} {direction} nulls last, o.id limit @limit offset @offset
            """;
    }

    private static void AddPage(NpgsqlCommand command, SourceCriteria criteria) =>
        command.With("limit", criteria.NumPerPage).With("offset", (criteria.PageNumber - 1L) * criteria.NumPerPage);

    private async Task<int> TotalAsync(SourceConditions conditions, SourceCriteria criteria, string key, string? queryId, int onPage, CancellationToken ct)
    {
        if (criteria.PageNumber == 1 && onPage < criteria.NumPerPage)
        {
            return onPage;
        }

        var now = contexts.Clock.GetUtcNow();
        if (queryId == key && _totals.TryGetValue(key, out var kept) && now - kept.At < TotalLife)
        {
            return kept.Total;
        }

        // An object saved once in the scope is one row of it; otherwise grouping hashes the names, count(distinct) would sort them.
        var sql = conditions.Obj.Length > 0
            ? $"select count(*) from objs o where {ViewerSql.SeesObj} and exists (select 1 from sources s where s.obj_id = o.id and {conditions.Save("s")}){conditions.Obj}"
            : criteria.GroupIds is [_]
                ? $"select count(*) from sources s where {conditions.Save("s")}"
                : $"select count(*) from (select 1 from sources s where {conditions.Save("s")} group by s.obj_id) h";
        var total = await CountAsync(conditions, sql, ct);
        foreach (var (old, entry) in _totals)
        {
            if (now - entry.At >= TotalLife)
            {
                _totals.TryRemove(old, out _);
            }
        }

        if (_totals.Count >= MostTotals)
        {
            _totals.Clear();
        }

        _totals[key] = (total, now);
        return total;
    }

    private async Task<int> CountAsync(SourceConditions conditions, string sql, CancellationToken ct)
    {
        await using var command = conditions.Bind(contexts.DataSource.CreateCommand(sql));
        return (int)(long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<IReadOnlyList<ObjRecord>> FillAsync(Viewer viewer, string[] ids, SourceCriteria criteria, SourceListIncludes includes, CancellationToken ct)
    {
        var found = await objs.ForAsync(viewer, ids, ct);
        var page = ids.Where(found.ContainsKey).Select(id => found[id].WithInternalKey().WithDerived().With("tags", Array.Empty<object>())).ToList();
        if (includes.Nested)
        {
            await NestAsync(viewer, ids, page, criteria, includes, ct);
        }

        if (includes.Comments && await comments.ForAsync(viewer, ids, ct) is { Count: > 0 } remarks)
        {
            page.ForEach(obj => obj.With("comments", remarks[obj.Id].ToList()));
        }

        if (includes.DetectionStats)
        {
            var known = await stats.ForAsync(viewer, ids, ct);
            page.ForEach(obj => obj.With("photstats", known.TryGetValue(obj.Id, out var stat) ? new[] { stat } : []));
        }

        if (includes.Labellers)
        {
            var labelled = await labels.ForAsync(viewer, ids, ct);
            page.ForEach(obj => obj.With("labellers", labelled[obj.Id].Select(row => row.Label).ToList()));
        }

        if (includes.AnyFlag)
        {
            var has = await flags.ForAsync(viewer, ids, ct);
            page.ForEach(obj => AddFlags(obj, includes, has[obj.Id]));
        }

        if (includes.ColorMagnitude)
        {
            page.ForEach(obj => obj.With("color_magnitude", Array.Empty<object>()));
        }

        return page;
    }

    private async Task NestAsync(Viewer viewer, string[] ids, List<ObjRecord> page, SourceCriteria criteria, SourceListIncludes includes, CancellationToken ct)
    {
        var saved = await groups.ForAsync(viewer, ids, criteria.Saves == SaveKind.Active ? SaveKind.Active : SaveKind.ActiveOrRequested, ct);
        var classes = await classifications.ForAsync(viewer, ids, withDetails: false, ct);
        var notes = await annotations.ForAsync(viewer, ids, withAuthor: false, ct);
        page.ForEach(obj => obj
            .With("groups", saved[obj.Id].ToList())
            .With("classifications", classes[obj.Id].ToList())
            .With("annotations", notes[obj.Id].ToList()));
        if (includes.Thumbnails)
        {
            var pictures = await thumbnails.ForAsync(viewer, ids, ct);
            page.ForEach(obj => obj.With("thumbnails", pictures[obj.Id].ToList()));
        }
    }

    private static void AddFlags(ObjRecord obj, SourceListIncludes includes, ObjFlags has)
    {
        if (includes.PhotometryExists)
        {
            obj.With("photometry_exists", has.PhotometryExists);
        }

        if (includes.CommentExists)
        {
            obj.With("comment_exists", has.CommentExists);
        }

        if (includes.PeriodExists)
        {
            obj.With("period", has.PeriodExists);
        }

        if (includes.SpectrumExists)
        {
            obj.With("spectrum_exists", has.SpectrumExists);
        }
    }
}
