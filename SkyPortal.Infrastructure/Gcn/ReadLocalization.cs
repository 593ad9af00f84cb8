using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>Which part of which sky map is meant.</summary>
/// <param name="Dateobs">Time of the event (UTC).</param>
/// <param name="Name">Name of the map; null for the newest of the event.</param>
/// <param name="Probability">Cumulative probability of the credible region, above 0 and at most 1; it counts to a millionth.</param>
public sealed record SkyMapPart(DateTime Dateobs, string? Name, double Probability = SkyMapPart.UsualProbability)
{
    /// <summary>Cumulative probability where none is given.</summary>
    public const double UsualProbability = 0.95;
}

/// <summary>The tiles of a map and its borders.</summary>
/// <param name="MapId">The map.</param>
/// <param name="Uniqs">NUNIQ numbers, ascending.</param>
/// <param name="Probdensity">Probability density of each tile per steradian.</param>
/// <param name="Contour">GeoJSON of the centre and the 50 % and 90 % borders.</param>
public sealed record LocalizationTiles(int MapId, long[] Uniqs, double[] Probdensity, JsonElement Contour);

/// <summary>Reads sky maps, as far as the viewer may see their events. Maps never change, so that their regions are kept in memory.</summary>
public sealed class ReadLocalization(Contexts contexts)
{
    /// <summary>Most tiles of all maps of an event that are read at once; as many as the largest map may have.</summary>
    public const int MostTiles = SkyMap.MostTiles;

    private const double FinestProbability = 1e-6;
    private readonly KeptRegions _regions = new();

    /// <summary>A map with its tiles and its event's time; null where the viewer sees none.</summary>
    public async Task<(Localization Row, DateTime Dateobs)?> OneAsync(Viewer viewer, DateTime dateobs, string name, CancellationToken ct)
    {
        var time = GcnEvent.WholeSecond(dateobs);
        await using var db = contexts.For(viewer);
        return await db.Set<Localization>().AsNoTracking().FirstOrDefaultAsync(row => row.Name == name && db.Set<GcnEvent>().Any(known => known.Id == row.EventId && known.Dateobs == time), ct) is { } found
            ? (found, time)
            : null;
    }

    /// <summary>
    /// The tiles of the maps of an event without distances, from the newest map on until there would be more than <see cref="MostTiles"/>
    /// of them. One statement.
    /// </summary>
    public async Task<IReadOnlyDictionary<int, LocalizationTiles>> OfEventAsync(Viewer viewer, int eventId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var within = db.Database.SqlQuery<int>($"""
            select id as "Value"
            from (select id, sum(cardinality(uniqs)) over (order by created_at desc, id desc) as tiles from localizations where event_id = {eventId}) newest
            where tiles <= {MostTiles}
            """);
        return await db.Set<Localization>().Where(row => row.EventId == eventId && within.Contains(row.Id))
            .Select(row => new LocalizationTiles(row.Id, row.Uniqs, row.Probdensity, row.Contour))
            .ToDictionaryAsync(map => map.MapId, ct);
    }

    /// <summary>The place of a part for statements; refuses a map that the viewer does not see. One statement, two where the region is not kept.</summary>
    internal async Task<SkyMapPlace> PlaceAsync(Viewer viewer, SkyMapPart part, CancellationToken ct)
    {
        var probability = Math.Max(Math.Round(part.Probability, 6), FinestProbability);
        var (id, region) = await FindAsync(viewer, part, probability, ct);
        return new SkyMapPlace(string.Create(CultureInfo.InvariantCulture, $"map {id} {probability:R}"), region);
    }

    /// <summary>The map of a row.</summary>
    public static SkyMap MapOf(Localization row) => SkyMap.Of(
        row.Uniqs, row.Probdensity, row is { Distmu: { } mu, Distsigma: { } sigma, Distnorm: { } norm } ? new SkyMapDistances(mu, sigma, norm) : null);

    private async Task<(int Id, SkyRegion Region)> FindAsync(Viewer viewer, SkyMapPart part, double probability, CancellationToken ct)
    {
        var time = GcnEvent.WholeSecond(part.Dateobs);
        await using var db = contexts.For(viewer);
        var maps = db.Set<Localization>().Where(row => (part.Name == null || row.Name == part.Name) && db.Set<GcnEvent>().Any(known => known.Id == row.EventId && known.Dateobs == time));
        var id = await maps.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Select(row => (int?)row.Id).FirstOrDefaultAsync(ct)
            ?? throw Refusal.Invalid(part.Name is null ? $"Localization of {PostGcnEvent.Subject(time)} not found" : $"Localization {part.Name} of {PostGcnEvent.Subject(time)} not found");
        if (_regions.Find(id, probability) is { } kept)
        {
            return (id, kept);
        }

        var map = await db.Set<Localization>().Where(row => row.Id == id).Select(row => new { row.Uniqs, row.Probdensity }).FirstAsync(ct);
        var region = SkyMap.Of(map.Uniqs, map.Probdensity).CredibleRegion(probability);
        _regions.Add(id, probability, region);
        return (id, region);
    }
}
