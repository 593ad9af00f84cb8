using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>Streams after lost commits, rebalances and rewinds, over a real Kafka protocol peer.</summary>
public sealed class StreamRecoveryTests : IAsyncLifetime
{
    private const int Partitions = 4;
    private const int Packets = 200;
    private static readonly DateTime Begin = new(2026, 1, 5, 3, 0, 0, DateTimeKind.Utc);

    private readonly List<TestNode> _nodes = [];
    private StreamWorld? _started;

    private StreamWorld World => _started!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _started = await StreamWorld.StartAsync(runsJobs: false);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.ToList())
        {
            await StopAsync(node);
        }

        if (_started is not null)
        {
            await _started.DisposeAsync();
        }
    }

    [Fact]
    public async Task Consume_OffsetsLostAfterTheDatabaseCommitted_TakesThePacketsAgainWithoutEffect()
    {
        var (id, group) = await SubscribeAsync("ztf_lost");
        var (first, watched) = await NodeAsync("first", lostCommits: true);
        await World.UntilAsync("Every packet", async () => await World.AlertsAsync() == Packets);
        await StopAsync(first);
        Assert.Equal(0, Committed(group, "ztf_lost"));
        var before = await World.Site.CountsAsync();

        var (_, again) = await NodeAsync("second");
        await World.UntilAsync("The offsets", () => Task.FromResult(Committed(group, "ztf_lost") == Packets));

        Assert.Equal(Packets, watched.Given.Distinct().Count());
        Assert.Equal(watched.Given.ToHashSet(), again.Given.ToHashSet());
        Assert.Equal(before, await World.Site.CountsAsync());
        Assert.Empty(await World.SetAsideAsync(id));
    }

    [Fact]
    public async Task Rewind_TwoNodesAndARestart_EveryPartitionGoesBackOnce()
    {
        var (id, group) = await SubscribeAsync("ztf_rewind");
        var (first, oneGave) = await NodeAsync("first");
        var (second, otherGave) = await NodeAsync("second");
        await World.UntilAsync("Every packet", async () => await World.AlertsAsync() == Packets && Committed(group, "ztf_rewind") == Packets);
        await World.UntilAsync("Both nodes", async () => (await World.SubscriptionAsync(id)).Partitions.Select(part => part.Node).OfType<string>().Distinct().Count() == 2);
        var before = await World.Site.CountsAsync();
        var (onesBefore, othersBefore) = (oneGave.Given.Count, otherGave.Given.Count);

        // Each minute one packet lies in each partition.
        await World.Services.GetRequiredService<RewindSubscription>().HandleAsync(Viewer.System, id, Begin.AddMinutes(30), Ct);
        await World.UntilAsync("The rewind", async () => await World.SubscriptionAsync(id) is { ToRewind: 0, RewindNumber: 1 });
        await World.UntilAsync("The packets again", () => Task.FromResult(oneGave.Given.Count + otherGave.Given.Count >= Packets + (Partitions * 20)));
        await World.UntilAsync("The offsets again", () => Task.FromResult(Committed(group, "ztf_rewind") == Packets));

        var again = oneGave.Given.Skip(onesBefore).Concat(otherGave.Given.Skip(othersBefore)).ToList();
        Assert.Equal(Partitions * 20, again.Count);
        Assert.All(again, place => Assert.InRange(place.Offset, 30, 49));
        Assert.Equal(before.Split(' ')[..7], (await World.Site.CountsAsync()).Split(' ')[..7]);

        // Asked while no node runs, it waits for the next; done once, it is not done again.
        await StopAsync(first);
        await StopAsync(second);
        await World.Services.GetRequiredService<RewindSubscription>().HandleAsync(Viewer.System, id, Begin.AddMinutes(45), Ct);
        Assert.Equal(Partitions, (await World.SubscriptionAsync(id)).ToRewind);
        var (third, thirdGave) = await NodeAsync("third");
        await World.UntilAsync("The rewind after the restart", async () => (await World.SubscriptionAsync(id)).ToRewind == 0);
        await World.UntilAsync("Its packets", () => Task.FromResult(thirdGave.Given.Count == Partitions * 5 && Committed(group, "ztf_rewind") == Packets));
        await StopAsync(third);
        var (_, fourthGave) = await NodeAsync("fourth");
        await World.Kafka.ProduceAsync("ztf_rewind", 0, StreamWorld.Packet(5_000));
        await World.UntilAsync("The next packet", async () => await World.AlertsAsync() == Packets + 1);
        Assert.Equal((new PartitionId("ztf_rewind", 0), 50L), Assert.Single(fourthGave.Given));
    }

    [Fact]
    public async Task Rebalance_NodesComeAndGo_NothingIsLostOrCommittedByOthers()
    {
        World.Kafka.CreateTopic("ztf_share", Partitions);
        var draft = await World.DraftAsync("ztf_share");
        await World.SubscribeAsync(draft);
        var watched = new List<WatchedSources>();
        var produced = 0;
        async Task ProduceAsync(int packets)
        {
            foreach (var number in Enumerable.Range(produced, packets))
            {
                await World.Kafka.ProduceAsync("ztf_share", number % Partitions, StreamWorld.Packet(number));
            }

            produced += packets;
        }

        var (first, one) = await NodeAsync("first");
        watched.Add(one);
        var producing = ProduceAsync(400);
        await World.UntilAsync("Some packets", async () => await World.AlertsAsync() > 20);
        var (_, two) = await NodeAsync("second");
        watched.Add(two);
        await producing;
        producing = ProduceAsync(800);
        await World.UntilAsync("A share of the second", () => Task.FromResult(two.Given.Count > 0));
        await StopAsync(first);
        await producing;
        await World.UntilAsync("Every packet", async () => await World.AlertsAsync() == produced);
        await World.UntilAsync("Every offset", () => Task.FromResult(Committed(draft.ConsumerGroup, "ztf_share") == produced));

        Assert.Equal([(long)produced], await World.Site.QueryAsync<long>("select count(distinct alert_id) from alerts"));
        Assert.Equal([3L * produced], await World.Site.QueryAsync<long>("select count(*) from photometry"));
        Assert.Empty(watched.SelectMany(sources => sources.Faults));
    }

    private long Committed(string group, string topic) => World.Kafka.Committed(group, topic, Partitions).Values.Sum();

    private async Task<(int Id, string Group)> SubscribeAsync(string topic)
    {
        World.Kafka.CreateTopic(topic, Partitions);
        await World.Kafka.ProduceAsync(topic, Partitions, Enumerable.Range(0, Packets).Select(StreamWorld.Packet));
        var draft = await World.DraftAsync(topic);
        return (await World.SubscribeAsync(draft), draft.ConsumerGroup);
    }

    private async Task<(TestNode Node, WatchedSources Watched)> NodeAsync(string name, bool lostCommits = false)
    {
        var node = await World.NodeAsync(name, services => WatchedSources.Into(services, lostCommits, time => (long)Math.Ceiling((time - Begin).TotalMinutes)));
        _nodes.Add(node);
        return (node, (WatchedSources)node.Services.GetRequiredService<IPacketSources>());
    }

    private async Task StopAsync(TestNode node)
    {
        _nodes.Remove(node);
        await StreamWorld.LeaveAsync(node);
        await node.DisposeAsync();
    }
}
