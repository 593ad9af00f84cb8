using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Which allocations; null for any.</summary>
/// <param name="InstrumentId">Of this instrument.</param>
/// <param name="ForPlans">Whose instruments have an interface for plans (true) or for requests (false).</param>
/// <param name="Implements">And whose interface can do this, of <see cref="FacilityClasses.Methods"/>.</param>
public sealed record AllocationSearch(int? InstrumentId = null, bool? ForPlans = null, string? Implements = null);

/// <summary>Reads the allocations of the viewer's groups; five or six statements.</summary>
public sealed class ReadAllocations(Contexts contexts, FacilityClasses classes)
{
    /// <summary>By telescope, instrument and principal investigator, with instruments and who looks after them.</summary>
    public async Task<IReadOnlyList<AllocationRecord>> HandleAsync(Viewer viewer, AllocationSearch search, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await ReadAsync(db, db.Set<Allocation>().Where(row => search.InstrumentId == null || row.InstrumentId == search.InstrumentId), ct);
        var instruments = await InstrumentsAsync(db, rows, withTelescopes: true, ct);
        var ids = rows.Select(row => row.Id).ToArray();
        var users = (await db.Set<AllocationUser>().Where(row => ids.Contains(row.AllocationId))
            .Join(db.Set<User>(), row => row.UserId, user => user.Id, (row, user) => new { row.AllocationId, user }).ToListAsync(ct)).ToLookup(row => row.AllocationId, row => new UserRow(row.user));
        return [.. rows
            .Where(row => Fits(instruments[row.InstrumentId], search))
            .Select(row => row with { Instrument = instruments[row.InstrumentId], AllocationUsers = [.. users[row.Id].OrderBy(user => user.Id)] })
            .OrderBy(row => row.Instrument!.Telescope!.Name, StringComparer.Ordinal)
            .ThenBy(row => row.Instrument!.Name, StringComparer.Ordinal)
            .ThenBy(row => row.Pi, StringComparer.Ordinal)
            .ThenBy(row => row.Id)];
    }

    /// <summary>One with its instrument; null where there is none for the viewer.</summary>
    public async Task<AllocationRecord?> OneAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await ReadAsync(db, db.Set<Allocation>().Where(row => row.Id == id), ct);
        var instruments = await InstrumentsAsync(db, rows, withTelescopes: true, ct);
        return rows is [var row] ? row with { Instrument = instruments[row.InstrumentId] } : null;
    }

    /// <summary>Those with these keys, each with its instrument and group.</summary>
    public async Task<IReadOnlyDictionary<int, AllocationRecord>> ByIdAsync(Viewer viewer, int[] ids, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await ReadAsync(db, db.Set<Allocation>().Where(row => ids.Contains(row.Id)), ct);
        var instruments = await InstrumentsAsync(db, rows, withTelescopes: false, ct);
        var groupIds = rows.Select(row => row.GroupId).Distinct().ToArray();
        var groups = await db.Set<Group>().Where(group => groupIds.Contains(group.Id)).ToDictionaryAsync(group => group.Id, group => new GroupRow(group), ct);
        return rows.ToDictionary(row => row.Id, row => row with { Instrument = instruments[row.InstrumentId], Group = groups.GetValueOrDefault(row.GroupId) });
    }

    // Groups that one may not know of are left out.
    private static async Task<List<AllocationRecord>> ReadAsync(SkyPortalContext db, IQueryable<Allocation> allocations, CancellationToken ct)
    {
        var rows = await allocations.Select(AllocationRecord.Of).ToListAsync(ct);
        var named = rows.SelectMany(row => row.DefaultShareGroupIds).Distinct().ToArray();
        var known = named.Length == 0 ? [] : await db.Set<Group>().Where(group => named.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
        return rows.ConvertAll(row => row with { DefaultShareGroupIds = [.. row.DefaultShareGroupIds.Intersect(known)] });
    }

    private bool Fits(InstrumentRecord instrument, AllocationSearch search)
    {
        if (search.ForPlans is not { } forPlans)
        {
            return true;
        }

        var classname = forPlans ? instrument.ApiClassnameObsplan : instrument.ApiClassname;
        // Of plans this platform does nothing yet.
        return classname is not null && (search.Implements is not { } method || (!forPlans && classes.Implemented(classname).GetValueOrDefault(method)));
    }

    private static async Task<Dictionary<int, AllocatedInstrument>> InstrumentsAsync(SkyPortalContext db, List<AllocationRecord> rows, bool withTelescopes, CancellationToken ct)
    {
        var ids = rows.Select(row => row.InstrumentId).Distinct().ToArray();
        var instruments = await db.Set<Instrument>().Where(row => ids.Contains(row.Id)).Select(InstrumentRecord.Of).ToListAsync(ct);
        var telescopeIds = withTelescopes ? instruments.Select(row => row.TelescopeId).Distinct().ToArray() : [];
        var telescopes = telescopeIds.Length == 0 ? [] : await db.Set<Telescope>().Where(row => telescopeIds.Contains(row.Id)).Select(TelescopeRecord.Of).ToDictionaryAsync(row => row.Id, ct);
        return instruments.ToDictionary(row => row.Id, row => new AllocatedInstrument(row, telescopes.GetValueOrDefault(row.TelescopeId)));
    }
}
