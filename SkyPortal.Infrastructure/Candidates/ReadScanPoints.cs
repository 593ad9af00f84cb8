using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Reads the light curves of objects in one statement.</summary>
public sealed class ReadScanPoints(Contexts contexts)
{
    // ix_photometry_obj_id_dedup_hash serves each object's light curve: object by object, each of which lies in one partition.
    private const string Sql = $"""
        select point.obj_id, point.mjd, point.filter, point.flux, point.fluxerr, point.origin, i.name
        from objs o
        cross join lateral (
            select point.obj_id, point.mjd, point.filter, point.flux, point.fluxerr, point.origin, point.instrument_id
            from photometry point
            where point.obj_id = o.id
              and (@sees_all or point.group_ids && @viewer_groups or point.stream_ids && @viewer_streams or point.owner_id = @viewer_user)
            offset 0) point
        join instruments i on i.id = point.instrument_id
        where o.id = any(@ids) and {ViewerSql.SeesObj}
        order by point.obj_id, point.mjd
        """;

    /// <summary>Points by object, by time.</summary>
    public async Task<ILookup<string, ScanPoint>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds);
        var rows = await command.ReadAllAsync(
            reader => (
                ObjId: reader.GetString(0),
                Point: new ScanPoint(
                    reader.GetDouble(1), reader.GetString(2), reader.Maybe<double?>(3), reader.GetDouble(4), reader.GetString(5), reader.GetString(6))),
            ct);
        return rows.ToLookup(row => row.ObjId, row => row.Point);
    }
}
