using Npgsql;
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
    internal const int MostRows = 10_000;

    // Index objs (healpix): a few ranges, then the exact separation. How few rows they hold is not known to the planner: the saves
    // are looked up object by object, where a join could read all of them.
    internal const string Sql = $"""
        select o.id, o.ra, o.dec
        from unnest(@starts, @ends) as cone (first, past) join objs o on o.healpix >= cone.first and o.healpix < cone.past
        join lateral (select from sources s where s.obj_id = o.id and s.active and (@sees_all or s.group_id = any(@viewer_groups)) limit 1) saved on true
        where {ViewerSql.SeesObj} and (@with_roids or o.is_roid is not true)
        limit @most
        """;

    /// <summary>Objects with an active save that the viewer may read, within a radius, nearest first.</summary>
    public async Task<IReadOnlyList<NearbySource>> HandleAsync(
        Viewer viewer, SkyPosition center, double radiusDegrees, bool withRoids, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).WithCone(center, radiusDegrees, withRoids);
        return Within(center, radiusDegrees, await command.ReadAllAsync(reader => (reader.GetString(0), reader.GetDouble(1), reader.GetDouble(2)), ct));
    }

    /// <summary>Those of the rows that lie within a radius, nearest first.</summary>
    internal static IReadOnlyList<NearbySource> Within(SkyPosition center, double radiusDegrees, IEnumerable<(string Id, double Ra, double Dec)> rows) =>
        [.. rows
            .Select(row => new NearbySource(row.Id, row.Ra, row.Dec, center.SeparationDegrees(new SkyPosition(row.Ra, row.Dec)) * 3600))
            .Where(row => row.Separation <= radiusDegrees * 3600)
            .OrderBy(row => row.Separation)
            .ThenBy(row => row.ObjId, StringComparer.Ordinal)];
}

/// <summary>Parameters of a cone.</summary>
internal static class ConeParameters
{
    /// <summary>Adds the ranges of a cone, none where there is no center, and what else <see cref="ReadNearbySources.Sql"/> needs.</summary>
    public static NpgsqlCommand WithCone(this NpgsqlCommand command, SkyPosition? center, double radiusDegrees, bool withRoids)
    {
        var ranges = center is { } place ? Healpix.ConeToRanges(place, radiusDegrees) : [];
        return command
            .With("starts", ranges.Select(range => range.Start).ToArray())
            .With("ends", ranges.Select(range => range.End).ToArray())
            .With("with_roids", withRoids)
            .With("most", ReadNearbySources.MostRows);
    }
}
