using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>Which events are asked for. All conditions must hold.</summary>
public sealed record GcnEventCriteria
{
    /// <summary>Earliest time of an event (UTC).</summary>
    public DateTime? StartDate { get; init; }

    /// <summary>Latest time of an event (UTC).</summary>
    public DateTime? EndDate { get; init; }

    /// <summary>Groups of which one must have it, those that the viewer is not in left out; null for any.</summary>
    public int[]? GroupIds { get; init; }

    /// <summary>Start of its time as text, or a part of one of its names.</summary>
    public string? Partial { get; init; }

    /// <summary>Words of which it must have one; null for any.</summary>
    public string[]? TagsKeep { get; init; }

    /// <summary>Words of which it must have none; null for any.</summary>
    public string[]? TagsRemove { get; init; }

    /// <summary>Words of which one of its maps must have one; null for any.</summary>
    public string[]? MapTagsKeep { get; init; }

    /// <summary>Words of which none of its maps may have one; null for any.</summary>
    public string[]? MapTagsRemove { get; init; }

    /// <summary>Whether the oldest come first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>From 1.</summary>
    public int PageNumber { get; init; } = 1;

    public int NumPerPage { get; init; } = 10;
}

/// <summary>Reads events with their sky maps, as far as the viewer may see them.</summary>
public sealed class ReadGcnEvents(Contexts contexts)
{
    /// <summary>A page and how many there are in all. Three statements.</summary>
    public async Task<(IReadOnlyList<GcnEventRecord> Events, int Total)> PageAsync(Viewer viewer, GcnEventCriteria criteria, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = Matching(db, criteria);
        var total = await rows.CountAsync(ct);
        rows = criteria.OldestFirst ? rows.OrderBy(row => row.Dateobs) : rows.OrderByDescending(row => row.Dateobs);
        var page = await rows.Skip((criteria.PageNumber - 1) * criteria.NumPerPage).Take(criteria.NumPerPage).ToListAsync(ct);
        return (await WithMapsAsync(db, page, ct), total);
    }

    /// <summary>One event; null where the viewer sees none of this time.</summary>
    public async Task<GcnEventRecord?> OneAsync(Viewer viewer, DateTime dateobs, CancellationToken ct)
    {
        var time = GcnEvent.WholeSecond(dateobs);
        await using var db = contexts.For(viewer);
        return (await WithMapsAsync(db, await db.Set<GcnEvent>().AsNoTracking().Where(row => row.Dateobs == time).ToListAsync(ct), ct)).FirstOrDefault();
    }

    /// <summary>Groups with which an event is shared, by name: those that the viewer is in, for system administrators all.</summary>
    public async Task<IReadOnlyList<(int Id, string Name)>> GroupsAsync(Viewer viewer, int eventId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var groupIds = await db.Set<GcnEvent>().Where(row => row.Id == eventId).Select(row => row.GroupIds).FirstOrDefaultAsync(ct) ?? [];
        var shown = viewer.SeesAll ? groupIds : [.. groupIds.Intersect(viewer.GroupIds)];
        return [.. (await db.Set<Group>().Where(group => shown.Contains(group.Id)).OrderBy(group => group.Name).Select(group => new { group.Id, group.Name }).ToListAsync(ct)).Select(group => (group.Id, group.Name))];
    }

    /// <summary>All words on events that the viewer may see, in order.</summary>
    public async Task<string[]> TagsAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<GcnEvent>().SelectMany(row => row.Tags).Distinct().OrderBy(word => word).ToArrayAsync(ct);
    }

    /// <summary>All words on sky maps that the viewer may see, in order.</summary>
    public async Task<string[]> MapTagsAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Localization>().SelectMany(row => row.Tags).Distinct().OrderBy(word => word).ToArrayAsync(ct);
    }

    private static IQueryable<GcnEvent> Matching(SkyPortalContext db, GcnEventCriteria criteria)
    {
        var rows = db.Set<GcnEvent>().AsNoTracking();
        if (criteria.StartDate is { } start)
        {
            rows = rows.Where(row => row.Dateobs >= start);
        }

        if (criteria.EndDate is { } end)
        {
            rows = rows.Where(row => row.Dateobs <= end);
        }

        if (criteria.GroupIds is { } asked)
        {
            // Of other groups the list tells nothing, not even which events they share.
            var groups = db.Viewer.SeesAll ? asked : [.. asked.Intersect(db.Viewer.GroupIds)];
            rows = rows.Where(row => row.GroupIds.Any(id => groups.Contains(id)));
        }

        if (criteria.Partial is { } partial)
        {
            var time = Escaped(partial.Replace('T', ' ')) + "%";
            var name = $"%{Escaped(partial)}%";
            var ofTime = db.Database.SqlQuery<int>($"select id as \"Value\" from gcnevents where to_char(dateobs at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') like {time}");
            rows = rows.Where(row => ofTime.Contains(row.Id) || row.Aliases.Any(alias => EF.Functions.ILike(alias, name, "\\")));
        }

        if (criteria.TagsKeep is { } keep)
        {
            rows = rows.Where(row => row.Tags.Any(word => keep.Contains(word)));
        }

        if (criteria.TagsRemove is { } remove)
        {
            rows = rows.Where(row => !row.Tags.Any(word => remove.Contains(word)));
        }

        if (criteria.MapTagsKeep is { } mapKeep)
        {
            rows = rows.Where(row => db.Set<Localization>().Any(map => map.EventId == row.Id && map.Tags.Any(word => mapKeep.Contains(word))));
        }

        if (criteria.MapTagsRemove is { } mapRemove)
        {
            rows = rows.Where(row => !db.Set<Localization>().Any(map => map.EventId == row.Id && map.Tags.Any(word => mapRemove.Contains(word))));
        }

        return rows;
    }

    private static async Task<List<GcnEventRecord>> WithMapsAsync(SkyPortalContext db, List<GcnEvent> rows, CancellationToken ct)
    {
        var ids = rows.ConvertAll(row => row.Id);
        var maps = await db.Set<Localization>().Where(map => ids.Contains(map.EventId)).OrderByDescending(map => map.CreatedAt).ThenByDescending(map => map.Id)
            .Select(map => new { map.Id, map.CreatedAt, map.Modified, map.SentById, map.EventId, map.Name, map.Tags, map.AreaNinetySquareDegrees, map.CenterRa, map.CenterDec, map.Properties })
            .ToListAsync(ct);
        return rows.ConvertAll(row => new GcnEventRecord
        {
            Id = row.Id,
            CreatedAt = row.CreatedAt,
            Modified = row.Modified,
            SentById = row.SentById,
            Dateobs = row.Dateobs,
            TriggerId = row.TriggerId,
            Aliases = row.Aliases,
            Tags = row.Tags,
            Localizations =
            [
                .. maps.Where(map => map.EventId == row.Id).Select(map => new LocalizationRecord
                {
                    Id = map.Id,
                    CreatedAt = map.CreatedAt,
                    Modified = map.Modified,
                    SentById = map.SentById,
                    EventId = map.EventId,
                    Dateobs = row.Dateobs,
                    LocalizationName = map.Name,
                    AreaNinetySquareDegrees = map.AreaNinetySquareDegrees,
                    CenterRa = map.CenterRa,
                    CenterDec = map.CenterDec,
                    Known = map.Properties,
                    Tags = [.. map.Tags.Select(word => new LocalizationTagRecord(map.Id, word, map.SentById, map.CreatedAt, map.Modified))],
                }),
            ],
        });
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
