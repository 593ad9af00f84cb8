using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Sources;

/// <summary>What was done to a source, and who learns of it.</summary>
public sealed class SourceHistoryTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task History_OfEach_HoldsWhatTheyMayKnow()
    {
        var admin = await site.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = "history group", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var other = (await admin.PostAsync("/api/groups", new { name = "history other", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var member = await site.Node.ClientAsync("history-member", Role.FullUser, (group, false), (other, false));
        var second = await site.Node.ClientAsync("history-second", Role.FullUser, (group, false));
        var outsider = await site.Node.ClientAsync("history-outsider");
        await member.PostAsync("/api/sources", new { id = "ObjHistory", ra = 1.0, dec = 2.0, group_ids = new[] { group } });
        await member.DataAsync(HttpMethod.Patch, "/api/sources/ObjHistory", new { redshift = 0.2, redshift_origin = "host" });
        await member.PostAsync("/api/sources/ObjHistory/comments", new { text = "to one group", group_ids = new[] { other } });

        Assert.Equal(["comment.posted", "source.updated", "source.saved"], await KindsAsync(member));
        Assert.Equal(["source.updated", "source.saved"], await KindsAsync(second));
        Assert.Empty(await KindsAsync(outsider));
    }

    private async Task<IEnumerable<string>> KindsAsync(TestClient who)
    {
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(who.UserId, CancellationToken.None)).Viewer!;
        return (await site.Node.Services.GetRequiredService<ReadSourceHistory>().HandleAsync(viewer, "ObjHistory", CancellationToken.None)).Select(item => item.Kind);
    }
}
