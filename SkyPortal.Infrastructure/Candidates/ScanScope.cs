using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A filter that a viewer may scan, with its group.</summary>
public sealed record ScannableFilter(int Id, string Name, int GroupId, string GroupName);

/// <summary>What a viewer may choose from on the scanning page.</summary>
/// <param name="Filters">By group and name.</param>
/// <param name="AnnotationKeys">Keys of recent annotations of these filters, by origin, to sort by.</param>
public sealed record ScanScope(IReadOnlyList<ScannableFilter> Filters, IReadOnlyList<(string Origin, string Key)> AnnotationKeys)
{
    /// <summary>Where there is no filter: the viewer's groups, by name, for which the viewer may make one.</summary>
    public IReadOnlyList<(int Id, string Name)> GroupsForFilters { get; init; } = [];

    /// <summary>Every group to which the viewer may save, by name; those with a filter come first.</summary>
    public IReadOnlyList<(int Id, string Name)> SaveGroups { get; init; } = [];
}

/// <summary>Reads the filters that a viewer may scan and the keys that their annotations carry, and the groups to which the viewer may save. Three statements.</summary>
public sealed class ReadScanScope(Contexts contexts)
{
    // A filter writes the same keys each time: a few rows of each origin tell them all, however rare it is. Index annotations (origin, id).
    private const string KeysSql = $"""
        select distinct recent.origin, key
        from unnest(@origins) wanted (origin)
        cross join lateral (
            select a.origin, a.data from annotations a join objs o on o.id = a.obj_id
            where a.origin = wanted.origin and (@sees_all or a.group_ids && @viewer_groups) and {ViewerSql.SeesObj} and jsonb_typeof(a.data) = 'object'
            order by a.id desc limit 20) recent, jsonb_object_keys(recent.data) key
        order by 1, 2
        """;

    /// <summary>Reads them.</summary>
    public async Task<ScanScope> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filters = await (
            from filter in db.Set<Filter>().AsNoTracking()
            join @group in db.Set<Group>().AsNoTracking() on filter.GroupId equals @group.Id
            orderby @group.Name, filter.Name, filter.Id
            select new ScannableFilter(filter.Id, filter.Name, @group.Id, @group.Name)).ToListAsync(ct);
        if (filters.Count == 0)
        {
            var groups = !viewer.Has(Acl.UploadData) ? [] : await db.Set<Group>().AsNoTracking()
                .Where(group => viewer.GroupIds.Contains(group.Id) && !group.SingleUserGroup
                    && db.Set<GroupStream>().Any(use => use.GroupId == group.Id && (viewer.SeesAll || viewer.StreamIds.Contains(use.StreamId))))
                .OrderBy(group => group.Name)
                .Select(group => new { group.Id, group.Name })
                .ToListAsync(ct);
            return new ScanScope(filters, []) { GroupsForFilters = [.. groups.Select(group => (group.Id, group.Name))] };
        }

        await using var command = contexts.DataSource.CreateCommand(KeysSql).WithViewer(viewer)
            .With("origins", filters.Select(filter => $"{filter.GroupName}:{filter.Name}").Distinct().ToArray());
        var scanned = filters.Select(filter => filter.GroupId).ToHashSet();
        var saveTo = await db.Set<Group>().AsNoTracking()
            .Where(group => !group.Sitewide && (viewer.SaveGroupIds.Contains(group.Id) || (viewer.SeesAll && scanned.Contains(group.Id))))
            .OrderBy(group => group.Name).Select(group => new { group.Id, group.Name }).ToListAsync(ct);
        return new ScanScope(filters, await command.ReadAllAsync(reader => (reader.GetString(0), reader.GetString(1)), ct))
        {
            SaveGroups = [.. saveTo.OrderBy(group => scanned.Contains(group.Id) ? 0 : 1).Select(group => (group.Id, group.Name))],
        };
    }
}
