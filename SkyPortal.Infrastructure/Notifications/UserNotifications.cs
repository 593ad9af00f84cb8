using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Notifications;

/// <summary>A notification as it appears on the wire; times in UTC.</summary>
public sealed record UserNotificationRecord(long Id, DateTime CreatedAt, DateTime Modified, int UserId, string Text, string? NotificationType, bool Viewed, string? Url);

/// <summary>Reads the viewer's own notifications.</summary>
public sealed class ReadUserNotifications(Contexts contexts)
{
    /// <summary>Most that are read at once.</summary>
    public const int Most = 1_000;

    /// <summary>The newest ones, newest first. One statement.</summary>
    public async Task<IReadOnlyList<UserNotificationRecord>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await Records(OwnNotifications.Of(db)).Take(Most).ToListAsync(ct);
    }

    /// <summary>One of them; refuses one that is not there or not the viewer's.</summary>
    public async Task<UserNotificationRecord> OneAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await Records(OwnNotifications.Of(db).Where(row => row.Id == id)).SingleOrDefaultAsync(ct) ?? throw OwnNotifications.Missing(id);
    }

    private static IQueryable<UserNotificationRecord> Records(IQueryable<UserNotification> rows) => rows.AsNoTracking().OrderByDescending(row => row.Id)
        .Select(row => new UserNotificationRecord(row.Id, row.CreatedAt, row.Modified, row.UserId, row.Text, row.NotificationType, row.Viewed, row.Url));
}

/// <summary>The newest notifications of a user, newest first, and how many of all are unread.</summary>
public sealed record NewestNotifications(IReadOnlyList<UserNotificationRecord> Rows, int Unread)
{
    /// <summary>Of who was told nothing.</summary>
    public static NewestNotifications None { get; } = new([], 0);

    /// <summary>The same after one was read.</summary>
    public NewestNotifications Read(long id) => Rows.Any(row => row.Id == id && !row.Viewed)
        ? new([.. Rows.Select(row => row.Id == id ? row with { Viewed = true } : row)], Unread - 1)
        : this;

    /// <summary>The same after all were read.</summary>
    public NewestNotifications ReadAll() => new([.. Rows.Select(row => row with { Viewed = true })], 0);
}

/// <summary>Reads what the bell of the frame shows.</summary>
public sealed class ReadNewestNotifications(Contexts contexts)
{
    /// <summary>Most rows that it shows.</summary>
    public const int Most = 20;

    /// <summary>The viewer's own. One statement, in the index of usernotifications (user_id, id).</summary>
    public async Task<NewestNotifications> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var own = OwnNotifications.Of(db).AsNoTracking();
        var rows = await own.OrderByDescending(row => row.Id).Take(Most).Select(row => new
        {
            Record = new UserNotificationRecord(row.Id, row.CreatedAt, row.Modified, row.UserId, row.Text, row.NotificationType, row.Viewed, row.Url),
            Unread = own.Count(other => !other.Viewed),
        }).ToListAsync(ct);
        return rows.Count == 0 ? NewestNotifications.None : new([.. rows.Select(row => row.Record)], rows[0].Unread);
    }
}

/// <summary>Marks the viewer's own notifications as read or unread.</summary>
public sealed class MarkNotifications(Contexts contexts)
{
    /// <summary>Marks one, or all where no id is given; refuses one that is not there or not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, long? id, bool viewed, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var now = db.UtcNow;
        await OwnNotifications.ChangeAsync(db, id, rows => rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.Viewed, viewed).SetProperty(row => row.Modified, now), ct), ct);
    }
}

/// <summary>Removes the viewer's own notifications.</summary>
public sealed class DeleteNotifications(Contexts contexts)
{
    /// <summary>Removes one, or all where no id is given; refuses one that is not there or not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, long? id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await OwnNotifications.ChangeAsync(db, id, rows => rows.ExecuteDeleteAsync(ct), ct);
    }
}

/// <summary>What holds for a viewer's own notifications.</summary>
internal static class OwnNotifications
{
    public static IQueryable<UserNotification> Of(SkyPortalContext db) => db.Set<UserNotification>().Where(row => row.UserId == db.Viewer.UserId);

    // In one statement: two pages may do so at once.
    public static async Task ChangeAsync(SkyPortalContext db, long? id, Func<IQueryable<UserNotification>, Task<int>> change, CancellationToken ct)
    {
        var user = db.Viewer.UserId;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var changed = await change(db.Allowed<UserNotification>(AccessMode.Update).Where(row => row.UserId == user && (id == null || row.Id == id)));
        if (changed == 0 && id is { } missing)
        {
            throw Missing(missing);
        }

        db.Record(NotificationEvents.Changed, NotificationEvents.Subject(user ?? 0), db.Viewer.OwnGroupId is { } own ? [own] : []);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public static Refusal Missing(long id) => Refusal.Invalid($"Cannot find UserNotification with ID: {id}");
}
