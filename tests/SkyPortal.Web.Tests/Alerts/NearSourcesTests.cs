using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Filters that ask for the distance to the site's own sources.</summary>
public sealed class NearSourcesTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private const double Arcsec = 1 / 3600.0;
    private const string Text = "source_distance_arcsec between 9.9 and 10.1";
    private readonly AlertSite _site = new(fixture.Node);

    [Fact]
    public async Task Filter_OfTheGroupThatSavedIt_SeesTheNearestAndOthersSeeNothing()
    {
        await _site.AddInstrumentsAsync();
        var (group, member) = await _site.GroupAsync("near", "ZTF Public");
        var (other, stranger) = await _site.GroupAsync("not-near", "ZTF Public");
        var own = await _site.FilterAsync(member, group, "ZTF Public", Text, annotations: new { source = "source_distance_arcsec" });
        var elses = await _site.FilterAsync(stranger, other, "ZTF Public", "ra between 200 and 201 and source_distance_arcsec is not null");
        var without = await _site.FilterAsync(stranger, other, "ZTF Public", "ra between 200 and 201 and source_distance_arcsec is null");
        await SaveAsync(member, group, "near-far", 200.5, 40 * Arcsec);
        await SaveAsync(member, group, "near-source", 200.5, 10 * Arcsec);
        await SaveAsync(stranger, other, "elses-source", 200.7, 3);

        await _site.IngestAsync("ZTF Public", new ZtfPacket("ZTF22nearaaa", 5001) { Ra = 200.5, Dec = 0 }.Packet(), new ZtfPacket("ZTF22nearaab", 5002) { Ra = 200.5, Dec = 5 }.Packet());

        Assert.Equal(["ZTF22nearaaa"], await PassedAsync(own));
        Assert.Empty(await PassedAsync(elses));
        Assert.Equal(["ZTF22nearaaa", "ZTF22nearaab"], await PassedAsync(without));
        var noted = await _site.QueryAsync<double>("select (data ->> 'source')::float8 from annotations where obj_id = 'ZTF22nearaaa'");
        Assert.Equal(10, Assert.Single(noted), 0.001);

        var tested = await TryAsync(member, own, Text);
        var elsesTested = await TryAsync(stranger, elses, "ra between 200 and 201 and source_distance_arcsec is not null");
        Assert.Equal((1, 0), (tested, elsesTested));

        // What is given up is near no more: tests and new packets tell of now.
        await _site.QueryAsync<long>("update sources set active = false where obj_id = 'near-source' returning id::bigint");
        Assert.Equal(0, await TryAsync(member, own, Text));
        Assert.Equal(1, await TryAsync(member, own, "source_distance_arcsec between 39.9 and 40.1"));
    }

    [Fact]
    public async Task Find_AtTheEdgeAndForEverybody_IsExact()
    {
        var (group, member) = await _site.GroupAsync("near-edge", "ZTF Public");
        var (other, _) = await _site.GroupAsync("near-edge-other", "ZTF Public");
        await using var db = fixture.Node.Contexts.For(Viewer.System);
        var sitewide = await db.Set<Group>().Where(row => row.Sitewide).Select(row => row.Id).SingleAsync();
        await SaveAsync(member, group, "edge-in", 10, 59.9 * Arcsec);
        await SaveAsync(member, group, "edge-out", 20, 60.1 * Arcsec);
        await SaveAsync(await fixture.Node.AdminAsync(), sitewide, "edge-all", 30, 20 * Arcsec);
        await SaveAsync(member, group, "edge-pole", 0, 89.999);
        var find = fixture.Node.Services.GetRequiredService<FindNearSources>();

        var near = await find.HandleAsync(
            [new SkyPosition(10, 0), new SkyPosition(20, 0), new SkyPosition(30, 0), null, new SkyPosition(180, 89.9999)], [group, other], TestContext.Current.CancellationToken);

        Assert.Equal(59.9, near.Of(0, group)!.Value, 1e-3);
        Assert.Null(near.Of(0, other));
        Assert.Null(near.Of(1, group));
        Assert.False(near.Any(1));
        Assert.Equal((20.0, 20.0), (Math.Round(near.Of(2, group)!.Value, 3), Math.Round(near.Of(2, other)!.Value, 3)));
        Assert.Null(near.Of(3, group));
        Assert.Equal(3.96, near.Of(4, group)!.Value, 1e-3);
        Assert.Equal(NearSources.None, await find.HandleAsync([new SkyPosition(10, 0)], [], TestContext.Current.CancellationToken));
    }

    private static Task SaveAsync(TestClient client, int group, string id, double ra, double dec) =>
        client.PostAsync("/api/sources", new { id, ra, dec, group_ids = new[] { group } });

    private Task<List<string>> PassedAsync(int filter) => _site.QueryAsync<string>("select obj_id from candidates where filter_id = $1 order by obj_id", filter);

    private async Task<long> TryAsync(TestClient member, int filter, string expression)
    {
        var test = (await member.PostAsync($"/api/filters/{filter}/tests", new { expression, first_night = "2025-08-01", last_night = "2025-08-31" })).GetProperty("id").GetInt64();
        var run = fixture.Node.Services.GetRequiredService<RunFilterTests>();
        while (await run.ClaimAsync(CancellationToken.None) is { } claimed)
        {
            await run.RunAsync(claimed, CancellationToken.None);
        }

        return (await member.GetAsync($"/api/filters/{filter}/tests/{test}")).GetProperty("result").GetProperty("passed").GetInt64();
    }
}
