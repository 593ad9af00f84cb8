using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Notifications;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Notifications;

/// <summary>What the bell shows, and how wishes are read.</summary>
public sealed class NewestNotificationsTests
{
    [Fact]
    public async Task HandleAsync_MoreThanShown_CountsAllUnreadOfTheViewerAlone()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var site = await TestSite.StartAsync();
        var (told, other, nobody) = (await site.Node.ClientAsync("newest-told"), await site.Node.ClientAsync("newest-other"), await site.Node.ClientAsync("newest-nobody"));
        await using (var db = site.Node.Contexts.For(Viewer.System))
        {
            db.AddRange(Enumerable.Range(1, 25).Select(index => new UserNotification { UserId = told.UserId, Text = $"word {index}", Viewed = index is 1 or 25 }));
            db.Add(new UserNotification { UserId = other.UserId, Text = "theirs" });
            await db.SaveChangesAsync(ct);
        }

        var (mine, theirs, none) = (await ReadAsync(told), await ReadAsync(other), await ReadAsync(nobody));
        var admin = await ReadAsync(await site.Node.AdminAsync());
        var (read, again) = (mine.Read(mine.Rows[1].Id), mine.Read(mine.Rows[0].Id));

        Assert.Equal((ReadNewestNotifications.Most, 23), (mine.Rows.Count, mine.Unread));
        Assert.Equal(Enumerable.Range(6, 20).Reverse().Select(index => $"word {index}"), mine.Rows.Select(row => row.Text));
        Assert.Equal(("theirs", 1), (Assert.Single(theirs.Rows).Text, theirs.Unread));
        Assert.Equal((0, 0, 0, 0), (none.Rows.Count, none.Unread, admin.Rows.Count, admin.Unread));
        Assert.Equal((22, true, 23, 0), (read.Unread, read.Rows[1].Viewed, again.Unread, mine.ReadAll().Unread));

        async Task<NewestNotifications> ReadAsync(TestClient client) => await site.Node.Services.GetRequiredService<ReadNewestNotifications>()
            .HandleAsync((await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(client.UserId, ct)).Viewer!, ct);
    }

    [Theory]
    [InlineData("""{}""", false, false)]
    [InlineData("""{"notifications": 3}""", false, false)]
    [InlineData("""{"notifications": {"mention": true}}""", true, false)]
    [InlineData("""{"notifications": {"mention": {"active": true, "email": {"active": true}}}}""", true, true)]
    [InlineData("""{"notifications": {"mention": {"active": "true", "email": true}}}""", false, true)]
    public void Of_Preferences_SaysWhatIsWanted(string preferences, bool active, bool email) =>
        Assert.Equal(new NotificationWish(active, email), NotificationWish.Of(JsonSerializer.Deserialize<JsonElement>(preferences), NotificationWish.Mention));
}
