using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Reads the comments of objects outside of conversations in one statement, newest first.</summary>
public sealed class ReadObjComments(Contexts contexts)
{
    // Index comments (obj_id).
    private static readonly string Sql = $"""
        select {CommentedKind.Sources.Sql.Columns}, {CommentRecord.Columns}
        from {CommentedKind.Sources.Sql.From} join users u on u.id = m.author_id
        where m.obj_id = any(@ids) and m.channel is null and {CommentedKind.Sources.Sql.Sees}
        order by m.obj_id, m.created_at desc, m.id desc
        """;

    /// <summary>Comments by object.</summary>
    public async Task<ILookup<string, CommentRecord>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        return (await command.ReadAllAsync(reader => CommentRecord.Read(reader).Whole(), ct)).ToLookup(row => row.ObjId);
    }
}
