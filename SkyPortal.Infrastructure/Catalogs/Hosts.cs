using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>Names the galaxy in which an object lies, or takes the name back.</summary>
public sealed class SetHost(Contexts contexts)
{
    /// <summary>
    /// Sets the host to the galaxy of a name, the first that was added where several catalogs have one; null clears it. Refuses an
    /// unknown galaxy and an object that the viewer does not see. The event holds the host before.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, string objId, string? galaxyName, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var obj = await db.Set<Obj>().SingleOrDefaultAsync(row => row.Id == objId, ct)
            ?? throw Refusal.Invalid($"Cannot find object with ID {objId}.");
        int? host = null;
        if (galaxyName is not null)
        {
            host = await db.Set<Galaxy>().Where(galaxy => galaxy.Name == galaxyName).OrderBy(galaxy => galaxy.Id).Select(galaxy => (int?)galaxy.Id).FirstOrDefaultAsync(ct)
                ?? throw Refusal.Invalid($"Cannot find galaxy with name {galaxyName}.");
        }

        db.Record("source.changed", objId, obj.GroupIds, new { before = new { host_id = obj.HostId }, after = new { host_id = host } });
        obj.HostId = host;
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Reads the galaxies in and near which objects lie.</summary>
public sealed class ReadHosts(Contexts contexts)
{
    private const double NearDegrees = 10 / 3600.0;
    private const double RadiansPerArcsec = Math.PI / 180 / 3600;

    // Index galaxys (healpix): a few ranges, then the exact separation.
    private const string NearSql = """
        select g.name, g.ra, g.dec from unnest(@starts, @ends) as cone (first, past) join galaxys g on g.healpix >= cone.first and g.healpix < cone.past
        """;

    private static readonly string Sql = $"select {GalaxyRecord.Columns} from galaxys g where g.id = any(@ids)";

    /// <summary>
    /// Adds host (a galaxy), host_offset (arcseconds) and host_distance (kiloparsec across the sky) to those of the objects that
    /// have a host. The distance is the offset times the angular diameter distance of the object, else that of the host's redshift,
    /// else the distance of the host. One statement at most.
    /// </summary>
    public async Task AddToAsync(IReadOnlyCollection<ObjRecord> objs, CancellationToken ct)
    {
        var ids = objs.Select(obj => obj.HostId).OfType<int>().Distinct().ToArray();
        if (ids.Length == 0)
        {
            return;
        }

        await using var command = contexts.DataSource.CreateCommand(Sql).With("ids", ids);
        var galaxies = (await command.ReadAllAsync(reader => GalaxyRecord.Read(reader)!, ct)).ToDictionary(galaxy => (int)galaxy["id"]!);
        foreach (var obj in objs.Where(obj => obj.HostId is { } id && galaxies.ContainsKey(id)))
        {
            var host = galaxies[obj.HostId!.Value];
            double? arcsec = obj is { Ra: { } ra, Dec: { } dec }
                ? new SkyPosition(ra, dec).SeparationDegrees(new SkyPosition((double)host["ra"]!, (double)host["dec"]!)) * 3600
                : null;
            var distanceMpc = ObjectDistance.Of(obj.Redshift, obj.Altdata).AngularDiameterDistanceMpc
                ?? ObjectDistance.Of(host["redshift"] as double?, null).AngularDiameterDistanceMpc
                ?? host["distmpc"] as double?;
            obj.With("host", host).With("host_offset", arcsec).With("host_distance", arcsec * RadiansPerArcsec * distanceMpc * 1000);
        }
    }

    /// <summary>Names of the galaxies within 10 arcseconds of a position, nearest first; null where there is none. One statement.</summary>
    public async Task<IReadOnlyList<string>?> NearAsync(SkyPosition center, CancellationToken ct)
    {
        var ranges = Healpix.ConeToRanges(center, NearDegrees);
        await using var command = contexts.DataSource.CreateCommand(NearSql)
            .With("starts", ranges.Select(range => range.Start).ToArray())
            .With("ends", ranges.Select(range => range.End).ToArray());
        var rows = await command.ReadAllAsync(reader => (Name: reader.GetString(0), Degrees: center.SeparationDegrees(new SkyPosition(reader.GetDouble(1), reader.GetDouble(2)))), ct);
        var near = rows.Where(row => row.Degrees <= NearDegrees).OrderBy(row => row.Degrees).Select(row => row.Name).ToList();
        return near.Count == 0 ? null : near;
    }
}
