using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Reads whose filters objects passed, among filters that were read under the viewer's rights, in one statement.</summary>
public sealed class ReadPassedGroups(Contexts contexts)
{
    // Index candidates (obj_id, filter_id, passed_at).
    private const string Sql = """
        select distinct c.obj_id, f.group_id
        from candidates c join filters f on f.id = c.filter_id
        where c.obj_id = any(@ids) and c.filter_id = any(@filters)
        """;

    /// <summary>Groups by object.</summary>
    public async Task<ILookup<string, int>> ForAsync(string[] objIds, int[] filterIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).With("ids", objIds).With("filters", filterIds);
        var rows = await command.ReadAllAsync(reader => (ObjId: reader.GetString(0), GroupId: reader.GetInt32(1)), ct);
        return rows.ToLookup(row => row.ObjId, row => row.GroupId);
    }
}
