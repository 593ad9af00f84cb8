using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Reads objects by their names, as far as the viewer may see them, in one statement.</summary>
public sealed class ReadObjs(Contexts contexts)
{
    private const string Sql = $"select {ObjRecord.Columns} from objs o where o.id = any(@ids) and {ViewerSql.SeesObj}";

    /// <summary>The objects by name; those that are missing or hidden are absent.</summary>
    public async Task<Dictionary<string, ObjRecord>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        return (await command.ReadAllAsync(reader => ObjRecord.Read(reader), ct)).ToDictionary(obj => obj.Id);
    }
}
