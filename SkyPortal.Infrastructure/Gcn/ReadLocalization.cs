using System.Collections.Concurrent;
using System.Globalization;
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
/// <param name="Probability">Cumulative probability of the credible region, above 0 and at most 1.</param>
public sealed record SkyMapPart(DateTime Dateobs, string? Name, double Probability = SkyMapPart.UsualProbability)
{
    /// <summary>Cumulative probability where none is given.</summary>
    public const double UsualProbability = 0.95;
}

/// <summary>Reads sky maps, as far as the viewer may see their events. Maps never change, so that their regions are kept in memory.</summary>
public sealed class ReadLocalization(Contexts contexts)
{
    private const int MostKept = 64;
    private readonly ConcurrentDictionary<(int Id, double Probability), SkyRegion> _regions = new();

    /// <summary>A map with its tiles and its event's time; null where the viewer sees none.</summary>
    public async Task<(Localization Row, DateTime Dateobs)?> OneAsync(Viewer viewer, DateTime dateobs, string name, CancellationToken ct)
    {
        var time = GcnEvent.WholeSecond(dateobs);
        await using var db = contexts.For(viewer);
        return await db.Set<Localization>().AsNoTracking().FirstOrDefaultAsync(row => row.Name == name && db.Set<GcnEvent>().Any(known => known.Id == row.EventId && known.Dateobs == time), ct) is { } found
            ? (found, time)
            : null;
    }

    /// <summary>The place of a part for statements; refuses a map that the viewer does not see. One statement, two where the region is not kept.</summary>
    internal async Task<SkyMapPlace> PlaceAsync(Viewer viewer, SkyMapPart part, CancellationToken ct)
    {
        var (id, region) = await FindAsync(viewer, part, ct);
        return new SkyMapPlace(string.Create(CultureInfo.InvariantCulture, $"map {id} {part.Probability:R}"), region);
    }

    /// <summary>The map of a row.</summary>
    public static SkyMap MapOf(Localization row) => SkyMap.Of(
        row.Uniqs, row.Probdensity, row is { Distmu: { } mu, Distsigma: { } sigma, Distnorm: { } norm } ? new SkyMapDistances(mu, sigma, norm) : null);

    private async Task<(int Id, SkyRegion Region)> FindAsync(Viewer viewer, SkyMapPart part, CancellationToken ct)
    {
        var time = GcnEvent.WholeSecond(part.Dateobs);
        await using var db = contexts.For(viewer);
        var maps = db.Set<Localization>().Where(row => (part.Name == null || row.Name == part.Name) && db.Set<GcnEvent>().Any(known => known.Id == row.EventId && known.Dateobs == time));
        var id = await maps.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Select(row => (int?)row.Id).FirstOrDefaultAsync(ct)
            ?? throw Refusal.Invalid(part.Name is null ? $"Localization of {PostGcnEvent.Subject(time)} not found" : $"Localization {part.Name} of {PostGcnEvent.Subject(time)} not found");
        if (_regions.TryGetValue((id, part.Probability), out var kept))
        {
            return (id, kept);
        }

        var map = await db.Set<Localization>().Where(row => row.Id == id).Select(row => new { row.Uniqs, row.Probdensity }).FirstAsync(ct);
        var region = SkyMap.Of(map.Uniqs, map.Probdensity).CredibleRegion(part.Probability);
        if (_regions.Count >= MostKept)
        {
            _regions.Clear();
        }

        _regions[(id, part.Probability)] = region;
        return (id, region);
    }
}
