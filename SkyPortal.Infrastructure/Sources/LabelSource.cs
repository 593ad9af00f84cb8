using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Marks that the viewer looked at an object for some groups. <see cref="UnlabelSource"/> is its inverse.</summary>
public sealed class LabelSource(Contexts contexts)
{
    /// <summary>Labels; a label that is there already stays. Refuses objects and groups that are not the viewer's to label.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, int[] groupIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var labels = await LabelsAsync(db, objId, groupIds, ct);
        var missing = groupIds.Distinct().Except(labels.Select(label => label.GroupId)).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        db.AddRange(missing.Select(id => new SourceLabel { ObjId = objId, GroupId = id, LabellerId = viewer.UserId!.Value }));
        db.Record("source.labelled", objId, missing, new { groupIds = missing, labelled = true });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The viewer's own labels of an object for some groups, after the checks that both verbs share.</summary>
    internal static async Task<List<SourceLabel>> LabelsAsync(SkyPortalContext db, string objId, int[] groupIds, CancellationToken ct)
    {
        var viewer = db.Viewer;
        if (viewer.UserId is null || !await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.Invalid($"Invalid objId: {objId}");
        }

        var known = await db.Set<Group>().Where(group => groupIds.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct);
        if (groupIds.Where(id => !known.Contains(id) || (!viewer.SeesAll && !viewer.GroupIds.Contains(id))).Select(id => (int?)id).FirstOrDefault() is { } stray)
        {
            throw Refusal.Invalid($"Invalid groupIds: {stray} is not one of your groups.");
        }

        return await db.Set<SourceLabel>()
            .Where(label => label.ObjId == objId && label.LabellerId == viewer.UserId && groupIds.Contains(label.GroupId))
            .ToListAsync(ct);
    }
}

/// <summary>Takes the viewer's labels of an object away.</summary>
public sealed class UnlabelSource(Contexts contexts)
{
    /// <summary>Unlabels; a label that is not there is no error.</summary>
    public async Task HandleAsync(Viewer viewer, string objId, int[] groupIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var labels = await LabelSource.LabelsAsync(db, objId, groupIds, ct);
        if (labels.Count == 0)
        {
            return;
        }

        var groups = labels.Select(label => label.GroupId).ToArray();
        db.RemoveRange(labels);
        db.Record("source.labelled", objId, groups, new { groupIds = groups, labelled = false });
        await db.SaveChangesAsync(ct);
    }
}
