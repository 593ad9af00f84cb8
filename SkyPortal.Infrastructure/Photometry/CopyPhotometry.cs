using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>
/// Copies the light curve of one object to another, as far as the viewer may see it. Measurements, instruments and origins stay as
/// they are; owner, groups and upload are new, and streams are left behind. What the other object has already gains the groups.
/// </summary>
public sealed class CopyPhotometry(Contexts contexts, PhotometryWriter writer, WidenPhotometry widen, UpdatePhotStats updateStats)
{
    /// <summary>Copies, and answers the points of the target in the order of those that were copied, by time.</summary>
    /// <param name="viewer">Who copies; becomes the owner.</param>
    /// <param name="targetId">The object that gets the points.</param>
    /// <param name="originId">The object that has them.</param>
    /// <param name="groupIds">Groups to share the copies with; the viewer's own is added.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<PhotometryUploaded> HandleAsync(Viewer viewer, string targetId, string originId, int[] groupIds, CancellationToken ct)
    {
        PostPhotometry.Demand(viewer);
        await using var db = contexts.For(viewer);
        foreach (var objId in new[] { targetId, originId })
        {
            if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
            {
                throw Refusal.Invalid($"Invalid object ID: {objId}");
            }
        }

        if (targetId == originId)
        {
            throw Refusal.Invalid("Invalid origin_id: it is the target itself.");
        }

        var groups = await PhotometryIntake.GroupsAsync(db, groupIds, withPublicGroup: false, ct);
        var originals = await db.Set<PhotometryPoint>().AsNoTracking()
            .Where(point => point.ObjId == originId)
            .OrderBy(point => point.Mjd).ThenBy(point => point.Id)
            .Take(PhotometryUpload.MostRows + 1)
            .ToListAsync(ct);
        if (originals.Count is 0 or > PhotometryUpload.MostRows)
        {
            throw Refusal.Invalid(originals.Count == 0 ? $"Object {originId} has no photometry." : $"Object {originId} has more than {PhotometryUpload.MostRows} points.");
        }

        var uploadId = Guid.NewGuid();
        var points = originals.ConvertAll(original => Copy(original, targetId));
        PhotometryIntake.Assign(db, points, groups, [], uploadId);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = transaction.Raw();
        var written = await writer.WriteAsync(connection, raw, points, ct);
        var widened = await widen.HandleAsync(connection, raw, points, written, db.UtcNow, ct);
        await PhotometryIntake.KeepUploadAsync(db, transaction, uploadId, points, ct);
        await (widened > 0 ? updateStats.HandleAsync(connection, raw, [targetId], ct) : updateStats.HandleAsync(connection, raw, points, written, ct));
        db.RecordPhotometry("photometry.added", points);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new PhotometryUploaded([.. written.Select(point => point.Id)], uploadId);
    }

    private static PhotometryPoint Copy(PhotometryPoint original, string objId) => new()
    {
        ObjId = objId,
        InstrumentId = original.InstrumentId,
        Filter = original.Filter,
        Mjd = original.Mjd,
        Flux = original.Flux,
        Fluxerr = original.Fluxerr,
        Origin = original.Origin,
        Ra = original.Ra,
        Dec = original.Dec,
        RaUnc = original.RaUnc,
        DecUnc = original.DecUnc,
        RefFlux = original.RefFlux,
        RefFluxerr = original.RefFluxerr,
        OriginalUserData = original.OriginalUserData,
        Altdata = original.Altdata,
    };
}
