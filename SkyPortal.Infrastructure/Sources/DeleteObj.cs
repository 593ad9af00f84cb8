using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Deletes an object on which nothing hangs any more; for system administrators, as the policy says. The event keeps its
/// columns, so that saving it anew with them undoes it.
/// </summary>
public sealed class DeleteObj(Contexts contexts)
{
    /// <summary>Deletes; refuses an object that the viewer may not delete, and one that still has data.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var obj = await db.Allowed<Obj>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == objId, ct)
            ?? throw Refusal.Invalid($"Cannot find object with ID {objId}.");
        await RefuseWhereAsync(db.Set<Annotation>().Where(row => row.ObjId == objId), "annotations", objId, ct);
        await RefuseWhereAsync(db.Set<Spectrum>().Where(row => row.ObjId == objId), "spectra", objId, ct);
        await RefuseWhereAsync(db.Set<PhotometryPoint>().Where(row => row.ObjId == objId), "photometry", objId, ct);
        await RefuseWhereAsync(db.Set<Comment>().Where(row => row.ObjId == objId), "comments", objId, ct);
        await RefuseWhereAsync(db.Set<Classification>().Where(row => row.ObjId == objId), "classifications", objId, ct);
        db.Remove(obj);
        db.Record("source.deleted", objId, obj.GroupIds, new { obj.Ra, obj.Dec, obj.Redshift, obj.Origin, obj.Alias, obj.Altdata, obj.TnsName });
        await db.SaveChangesAsync(ct);
    }

    private static async Task RefuseWhereAsync<T>(IQueryable<T> rows, string kind, string objId, CancellationToken ct)
        where T : class
    {
        if (await rows.AnyAsync(ct))
        {
            throw Refusal.Invalid($"Please remove all associated {kind} from object {objId} before deleting it.");
        }
    }
}
