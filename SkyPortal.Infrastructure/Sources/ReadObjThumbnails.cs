using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A thumbnail as it appears on the wire.</summary>
public sealed record ThumbnailRecord(
    long Id, DateTime CreatedAt, DateTime Modified, string Type, string? FileUri, string? PublicUrl, string? Origin, string? Survey, string ObjId, bool IsGrayscale)
{
    /// <summary>Address at which this site serves a picture.</summary>
    public static string Address(long id) => $"/thumbnails/{id}.png";
}

/// <summary>
/// Reads the pictures of objects in one statement: the newest of each type, and of each survey for those drawn from alerts,
/// oldest first.
/// </summary>
public sealed class ReadObjThumbnails(Contexts contexts)
{
    // Index thumbnails (obj_id, type, survey).
    private const string Sql = $"""
        select distinct on (t.obj_id, t.type, case when t.type in ('new', 'ref', 'sub') then t.survey end)
               t.id, t.created_at, t.modified, t.type, t.origin, t.survey, t.obj_id, t.is_grayscale, t.remote_url, t.file_hash is not null
        from thumbnails t join objs o on o.id = t.obj_id
        where t.obj_id = any(@ids) and {ViewerSql.SeesObj}
        order by t.obj_id, t.type, case when t.type in ('new', 'ref', 'sub') then t.survey end, t.created_at desc, t.id desc
        """;

    /// <summary>Pictures by object.</summary>
    public async Task<ILookup<string, ThumbnailRecord>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader =>
            {
                var id = reader.GetInt64(0);
                return new ThumbnailRecord(
                    id,
                    reader.GetDateTime(1),
                    reader.GetDateTime(2),
                    reader.GetString(3),
                    reader.GetBoolean(9) ? ThumbnailRecord.Address(id)[1..] : null,
                    reader.Maybe<string>(8) ?? ThumbnailRecord.Address(id),
                    reader.Maybe<string>(4),
                    reader.Maybe<string>(5),
                    reader.GetString(6),
                    reader.GetBoolean(7));
            },
            ct);
        return rows.OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToLookup(row => row.ObjId);
    }
}
