using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// The test of a filter of six conditions, compared with another version, over archived alerts: reading the packs, decoding without
/// images, evaluating, and adding up. The packets are those of the ingest's benchmark; the archive's rows are copied night by night,
/// so that a hundred thousand alerts need no hours of ingest, and each copy is read from the packs and decoded like any other.
/// </summary>
public sealed class FilterTestBenchmark : IBenchmark
{
    private const double GoalSeconds = 10;
    private const double FirstNightMjd = 61_000;
    // It covers every programme of the simulated night.
    private const string Stream = "ZTF Partnership";
    private const string Expression =
        "drb > 0.6 and mag < 19 and not is_moving and count(history, is_detection and is_positive) >= 2 and age_days < 20 and not (star_galaxy_score > 0.76 and star_distance_arcsec < 2)";

    /// <inheritdoc/>
    public string Name => "filter-test";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (packets, copies) = scale == BenchmarkScale.Full ? (10_000, 10) : (50, 2);
        await using var site = await TestSite.StartAsync();
        var node = site.Node;
        var filterId = await ArrangeAsync(node, ct);
        var night = SimulatedNights.Make(packets, FirstNightMjd).Select(packet => new AlertPacket(packet.Name, packet.Bytes)).ToList();
        var bytes = night.Sum(packet => (long)packet.Bytes.Length);
        await foreach (var outcome in node.Services.GetRequiredService<IngestAlerts>().HandleAsync(Stream, night.ToAsyncEnumerable(), null, ct))
        {
            if (outcome.Kind != IngestOutcomeKind.Accepted)
            {
                throw new InvalidOperationException($"{outcome.Name}: {outcome.Kind} {outcome.Reason}");
            }
        }

        var first = await CopyAsync(node, copies, ct);
        var total = (long)night.Count * copies;
        await progress.WriteLineAsync($"  {total} alerts in {copies} nights, {bytes / night.Count / 1024:0} KiB each, {bytes >> 20} MiB of packs");
        var tryFilter = node.Services.GetRequiredService<TryFilter>();
        TrialResult? result = null;
        async Task TestAsync() => result = await tryFilter.HandleAsync(
            Viewer.System, filterId, Expression, "drb > 0.8 and mag < 19", first, first.AddDays(copies - 1), _ => Task.CompletedTask, ct);
        var seconds = await Timing.MedianAsync(scale == BenchmarkScale.Full ? 3 : 1, TestAsync) / 1000;
        var counted = result!;
        var left = counted.Alerts - counted.Clauses.Sum(clause => clause.AlertsInOrder);
        if (counted.Alerts != total || counted.Unreadable > 0 || counted.Passed == 0 || counted.Passed == total || left != counted.Passed
            || counted.Nights.Select(each => (each.Alerts, each.Passed)).Distinct().Count() != 1)
        {
            throw new InvalidOperationException(
                $"The test did not count every alert once, or its copies differ: {counted.Alerts} of {total}, {counted.Unreadable} unreadable, {counted.Passed} passed, {left} left, nights {string.Join(", ", counted.Nights)}.");
        }

        var of100K = seconds * 100_000 / total;
        return
        [
            new Figure($"test a filter on 100,000 alerts ({total} tried) [s]", of100K, null, "below 10 s", of100K < GoalSeconds),
            new Figure("one evaluation within it [µs]", counted.MicrosecondsPerAlert, null, "told", true),
        ];
    }

    private static async Task<int> ArrangeAsync(TestNode node, CancellationToken ct)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = "bench" };
        db.Add(group);
        await db.SaveChangesAsync(ct);
        var stream = await db.Set<AlertStream>().Where(row => row.Name == Stream).Select(row => row.Id).SingleAsync(ct);
        db.Add(new GroupStream { GroupId = group.Id, StreamId = stream });
        await db.SaveChangesAsync(ct);
        return await node.Services.GetRequiredService<CreateFilter>().HandleAsync(Viewer.System, new NewFilter("bench", stream, group.Id) { Expression = Expression, Active = false }, ct);
    }

    /// <summary>Gives each packet a row in as many nights; returns the first night.</summary>
    private static async Task<DateOnly> CopyAsync(TestNode node, int nights, CancellationToken ct)
    {
        await using var find = node.Contexts.DataSource.CreateCommand("select min(night) from alerts");
        var first = (DateOnly)(await find.ExecuteScalarAsync(ct))!;
        await new AlertPartitions(node.Contexts.DataSource).EnsureAsync(Enumerable.Range(0, nights + 1).Select(first.AddDays), ct);
        await using var columns = node.Contexts.DataSource.CreateCommand(
            "select string_agg(quote_ident(column_name), ', ' order by ordinal_position) from information_schema.columns where table_name = 'alerts' and column_name not in ('night', 'alert_id') and is_generated = 'NEVER'");
        var rest = (string)(await columns.ExecuteScalarAsync(ct))!;
        await using var copy = node.Contexts.DataSource.CreateCommand($"""
            update alerts set night = $1 where night <> $1;
            """);
        copy.Parameters.AddWithValue(first);
        await copy.ExecuteNonQueryAsync(ct);
        await using var insert = node.Contexts.DataSource.CreateCommand($"""
            insert into alerts (night, alert_id, {rest})
            select $1 + step, alert_id + step * 1000000000000000, {rest} from alerts, generate_series(1, $2) step where night = $1
            """);
        insert.Parameters.AddWithValue(first);
        insert.Parameters.AddWithValue(nights - 1);
        await insert.ExecuteNonQueryAsync(ct);
        await using var analyze = node.Contexts.DataSource.CreateCommand("analyze alerts");
        await analyze.ExecuteNonQueryAsync(ct);
        return first;
    }
}
