using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Takes an object out of a group's sources. The row stays, and the group goes on knowing the object, so that what its members
/// wrote stays readable and <see cref="SaveSource"/> undoes it.
/// </summary>
public sealed class UnsaveSource(Contexts contexts)
{
    /// <summary>Unsaves; refuses a group that is not the viewer's, and an object that is not saved to it.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, int groupId, CancellationToken ct)
    {
        // Who may save may take it back.
        viewer.Demand(viewer.Has(Acl.ManageSources) ? Acl.ManageSources : Acl.UploadData);
        if (!viewer.SeesAll && !viewer.GroupIds.Contains(groupId))
        {
            throw Refusal.Invalid("Inadequate permissions.");
        }

        await using var db = contexts.For(viewer);
        var source = await db.Set<Source>().SingleOrDefaultAsync(row => row.ObjId == objId && row.GroupId == groupId && row.Active, ct)
            ?? throw Refusal.Invalid($"No such source {objId} in group {groupId}.");
        Unsave(db, source);
        db.Record("source.unsaved", objId, [groupId], new { groupIds = new[] { groupId } });
        await db.SaveChangesAsync(ct);
    }

    internal static void Unsave(SkyPortalContext db, Source source)
    {
        source.Active = false;
        source.UnsavedById = db.Viewer.UserId;
        source.UnsavedAt = db.UtcNow;
    }
}
