using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Who wrote something, as comments show it.</summary>
public sealed record AuthorRecord(string Username, string? FirstName, string? LastName, string GravatarUrl, bool IsBot);

/// <summary>A comment as it appears on the wire.</summary>
public sealed record CommentRecord
{
    public required long Id { get; init; }
    public required string ObjId { get; init; }
    public required string Text { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required int AuthorId { get; init; }
    public string? AttachmentName { get; init; }
    public string? Origin { get; init; }
    public bool Bot { get; init; }
    public bool System { get; init; }
    public string? Channel { get; init; }

    /// <summary>Author; absent where one comment is asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AuthorRecord? Author { get; init; }

    /// <summary>Kind of thing that is commented.</summary>
    [JsonPropertyName("resourceType")]
    public string ResourceType => "sources";

    /// <summary>Content address of the attachment; never on the wire.</summary>
    [JsonIgnore]
    public string? AttachmentHash { get; init; }
}

/// <summary>Reads comments on sources, as far as the viewer may see them, in one statement.</summary>
public sealed class ReadComments(Contexts contexts)
{
    // Index comments (obj_id); the rule of visibility is that of the comment's policy.
    private const string Sql = $"""
        select m.id, m.obj_id, m.text, m.created_at, m.modified, m.author_id, m.attachment_name, m.origin, m.bot, m.system, m.channel,
               m.attachment_hash, u.username, u.first_name, u.last_name, u.is_bot, u.contact_email
        from comments m join objs o on o.id = m.obj_id join users u on u.id = m.author_id
        where (@sees_all or m.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
        """;

    /// <summary>Comments of an object in order of time, of one channel or of none.</summary>
    public async Task<List<CommentRecord>> OfObjectAsync(Viewer viewer, string objId, string? channel, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(
            Sql + " and m.obj_id = @obj and m.channel is not distinct from nullif(@channel, '') order by m.created_at, m.id limit 5000").WithViewer(viewer)
            .With("obj", objId).With("channel", channel ?? "");
        return await command.ReadAllAsync(reader => Read(reader, true), ct);
    }

    /// <summary>Comments with a text in them, newest first, of one object or of all.</summary>
    public async Task<List<CommentRecord>> SearchAsync(Viewer viewer, string text, string? objId, int page, int perPage, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(
            Sql + " and strpos(lower(m.text), lower(@text)) > 0 and (@obj = '' or m.obj_id = @obj) order by m.created_at desc, m.id desc limit @take offset @skip")
            .WithViewer(viewer).With("text", text).With("obj", objId ?? "").With("take", (long)perPage).With("skip", (page - 1L) * perPage);
        return await command.ReadAllAsync(reader => Read(reader, true), ct);
    }

    /// <summary>One comment without its author, or null.</summary>
    public async Task<CommentRecord?> OneAsync(Viewer viewer, string objId, long id, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql + " and m.id = @id and m.obj_id = @obj").WithViewer(viewer).With("id", id).With("obj", objId);
        return (await command.ReadAllAsync(reader => Read(reader, false), ct)).SingleOrDefault();
    }

    /// <summary>Names of the channels of an object, sorted.</summary>
    public async Task<List<string>> ChannelsAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand($"""
            select distinct m.channel from comments m join objs o on o.id = m.obj_id
            where m.obj_id = @obj and m.channel is not null and (@sees_all or m.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
            order by 1
            """).WithViewer(viewer).With("obj", objId);
        return await command.ReadAllAsync(reader => reader.GetString(0), ct);
    }

    private static CommentRecord Read(Npgsql.NpgsqlDataReader reader, bool withAuthor) => new()
    {
        Id = reader.GetInt64(0),
        ObjId = reader.GetString(1),
        Text = reader.GetString(2),
        CreatedAt = reader.GetDateTime(3),
        Modified = reader.GetDateTime(4),
        AuthorId = reader.GetInt32(5),
        AttachmentName = reader.Maybe<string>(6),
        Origin = reader.Maybe<string>(7),
        Bot = reader.GetBoolean(8),
        System = reader.GetBoolean(9),
        Channel = reader.Maybe<string>(10),
        AttachmentHash = reader.Maybe<string>(11),
        Author = withAuthor
            ? new AuthorRecord(
                reader.GetString(12), reader.Maybe<string>(13), reader.Maybe<string>(14),
                UserRecord.Gravatar(reader.Maybe<string>(16) ?? reader.GetString(12)), reader.GetBoolean(15))
            : null,
    };
}
