using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A comment on an object as it appears on the wire, without the bytes of its attachment.</summary>
public sealed record CommentRecord
{
    public required long Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required string ObjId { get; init; }
    public required string Text { get; init; }
    public required int AuthorId { get; init; }
    public string? AttachmentName { get; init; }
    public string? Origin { get; init; }
    public bool Bot { get; init; }
    public bool System { get; init; }
    public string? Channel { get; init; }

    /// <summary>Groups that may read it and that the viewer may know of.</summary>
    public required JsonElement Groups { get; init; }

    public UserRecord? Author { get; init; }
}

/// <summary>Reads the comments of objects outside of channels in one statement, newest first.</summary>
public sealed class ReadObjComments(Contexts contexts)
{
    // Index comments (obj_id).
    private static readonly string Sql = $"""
        select c.id, c.created_at, c.modified, c.obj_id, c.text, c.author_id, c.attachment_name, c.origin, c.bot, c.system, c.channel,
               {GroupRecord.JsonList("c.group_ids")}, {UserRecord.Columns}
        from comments c join objs o on o.id = c.obj_id join users u on u.id = c.author_id
        where c.obj_id = any(@ids) and c.channel is null and (@sees_all or c.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
        order by c.obj_id, c.created_at desc, c.id desc
        """;

    /// <summary>Comments by object.</summary>
    public async Task<ILookup<string, CommentRecord>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader => new CommentRecord
            {
                Id = reader.GetInt64(0),
                CreatedAt = reader.GetDateTime(1),
                Modified = reader.GetDateTime(2),
                ObjId = reader.GetString(3),
                Text = reader.GetString(4),
                AuthorId = reader.GetInt32(5),
                AttachmentName = reader.Maybe<string>(6),
                Origin = reader.Maybe<string>(7),
                Bot = reader.GetBoolean(8),
                System = reader.GetBoolean(9),
                Channel = reader.Maybe<string>(10),
                Groups = reader.GetFieldValue<JsonElement>(11),
                Author = UserRecord.Read(reader, 12)?.WithGravatar(),
            },
            ct);
        return rows.ToLookup(row => row.ObjId);
    }
}
