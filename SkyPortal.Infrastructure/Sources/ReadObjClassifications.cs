using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A classification as it appears on the wire.</summary>
public sealed record ClassificationRecord
{
    public required long Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required string ObjId { get; init; }
    public required string Classification { get; init; }
    public required int TaxonomyId { get; init; }
    public double? Probability { get; init; }
    public string? Origin { get; init; }
    public bool Ml { get; init; }
    public required int AuthorId { get; init; }
    public required string AuthorName { get; init; }

    /// <summary>Groups that may read it and that the viewer may know of; empty without details.</summary>
    public required JsonElement Groups { get; init; }

    /// <summary>Votes; empty without details.</summary>
    public required JsonElement Votes { get; init; }

    /// <summary>Changes of the probability; absent without details.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Edits { get; init; }
}

/// <summary>Reads the classifications of objects in one statement, oldest first.</summary>
public sealed class ReadObjClassifications(Contexts contexts)
{
    private const string Head = """
        select k.id, k.created_at, k.modified, k.obj_id, k.classification, k.taxonomy_id, k.probability, k.origin, k.ml, k.author_id, k.author_name
        """;

    private const string Details = """
        (select coalesce(json_agg(json_build_object(
            'id', v.id, 'created_at', v.created_at at time zone 'utc', 'modified', v.modified at time zone 'utc',
            'classification_id', v.classification_id, 'voter_id', v.voter_id, 'vote', v.vote) order by v.id), '[]')
         from classification_votes v where v.classification_id = k.id),
        (select coalesce(json_agg(json_build_object(
            'id', e.id, 'created_at', e.created_at at time zone 'utc', 'modified', e.modified at time zone 'utc',
            'classification_id', e.classification_id, 'editor_id', e.editor_id, 'editor_name', e.editor_name,
            'old_probability', e.old_probability, 'new_probability', e.new_probability) order by e.id), '[]')
         from classification_edits e where e.classification_id = k.id)
        """;

    // Index classifications (obj_id).
    private const string Tail = $"""
         from classifications k join objs o on o.id = k.obj_id join taxonomies x on x.id = k.taxonomy_id
        where k.obj_id = any(@ids) and {ViewerSql.SeesObj}
          and (@sees_all or (k.group_ids && @viewer_groups and x.group_ids && @viewer_groups))
        order by k.obj_id, k.created_at, k.id
        """;

    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(Array.Empty<int>());

    /// <summary>Classifications by object; groups, votes and edits are filled where details are asked for.</summary>
    public async Task<ILookup<string, ClassificationRecord>> ForAsync(Viewer viewer, string[] objIds, bool withDetails, CancellationToken ct)
    {
        var sql = withDetails ? $"{Head}, {GroupRecord.JsonList("k.group_ids")}, {Details}{Tail}" : Head + Tail;
        await using var command = contexts.DataSource.CreateCommand(sql).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader => new ClassificationRecord
            {
                Id = reader.GetInt64(0),
                CreatedAt = reader.GetDateTime(1),
                Modified = reader.GetDateTime(2),
                ObjId = reader.GetString(3),
                Classification = reader.GetString(4),
                TaxonomyId = reader.GetInt32(5),
                Probability = reader.Maybe<double?>(6),
                Origin = reader.Maybe<string>(7),
                Ml = reader.GetBoolean(8),
                AuthorId = reader.GetInt32(9),
                AuthorName = reader.GetString(10),
                Groups = withDetails ? reader.GetFieldValue<JsonElement>(11) : Nothing,
                Votes = withDetails ? reader.GetFieldValue<JsonElement>(12) : Nothing,
                Edits = withDetails ? reader.GetFieldValue<JsonElement>(13) : null,
            },
            ct);
        return rows.ToLookup(row => row.ObjId);
    }
}
