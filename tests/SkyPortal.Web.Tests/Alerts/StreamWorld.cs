using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Jobs.Alerts;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>A site whose node consumes, and the Kafka cluster that it consumes from.</summary>
internal sealed class StreamWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private StreamWorld(MockKafka kafka, TestSite site)
    {
        (Kafka, TestSite, Site) = (kafka, site, new AlertSite(site.Node));
    }

    public MockKafka Kafka { get; }

    public TestSite TestSite { get; }

    public AlertSite Site { get; }

    public IServiceProvider Services => TestSite.Node.Services;

    /// <summary>Settings with which a group forms and heals quickly.</summary>
    public static IReadOnlyDictionary<string, string> Quick { get; } = new Dictionary<string, string>
    {
        ["Streams:SessionSeconds"] = "4", ["Streams:TopicsSeconds"] = "1", ["Streams:MostPacketBytes"] = "300000", ["Outside:BreakerSeconds"] = "1",
    };

    public static async Task<StreamWorld> StartAsync(bool runsJobs = true, Action<IServiceCollection>? services = null, string? outside = null)
    {
        var kafka = MockKafka.Start();
        var site = await TestSite.StartAsync(
            builder =>
            {
                foreach (var (name, value) in Quick)
                {
                    builder.Configuration[name] = value;
                }

                // Of its own where a test breaks other servers.
                builder.Configuration["Outside:Address"] = outside ?? builder.Configuration["Outside:Address"];
                services?.Invoke(builder.Services);
            },
            runsJobs);
        var world = new StreamWorld(kafka, site);
        await world.Site.AddInstrumentsAsync();
        return world;
    }

    /// <summary>Another node over the same database.</summary>
    public Task<TestNode> NodeAsync(string name, Action<IServiceCollection>? services = null) => TestNode.StartAsync(
        TestSite.ConnectionString,
        builder =>
        {
            foreach (var (key, value) in Quick)
            {
                builder.Configuration[key] = value;
            }

            builder.Configuration["Streams:NodeName"] = name;
            services?.Invoke(builder.Services);
        },
        runsJobs: true);

    public async Task<SubscriptionDraft> DraftAsync(string topic, string stream = "ZTF Public") => new()
    {
        Name = $"subscription of {topic}",
        StreamId = await Site.StreamIdAsync(stream),
        Brokers = Kafka.Brokers,
        Topics = [topic],
        ConsumerGroup = $"group-{topic.Trim('^', '$')}",
    };

    public Task<int> SubscribeAsync(SubscriptionDraft draft, DateTime? beginAt = null) =>
        Services.GetRequiredService<SaveSubscription>().HandleAsync(Viewer.System, null, draft, beginAt, TestContext.Current.CancellationToken);

    public async Task<SubscriptionRecord> SubscriptionAsync(int id) =>
        (await Services.GetRequiredService<ReadStreams>().HandleAsync(Viewer.System, TestContext.Current.CancellationToken)).Single(row => row.Id == id);

    public async Task<IReadOnlyList<SetAsideRecord>> SetAsideAsync(int id, string state = SetAsideStates.Waiting) =>
        (await Services.GetRequiredService<ReadStreams>().SetAsideAsync(Viewer.System, id, null, state, 0, 1000, TestContext.Current.CancellationToken)).Packets;

    public async Task<long> AlertsAsync() => (await Site.QueryAsync<long>("select count(*) from alerts")).Single();

    /// <summary>Waits until something holds; fails with the last subscription's standing where it never does.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Patience);
        while (!await holds())
        {
            if (late.IsCancellationRequested)
            {
                var rows = await Services.GetRequiredService<ReadStreams>().HandleAsync(Viewer.System, CancellationToken.None);
                Assert.Fail($"{what} never came: {await AlertsAsync()} alerts; " + string.Join("; ", rows.Select(row =>
                    $"{row.Name}: {string.Join(", ", row.Members.Select(member => $"{member.Node} {member.State} {member.Fault}"))}; "
                    + string.Join(", ", row.Partitions.Select(part => $"{part.Topic}/{part.Partition} {part.NextOffset} of {part.EndOffset} by {part.Node}")))));
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    public static byte[] Packet(int number) => new ZtfPacket($"ZTF26{Letters(number)}", 5_000_000 + number)
    {
        Jd = 2_460_900.6 + (number * 1e-5),
        Ra = number * 0.01 % 360,
        Previous = [(2_460_898.6 + (number * 1e-5), null, 1)],
        Forced = [(2_460_897.6 + (number * 1e-5), 50, 10, "0", 1)],
    }.Write();

    /// <summary>Ends the consumers of a node in order.</summary>
    public static async Task LeaveAsync(TestNode node)
    {
        foreach (var streams in node.Services.GetServices<IHostedService>().OfType<RunStreams>())
        {
            await streams.StopAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync(TestSite.Node);
        await TestSite.DisposeAsync();
        Kafka.Dispose();
    }

    private static string Letters(int number)
    {
        var letters = new char[7];
        for (var i = 6; i >= 0; i--)
        {
            letters[i] = (char)('a' + (number % 26));
            number /= 26;
        }

        return new string(letters);
    }
}
