using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Saves the objects of a page of candidates, all or none. What is saved already stays as it is.</summary>
public sealed class AutosaveCandidates(ReadPassedGroups readGroups, SaveSource save)
{
    /// <summary>
    /// Saves each object to the groups; where none are named, to those groups of the page's filters that it passed and to which
    /// the viewer may save. Refuses who may not save, and an object for which no group is left.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, CandidatePageAnswer page, int[]? groupIds, CancellationToken ct)
    {
        if (!viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden($"autosave needs the permission \"{Acl.UploadData}\".");
        }

        if ((groupIds ?? []).Where(id => !viewer.SeesAll && !viewer.SaveGroupIds.Contains(id)).Select(id => (int?)id).FirstOrDefault() is { } other)
        {
            throw Refusal.Invalid($"Invalid autosaveGroupIds: you may not save to group {other}.");
        }

        var ids = page.Hits.Select(hit => hit.ObjId).ToArray();
        if (ids.Length == 0)
        {
            return;
        }

        var passed = await readGroups.ForAsync(ids, page.FilterIds, ct);
        await save.HandleAsync(viewer, [.. ids.Select(id => new SaveRequest(id, new ObjChanges(), groupIds ?? Groups(viewer, id, passed[id])))], ct);
    }

    private static int[] Groups(Viewer viewer, string objId, IEnumerable<int> passed)
    {
        int[] groups = [.. passed.Where(id => viewer.SeesAll || viewer.SaveGroupIds.Contains(id))];
        return groups.Length > 0
            ? groups
            : throw Refusal.Invalid($"autosave: {objId} passed only filters of groups to which you may not save; name groups in autosaveGroupIds.");
    }
}
