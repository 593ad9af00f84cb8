using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Jobs.Alerts.Demo;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>That the ingest keeps up with a survey; the number itself is measured by the benchmarks.</summary>
public sealed class IngestSpeedTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Ingest_NightWithTwentyFiveFilters_ArchivesEveryPacket()
    {
        var site = new AlertSite(fixture.Node);
        await site.AddInstrumentsAsync();
        var (group, member) = await site.GroupAsync("speed", "ZTF Public");
        for (var i = 0; i < 25; i++)
        {
            await site.FilterAsync(
                member,
                group,
                "ZTF Public",
                $"drb > 0.{50 + i} and mag < {18 + (i * 0.02):0.00} and not is_moving and count(history, is_detection and is_positive) >= {3 + (i % 3)}",
                annotations: new { age = "age_days", mag = "mag" });
        }

        var settings = DemoSettings.Read(TestSupport.ProductData.Folder);
        var packets = new SimulatedAlerts().Of(settings, 61_000).Select(packet => new AlertPacket(packet.Name, packet.Bytes)).ToList();
        var watch = Stopwatch.StartNew();

        var outcomes = await site.IngestAsync("ZTF Public", [.. packets]);

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{packets.Count} packets of {packets.Average(packet => packet.Bytes.Length):0} bytes in {watch.Elapsed.TotalSeconds:0.0} s: {packets.Count / watch.Elapsed.TotalSeconds:0} packets/s; rows {await site.CountsAsync()}");
        Assert.All(outcomes, outcome => Assert.Equal(IngestOutcomeKind.Accepted, outcome.Kind));
        Assert.Equal([(long)packets.Count], await site.QueryAsync<long>("select count(*) from alerts"));
    }
}
