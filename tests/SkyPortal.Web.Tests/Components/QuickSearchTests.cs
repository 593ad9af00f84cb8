using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Sources;
using Xunit;

namespace SkyPortal.Web.Tests.Components;

/// <summary>The quick search finds by the beginning of a name, and nothing that its viewer may not see.</summary>
public sealed class QuickSearchTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Find_Prefix_ShowsMembersOnlyAndTakesWildcardsLiterally()
    {
        var admin = await site.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = "Finders", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await admin.PostAsync("/api/sources", new { id = "QS26abc", ra = 10.0, dec = 10.0, group_ids = new[] { group } });
        var member = await site.Node.ClientAsync("finder", Role.FullUser, (group, false));
        var outsider = await site.Node.ClientAsync("outsider");

        Assert.Equal("QS26abc", Assert.Single(await FindAsync(member.UserId, "qs26")).Id);
        Assert.Empty(await FindAsync(member.UserId, "%"));
        Assert.Empty(await FindAsync(member.UserId, "QS2_abc"));
        Assert.Empty(await FindAsync(outsider.UserId, "QS26"));
    }

    private async Task<IReadOnlyList<FoundObject>> FindAsync(int userId, string text)
    {
        var viewer = (await site.Node.Services.GetRequiredService<ReadViewer>().ByUserAsync(userId, CancellationToken.None)).Viewer!;
        return await site.Node.Services.GetRequiredService<FindObjects>().HandleAsync(viewer, text, 8, CancellationToken.None);
    }
}
