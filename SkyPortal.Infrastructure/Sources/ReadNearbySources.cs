using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A saved object near a position.</summary>
/// <param name="Separation">Arcseconds.</param>
public sealed record NearbySource(string ObjId, double Ra, double Dec, double Separation);

/// <summary>Finds saved objects near a position, in one statement.</summary>
public sealed class ReadNearbySources(Contexts contexts)
{
    private const int MostRows = 10_000;

    // Index objs (healpix): a few ranges, then the exact separation.
    private const string Sql = $"""
        select o.id, o.ra, o.dec
        from unnest(@starts, @ends) as cone (first, past) join objs o on o.healpix >= cone.first and o.healpix < cone.past
        where {ViewerSql.SeesObj} and (@with_roids or o.is_roid is not true)
          and exists (select 1 from sources s where s.obj_id = o.id and s.active and (@sees_all or s.group_id = any(@viewer_groups)))
        limit @most
        """;

    /// <summary>Objects with an active save that the viewer may read, within a radius, nearest first.</summary>
    public async Task<IReadOnlyList<NearbySource>> HandleAsync(
        Viewer viewer, SkyPosition center, double radiusDegrees, bool withRoids, CancellationToken ct)
    {
        var ranges = Healpix.ConeToRanges(center, radiusDegrees);
        await using var command = contexts.DataSource.CreateCommand(Sql)
            .WithViewer(viewer)
            .With("starts", ranges.Select(range => range.Start).ToArray())
            .With("ends", ranges.Select(range => range.End).ToArray())
            .With("with_roids", withRoids)
            .With("most", MostRows);
        var rows = await command.ReadAllAsync(reader => (Id: reader.GetString(0), Ra: reader.GetDouble(1), Dec: reader.GetDouble(2)), ct);
        return [.. rows
            .Select(row => new NearbySource(row.Id, row.Ra, row.Dec, center.SeparationDegrees(new SkyPosition(row.Ra, row.Dec)) * 3600))
            .Where(row => row.Separation <= radiusDegrees * 3600)
            .OrderBy(row => row.Separation)
            .ThenBy(row => row.ObjId, StringComparer.Ordinal)];
    }
}
