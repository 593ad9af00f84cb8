using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>Tells the people of filters which objects passed for the first time.</summary>
public sealed class TellPassings(Contexts contexts, ReadViewer readViewer, TellUsers tell)
{
    private const int AtOnce = 500;
    private const int Named = 3;

    /// <summary>
    /// Tells of what waits for the filter that waits longest, in one notification for each of its people, and returns of how many
    /// objects. Who may not see the filter any more is told nothing. Nodes share the rows.
    /// </summary>
    public async Task<int> HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var waiting = await db.Set<PassingNotice>().FromSql($"""
            select n.* from passing_notices n
            where n.filter_id = (select filter_id from passing_notices order by id limit 1)
            order by n.id limit {AtOnce} for update skip locked
            """).ToListAsync(ct);
        if (waiting.Count == 0)
        {
            return 0;
        }

        var filterId = waiting[0].FilterId;
        var people = await db.Set<FilterActions>().Where(actions => actions.FilterId == filterId).Select(actions => actions.NotifyUserIds).SingleOrDefaultAsync(ct) ?? [];
        foreach (var userId in people)
        {
            if (await readViewer.ByUserAsync(userId, ct) is { Viewer: { } viewer, Expired: false } && await TidingsAsync(viewer, filterId, waiting, ct) is { } tidings)
            {
                await tell.AddAsync(db, [userId], tidings, ct, always: true);
            }
        }

        db.RemoveRange(waiting);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return waiting.Count;
    }

    private async Task<Tidings?> TidingsAsync(Viewer viewer, int filterId, List<PassingNotice> waiting, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var name = await db.Set<Filter>().Where(filter => filter.Id == filterId).Select(filter => filter.Name).SingleOrDefaultAsync(ct);
        var ids = waiting.Select(notice => notice.ObjId).Distinct().ToList();
        var seen = await db.Set<Obj>().Where(obj => ids.Contains(obj.Id)).Select(obj => obj.Id).ToListAsync(ct);
        var shown = ids.Where(seen.Contains).ToList();
        if (name is null || shown.Count == 0)
        {
            return null;
        }

        var objects = string.Join(", ", shown.Take(Named).Select(id => $"*{id}*"))
            + (shown.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {shown.Count - Named} more") : "");
        return new Tidings(
            NotificationWish.Passings,
            "filter_passed",
            $"{objects} passed the filter *{name}*",
            shown.Count == 1 ? $"/source/{Uri.EscapeDataString(shown[0])}" : "/candidates");
    }
}
