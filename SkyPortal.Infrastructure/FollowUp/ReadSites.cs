using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>A telescope and, where it stands at one place, its site.</summary>
public sealed record TelescopeSite(int TelescopeId, string Name, string Nickname, ObservingSite? Site);

/// <summary>Reads where telescopes stand; one statement.</summary>
public sealed class ReadSites(Contexts contexts)
{
    /// <summary>All telescopes by key.</summary>
    public async Task<IReadOnlyList<TelescopeSite>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<Telescope>().AsNoTracking().OrderBy(row => row.Id)
            .Select(row => new { row.Id, row.Name, row.Nickname, row.Lat, row.Lon, row.Elevation, row.FixedLocation }).ToListAsync(ct);
        return rows.ConvertAll(row => new TelescopeSite(row.Id, row.Name, row.Nickname, row is { FixedLocation: true, Lat: >= -90 and <= 90, Lon: >= -360 and <= 360, Elevation: { } height }
            ? new ObservingSite(row.Lat.Value, row.Lon.Value, height)
            : null));
    }
}
