using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>An annotation as it appears on the wire.</summary>
public sealed record AnnotationRecord(long Id, DateTime CreatedAt, DateTime Modified, string ObjId, string Origin, JsonElement Data, int AuthorId)
{
    /// <summary>Spectrum that is annotated; null where the object itself is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SpectrumId { get; init; }

    /// <summary>Author, where the reply carries it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UserRecord? Author { get; init; }

    /// <summary>Groups with which it is shared, where the reply carries them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Groups { get; init; }

    /// <summary>Ids of these groups.</summary>
    [JsonIgnore]
    public int[] GroupIds { get; init; } = [];

    /// <summary>"source" or "spectrum", where the reply carries it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Type { get; init; }
}

/// <summary>Reads the annotations of objects in one statement, by origin.</summary>
public sealed class ReadObjAnnotations(Contexts contexts)
{
    // Index annotations (obj_id, origin).
    private static readonly string Sql = $"""
        select a.id, a.created_at, a.modified, a.obj_id, a.origin, a.data, a.author_id, a.group_ids,
               case when @with_groups then {GroupRecord.JsonList("a.group_ids")} end, {UserRecord.Columns}
        from annotations a join objs o on o.id = a.obj_id left join users u on @with_author and u.id = a.author_id
        where a.obj_id = any(@ids) and (@sees_all or a.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
        order by a.obj_id, a.origin
        """;

    /// <summary>Annotations by object, with their authors and groups where asked for.</summary>
    public async Task<ILookup<string, AnnotationRecord>> ForAsync(
        Viewer viewer, string[] objIds, bool withAuthor, CancellationToken ct, bool withGroups = false)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer)
            .With("ids", objIds).With("with_author", withAuthor).With("with_groups", withGroups);
        var rows = await command.ReadAllAsync(
            reader => new AnnotationRecord(
                reader.GetInt64(0),
                reader.GetDateTime(1),
                reader.GetDateTime(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetFieldValue<JsonElement>(5),
                reader.GetInt32(6))
            {
                GroupIds = reader.GetFieldValue<int[]>(7),
                Groups = reader.Maybe<JsonElement?>(8),
                Author = UserRecord.Read(reader, 9),
                Type = withAuthor ? "source" : null,
            },
            ct);
        return rows.ToLookup(row => row.ObjId);
    }
}
