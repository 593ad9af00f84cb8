using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;
using Group = SkyPortal.Domain.Access.Group;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>What is asked of a catalogue; null stands for the service's own choice.</summary>
public sealed record CatalogAsk
{
    /// <summary>Name of the catalogue.</summary>
    public string? Catalog { get; init; }

    /// <summary>Radius around the object, arcseconds.</summary>
    public double? RadiusArcsec { get; init; }

    /// <summary>Stars fainter than this RP magnitude are left out (Gaia); 0 for no limit.</summary>
    public double? LimitMag { get; init; }

    /// <summary>Most matches that are kept (Gaia, PS1).</summary>
    public int? Number { get; init; }

    /// <summary>A match has more detections than this (PS1).</summary>
    public int? MinDetections { get; init; }
}

/// <summary>One row of a catalogue near an object.</summary>
/// <param name="Origin">Origin of the annotation.</param>
/// <param name="Data">Its values.</param>
public sealed record CatalogMatch(string Origin, IReadOnlyDictionary<string, object> Data);

/// <summary>
/// Annotates an object with what a catalogue holds at its place: Gaia, WISE (IRSA), VizieR (Million Quasars, GALEX, others), Data Lab
/// (photometric redshifts of Legacy Surveys DR10, DESI) and Pan-STARRS. One annotation per match; where one of them is there
/// already, none is made.
/// </summary>
public sealed partial class AnnotateFromCatalog(Contexts contexts, CallOutside call, GaiaTap gaia)
{
    private const double MostRadiusArcsec = 600;

    /// <summary>Annotates and answers the keys.</summary>
    /// <param name="viewer">Who annotates.</param>
    /// <param name="objId">The object.</param>
    /// <param name="service">gaia, irsa, vizier, datalab or ps1.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="groupIds">With whom it is shared; null for everybody on the site.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="OutsideException">The catalogue did not answer.</exception>
    public async Task<IReadOnlyList<long>> HandleAsync(Viewer viewer, string objId, string service, CatalogAsk ask, int[]? groupIds, CancellationToken ct)
    {
        viewer.Demand(Acl.Annotate);
        Check(ask);
        await using var db = contexts.For(viewer);
        var place = await db.Set<Obj>().Where(obj => obj.Id == objId).Select(obj => new { obj.Ra, obj.Dec }).SingleOrDefaultAsync(ct)
            ?? throw Refusal.Forbidden($"Cannot find object {objId}.");
        var groups = await GroupsAsync(db, groupIds, ct);
        if (place is not { Ra: { } ra, Dec: { } dec })
        {
            throw Refusal.Invalid($"{objId} has no position, so no catalogue can be asked about it.");
        }

        var look = new CatalogLook(call, gaia, viewer, new SkyPosition(ra, dec), $"{objId} {service}");
        var matches = service switch
        {
            "gaia" => await look.GaiaAsync(ask, contexts.Clock.GetUtcNow(), ct),
            "irsa" => await look.IrsaAsync(ask, ct),
            "vizier" => await look.VizierAsync(ask, ct),
            "datalab" => await look.DataLabAsync(ask, ct),
            "ps1" => await look.PanStarrsAsync(ask, ct),
            _ => throw Refusal.NotFound($"There is no annotation service {service}."),
        };
        if (matches.Count == 0)
        {
            throw Refusal.Invalid($"No match in {ask.Catalog ?? service} around {objId}.");
        }

        var annotations = matches.DistinctBy(match => match.Origin).Select(match => new Annotation
        {
            ObjId = objId,
            Origin = match.Origin,
            Data = JsonSerializer.SerializeToElement(match.Data),
            AuthorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may annotate."),
            GroupIds = groups,
        }).ToList();
        db.AddRange(annotations);
        db.Record("annotation.posted", objId, groups, new { origins = annotations.Select(annotation => annotation.Origin) });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid("Annotation already posted.");
        }

        return [.. annotations.Select(annotation => annotation.Id)];
    }

    private static void Check(CatalogAsk ask)
    {
        // A catalogue's name becomes part of a query at the other side.
        if (ask.Catalog is { } catalog && !CatalogName().IsMatch(catalog))
        {
            throw Refusal.Invalid("catalog: a name of letters, digits and . _ / + - is needed.");
        }

        if (ask.RadiusArcsec is not (null or (> 0 and <= MostRadiusArcsec)))
        {
            throw Refusal.Invalid($"crossmatchRadius: must be above 0 and at most {MostRadiusArcsec} arcsec.");
        }

        if (ask.LimitMag is not (null or (>= 0 and <= 40)))
        {
            throw Refusal.Invalid("crossmatchLimmag: must be between 0 and 40.");
        }

        if (ask.Number is not (null or (>= 1 and <= 50)))
        {
            throw Refusal.Invalid("crossmatchNumber: must be between 1 and 50.");
        }
    }

    private static async Task<int[]> GroupsAsync(SkyPortalContext db, int[]? groupIds, CancellationToken ct)
    {
        if (groupIds is null or [])
        {
            return [await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct)];
        }

        var wanted = groupIds.Distinct().Order().ToArray();
        var known = await db.Set<Group>().Where(group => wanted.Contains(group.Id)).Select(group => new { group.Id, group.Sitewide }).ToListAsync(ct);
        var missing = wanted.Where(id => !known.Any(group => group.Id == id && (group.Sitewide || db.Viewer.SeesAll || db.Viewer.GroupIds.Contains(id)))).ToList();
        return missing.Count == 0 ? wanted : throw Refusal.Forbidden($"Cannot find group_ids {missing[0]}: it is not one of your groups.");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._/+-]{0,99}$")]
    private static partial Regex CatalogName();
}
