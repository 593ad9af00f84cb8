using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Decides with which groups a remark, annotation or class is shared.</summary>
public static class ShareWith
{
    /// <summary>The named groups, which must be the viewer's or the sitewide one; the sitewide group where none is named.</summary>
    public static async Task<int[]> GroupsOrSitewideAsync(SkyPortalContext db, int[]? groupIds, CancellationToken ct)
    {
        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        return groupIds is null or [] ? [sitewide] : await CheckAsync(db, groupIds, sitewide, ct);
    }

    /// <summary>The named groups, or all groups of the viewer where none is named.</summary>
    public static async Task<int[]> GroupsOrAllOwnAsync(SkyPortalContext db, int[]? groupIds, CancellationToken ct)
    {
        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        return groupIds is null or [] ? [.. db.Viewer.GroupIds.Order()] : await CheckAsync(db, groupIds, sitewide, ct);
    }

    private static async Task<int[]> CheckAsync(SkyPortalContext db, int[] groupIds, int sitewide, CancellationToken ct)
    {
        var wanted = groupIds.Distinct().Order().ToArray();
        var known = db.Viewer.SeesAll
            ? await db.Set<Group>().Where(group => wanted.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct)
            : [.. wanted.Where(id => id == sitewide || db.Viewer.GroupIds.Contains(id))];
        return wanted.FirstOrDefault(id => !known.Contains(id)) is var missing and not 0
            ? throw Refusal.Invalid($"Cannot find group_ids {missing}: it is not one of your groups.")
            : wanted;
    }
}
