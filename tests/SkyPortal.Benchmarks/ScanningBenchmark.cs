using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.TestServer;
using SkyPortal.Web.Components.Candidates;

namespace SkyPortal.Benchmarks;

/// <summary>
/// Sixteen people scan at once, out of two million candidates of 94 filters of 181 groups: each is a member of other forty groups and
/// looks at other windows and pages. GET /api/candidates over HTTP against tornado with SQLAlchemy (two processes) over the same
/// tables with the same rule of access, and what the scanning page reads for the same people.
/// </summary>
public sealed class ScanningBenchmark : IBenchmark
{
    private const double GoalMs = 100;
    private const double GoalRatio = 10;
    private const int Scanners = 16;
    private const int Pages = 4;

    // Each scanner turns a page so long after the last one came: far quicker than a person looks at 25 objects.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly DateTime Night = new(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc);
    private static readonly double[] WindowHours = [24, 12, 24, 72, 24, 6, 48, 168];

    private int _perPage;

    /// <inheritdoc/>
    public string Name => "scanning";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (objects, groups, filters, own, rounds, seconds) = scale == BenchmarkScale.Full ? (400_000, 181, 94, 40, 3, 5.0) : (24_000, 24, 16, 12, 1, 0.5);
        _perPage = scale == BenchmarkScale.Full ? 25 : 3;
        await using var site = await TestSite.StartAsync();
        await progress.WriteLineAsync($"  seeding {objects * 5:N0} candidates of {filters} filters of {groups} groups");
        await ScanningSite.SeedAsync(site.Node.Contexts.DataSource, objects, groups, filters, ct);
        var clients = new List<TestClient>();
        for (var i = 0; i < Scanners; i++)
        {
            clients.Add(await ScanningSite.ScannerAsync(site.Node, i, own, ct));
        }

        await using (var analyze = site.Node.Contexts.DataSource.CreateCommand("vacuum analyze candidate_views"))
        {
            await analyze.ExecuteNonQueryAsync(ct);
        }

        await using var peer = await TornadoPeer.StartAsync("tornado_candidates.py", site.ConnectionString, ct);
        for (var i = 0; i < Scanners; i += 5)
        {
            await AssertSameAsync(clients[i], peer, Question(i, 1), ct);
        }

        await progress.WriteLineAsync("  measuring");
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(await RateAsync([site.Node.Address], clients, seconds, ct));
            theirs.Add(await RateAsync(peer.Addresses, clients, seconds, ct));
        }

        var (rate, peerRate) = (Median(ours), Median(theirs));
        var (paced, _) = await ServeAsync(clients, [site.Node.Address], seconds * 2, Look, ct);
        var (crowd, _) = await ServeAsync(clients, [site.Node.Address], seconds, TimeSpan.Zero, ct);
        var (reads, counts) = await ReadPagesAsync(site.Node, clients, seconds * 2, Look, ct);
        return
        [
            new Figure($"GET /api/candidates, 25 of {objects * 5:N0}, {Scanners} scanners [requests/s]", rate, peerRate, $"at least {GoalRatio} times the peer", rate >= GoalRatio * peerRate),
            new Figure("the same, a page every half second each, p99 [ms]", Percentile(paced, 0.99), null, $"under {GoalMs} ms", Percentile(paced, 0.99) < GoalMs),
            new Figure("what the scanning page reads for them, p99 [ms]", Percentile(reads, 0.99), null, $"under {GoalMs} ms", Percentile(reads, 0.99) < GoalMs),
            new Figure("how far the night is, counted once the cards of a new list stand, p99 [ms]", Percentile(counts, 0.99), null, $"under {GoalMs} ms", Percentile(counts, 0.99) < GoalMs),
            new Figure("GET without any pause, p50 [ms]", Percentile(crowd, 0.5), null, "shown for comparison", true),
            new Figure("GET without any pause, p99 [ms]", Percentile(crowd, 0.99), null, $"under {GoalMs} ms", Percentile(crowd, 0.99) < GoalMs),
        ];
    }

    // Each has windows and pages of their own: a window that nobody asked for before is not kept from before.
    private string Question(int scanner, int turn)
    {
        var end = Night.AddMinutes(-37 * scanner).AddSeconds(-(turn / Pages));
        var start = end.AddHours(-WindowHours[scanner % WindowHours.Length]);
        return $"/api/candidates?startDate={start:s}&endDate={end:s}&numPerPage={_perPage}&pageNumber={1 + (turn % Pages)}&includeAssociatedObjs=false"
            + (scanner % 2 == 0 ? "&savedStatus=notSavedToAnySelected" : "");
    }

    private async Task<double> RateAsync(string[] addresses, List<TestClient> clients, double seconds, CancellationToken ct)
    {
        var (times, watch) = await ServeAsync(clients, addresses, seconds, TimeSpan.Zero, ct);
        return times.Count / watch;
    }

    private async Task<(IReadOnlyCollection<double> Ms, double Seconds)> ServeAsync(
        List<TestClient> clients, string[] addresses, double seconds, TimeSpan look, CancellationToken ct)
    {
        var times = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(async (client, scanner) =>
        {
            using var http = Client(addresses[scanner % addresses.Length], client.Token);
            await Task.Delay(look * scanner / Scanners, ct);
            for (var turn = 0; watch.Elapsed.TotalSeconds < seconds; turn++)
            {
                times.Add(await Timing.OnceAsync(() => http.GetByteArrayAsync(Question(scanner, turn), ct)));
                await Task.Delay(look, ct);
            }
        }));
        return (times, watch.Elapsed.TotalSeconds);
    }

    // What the page asks when it is entered and at each turn: the list and the cards; and, once those of a new list stand, how far one is.
    private static async Task<(IReadOnlyCollection<double> Pages, IReadOnlyCollection<double> Counts)> ReadPagesAsync(TestNode node, List<TestClient> clients, double seconds, TimeSpan look, CancellationToken ct)
    {
        var (lists, page, viewers) = (node.Services.GetRequiredService<ScanLists>(), node.Services.GetRequiredService<ScanPage>(), node.Services.GetRequiredService<ReadViewer>());
        var progress = node.Services.GetRequiredService<ReadScanProgress>();
        var (times, counts) = (new ConcurrentBag<double>(), new ConcurrentBag<double>());
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(async (client, scanner) =>
        {
            var viewer = (await viewers.ByUserAsync(client.UserId, ct)).Viewer!;
            await Task.Delay(look * scanner / Scanners, ct);
            ScanList? list = null;
            for (var turn = 0; watch.Elapsed.TotalSeconds < seconds; turn++)
            {
                var end = Night.AddMinutes(-37 * scanner).AddSeconds(-(turn / Pages));
                var address = new ScanAddress { From = end.AddHours(-WindowHours[scanner % WindowHours.Length]), To = end };
                var number = turn % Pages;
                times.Add(await Timing.OnceAsync(async () =>
                {
                    list = number == 0 || list is null ? await lists.MakeAsync(viewer, address.Criteria(Night), address.Key, ct) : list;
                    await page.HandleAsync(viewer, list, [.. list.ObjIds.Skip(number * ScanAddress.PerPage).Take(ScanAddress.PerPage)], ct);
                }));
                if (number == 0)
                {
                    // What the viewer does on the way is added to it by the page.
                    counts.Add(await Timing.OnceAsync(() => progress.HandleAsync(viewer, list!, address.Criteria(Night), ct)));
                }

                await Task.Delay(look, ct);
            }
        }));
        return (times, counts);
    }

    private static async Task AssertSameAsync(TestClient client, TornadoPeer peer, string path, CancellationToken ct)
    {
        using var http = Client(peer.Addresses[0], client.Token);
        var theirs = Shape(JsonSerializer.Deserialize<JsonElement>(await http.GetByteArrayAsync(path, ct)).GetProperty("data"));
        var ours = Shape(await client.GetAsync(path));
        if (ours.Count < 2 || !ours.SequenceEqual(theirs))
        {
            throw new InvalidOperationException($"The peer answers {path} otherwise: {theirs.Except(ours).FirstOrDefault()} against {ours.Except(theirs).FirstOrDefault()}.");
        }
    }

    private static List<string> Shape(JsonElement data) =>
    [
        $"{data.GetProperty("totalMatches")}",
        .. data.GetProperty("candidates").EnumerateArray().Select(source => string.Join(
            ' ',
            source.GetProperty("id"),
            source.GetProperty("is_source"),
            string.Join(',', source.GetProperty("passing_group_ids").EnumerateArray()),
            string.Join(',', source.GetProperty("thumbnails").EnumerateArray().Select(row => row.GetProperty("id").GetInt64()).Order()),
            string.Join(',', source.GetProperty("photstats").EnumerateArray().Select(row => row.GetProperty("num_det_global"))),
            string.Join(',', source.GetProperty("annotations").EnumerateArray().Select(row => row.GetProperty("id").GetInt64()).Order()))),
    ];

    private static HttpClient Client(string address, string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"token {token}");
        return http;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Percentile(IReadOnlyCollection<double> values, double part) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * part)));
}
