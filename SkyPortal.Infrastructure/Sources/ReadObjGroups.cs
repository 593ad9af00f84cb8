using System.Diagnostics.CodeAnalysis;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Which saves are meant.</summary>
public enum SaveKind
{
    /// <summary>Saved and not unsaved.</summary>
    Active,

    /// <summary>Saved, or offered to the group.</summary>
    ActiveOrRequested,

    /// <summary>Offered to the group and not yet accepted.</summary>
    Requested,
}

/// <summary>SQL of the kinds of save.</summary>
public static class SaveKindSql
{
    /// <summary>The condition on a save under an alias.</summary>
    public static string Condition(this SaveKind kind, string alias) => kind switch
    {
        SaveKind.Active => $"{alias}.active",
        SaveKind.Requested => $"{alias}.requested",
        _ => $"({alias}.active or {alias}.requested)",
    };
}

/// <summary>A group with how an object was saved to it, as it appears on the wire.</summary>
public sealed record SavedGroupRecord : GroupRecord
{
    [SetsRequiredMembers]
    internal SavedGroupRecord(GroupRecord group)
        : base(group)
    {
    }

    public bool Active { get; init; }
    public bool Requested { get; init; }
    public DateTime SavedAt { get; init; }
    public UserRecord? SavedBy { get; init; }
}

/// <summary>Reads the viewer's groups to which objects were saved, in one statement, earliest save first.</summary>
public sealed class ReadObjGroups(Contexts contexts)
{
    // Index sources (obj_id, group_id).
    private static string Sql(SaveKind kind) => $"""
        select s.obj_id, s.active, s.requested, s.saved_at, {GroupRecord.Columns}, {UserRecord.Columns}
        from sources s join groups g on g.id = s.group_id left join users u on u.id = s.saved_by_id
        where s.obj_id = any(@ids) and (@sees_all or s.group_id = any(@viewer_groups)) and {kind.Condition("s")}
        order by s.obj_id, s.saved_at, s.id
        """;

    /// <summary>Groups by object.</summary>
    public async Task<ILookup<string, SavedGroupRecord>> ForAsync(Viewer viewer, string[] objIds, SaveKind kind, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql(kind)).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader => (ObjId: reader.GetString(0), Group: new SavedGroupRecord(GroupRecord.Read(reader, 4))
            {
                Active = reader.GetBoolean(1),
                Requested = reader.GetBoolean(2),
                SavedAt = reader.GetDateTime(3),
                SavedBy = UserRecord.Read(reader, 4 + GroupRecord.Width),
            }),
            ct);
        return rows.ToLookup(row => row.ObjId, row => row.Group);
    }
}
