using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Who wrote something, as lists of comments show it.</summary>
public sealed record AuthorRecord(string Username, string? FirstName, string? LastName, string GravatarUrl, bool IsBot);

/// <summary>A comment as it appears on the wire, without the bytes of its attachment.</summary>
public sealed record CommentRecord
{
    /// <summary>Columns of <see cref="Read"/> after those of the kind, for the comment <c>m</c> and its author <c>u</c>.</summary>
    internal static readonly string Columns = $"""
        m.id, m.text, m.created_at, m.modified, m.author_id, m.attachment_name, m.origin, m.bot, m.attachment_hash,
               {GroupRecord.JsonList("m.group_ids")}, {UserRecord.Columns}
        """;

    public required long Id { get; init; }
    public required string ObjId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpectrumId { get; init; }

    public required string Text { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required int AuthorId { get; init; }
    public string? AttachmentName { get; init; }
    public string? Origin { get; init; }
    public bool Bot { get; init; }

    /// <summary>Written by the platform itself; only on sources.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? System { get; init; }

    /// <summary>Conversation that it belongs to; null for the main one.</summary>
    [JsonIgnore]
    public string? Channel { get; init; }

    /// <summary>The conversation, null included, where the kind has conversations.</summary>
    [JsonPropertyName("channel")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? ChannelField => SpectrumId is null ? JsonSerializer.SerializeToElement(Channel) : null;

    /// <summary>Groups that may read it and that the viewer may know of, where the reply carries them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Groups { get; init; }

    /// <summary>Author as the reply carries it: whole, short or not at all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Author { get; init; }

    /// <summary>Kind of thing that is commented, where the reply says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("resourceType")]
    public string? ResourceType { get; init; }

    /// <summary>Author; never on the wire.</summary>
    [JsonIgnore]
    public UserRecord Writer { get; init; } = default!;

    /// <summary>Groups that may read it; never on the wire.</summary>
    [JsonIgnore]
    public JsonElement Readers { get; init; }

    /// <summary>Content address of the attachment; never on the wire.</summary>
    [JsonIgnore]
    public string? AttachmentHash { get; init; }

    /// <summary>The comment as replies about one source or spectrum carry it.</summary>
    public CommentRecord Whole() => this with { Author = Writer.WithGravatar(), Groups = Readers };

    /// <summary>The comment as lists of comments carry it.</summary>
    public CommentRecord InList(CommentedKind kind) => this with
    {
        Author = new AuthorRecord(Writer.Username, Writer.FirstName, Writer.LastName, UserRecord.Gravatar(Writer.ContactEmail ?? Writer.Username), Writer.IsBot),
        ResourceType = kind.Path,
    };

    internal static CommentRecord Read(NpgsqlDataReader reader) => new()
    {
        ObjId = reader.GetString(0),
        SpectrumId = reader.Maybe<long?>(1),
        System = reader.Maybe<bool?>(2),
        Channel = reader.Maybe<string>(3),
        Id = reader.GetInt64(4),
        Text = reader.GetString(5),
        CreatedAt = reader.GetDateTime(6),
        Modified = reader.GetDateTime(7),
        AuthorId = reader.GetInt32(8),
        AttachmentName = reader.Maybe<string>(9),
        Origin = reader.Maybe<string>(10),
        Bot = reader.GetBoolean(11),
        AttachmentHash = reader.Maybe<string>(12),
        Readers = reader.GetFieldValue<JsonElement>(13),
        Writer = UserRecord.Read(reader, 14)!,
    };
}

/// <summary>Reads comments, as far as the viewer may see them, in one statement.</summary>
public sealed class ReadComments(Contexts contexts)
{
    /// <summary>Comments on a thing in order of time, of one conversation or of the main one.</summary>
    public Task<List<CommentRecord>> OfAsync(Viewer viewer, CommentedKind kind, string key, string? channel, CancellationToken ct)
    {
        kind.Check(key);
        var thread = kind == CommentedKind.Sources ? "and m.channel is not distinct from nullif(@channel, '')" : "and @channel = ''";
        return ReadAsync(
            viewer, kind, $"and {kind.KeyTest} {thread} order by m.created_at, m.id limit 5000", command => command.With("key", key).With("channel", channel ?? ""), ct);
    }

    /// <summary>All comments on an object in order of time: of every conversation, and on its spectra. Two statements.</summary>
    public async Task<List<CommentRecord>> AboutAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        var onSource = ReadAsync(viewer, CommentedKind.Sources, "and m.obj_id = @key order by m.created_at desc, m.id desc limit 5000", command => command.With("key", objId), ct);
        var onSpectra = ReadAsync(viewer, CommentedKind.Spectra, "and s.obj_id = @key order by m.created_at desc, m.id desc limit 5000", command => command.With("key", objId), ct);
        return [.. (await onSource).Concat(await onSpectra).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id)];
    }

    /// <summary>Comments on spectra, newest first, by spectrum.</summary>
    public async Task<ILookup<long, CommentRecord>> OfSpectraAsync(Viewer viewer, long[] spectrumIds, CancellationToken ct) =>
        (await ReadAsync(
            viewer, CommentedKind.Spectra, "and m.spectrum_id = any(@keys) order by m.created_at desc, m.id desc", command => command.With("keys", spectrumIds), ct)).ToLookup(row => row.SpectrumId!.Value);

    /// <summary>Comments with a text in them, newest first, on one thing or on all.</summary>
    public Task<List<CommentRecord>> SearchAsync(Viewer viewer, CommentedKind kind, string text, string? key, int page, int perPage, CancellationToken ct)
    {
        if (key is not null)
        {
            kind.Check(key);
        }

        return ReadAsync(
            viewer,
            kind,
            $"and strpos(lower(m.text), lower(@text)) > 0 {(key is null ? "" : "and " + kind.KeyTest)} order by m.created_at desc, m.id desc limit @take offset @skip",
            command => command.With("text", text).With("key", key ?? "").With("take", (long)perPage).With("skip", (page - 1L) * perPage),
            ct);
    }

    /// <summary>One comment.</summary>
    /// <exception cref="Refusal">It is missing or hidden, or on another thing.</exception>
    public async Task<CommentRecord> OneAsync(Viewer viewer, CommentedKind kind, string key, long id, CancellationToken ct)
    {
        kind.Check(key);
        var found = (await ReadAsync(viewer, kind, "and m.id = @id", command => command.With("id", id), ct)).SingleOrDefault() ?? throw NotThere();
        var on = found.SpectrumId?.ToString(global::System.Globalization.CultureInfo.InvariantCulture) ?? found.ObjId;
        return on == key ? found : throw Elsewhere(key);
    }

    /// <summary>Names of the conversations about an object, sorted.</summary>
    public async Task<List<string>> ChannelsAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand($"""
            select distinct m.channel from comments m join objs o on o.id = m.obj_id
            where m.obj_id = @obj and m.channel is not null and (@sees_all or m.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
            order by 1
            """).WithViewer(viewer).With("obj", objId);
        return await command.ReadAllAsync(reader => reader.GetString(0), ct);
    }

    internal static Refusal NotThere() => Refusal.Forbidden("Could not find any accessible comments.");

    internal static Refusal Elsewhere(string key) => Refusal.Invalid($"Comment resource ID does not match resource ID given in path ({key})");

    private async Task<List<CommentRecord>> ReadAsync(Viewer viewer, CommentedKind kind, string rest, Action<NpgsqlCommand> bind, CancellationToken ct)
    {
        var (columns, from, sees) = kind.Sql;
        await using var command = contexts.DataSource.CreateCommand(
            $"select {columns}, {CommentRecord.Columns} from {from} join users u on u.id = m.author_id where {sees} {rest}").WithViewer(viewer);
        bind(command);
        return await command.ReadAllAsync(CommentRecord.Read, ct);
    }
}
