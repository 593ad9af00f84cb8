using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Where a named object lies: one of our own, one of the archive's, or one that the name resolver of the CDS knows.</summary>
public sealed class FindPlace(Contexts contexts, SesameResolver sesame)
{
    private const int LongestName = 200;

    // Primary key of objs, then ix_alerts_obj_id.
    private const string OwnSql = $"select o.ra, o.dec from objs o where o.id = @name and o.ra is not null and o.dec is not null and {ViewerSql.SeesObj}";

    private const string ArchiveSql = $"select a.ra, a.dec from alerts a where a.obj_id = @name and {AlertConditions.SeesAlert} order by a.mjd desc limit 1";

    // ix_objs_lower_tns_name, then ix_objs_lower_alias.
    private const string TnsSql = $"""
        select o.ra, o.dec from objs o
        where o.ra is not null and o.dec is not null and {ViewerSql.SeesObj} and lower(o.tns_name) in (lower(@name), 'sn ' || lower(@name), 'at ' || lower(@name))
        order by o.id limit 1
        """;

    private const string AliasSql = $"""
        select o.ra, o.dec from objs o
        where o.ra is not null and o.dec is not null and {ViewerSql.SeesObj} and lower_all(o.alias) @> array[lower(@name)]
        order by o.id limit 1
        """;

    private static readonly string[] ForAll = [OwnSql, ArchiveSql];
    private static readonly string[] ForUsers = [OwnSql, ArchiveSql, TnsSql, AliasSql];

    /// <summary>The position of a name.</summary>
    /// <exception cref="Refusal">Nobody knows the name.</exception>
    /// <exception cref="OutsideException">No object of the site has it, and elsewhere it could not be looked up.</exception>
    public async Task<SkyPosition> HandleAsync(Viewer viewer, string name, CancellationToken ct)
    {
        if (name.Length is 0 or > LongestName)
        {
            throw Refusal.Invalid($"Invalid objectcone: a name has 1 to {LongestName} characters.");
        }

        // Who is not signed in sees no object's other names.
        foreach (var sql in viewer.IsAuthenticated ? ForUsers : ForAll)
        {
            await using var command = contexts.DataSource.CreateCommand(sql).WithViewer(viewer).With("name", name);
            if ((await command.ReadAllAsync(reader => new SkyPosition(reader.GetDouble(0), reader.GetDouble(1)), ct)) is [var place, ..])
            {
                return place;
            }
        }

        if (!viewer.IsAuthenticated)
        {
            throw Refusal.Invalid($"Invalid objectcone: no object that you may see is named {name}. Sign in to look names up elsewhere.");
        }

        try
        {
            return await sesame.HandleAsync(viewer, name, ct)
                ?? throw Refusal.Invalid($"Invalid objectcone: neither an object that you may see nor one that {SesameResolver.Service.Title} knows is named {name}.");
        }
        catch (OutsideException error)
        {
            throw new OutsideException(error.Service, error.Failure, $"{error.Message} So it is not known where {name} is; no object that you may see has this name.", error) { Status = error.Status, RetryAfter = error.RetryAfter };
        }
    }
}
