using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Notifications;

/// <summary>Whether and how the platform calls people.</summary>
public sealed record NotificationSettings
{
    /// <summary>Whether people may call the members of groups to a source.</summary>
    public bool SourceNotifications { get; init; } = true;

    /// <summary>Reads the section Notifications.</summary>
    public static NotificationSettings Read(IConfiguration? configuration) => configuration?.GetSection("Notifications").Get<NotificationSettings>() ?? new NotificationSettings();
}

/// <summary>Calls the members of groups to a source.</summary>
public sealed class NotifyOfSource(Contexts contexts, IMailer mailer, NotificationSettings settings)
{
    /// <summary>
    /// Records the call and queues an e-mail to each member of the groups who accepts such mail (preference allowEmailAlerts), and
    /// returns its id. There is no way to send text messages: a hard call says so in its event. Refuses where calls are switched off,
    /// a source that the viewer does not see (not found), and groups to which it is not saved.
    /// </summary>
    /// <param name="link">Address of the source's page.</param>
    public async Task<long> HandleAsync(Viewer viewer, string sourceId, int[] groupIds, string level, string? notes, string link, CancellationToken ct)
    {
        if (!settings.SourceNotifications)
        {
            throw Refusal.Invalid("Notifications are not enabled in current deployment.");
        }

        var userId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may call others.");
        if (level is not (SourceNotification.Soft or SourceNotification.Hard))
        {
            throw Refusal.Invalid("Invalid/missing parameters: level: Input should be soft or hard");
        }

        if (notes?.Length > 10_000)
        {
            throw Refusal.Invalid("Invalid/missing parameters: additionalNotes: it may have 10000 characters");
        }

        await using var readable = contexts.For(viewer);
        var obj = await readable.Set<Obj>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == sourceId, ct)
            ?? throw Refusal.NotFound($"Source {sourceId} not found");
        var groups = groupIds.Distinct().Order().ToArray();
        var saved = await readable.Set<Source>().Where(source => source.ObjId == sourceId && source.Active && groups.Contains(source.GroupId)).Select(source => source.GroupId).Distinct().ToArrayAsync(ct);
        if (groups.Length == 0 || saved.Length < groups.Length)
        {
            throw Refusal.Invalid($"Insufficient recipient group access permissions: the source must be saved to each of the groups {string.Join(", ", groups)}.");
        }

        // Addresses and preferences of others are not the viewer's to read.
        await using var db = contexts.For(viewer.AsSystem());
        var notification = new SourceNotification { SourceId = sourceId, SentById = userId, AdditionalNotes = notes, Level = level, GroupIds = groups };
        db.Add(notification);
        var members = await db.Set<User>().Where(user => db.Set<GroupUser>().Any(member => member.UserId == user.Id && groups.Contains(member.GroupId))).AsNoTracking().ToListAsync(ct);
        var sender = members.FirstOrDefault(user => user.Id == userId) ?? await db.Set<User>().AsNoTracking().SingleAsync(user => user.Id == userId, ct);
        var mails = mailer.IsEnabled ? Mails(obj, sender, members, level, notes, link, db.UtcNow).ToList() : [];
        db.AddRange(mails);
        db.Record("source.notified", sourceId, groups, new
        {
            level,
            groupIds = groups,
            mails = mails.Count,
            mail = mailer.IsEnabled ? "queued" : "not configured",
            textMessages = level == SourceNotification.Hard ? "not configured" : null,
        });
        await db.SaveChangesAsync(ct);
        return notification.Id;
    }

    private static IEnumerable<OutgoingMail> Mails(Obj obj, User sender, List<User> members, string level, string? notes, string link, DateTime now)
    {
        var name = sender is { FirstName: { Length: > 0 } first, LastName: { Length: > 0 } last } ? $"{first} {last}" : sender.Username;
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            {name} would like to call your immediate attention to {obj.Id}{(level == SourceNotification.Hard ? " (urgent)" : "")}.

            RA, Dec: {obj.Ra:0.00000} {obj.Dec:0.00000}{(obj.Redshift is { } z ? $", redshift {z:0.#####}" : "")}
            {link}

            {notes}
            """).TrimEnd() + "\n";
        return members
            .Where(user => Accepts(user.Preferences, "allowEmailAlerts") && IsAddress(user.ContactEmail) && !(user.ExpirationDate <= now))
            .Select(user => new OutgoingMail { UserId = user.Id, Recipient = user.ContactEmail!, Subject = $"SkyPortal: {obj.Id}", Text = text, NextAttempt = now });
    }

    private static bool IsAddress(string? text) => MailAddress.TryCreate(text, out _);

    private static bool Accepts(JsonElement? preferences, string name) =>
        preferences is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
