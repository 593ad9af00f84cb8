using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using SkyPortal.Web.Tests.Access;
using SkyPortal.Web.Tests.Sources;

namespace SkyPortal.Web.Tests.Catalogs;

/// <summary>A site over simulated archives of its own, with a clock that tests move and a queue that they work off by hand.</summary>
internal sealed class ArchiveScene : IAsyncDisposable
{
    private readonly TestSite _site;

    private ArchiveScene(TestSite site, OutsideSimulator outside, MovableClock clock)
    {
        _site = site;
        Outside = outside;
        Clock = clock;
    }

    public TestNode Node => _site.Node;

    public OutsideSimulator Outside { get; }

    public MovableClock Clock { get; }

    public int Group { get; private set; }

    /// <summary>A member of the group, who asks.</summary>
    public TestClient Member { get; private set; } = null!;

    /// <summary>Another member.</summary>
    public TestClient Colleague { get; private set; } = null!;

    /// <summary>Somebody who is not in the group.</summary>
    public TestClient Outsider { get; private set; } = null!;

    public static async Task<ArchiveScene> MakeAsync(bool runsJobs = false, int breakerFailures = 1000)
    {
        var outside = await OutsideSimulator.StartAsync();
        var clock = new MovableClock();
        var site = await TestSite.StartAsync(
            builder =>
            {
                foreach (var (name, value) in new[]
                {
                    ("Address", outside.Address), ("RetryMilliseconds", "1"), ("BreakerFailures", breakerFailures.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("AtlasForced:Token", "forced-token"), ("AtlasForced:LookSeconds", "0.01"),
                    ("AtlasServer:Token", "server-token"),
                })
                {
                    builder.Configuration[$"Outside:{name}"] = value;
                }

                builder.Services.AddSingleton<TimeProvider>(clock);
            },
            runsJobs);
        var scene = new ArchiveScene(site, outside, clock);
        (scene.Group, scene.Member, scene.Outsider) = await Team.MakeAsync(site.Node, "archives");
        scene.Colleague = await site.Node.ClientAsync("archives-colleague", Role.FullUser, (scene.Group, false));
        return scene;
    }

    /// <summary>A source of the group's at the place that the simulated archives know.</summary>
    public async Task<string> SourceAsync(string id)
    {
        await Member.PostAsync("/api/sources", new { id, ra = RecordedReplies.RaDegrees, dec = RecordedReplies.DecDegrees, group_ids = new[] { Group } });
        return id;
    }

    /// <summary>Works off what is due in the queue; how many queries that were.</summary>
    public async Task<int> DrainAsync()
    {
        var run = Node.Services.GetRequiredService<RunArchiveQueries>();
        var count = 0;
        while (await run.ClaimAsync(CancellationToken.None) is { } claimed)
        {
            await run.RunAsync(claimed, CancellationToken.None, CancellationToken.None);
            count++;
        }

        return count;
    }

    /// <summary>The first query of an archive that a client sees.</summary>
    public static async Task<System.Text.Json.JsonElement> QueryAsync(TestClient client, string objId, string archive) =>
        (await client.GetAsync($"/api/sources/{objId}/archives")).EnumerateArray().Single(item => item.GetProperty("name").GetString() == archive).GetProperty("queries")[0];

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await Outside.DisposeAsync();
    }
}
