using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Operations;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using SkyPortal.Web.Tests.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Notifications;

/// <summary>Who is named in a comment is told, as they prefer, where they may read it; and each has their own notifications.</summary>
public sealed class MentionTests
{
    [Fact]
    public async Task Mention_OfReadersWhoWantIt_IsTheirsAlone()
    {
        await using var smtp = new SmtpSink();
        await using var site = await TestSite.StartAsync(builder => Mail(builder, smtp));
        var (group, member, outsider) = await Team.MakeAsync(site.Node, "mention");
        var (keen, silent) = (await site.Node.ClientAsync("mention-keen", Role.FullUser, (group, false)), await site.Node.ClientAsync("mention-silent", Role.FullUser, (group, false)));
        foreach (var who in new[] { keen, outsider, member })
        {
            await who.DataAsync(HttpMethod.Patch, "/api/internal/profile", new
            {
                contact_email = $"user{who.UserId}@example.org", preferences = new { notifications = new { mention = new { active = true, email = new { active = true } } } },
            });
        }

        await member.PostAsync("/api/sources", new { id = "MEN_one", ra = 1.0, dec = 2.0, group_ids = new[] { group } });
        var names = await NamesAsync(site.Node, member, keen, silent, outsider);
        var text = $"@{names[0]} @{names[1]} @{names[2]} @{names[3]} look";
        await member.PostAsync("/api/sources/MEN_one/comments", new { text, group_ids = new[] { group } });
        await member.PostAsync("/api/sources/MEN_one/comments", new { text, group_ids = new[] { group } });

        var told = await keen.GetAsync("/api/internal/notifications");
        var one = told.EnumerateArray().Single();
        await using var db = site.Node.Contexts.For(Viewer.System);
        var events = await db.Set<OutboxEvent>().Where(row => row.Kind == NotificationEvents.Added).ToListAsync(TestContext.Current.CancellationToken);
        var mails = await db.Set<OutgoingMail>().ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["created_at", "id", "modified", "notification_type", "text", "url", "user_id", "viewed"], one.EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal(("mention", "/source/MEN_one", false), (one.GetProperty("notification_type").GetString(), one.GetProperty("url").GetString(), one.GetProperty("viewed").GetBoolean()));
        Assert.Contains("mentioned you in a comment", one.GetProperty("text").GetString(), StringComparison.Ordinal);
        foreach (var other in new[] { member, silent, outsider })
        {
            Assert.Empty((await other.GetAsync("/api/internal/notifications")).EnumerateArray());
        }

        Assert.Equal(NotificationEvents.Subject(keen.UserId), Assert.Single(events).Subject);
        Assert.Equal((keen.UserId, $"user{keen.UserId}@example.org"), (Assert.Single(mails).UserId, mails[0].Recipient));
        Assert.Contains("/source/MEN_one", mails[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notification_MarkedAndRemoved_ByItsUserAlone()
    {
        await using var site = await TestSite.StartAsync();
        var (_, member, outsider) = await Team.MakeAsync(site.Node, "mark");
        var admin = await site.Node.AdminAsync();
        await using (var db = site.Node.Contexts.For(Viewer.System))
        {
            db.AddRange(Enumerable.Range(1, 3).Select(index => new UserNotification { UserId = member.UserId, Text = $"word {index}" }));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var ids = (await member.GetAsync("/api/internal/notifications")).EnumerateArray().Select(row => row.GetProperty("id").GetInt64()).ToList();
        var path = $"/api/internal/notifications/{ids[0]}";
        var foreign = new List<int>();
        foreach (var other in new[] { outsider, admin })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Patch, HttpMethod.Delete })
            {
                foreign.Add((await other.SendAsync(method, path, method == HttpMethod.Patch ? new { viewed = true } : null)).Status);
            }

            await other.DataAsync(HttpMethod.Patch, "/api/internal/notifications/all", new { viewed = true });
            await other.DataAsync(HttpMethod.Delete, "/api/internal/notifications/all");
        }

        await member.DataAsync(HttpMethod.Patch, path, new { viewed = true });
        var marked = await member.GetAsync("/api/internal/notifications");
        var loose = await member.SendAsync(HttpMethod.Patch, path, new { viewed = "true" });
        var missing = await member.SendAsync(HttpMethod.Patch, path, new { });
        await member.DataAsync(HttpMethod.Delete, path);
        var left = await member.GetAsync("/api/internal/notifications");
        await member.DataAsync(HttpMethod.Delete, "/api/internal/notifications/all");

        Assert.Equal(ids.OrderDescending(), ids);
        Assert.All(foreign, status => Assert.Equal(400, status));
        Assert.Equal([true, false, false], marked.EnumerateArray().Select(row => row.GetProperty("viewed").GetBoolean()));
        Assert.Equal((400, 400), (loose.Status, missing.Status));
        Assert.Contains("viewed", loose.Envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, left.GetArrayLength());
        Assert.Empty((await member.GetAsync("/api/internal/notifications")).EnumerateArray());
    }

    private static void Mail(WebApplicationBuilder builder, SmtpSink smtp) =>
        builder.Services.AddSingleton<IMailer>(new SmtpMailer(new MailSettings { Host = "127.0.0.1", Port = smtp.Port, UseTls = false, From = "site@example.org" }));

    private static async Task<string[]> NamesAsync(TestNode node, params TestClient[] clients)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var names = await db.Set<User>().ToDictionaryAsync(user => user.Id, user => user.Username);
        return [.. clients.Select(client => names[client.UserId])];
    }
}
