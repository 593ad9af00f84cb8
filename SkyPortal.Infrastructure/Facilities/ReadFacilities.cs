using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Which telescopes; null for any. Degrees.</summary>
public sealed record TelescopeSearch(string? Name, double? LatitudeMin, double? LatitudeMax, double? LongitudeMin, double? LongitudeMax);

/// <summary>Reads telescopes and instruments; two or three statements each.</summary>
public sealed class ReadFacilities(Contexts contexts)
{
    /// <summary>Telescopes with their instruments, by key.</summary>
    public async Task<IReadOnlyList<TelescopeDetail>> TelescopesAsync(Viewer viewer, TelescopeSearch search, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var telescopes = await db.Set<Telescope>()
            .Where(row => search.Name == null || row.Name == search.Name)
            .Where(row => (search.LatitudeMin == null || row.Lat >= search.LatitudeMin) && (search.LatitudeMax == null || row.Lat <= search.LatitudeMax))
            .Where(row => (search.LongitudeMin == null || row.Lon >= search.LongitudeMin) && (search.LongitudeMax == null || row.Lon <= search.LongitudeMax))
            .OrderBy(row => row.Id).Select(TelescopeRecord.Of).ToListAsync(ct);
        return await WithInstrumentsAsync(db, telescopes, ct);
    }

    /// <summary>One telescope; null where there is none.</summary>
    public async Task<TelescopeDetail?> TelescopeAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var telescopes = await db.Set<Telescope>().Where(row => row.Id == id).Select(TelescopeRecord.Of).ToListAsync(ct);
        return (await WithInstrumentsAsync(db, telescopes, ct)).SingleOrDefault();
    }

    /// <summary>Instruments with their telescopes, by key; of one name where it is given.</summary>
    public async Task<IReadOnlyList<InstrumentListed>> InstrumentsAsync(Viewer viewer, string? name, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var instruments = await db.Set<Instrument>().Where(row => name == null || row.Name == name).OrderBy(row => row.Id).Select(InstrumentRecord.Of).ToListAsync(ct);
        var telescopes = await db.Set<Telescope>().Select(TelescopeRecord.Of).ToDictionaryAsync(row => row.Id, ct);
        var fields = await db.Set<InstrumentField>().GroupBy(field => field.InstrumentId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        return instruments.ConvertAll(row => new InstrumentListed(row, telescopes[row.TelescopeId], fields.GetValueOrDefault(row.Id)));
    }

    /// <summary>One instrument; null where there is none.</summary>
    public async Task<InstrumentDetail?> InstrumentAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Instrument>().Where(row => row.Id == id).Select(InstrumentRecord.Of).SingleOrDefaultAsync(ct) is { } row ? new InstrumentDetail(row) : null;
    }

    /// <summary>Instruments by key. One statement.</summary>
    public async Task<IReadOnlyDictionary<int, InstrumentRecord>> InstrumentsByIdAsync(Viewer viewer, int[] ids, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Instrument>().Where(row => ids.Contains(row.Id)).Select(InstrumentRecord.Of).ToDictionaryAsync(row => row.Id, ct);
    }

    private static async Task<IReadOnlyList<TelescopeDetail>> WithInstrumentsAsync(SkyPortalContext db, List<TelescopeRecord> telescopes, CancellationToken ct)
    {
        var ids = telescopes.Select(row => row.Id).ToArray();
        var instruments = (await db.Set<Instrument>().Where(row => ids.Contains(row.TelescopeId)).OrderBy(row => row.Id).Select(InstrumentRecord.Of).ToListAsync(ct))
            .ToLookup(row => row.TelescopeId);
        return telescopes.ConvertAll(row => new TelescopeDetail(row, [.. instruments[row.Id]]));
    }
}
