using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A label as it appears on the wire.</summary>
public sealed record SourceLabelRecord(long Id, DateTime CreatedAt, DateTime Modified, string ObjId, int GroupId, int LabellerId);

/// <summary>A label with who made it.</summary>
public sealed record LabelOfUser(SourceLabelRecord Label, UserRecord Labeller);

/// <summary>Reads the labels that the viewer's groups put on objects, in one statement, oldest first.</summary>
public sealed class ReadObjLabels(Contexts contexts)
{
    // Index source_labels (obj_id, group_id, labeller_id).
    private const string Sql = $"""
        select l.id, l.created_at, l.modified, l.obj_id, l.group_id, l.labeller_id, {UserRecord.Columns}
        from source_labels l join users u on u.id = l.labeller_id
        where l.obj_id = any(@ids) and (@sees_all or l.group_id = any(@viewer_groups))
        order by l.obj_id, l.id
        """;

    /// <summary>Labels by object.</summary>
    public async Task<ILookup<string, LabelOfUser>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader => new LabelOfUser(
                new SourceLabelRecord(
                    reader.GetInt64(0), reader.GetDateTime(1), reader.GetDateTime(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt32(5)),
                UserRecord.Read(reader, 6)!),
            ct);
        return rows.ToLookup(row => row.Label.ObjId);
    }
}
