using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Deletes one point.</summary>
public sealed class DeletePhotometry(Contexts contexts, UpdatePhotStats updateStats)
{
    /// <summary>Deletes; refuses a point that is not there for the viewer or not theirs to delete.</summary>
    public async Task HandleAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var point = await db.Set<PhotometryPoint>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find photometry point with ID: {id}.");
        if (await PhotometryDeletion.HandleAsync(db, updateStats, [point.ObjId], row => row.Id == id, ct) == 0)
        {
            throw Refusal.Invalid($"You do not have permission to delete photometry point {id}. Only its owner and who manages photometry may.");
        }
    }
}

/// <summary>Undoes an upload.</summary>
public sealed class DeletePhotometryUpload(Contexts contexts, UpdatePhotStats updateStats)
{
    /// <summary>Deletes the points of an upload that the viewer may delete and answers how many; refuses where there are none.</summary>
    public async Task<int> HandleAsync(Viewer viewer, string uploadId, CancellationToken ct)
    {
        if (!Guid.TryParse(uploadId, out var id))
        {
            throw Refusal.Invalid("Invalid bulk upload id.");
        }

        await using var command = contexts.DataSource.CreateCommand("select obj_ids from photometry_uploads where upload_id = $1");
        command.Parameters.AddWithValue(id);
        var objIds = await command.ExecuteScalarAsync(ct) as string[] ?? [];
        await using var db = contexts.For(viewer);
        var deleted = await PhotometryDeletion.HandleAsync(db, updateStats, objIds, row => row.UploadId == id, ct);
        return deleted > 0 ? deleted : throw Refusal.Invalid("Invalid bulk upload id.");
    }
}

/// <summary>Deletes the points of an object.</summary>
public sealed class DeleteObjectPhotometry(Contexts contexts, UpdatePhotStats updateStats)
{
    /// <summary>Deletes the points that the viewer may delete and answers how many; refuses where there are none or the object is not theirs to see.</summary>
    public async Task<int> HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var deleted = await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct)
            ? await PhotometryDeletion.HandleAsync(db, updateStats, [objId], _ => true, ct)
            : 0;
        return deleted > 0 ? deleted : throw Refusal.Invalid("Invalid object id.");
    }
}

/// <summary>The common part of deleting points.</summary>
internal static class PhotometryDeletion
{
    /// <summary>Deletes what the context's viewer may of the points of some objects; answers how many.</summary>
    public static async Task<int> HandleAsync(
        SkyPortalContext db,
        UpdatePhotStats updateStats,
        string[] objIds,
        System.Linq.Expressions.Expression<Func<PhotometryPoint, bool>> which,
        CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var doomed = db.Allowed<PhotometryPoint>(AccessMode.Delete).Where(point => objIds.Contains(point.ObjId)).Where(which);
        var groups = await doomed.Select(point => new { point.ObjId, point.GroupIds }).AsNoTracking().ToListAsync(ct);
        var deleted = groups.Count == 0 ? 0 : await doomed.ExecuteDeleteAsync(ct);
        if (deleted == 0)
        {
            return 0;
        }

        var (connection, raw) = transaction.Raw();
        await updateStats.HandleAsync(connection, raw, groups.Select(row => row.ObjId).ToHashSet(StringComparer.Ordinal), ct);
        db.RecordPhotometry("photometry.deleted", groups.Select(row => (row.ObjId, row.GroupIds, (int?)null)));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return deleted;
    }
}
