using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Notifications;

/// <summary>What people are told.</summary>
/// <param name="Preference">Kind under preferences.notifications, such as mention.</param>
/// <param name="Type">Type of the notification on the wire.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Url">Page of the site, such as /source/A.</param>
public sealed record Tidings(string Preference, string Type, string Text, string Url);

/// <summary>Tells people of something, as their preferences say.</summary>
public sealed class TellUsers(ReadViewer readViewer, IMailer mailer, IConfiguration? configuration = null)
{
    /// <summary>
    /// Adds a notification for each of these users whose preference notifications.{kind}.active is on, and where its part email is on,
    /// too, a message to the queue of outgoing mail. The caller has made sure that each may read what it is about, and commits.
    /// </summary>
    /// <param name="db">A context of the system.</param>
    /// <param name="userIds">Who may be told.</param>
    /// <param name="tidings">What they are told.</param>
    /// <param name="ct">Cancels it.</param>
    /// <param name="always">Whether they are told whatever they prefer; the message still goes as they do.</param>
    internal async Task AddAsync(SkyPortalContext db, IReadOnlyCollection<int> userIds, Tidings tidings, CancellationToken ct, bool always = false)
    {
        foreach (var user in await db.Set<User>().AsNoTracking().Where(user => userIds.Contains(user.Id)).OrderBy(user => user.Id).ToListAsync(ct))
        {
            var wish = NotificationWish.Of(user.Preferences, tidings.Preference);
            if (!wish.Active && !always)
            {
                continue;
            }

            await AddOneAsync(db, user.Id, tidings, ct);
            if (mailer.IsEnabled && wish.Email && MailAddress.TryCreate(user.ContactEmail, out _))
            {
                db.Add(new OutgoingMail
                {
                    UserId = user.Id,
                    Recipient = user.ContactEmail!,
                    Subject = $"SkyPortal: {tidings.Text.Replace("*", "", StringComparison.Ordinal)}",
                    Text = $"{tidings.Text}\n\n{configuration?["PublicAddress"]?.TrimEnd('/')}{tidings.Url}\n",
                    NextAttempt = db.UtcNow,
                });
            }
        }
    }

    /// <summary>Adds a notification for a user, whatever they prefer, and tells their open pages.</summary>
    internal async Task AddOneAsync(SkyPortalContext db, int userId, Tidings tidings, CancellationToken ct)
    {
        db.Add(new UserNotification { UserId = userId, NotificationType = tidings.Type, Text = tidings.Text, Url = tidings.Url });
        var own = (await readViewer.ByUserAsync(userId, ct)).Viewer?.OwnGroupId;
        db.Record(NotificationEvents.Added, NotificationEvents.Subject(userId), own is { } group ? [group] : [], new { userId, type = tidings.Type });
    }
}

/// <summary>Events by which open pages hear of a user's notifications.</summary>
public static class NotificationEvents
{
    /// <summary>There is a new one.</summary>
    public const string Added = "notification.added";

    /// <summary>Some were read or removed.</summary>
    public const string Changed = "notification.changed";

    /// <summary>Subject of the events of a user.</summary>
    public static string Subject(int userId) => $"user {userId}";
}
