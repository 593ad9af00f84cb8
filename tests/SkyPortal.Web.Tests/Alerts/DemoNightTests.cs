using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Jobs.Alerts.Demo;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

public sealed class DemoNightTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Play_Twice_FillsTheSiteOnceAndOnlyForMembers()
    {
        var admin = await site.Node.AdminAsync();
        var outsider = await site.Node.ClientAsync("night-outsider", Role.FullUser);
        var play = site.Node.Services.GetRequiredService<PlayDemoNight>();
        var seeds = Path.Combine(AppContext.BaseDirectory, "data");

        var accepted = await play.HandleAsync(seeds, 0, CancellationToken.None);
        var first = await admin.GetAsync("/api/sources?includeComments=true");
        var again = await play.HandleAsync(seeds, 0, CancellationToken.None);
        var second = await admin.GetAsync("/api/sources");

        Assert.InRange(accepted, 150, 400);
        Assert.Equal(0, again);
        Assert.InRange(first.GetProperty("totalMatches").GetInt32(), 8, 11);
        Assert.Equal(first.GetProperty("totalMatches").GetInt32(), second.GetProperty("totalMatches").GetInt32());
        Assert.Contains(first.GetProperty("sources").EnumerateArray(), source => source.GetProperty("classifications").GetArrayLength() > 0);
        Assert.True((await admin.GetAsync("/api/candidates")).GetProperty("totalMatches").GetInt32() > 50);
        Assert.Equal(0, (await outsider.GetAsync("/api/sources")).GetProperty("totalMatches").GetInt32());
        Assert.Equal(0, (await outsider.GetAsync("/api/candidates")).GetProperty("totalMatches").GetInt32());
    }
}
