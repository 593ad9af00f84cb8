using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>
/// Saves a known object to more groups and unsaves it from others. To the viewer's own groups it is saved at once; to other
/// groups it is offered, and their members accept by <see cref="AnswerSourceOffer"/>. Swapping the two lists undoes it.
/// </summary>
public sealed class ShareSource(Contexts contexts)
{
    /// <summary>Shares; refuses where nothing is asked for, where it is saved already, and where what is unsaved is not saved.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, int[] inviteGroupIds, int[] unsaveGroupIds, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        if (inviteGroupIds.Length == 0 && unsaveGroupIds.Length == 0)
        {
            throw Refusal.Invalid("Must specify inviteGroupIds or unsaveGroupIds");
        }

        await using var readable = contexts.For(viewer);
        var objIsKnown = await readable.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct);
        if (!objIsKnown)
        {
            throw Refusal.NotFound($"Source {objId} not found");
        }

        var invited = inviteGroupIds.Distinct().ToArray();
        var unsaved = unsaveGroupIds.Distinct().ToArray();
        var knownGroups = await readable.Set<Group>().Where(group => invited.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct);
        Check(viewer, invited, unsaved, knownGroups);

        // What may be done was checked above; the rows of groups that are only offered the object are not the viewer's to read.
        await using var db = contexts.For(Viewer.System);
        db.Viewer = Viewer.System with { UserId = viewer.UserId };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Whoever else adds groups to the object waits: this writes the whole list of them.
        var obj = await db.Set<Obj>().FromSql($"select * from objs where id = {objId} for update").SingleAsync(ct);
        var touched = invited.Concat(unsaved).ToArray();
        var rows = await db.Set<Source>().Where(row => row.ObjId == objId && touched.Contains(row.GroupId)).ToDictionaryAsync(row => row.GroupId, ct);
        foreach (var id in invited)
        {
            Invite(db, rows.GetValueOrDefault(id), objId, id, viewer.SeesAll || viewer.SaveGroupIds.Contains(id));
        }

        foreach (var id in unsaved)
        {
            var row = rows.GetValueOrDefault(id) is { } found && (found.Active || found.Requested)
                ? found
                : throw Refusal.Invalid($"Source is not saved to group w/ ID {id}");
            row.Requested = false;
            UnsaveSource.Unsave(db, row);
        }

        obj.GroupIds = [.. obj.GroupIds.Union(invited)];
        if (invited.Length > 0)
        {
            db.Record("source.saved", objId, invited, new { groupIds = invited });
        }

        if (unsaved.Length > 0)
        {
            db.Record("source.unsaved", objId, unsaved, new { groupIds = unsaved });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static void Check(Viewer viewer, int[] invited, int[] unsaved, int[] knownGroups)
    {
        foreach (var id in invited)
        {
            if (!knownGroups.Contains(id))
            {
                throw Refusal.Invalid($"Cannot find group w/ ID {id}");
            }

            if (!viewer.SeesAll && viewer.GroupIds.Contains(id) && !viewer.SaveGroupIds.Contains(id))
            {
                throw Refusal.Invalid($"User does not have power to save to group with ID {id}.");
            }
        }

        if (unsaved.Where(id => !viewer.SeesAll && !viewer.GroupIds.Contains(id)).Select(id => (int?)id).FirstOrDefault() is { } foreign)
        {
            throw Refusal.Invalid($"Source is not saved to group w/ ID {foreign}");
        }
    }

    private static void Invite(SkyPortalContext db, Source? row, string objId, int groupId, bool isOwn)
    {
        if (row is { Active: true })
        {
            throw Refusal.Invalid($"Source already saved to group w/ ID {groupId}");
        }

        if (row is null)
        {
            row = new Source { ObjId = objId, GroupId = groupId, SavedAt = db.UtcNow };
            db.Add(row);
        }

        row.SavedById = db.Viewer.UserId;
        row.Active = isOwn;
        row.Requested = !isOwn;
        row.UnsavedById = null;
        row.UnsavedAt = null;
    }
}

/// <summary>Accepts or declines an object that was offered to a group, or changes how it is saved.</summary>
public sealed class AnswerSourceOffer(Contexts contexts)
{
    /// <summary>Sets both flags of the save; refuses where there is none, and who may not save to the group.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, int groupId, bool active, bool requested, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        await using var db = contexts.For(viewer);
        var source = await db.Set<Source>().SingleOrDefaultAsync(row => row.ObjId == objId && row.GroupId == groupId, ct)
            ?? throw Refusal.Invalid($"No such source {objId} in group {groupId}.");
        if (active && !source.Active && !viewer.SeesAll && !viewer.SaveGroupIds.Contains(groupId))
        {
            throw Refusal.Invalid($"User does not have power to save to group with ID {groupId}.");
        }

        if (active && !source.Active)
        {
            source.SavedById = viewer.UserId;
        }

        source.Active = active;
        source.Requested = requested;
        db.Record(active ? "source.saved" : "source.unsaved", objId, [groupId], new { groupIds = new[] { groupId } });
        await db.SaveChangesAsync(ct);
    }
}
