using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using SkyPortal.Web.Tests.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Notifications;

/// <summary>Reminders, and calls to a source, over the API and by the job that delivers them.</summary>
public sealed class ReminderTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Reminder_SetChangedDeleted_IsItsUsersAlone()
    {
        await using var site = await TestSite.StartAsync();
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "reminder");
        var colleague = await site.Node.ClientAsync("reminder-colleague", Role.FullUser, (group, false));
        await SaveAsync(member, group, "REM_one");

        var set = await member.PostAsync("/api/source/REM_one/reminders", new { text = "look again", next_reminder = "2099-01-01T00:00:00", reminder_delay = 2, number_of_reminders = 3, group_ids = new[] { group } });
        var id = set.GetProperty("reminder_ids")[0].GetInt64();
        var list = await member.GetAsync("/api/source/REM_one/reminders");
        await member.DataAsync(HttpMethod.Patch, $"/api/source/REM_one/reminders/{id}", new { text = "later" });
        var shared = await colleague.GetAsync($"/api/source/REM_one/reminders/{id}");
        var foreign = await outsider.SendAsync(HttpMethod.Post, "/api/source/REM_one/reminders", new { text = "x", next_reminder = "2099-01-01" });
        var strange = await member.SendAsync(HttpMethod.Post, "/api/source/REM_one/reminders", new { text = "x", next_reminder = "2099-01-01", group_ids = new[] { 99999 } });
        var nobody = await member.SendAsync(HttpMethod.Post, "/api/source/REM_one/reminders", new { text = "x", next_reminder = "2099-01-01", user_ids = new[] { 99999 } });
        var kind = await member.SendAsync(HttpMethod.Post, "/api/sources/REM_one/reminders", new { text = "x", next_reminder = "2099-01-01" });
        var shift = await member.SendAsync(HttpMethod.Post, "/api/shift/1/reminders", new { text = "x", next_reminder = "2099-01-01" });
        var stolen = await colleague.SendAsync(HttpMethod.Delete, $"/api/source/REM_one/reminders/{id}");
        var other = await member.SendAsync(HttpMethod.Get, $"/api/spectra/1/reminders/{id}");
        var outside = await outsider.GetAsync("/api/source/REM_one/reminders");
        await member.DataAsync(HttpMethod.Delete, $"/api/source/REM_one/reminders/{id}");

        Assert.Equal(("REM_one", "source"), (list.GetProperty("resourceId").GetString(), list.GetProperty("resourceType").GetString()));
        Assert.Equal(
            ["bot", "created_at", "id", "modified", "next_reminder", "number_of_reminders", "obj_id", "origin", "reminder_delay", "text", "user_id"],
            list.GetProperty("reminders")[0].EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal("later", shared.GetProperty("text").GetString());
        Assert.Equal((404, 403, 403, 400, 404, 403, 400), (foreign.Status, strange.Status, nobody.Status, kind.Status, shift.Status, stolen.Status, other.Status));
        Assert.Empty(outside.GetProperty("reminders").EnumerateArray());
        Assert.Empty((await member.GetAsync("/api/source/REM_one/reminders")).GetProperty("reminders").EnumerateArray());
    }

    [Fact]
    public async Task Reminder_Due_IsToldOnceAndMovesOn()
    {
        await using var smtp = new SmtpSink();
        await using var site = await TestSite.StartAsync(builder => builder.Services.AddSingleton<IMailer>(new SmtpMailer(new MailSettings { Host = "127.0.0.1", Port = smtp.Port, UseTls = false, From = "site@example.org" })));
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "due");
        await SaveAsync(member, group, "REM_due");
        await PreferAsync(site.Node, member.UserId, "member@example.org", """{"notifications": {"reminders": {"email": {"active": true}}}}""");
        await member.PostAsync("/api/source/REM_due/reminders", new { text = "it is time", next_reminder = "2020-01-01T00:00:00", reminder_delay = 36500.0 / 10, number_of_reminders = 5 });
        // A reminder of somebody who does not see the source says nothing.
        await member.PostAsync("/api/source/REM_due/reminders", new { text = "secret", next_reminder = "2020-01-01T00:00:00", user_ids = new[] { outsider.UserId } });

        await site.Node.Services.GetRequiredService<DeliverReminders>().HandleAsync(Ct);
        await site.Node.Services.GetRequiredService<DeliverReminders>().HandleAsync(Ct);
        var send = site.Node.Services.GetRequiredService<SendMail>();
        while (await send.HandleAsync(Ct))
        {
        }

        await using var db = site.Node.Contexts.For(Viewer.System);
        var events = await db.Set<OutboxEvent>().Where(item => item.Kind == "reminder.due").ToListAsync(Ct);
        var row = await db.Set<Reminder>().SingleAsync(reminder => reminder.UserId == member.UserId, Ct);
        var mail = await db.Set<OutgoingMail>().SingleAsync(Ct);
        Assert.Equal("it is time", Assert.Single(events).Payload!.Value.GetProperty("text").GetString());
        Assert.Equal((4, 2029), (row.NumberOfReminders, row.NextReminder.Year));
        Assert.NotNull(mail.SentAt);
        Assert.Contains("it is time", Assert.Single(smtp.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SourceNotification_ToGroups_MailsWhoWantsIt()
    {
        await using var smtp = new SmtpSink();
        await using var site = await TestSite.StartAsync(builder => builder.Services.AddSingleton<IMailer>(new SmtpMailer(new MailSettings { Host = "127.0.0.1", Port = smtp.Port, UseTls = false, From = "site@example.org" })));
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "call");
        var colleague = await site.Node.ClientAsync("call-colleague", Role.FullUser, (group, false));
        await SaveAsync(member, group, "CALL_one");
        await PreferAsync(site.Node, colleague.UserId, "colleague@example.org", """{"allowEmailAlerts": true}""");
        await PreferAsync(site.Node, member.UserId, "member@example.org", """{"allowEmailAlerts": false}""");
        await PreferAsync(site.Node, outsider.UserId, "outsider@example.org", """{"allowEmailAlerts": true}""");
        var body = new { sourceId = "CALL_one", groupIds = new[] { group }, level = "hard", additionalNotes = "spectrum tonight?" };

        var id = (await member.PostAsync("/api/source_notifications", body)).GetProperty("id").GetInt64();
        var foreign = await outsider.SendAsync(HttpMethod.Post, "/api/source_notifications", body);
        var elsewhere = await member.SendAsync(HttpMethod.Post, "/api/source_notifications", new { sourceId = "CALL_one", groupIds = new[] { 1 }, level = "soft" });
        var level = await member.SendAsync(HttpMethod.Post, "/api/source_notifications", new { sourceId = "CALL_one", groupIds = new[] { group }, level = "loud" });
        var send = site.Node.Services.GetRequiredService<SendMail>();
        while (await send.HandleAsync(Ct))
        {
        }

        await using var db = site.Node.Contexts.For(Viewer.System);
        var told = await db.Set<OutboxEvent>().SingleAsync(item => item.Kind == "source.notified", Ct);
        Assert.True(id > 0);
        Assert.Equal((404, 400, 400), (foreign.Status, elsewhere.Status, level.Status));
        Assert.Equal("not configured", told.Payload!.Value.GetProperty("textMessages").GetString());
        Assert.Equal("colleague@example.org", (await db.Set<OutgoingMail>().SingleAsync(Ct)).Recipient);
        Assert.Contains("spectrum tonight?", Assert.Single(smtp.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendMail_ServerThatIsNotTrusted_IsTriedAgainLater()
    {
        await using var site = await TestSite.StartAsync(builder => builder.Services.AddSingleton<IMailer>(new UntrustedMailer()));
        var member = await site.Node.ClientAsync("mail-member");
        await using var db = site.Node.Contexts.For(Viewer.System);
        db.Add(new OutgoingMail { UserId = member.UserId, Recipient = "member@example.org", Subject = "x", Text = "x", NextAttempt = db.UtcNow });
        await db.SaveChangesAsync(Ct);

        Assert.True(await site.Node.Services.GetRequiredService<SendMail>().HandleAsync(Ct));

        db.ChangeTracker.Clear();
        var mail = await db.Set<OutgoingMail>().SingleAsync(Ct);
        Assert.Equal((1, "the certificate is not trusted", true), (mail.Attempts, mail.Fault, mail.NextAttempt > db.UtcNow));
    }

    private sealed class UntrustedMailer : IMailer
    {
        public bool IsEnabled => true;

        public Task SendAsync(string recipient, string subject, string text, CancellationToken ct) =>
            Task.FromException(new System.Security.Authentication.AuthenticationException("the certificate is not trusted"));
    }

    [Fact]
    public void Reminder_MissedForLong_CountsWhatWasMissed()
    {
        var reminder = new Reminder { ObjId = "x", Text = "x", NextReminder = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), ReminderDelay = 1, NumberOfReminders = 10 };

        reminder.Pass(new DateTime(2026, 1, 3, 12, 0, 0, DateTimeKind.Utc));

        Assert.Equal((7, 4), (reminder.NumberOfReminders, reminder.NextReminder.Day));
    }

    private static async Task PreferAsync(TestNode node, int userId, string email, string preferences)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var user = await db.Set<User>().SingleAsync(row => row.Id == userId, Ct);
        (user.ContactEmail, user.Preferences) = (email, JsonSerializer.Deserialize<JsonElement>(preferences));
        await db.SaveChangesAsync(Ct);
    }

    private static Task<JsonElement> SaveAsync(TestClient client, int group, string id) =>
        client.PostAsync("/api/sources", new { id, ra = 150, dec = 2, group_ids = new[] { group } });
}
