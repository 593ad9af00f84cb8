using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>Tells people of alerts that match what they watch.</summary>
public sealed class TellWatches(Contexts contexts, ReadViewer readViewer, TellUsers tell)
{
    private const int AtOnce = 5_000;
    private const int Named = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Tells of the waiting matches of one list, or of one person's own objects, and returns of how many. Its owner is told in any case,
    /// members of its groups where they want it (preference notifications.watchlists); each only of alerts of their streams, in one
    /// notification, and of a list at most every ten minutes. Nodes share the rows.
    /// </summary>
    public async Task<int> HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (now, recent) = (db.UtcNow, db.UtcNow - Pause);
        var waiting = await db.Set<WatchMatch>().FromSql($"""
            select m.* from watch_matches m
            join (
                select m.watch_list_id, m.listing_id from watch_matches m left join watch_lists l on l.id = m.watch_list_id
                where m.told_at is null and (l.told_at is null or l.told_at <= {recent})
                order by m.id limit 1) first on first.watch_list_id = m.watch_list_id or first.listing_id = m.listing_id
            where m.told_at is null
            order by m.id limit {AtOnce} for update of m skip locked
            """).ToListAsync(ct);
        if (waiting.Count == 0)
        {
            return 0;
        }

        if (waiting[0].WatchListId is { } listId)
        {
            var list = await db.Set<WatchList>().AsNoTracking().SingleAsync(row => row.Id == listId, ct);
            // Alone: when the list changed must not tell of alerts that its reader may not see.
            await db.Set<WatchList>().Where(row => row.Id == listId).ExecuteUpdateAsync(set => set.SetProperty(row => row.ToldAt, now), ct);
            var members = await db.Set<User>()
                .Where(user => user.Id != list.OwnerId && db.Set<GroupUser>().Any(member => member.UserId == user.Id && list.GroupIds.Contains(member.GroupId)))
                .Select(user => new { user.Id, user.Preferences })
                .ToListAsync(ct);
            await TellAsync(db, list.OwnerId, waiting, $"the watch list *{list.Name}*", $"/watchlists/{listId}?tab=matches", always: true, ct);
            foreach (var member in members.Where(member => NotificationWish.Of(member.Preferences, NotificationWish.Watches).Active))
            {
                await TellAsync(db, member.Id, waiting, $"the watch list *{list.Name}*", $"/watchlists/{listId}?tab=matches", always: false, ct);
            }
        }
        else
        {
            var listingId = waiting[0].ListingId;
            var owner = await db.Set<Listing>().Where(listing => listing.Id == listingId).Select(listing => listing.UserId).SingleAsync(ct);
            await TellAsync(db, owner, waiting, $"your watched object *{waiting[0].Label}*", "/watchlists?tab=matches", always: true, ct);
        }

        foreach (var match in waiting)
        {
            match.ToldAt = now;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return waiting.Count;
    }

    private async Task TellAsync(SkyPortalContext db, int userId, List<WatchMatch> waiting, string what, string url, bool always, CancellationToken ct)
    {
        if (await readViewer.ByUserAsync(userId, ct) is not { Viewer: { } viewer, Expired: false })
        {
            return;
        }

        var ids = waiting.Select(match => match.Id).ToList();
        await using var own = contexts.For(viewer);
        var seen = (await own.Set<WatchMatch>().Where(match => ids.Contains(match.Id)).OrderBy(match => match.Id).Select(match => match.ObjId).ToListAsync(ct)).Distinct().ToList();
        if (seen.Count == 0)
        {
            return;
        }

        var objects = string.Join(", ", seen.Take(Named).Select(id => $"*{id}*"))
            + (seen.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {seen.Count - Named} more") : "");
        await tell.AddAsync(db, [userId], new Tidings(NotificationWish.Watches, "watchlist_match", $"{objects} on {what}", url), ct, always);
    }
}
