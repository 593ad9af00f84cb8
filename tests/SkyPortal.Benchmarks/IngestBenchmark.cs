using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// The whole ingest, from the bytes of packets to the commit, with 25 filters and a durable database: a night whose objects and
/// their histories of 30 days are all new, and the next night of the same objects.
/// </summary>
public sealed class IngestBenchmark : IBenchmark
{
    private const double GoalPacketsPerSecond = 500;
    private const double FirstNightMjd = 61_000;
    internal const string Stream = "ZTF Public";
    internal const int Filters = 25;
    internal const int WarmUp = 1_500;

    /// <inheritdoc/>
    public string Name => "alert-ingest";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        if (scale == BenchmarkScale.Full)
        {
            await using var durable = await DurableSite.StartAsync();
            return await MeasureAsync(durable.Node, 4_000, progress, ct);
        }

        await using var site = await TestSite.StartAsync();
        return await MeasureAsync(site.Node, 50, progress, ct);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(TestNode node, int packets, TextWriter progress, CancellationToken ct)
    {
        await ArrangeAsync(node, ct);
        await WarmUpAsync(node, Math.Min(packets, WarmUp), FirstNightMjd, ct);
        var first = Night(packets, FirstNightMjd);
        var second = Night(packets, FirstNightMjd + 1);
        await progress.WriteLineAsync($"  {packets} packets a night of {first.Average(packet => packet.Bytes.Length) / 1024:0} KiB, {Filters} filters");
        var known = await CountAsync(node, "alerts", ct);
        var firstRate = await IngestAsync(node, first, ct);
        var secondRate = await IngestAsync(node, second, ct);
        if (await CountAsync(node, "alerts", ct) != known + first.Count + second.Count || await CountAsync(node, "candidates", ct) == 0)
        {
            throw new InvalidOperationException("The database does not hold what was ingested.");
        }

        await progress.WriteLineAsync(
            $"  rows: {await CountAsync(node, "objs", ct)} objects, {await CountAsync(node, "photometry", ct)} points, {await CountAsync(node, "candidates", ct)} candidates");
        return
        [
            Of("ingest, all objects new [packets/s]", firstRate),
            Of("ingest, objects known from the night before [packets/s]", secondRate),
        ];
    }

    /// <summary>
    /// Takes in packets of long before a night, so that the points of that night are no duplicates of these. A server that takes in
    /// streams runs for weeks: the seconds in which its code is compiled are not what is measured.
    /// </summary>
    internal static Task WarmUpAsync(TestNode node, int packets, double nightMjd, CancellationToken ct) => IngestAsync(node, Night(packets, nightMjd - 100), ct);

    private static Figure Of(string what, double rate) => new(what, rate, null, "at least 500 packets/s", rate >= GoalPacketsPerSecond);

    private static List<AlertPacket> Night(int packets, double mjd) =>
        SimulatedNights.Make(packets, mjd).Select(packet => new AlertPacket(packet.Name, packet.Bytes)).ToList();

    /// <summary>Packets per second; every packet must be accepted.</summary>
    private static async Task<double> IngestAsync(TestNode node, List<AlertPacket> packets, CancellationToken ct)
    {
        var ingest = node.Services.GetRequiredService<IngestAlerts>();
        var watch = Stopwatch.StartNew();
        await foreach (var outcome in ingest.HandleAsync(Stream, packets.ToAsyncEnumerable(), null, ct))
        {
            if (outcome.Kind != IngestOutcomeKind.Accepted)
            {
                throw new InvalidOperationException($"{outcome.Name}: {outcome.Kind} {outcome.Reason}");
            }
        }

        return packets.Count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The instrument, five groups and 25 active filters.</summary>
    internal static async Task ArrangeAsync(TestNode node, CancellationToken ct)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var telescope = new Telescope { Name = "P48", Nickname = "P48" };
        db.Add(telescope);
        await db.SaveChangesAsync(ct);
        db.Add(new Instrument { Name = "ZTF", Type = "imager", TelescopeId = telescope.Id });
        var groups = Enumerable.Range(1, 5).Select(i => new Group { Name = $"bench {i}" }).ToList();
        db.AddRange(groups);
        await db.SaveChangesAsync(ct);
        var stream = await db.Set<AlertStream>().Where(row => row.Name == Stream).Select(row => row.Id).SingleAsync(ct);
        db.AddRange(groups.Select(group => new GroupStream { GroupId = group.Id, StreamId = stream }));
        await db.SaveChangesAsync(ct);
        var member = await node.ClientAsync("bench", Role.FullUser, [.. groups.Select(group => (group.Id, true))]);
        for (var i = 0; i < Filters; i++)
        {
            await member.PostAsync("/api/filters", new
            {
                name = $"bench {i}",
                stream_id = stream,
                group_id = groups[i % groups.Count].Id,
                expression = FormattableString.Invariant(
                    $"drb > 0.{50 + i} and mag < {18 + (i * 0.02):0.00} and not is_moving and count(history, is_detection and is_positive) >= {3 + (i % 3)}"),
                autosave = i == 0,
                annotations = new { age = "age_days", mag = "mag" },
            });
        }
    }

    /// <summary>Rows of a table.</summary>
    internal static async Task<long> CountAsync(TestNode node, string table, CancellationToken ct)
    {
        await using NpgsqlCommand command = node.Contexts.DataSource.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }
}
