using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Notifications;

/// <summary>Sends the messages that wait.</summary>
public sealed class SendMail(Contexts contexts, IMailer mailer, ILogger<SendMail> logger)
{
    /// <summary>
    /// Sends the message that waits longest, and returns whether there was one. While it is sent its row is held, so that no other
    /// node sends it, too. What the mail server does not take is tried again later, up to <see cref="OutgoingMail.MostAttempts"/> times.
    /// </summary>
    public async Task<bool> HandleAsync(CancellationToken ct)
    {
        if (!mailer.IsEnabled)
        {
            return false;
        }

        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var now = db.UtcNow;
        var mail = await db.Set<OutgoingMail>().FromSql($"""
            select * from outgoing_mails where sent_at is null and attempts < {OutgoingMail.MostAttempts} and next_attempt <= {now}
            order by next_attempt, id limit 1 for update skip locked
            """).SingleOrDefaultAsync(ct);
        if (mail is null)
        {
            return false;
        }

        mail.Attempts++;
        try
        {
            await mailer.SendAsync(mail.Recipient, mail.Subject, mail.Text, ct);
            (mail.SentAt, mail.Fault) = (db.UtcNow, null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            (mail.Fault, mail.NextAttempt) = (error.Message, now + OutgoingMail.PauseAfter(mail.Attempts));
            logger.LogWarning("Message {Id} was not taken, attempt {Attempt}: {Reason}", mail.Id, mail.Attempts, error.Message);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}
