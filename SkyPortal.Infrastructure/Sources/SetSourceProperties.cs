using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Changes columns of an object. The event holds the values before and after, so that setting the values before undoes it.
/// </summary>
public sealed class SetSourceProperties(Contexts contexts)
{
    private const double SamePositionDegrees = 1e-5;
    private static readonly string[] SurveyPictures = ["ps1", "sdss", "ls", "sm", "hst", "chandra", "jwst"];

    /// <summary>Changes; refuses an object that the viewer may not see, and another position for one that has candidates.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, ObjChanges changes, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // The histories in it are read, extended and written: two at once would lose an entry.
        var obj = await db.Set<Obj>().FromSql($"select * from objs where id = {objId} for update").SingleOrDefaultAsync(ct)
            ?? throw Refusal.Invalid($"Cannot find source {objId}.");
        var before = changes.Before(obj);
        var (ra, dec) = (obj.Ra, obj.Dec);
        if (changes.Sets("ra") || changes.Sets("dec"))
        {
            await CheckMayMoveAsync(objId, ct);
        }

        changes.ApplyTo(obj, viewer.UserId, db.UtcNow);
        if (obj.Ra is null || obj.Dec is null)
        {
            throw Refusal.Invalid("RA/Declination must not be null");
        }

        if (Moved(ra, obj.Ra) || Moved(dec, obj.Dec))
        {
            // Pictures of the old place are wrong for everybody, whoever may delete them one by one.
            await db.Database.ExecuteSqlAsync($"delete from thumbnails where obj_id = {objId} and type = any({SurveyPictures})", ct);
        }

        db.Record("source.updated", objId, obj.GroupIds, new { before, after = changes.After() });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task CheckMayMoveAsync(string objId, CancellationToken ct)
    {
        // Candidates of filters that the viewer may not read fix the position as well.
        await using var system = contexts.For(Viewer.System);
        if (await system.Set<Candidate>().AnyAsync(candidate => candidate.ObjId == objId, ct))
        {
            throw Refusal.Invalid("Cannot update the position of an object with candidates/alerts");
        }
    }

    private static bool Moved(double? before, double? after) => Math.Abs((before ?? 0) - (after ?? 0)) > SamePositionDegrees;
}
