using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A tag of an object as it appears on the wire.</summary>
/// <param name="ObjtagoptionId">Which word of the vocabulary.</param>
/// <param name="Color">#RRGGBB; null for none.</param>
public sealed record ObjTagRecord(long Id, DateTime CreatedAt, DateTime Modified, string ObjId, int ObjtagoptionId, int AuthorId, string Name, string? Color)
{
    /// <summary>Those of the groups that see it which are the viewer's; all for an administrator.</summary>
    [JsonIgnore]
    public int[] GroupIds { get; init; } = [];

    /// <summary>The tag as a list of objects shows it.</summary>
    public ObjTagName Short() => new(Id, Name, ObjtagoptionId);
}

/// <summary>A tag as a list of objects shows it.</summary>
public sealed record ObjTagName(long Id, string Name, int ObjtagoptionId);

/// <summary>Reads the tags of objects in one statement, by name.</summary>
public sealed class ReadObjTags(Contexts contexts)
{
    // Index obj_tags (obj_id, objtagoption_id).
    private const string Sql = $"""
        select t.id, t.created_at, t.modified, t.obj_id, t.objtagoption_id, t.author_id, w.name, w.color,
               case when @sees_all then t.group_ids else array(select g from unnest(t.group_ids) g where g = any(@viewer_groups)) end
        from obj_tags t join objtagoptions w on w.id = t.objtagoption_id join objs o on o.id = t.obj_id
        where (@sees_all or t.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
        """;

    /// <summary>Tags by object.</summary>
    public async Task<ILookup<string, ObjTagRecord>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct) =>
        (await ReadAsync(viewer, objIds, null, ct)).ToLookup(tag => tag.ObjId);

    /// <summary>Adds the tags to objects of a list. One statement.</summary>
    public async Task AddToAsync(Viewer viewer, IReadOnlyCollection<ObjRecord> objs, CancellationToken ct)
    {
        var tags = objs.Count == 0 ? null : await ForAsync(viewer, [.. objs.Select(obj => obj.Id)], ct);
        foreach (var obj in objs)
        {
            obj.With("tags", tags![obj.Id].Select(tag => tag.Short()).ToList());
        }
    }

    /// <summary>Tags of objects (null for all), of one word of the vocabulary where it is named.</summary>
    public async Task<IReadOnlyList<ObjTagRecord>> ReadAsync(Viewer viewer, string[]? objIds, int? optionId, CancellationToken ct)
    {
        var sql = Sql + (objIds is null ? "" : " and t.obj_id = any(@ids)") + (optionId is null ? "" : " and t.objtagoption_id = @option") + " order by lower(w.name), t.id";
        await using var command = contexts.DataSource.CreateCommand(sql).WithViewer(viewer);
        if (objIds is not null)
        {
            command.With("ids", objIds);
        }

        if (optionId is { } option)
        {
            command.With("option", option);
        }

        return await command.ReadAllAsync(
            reader => new ObjTagRecord(
                reader.GetInt64(0), reader.GetDateTime(1), reader.GetDateTime(2), reader.GetString(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetString(6), reader.Maybe<string>(7))
            {
                GroupIds = reader.GetFieldValue<int[]>(8),
            },
            ct);
    }
}
