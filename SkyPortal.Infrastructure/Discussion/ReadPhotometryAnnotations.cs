using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>An annotation of a point as it appears on the wire.</summary>
public sealed record PhotometryAnnotationRecord(
    long Id, DateTime CreatedAt, DateTime Modified, long PhotometryId, string ObjId, string Origin, JsonElement Data, int AuthorId)
{
    /// <summary>Groups with which it is shared and that the viewer may know of, where the reply carries them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Groups { get; init; }
}

/// <summary>Reads the annotations of points in one statement, by origin.</summary>
public sealed class ReadPhotometryAnnotations(Contexts contexts)
{
    // Index annotations_on_photometry (photometry_id, origin); ix_photometry_id for the points, whose policy is the same as theirs.
    private static readonly string Sql = $"""
        select a.id, a.created_at, a.modified, a.photometry_id, a.obj_id, a.origin, a.data, a.author_id,
               case when @with_groups then {GroupRecord.JsonList("a.group_ids")} end
        from annotations_on_photometry a join objs o on o.id = a.obj_id join photometry point on point.id = a.photometry_id and point.obj_id = a.obj_id
        where a.photometry_id = any(@ids) and (@sees_all or a.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
          and (@sees_all or point.group_ids && @viewer_groups or point.stream_ids && @viewer_streams or point.owner_id = @viewer_user)
        order by a.photometry_id, a.origin
        """;

    /// <summary>Annotations by point, with their groups where asked for.</summary>
    public async Task<ILookup<long, PhotometryAnnotationRecord>> ForAsync(Viewer viewer, long[] photometryIds, bool withGroups, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", photometryIds).With("with_groups", withGroups);
        var rows = await command.ReadAllAsync(
            reader => new PhotometryAnnotationRecord(
                reader.GetInt64(0),
                reader.GetDateTime(1),
                reader.GetDateTime(2),
                reader.GetInt64(3),
                reader.GetString(4),
                reader.GetString(5),
                reader.GetFieldValue<JsonElement>(6),
                reader.GetInt32(7))
            {
                Groups = reader.Maybe<JsonElement?>(8),
            },
            ct);
        return rows.ToLookup(row => row.PhotometryId);
    }

    /// <summary>The view with the annotations of its points.</summary>
    public async Task<PhotometryView> AddToAsync(Viewer viewer, PhotometryView view, CancellationToken ct) =>
        view with { Annotations = await ForAsync(viewer, [.. view.Points.Select(point => point.Id)], withGroups: false, ct) };
}
