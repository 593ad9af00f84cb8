using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Tells whether an object is known, by its name or by its place, as far as the viewer may see.</summary>
public sealed class SourceExists(Contexts contexts, ReadNearbySources nearby)
{
    /// <summary>Whether the viewer sees an object of that name.</summary>
    public async Task<bool> ByNameAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct);
    }

    /// <summary>Whether the object was ever saved to one of the viewer's groups.</summary>
    public async Task<bool> WasSavedAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<Source>().AnyAsync(source => source.ObjId == objId, ct);
    }

    /// <summary>Saved objects within a radius, nearest first.</summary>
    public Task<IReadOnlyList<NearbySource>> ByPlaceAsync(Viewer viewer, SkyPosition center, double radiusDegrees, CancellationToken ct) =>
        nearby.HandleAsync(viewer, center, radiusDegrees, withRoids: true, ct);
}
