using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Delivers the reminders that are due.</summary>
public sealed class DeliverReminders(Contexts contexts, ReadViewer readViewer, IMailer mailer, TellUsers tell, IConfiguration? configuration = null)
{
    private const int AtOnce = 100;

    /// <summary>
    /// Tells the users of reminders that are due, by a notification, an event in their own group and, where they want it (preference
    /// notifications.reminders.email), by e-mail, and moves each on to its next time. Who may not see the thing any more is told
    /// nothing. Nodes share the rows; returns how many this one passed.
    /// </summary>
    public async Task<int> HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = db.UtcNow;
        var due = await db.Set<Reminder>().FromSql($"""
            select * from reminders where number_of_reminders > 0 and next_reminder <= {now} order by next_reminder, id limit {AtOnce} for update skip locked
            """).ToListAsync(ct);
        foreach (var reminder in due)
        {
            reminder.Pass(now);
            var answer = await readViewer.ByUserAsync(reminder.UserId, ct);
            if (answer is not { Viewer: { } viewer, Expired: false } || !await IsSeenAsync(viewer, reminder, ct))
            {
                continue;
            }

            var user = await db.Set<User>().AsNoTracking().SingleAsync(row => row.Id == reminder.UserId, ct);
            var address = $"{configuration?["PublicAddress"]?.TrimEnd('/')}/source/{Uri.EscapeDataString(reminder.ObjId)}";
            if (mailer.IsEnabled && NotificationWish.Of(user.Preferences, NotificationWish.Reminders).Email && MailAddress.TryCreate(user.ContactEmail, out _))
            {
                db.Add(new OutgoingMail
                {
                    UserId = user.Id, Recipient = user.ContactEmail!, Subject = $"SkyPortal: reminder of {reminder.ObjId}", Text = $"{reminder.Text}\n\n{address}\n", NextAttempt = now,
                });
            }

            var type = reminder.SpectrumId is null ? "reminder_on_source" : "reminder_on_spectra";
            await tell.AddOneAsync(db, reminder.UserId, new Tidings(NotificationWish.Reminders, type, $"Reminder of *{reminder.ObjId}*: {reminder.Text}", $"/source/{Uri.EscapeDataString(reminder.ObjId)}"), ct);
            db.Record("reminder.due", reminder.ObjId, viewer.OwnGroupId is { } alone ? [alone] : [], new
            {
                id = reminder.Id, userId = reminder.UserId, text = reminder.Text, url = address, left = reminder.NumberOfReminders, type,
            });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }

    private async Task<bool> IsSeenAsync(Viewer viewer, Reminder reminder, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var target = reminder.SpectrumId is { } spectrum
            ? new ReminderTarget(ReminderTarget.OfSpectrum, $"{spectrum}")
            : new ReminderTarget(ReminderTarget.OfSource, reminder.ObjId);
        return await ReminderRules.ObjectOfAsync(db, target, ct) is not null;
    }
}
