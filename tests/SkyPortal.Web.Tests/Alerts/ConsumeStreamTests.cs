using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Web.Health;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>A node that consumes from a real Kafka protocol peer.</summary>
public sealed class ConsumeStreamTests : IAsyncLifetime
{
    private StreamWorld? _started;

    private StreamWorld World => _started!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _started = await StreamWorld.StartAsync();

    public ValueTask DisposeAsync() => _started?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Consume_PatternOfTopics_TakesEveryPacketOnceAndCommits()
    {
        World.Kafka.CreateTopic("ztf_20260101_programid1", 4);
        World.Kafka.CreateTopic("ztf_20260101_programid2", 2);
        await World.Kafka.ProduceAsync("ztf_20260101_programid1", 4, Enumerable.Range(0, 300).Select(StreamWorld.Packet));
        await World.Kafka.ProduceAsync("ztf_20260101_programid2", 2, Enumerable.Range(900, 5).Select(StreamWorld.Packet));

        var id = await World.SubscribeAsync(await World.DraftAsync("^ztf_[0-9]{8}_programid1$"));

        await World.UntilAsync("The first night", async () => await World.AlertsAsync() == 300);
        // The next night's topic is found by itself.
        World.Kafka.CreateTopic("ztf_20260102_programid1", 2);
        await World.Kafka.ProduceAsync("ztf_20260102_programid1", 2, Enumerable.Range(300, 50).Select(StreamWorld.Packet));
        await World.UntilAsync("The second night", async () => await World.AlertsAsync() == 350);
        await World.UntilAsync("The offsets", () => Task.FromResult(
            World.Kafka.Committed("group-ztf_[0-9]{8}_programid1", "ztf_20260101_programid1", 4).Values.Sum() == 300));
        await World.UntilAsync("The standing", async () => await World.SubscriptionAsync(id) is { Lag: 0, Packets: 350, Partitions.Count: 6, LastPacketAt: not null });
        Assert.Contains(
            "skyportal_streams_packets_total{outcome=\"accepted\",subscription=\"subscription of ^ztf_[0-9]{8}_programid1$\"} 350\n", World.Services.GetRequiredService<MetricsText>().Write(), StringComparison.Ordinal);
        var member = Assert.Single((await World.SubscriptionAsync(id)).Members);
        Assert.Equal((StreamStates.Consuming, null), (member.State, member.Fault));
    }

    [Fact]
    public async Task Consume_PoisonAmongPackets_SetsItAsideAndGoesOn()
    {
        World.Kafka.CreateTopic("ztf_poison", 1);
        await World.Kafka.ProduceAsync("ztf_poison", 0, StreamWorld.Packet(1));
        await World.Kafka.ProduceAsync("ztf_poison", 0, "no packet at all"u8.ToArray());
        await World.Kafka.ProduceAsync("ztf_poison", 0, new byte[300_001]);
        await World.Kafka.ProduceAsync("ztf_poison", 0, [0, 0, 0, 3, 232, 1, 2, 3]);
        await World.Kafka.ProduceAsync("ztf_poison", 0, new ZtfPacket("ZTF26private", 77) { Programme = 9 }.Write());
        var last = await World.Kafka.ProduceAsync("ztf_poison", 0, StreamWorld.Packet(2));

        var id = await World.SubscribeAsync(await World.DraftAsync("ztf_poison"));

        await World.UntilAsync("Both good packets", async () => await World.AlertsAsync() == 2);
        await World.UntilAsync("The offsets", () => Task.FromResult(World.Kafka.Committed("group-ztf_poison", "ztf_poison", 1).GetValueOrDefault(0) == last + 1));
        var aside = (await World.SetAsideAsync(id)).OrderBy(packet => packet.Offset).ToList();
        Assert.Equal([1, 2, 3, 4], aside.Select(packet => packet.Offset));
        Assert.Equal([16, 300_001, 8], aside.Take(3).Select(packet => packet.Bytes));
        Assert.Contains("neither an Avro container", aside[0].Reason, StringComparison.Ordinal);
        Assert.Contains("at most 300000", aside[1].Reason, StringComparison.Ordinal);
        Assert.Contains("schema id 1000", aside[2].Reason, StringComparison.Ordinal);
        Assert.Contains("programme 9", aside[3].Reason, StringComparison.Ordinal);
        var read = World.Services.GetRequiredService<ReadStreams>();
        Assert.Equal("no packet at all"u8.ToArray(), await read.BytesAsync(Viewer.System, aside[0].Id, Ct));
    }
}
