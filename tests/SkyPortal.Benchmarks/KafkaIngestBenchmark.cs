using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Jobs.Alerts;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// From Kafka to the commit of candidates with 25 filters and a durable database, the brokers on the same machine; beside it the
/// pure-Python avro package of Debian, which only decodes the same packets.
/// </summary>
public sealed class KafkaIngestBenchmark : IBenchmark
{
    private const double GoalPacketsPerSecond = 500;
    private const double NightMjd = 61_000;
    private const string Topic = "ztf_20251121_programid1";
    private const string ConsumerGroup = "skyportal-bench";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public string Name => "kafka-ingest";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        if (scale == BenchmarkScale.Full)
        {
            await using var durable = await DurableSite.StartAsync();
            return await MeasureAsync(durable.Node, 5_000, 100, progress, ct);
        }

        await using var site = await TestSite.StartAsync();
        return await MeasureAsync(site.Node, 600, 2, progress, ct);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(TestNode node, int count, int decoded, TextWriter progress, CancellationToken ct)
    {
        await IngestBenchmark.ArrangeAsync(node, ct);
        await IngestBenchmark.WarmUpAsync(node, Math.Min(count / 4, IngestBenchmark.WarmUp), NightMjd, ct);
        var known = await IngestBenchmark.CountAsync(node, "alerts", ct);
        var packets = SimulatedNights.Make(count, NightMjd).Select(packet => packet.Bytes).ToList();
        await progress.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"  {packets.Count} packets of {packets.Average(packet => packet.Length) / 1024:0} KiB, {IngestBenchmark.Filters} filters"));
        using var kafka = MockKafka.Start();
        // The brokers keep 5 MiB of each partition.
        var partitions = 2 + (int)(packets.Sum(packet => (long)packet.Length) / (4 << 20));
        kafka.CreateTopic(Topic, partitions);
        await kafka.ProduceAsync(Topic, partitions, packets);
        await SubscribeAsync(node, kafka.Brokers, ct);
        var consumers = ActivatorUtilities.CreateInstance<RunStreams>(node.Services);
        await consumers.StartAsync(ct);
        double rate;
        try
        {
            rate = await RateAsync(node, known, packets.Count, ct);
            await UntilAsync(() => Task.FromResult(kafka.Committed(ConsumerGroup, Topic, partitions).Values.Sum() == packets.Count), "The offsets", ct);
        }
        finally
        {
            await consumers.StopAsync(CancellationToken.None);
        }

        if (await IngestBenchmark.CountAsync(node, "candidates", ct) == 0 || await IngestBenchmark.CountAsync(node, "set_aside_packets", ct) > 0)
        {
            throw new InvalidOperationException("The database does not hold what was sent.");
        }

        await progress.WriteLineAsync($"  rows: {await IngestBenchmark.CountAsync(node, "photometry", ct)} points, {await IngestBenchmark.CountAsync(node, "candidates", ct)} candidates");
        var peer = await PeerAsync(packets.Take(decoded), ct);
        return
        [
            new Figure("Kafka to committed candidates; peer only decodes [packets/s]", rate, peer, "at least 500 packets/s", rate >= GoalPacketsPerSecond),
        ];
    }

    private static async Task SubscribeAsync(TestNode node, string brokers, CancellationToken ct)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var stream = await db.Set<AlertStream>().Where(row => row.Name == IngestBenchmark.Stream).Select(row => row.Id).SingleAsync(ct);
        await node.Services.GetRequiredService<SaveSubscription>().HandleAsync(
            Viewer.System, null, new SubscriptionDraft { Name = "bench", StreamId = stream, Brokers = brokers, Topics = [Topic], ConsumerGroup = ConsumerGroup }, null, ct);
    }

    /// <summary>Packets per second from the first commit to the last: the forming of the group is left out.</summary>
    private static async Task<double> RateAsync(TestNode node, long known, int packets, CancellationToken ct)
    {
        long first = 0;
        await UntilAsync(async () => (first = await IngestBenchmark.CountAsync(node, "alerts", ct) - known) > 0, "The first packets", ct);
        var watch = Stopwatch.StartNew();
        await UntilAsync(async () => await IngestBenchmark.CountAsync(node, "alerts", ct) == known + packets, "All packets", ct);
        return (packets - first) / watch.Elapsed.TotalSeconds;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string what, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > Patience)
            {
                throw new TimeoutException($"{what} did not come.");
            }

            await Task.Delay(25, ct);
        }
    }

    private static async Task<double> PeerAsync(IEnumerable<byte[]> packets, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("skyportal-bench-").FullName;
        try
        {
            foreach (var (packet, i) in packets.Select((packet, i) => (packet, i)))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:0000}.avro"), packet, ct);
            }

            return double.Parse(await PythonPeer.RunAsync("avro_decode.py", "python3-avro", ct, folder, "1"), CultureInfo.InvariantCulture);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
