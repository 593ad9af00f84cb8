using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// GET /api/sources over half a million sources of 181 groups, for a member of forty of them and for an administrator, over HTTP,
/// against tornado with SQLAlchemy (two processes) over the same tables with the same rule of access; and page 1,000 against page 1.
/// </summary>
public sealed class SourcesListBenchmark : IBenchmark
{
    private const double Goal = 10;
    private const double DeepGoal = 1.3;
    private const int Clients = 4;

    /// <inheritdoc/>
    public string Name => "sources-list";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (objects, groups, own, deep, rounds, seconds) = scale == BenchmarkScale.Full ? (500_000, 181, 40, 1_000, 5, 4.0) : (3_000, 12, 4, 5, 1, 0.3);
        await using var site = await TestSite.StartAsync();
        await progress.WriteLineAsync($"  seeding {objects:N0} sources of {groups} groups");
        await SeedAsync(site.Node.Contexts.DataSource, objects, groups, ct);
        var memberOf = await GroupsAsync(site.Node, own, ct);
        var member = await site.Node.ClientAsync("bench-member", Role.FullUser, [.. memberOf.Select(id => (id, false))]);
        var admin = await site.Node.AdminAsync();
        await using var peer = await TornadoPeer.StartAsync("tornado_sources.py", site.ConnectionString, ct);

        var figures = new List<Figure>();
        foreach (var (who, client) in new[] { ("a member of " + own + " groups", member), ("an administrator", admin) })
        {
            await AssertSameAsync(client, peer, "/api/sources", ct);
            await AssertSameAsync(client, peer, $"/api/sources?pageNumber={deep}", ct);
            var (ours, theirs, oursDeep) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(await RateAsync([site.Node.Address], client.Token, "/api/sources", seconds, ct));
                theirs.Add(await RateAsync(peer.Addresses, client.Token, "/api/sources", seconds, ct));
                oursDeep.Add(await RateAsync([site.Node.Address], client.Token, $"/api/sources?pageNumber={deep}", seconds, ct));
            }

            var (rate, peerRate, deepRate) = (Median(ours), Median(theirs), Median(oursDeep));
            figures.Add(new Figure($"GET /api/sources, 100 of {objects:N0}, {who} [requests/s]", rate, peerRate, $"at least {Goal} times the peer", rate >= Goal * peerRate));
            figures.Add(new Figure($"page {deep:N0} [requests/s], against page 1", deepRate, rate, $"at most {DeepGoal} times the time", deepRate * DeepGoal >= rate));
        }

        return figures;
    }

    private static async Task<double> RateAsync(string[] addresses, string token, string path, double seconds, CancellationToken ct)
    {
        var done = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            using var http = Client(addresses[client % addresses.Length], token);
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await http.GetByteArrayAsync(path, ct);
                Interlocked.Increment(ref done);
            }
        }));
        return done / watch.Elapsed.TotalSeconds;
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
        .. data.GetProperty("sources").EnumerateArray().Select(source => string.Join(
            ' ',
            source.GetProperty("id"),
            source.GetProperty("ra").GetDouble(),
            string.Join(',', source.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("id"))),
            string.Join(',', source.GetProperty("classifications").EnumerateArray().Select(row => row.GetProperty("id"))),
            string.Join(',', source.GetProperty("annotations").EnumerateArray().Select(row => row.GetProperty("id"))))),
    ];

    private static HttpClient Client(string address, string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"token {token}");
        return http;
    }

    private static async Task<int[]> GroupsAsync(TestNode node, int own, CancellationToken ct)
    {
        await using var command = node.Contexts.DataSource.CreateCommand($"select array_agg(id) from (select id from groups where name like 'bench%' order by id limit {own}) g");
        return (int[])(await command.ExecuteScalarAsync(ct))!;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task SeedAsync(NpgsqlDataSource source, int objects, int groups, CancellationToken ct)
    {
        await using var command = source.CreateCommand($$"""
            select setseed(0.42);
            insert into groups (name, nickname, description, private, auto_accept_requests, single_user_group, sitewide, created_at, modified)
                select 'bench ' || i, 'b' || i, 'Group of the benchmark', false, false, false, false, now(), now() from generate_series(1, {{groups}}) i;
            create temporary table drawn as
                select i, array(select distinct (select min(id) from groups where name like 'bench%') + floor(random() * {{groups}})::int
                                from generate_series(1, 1 + i % 3 * (i % 2))) as ids from generate_series(1, {{objects}}) i;
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, score, redshift, origin, transient, varstar, is_roid, "offset", created_at, modified)
                select 'ZTF26' || lpad(i::text, 7, '0'), random() * 360, degrees(asin(random() * 2 - 1)), (random() * 3e18)::bigint, gen_random_uuid(),
                       ids, random(), case when i % 5 = 0 then random() end, 'bench', true, false, false, 0, now(), now()
                from drawn;
            insert into sources (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
                select 'ZTF26' || lpad(i::text, 7, '0'), g, 1, timestamptz '2026-11-21 00:00Z' - random() * interval '1500 days', random() < 0.97, false, now(), now()
                from drawn, unnest(ids) g;
            insert into annotations (obj_id, origin, data, author_id, group_ids, created_at, modified)
                select 'ZTF26' || lpad(i::text, 7, '0'), 'bench', jsonb_build_object('drb', random(), 'age', random() * 100, 'fwhm', random() * 4), 1, ids, now(), now()
                from drawn;
            insert into classifications (obj_id, classification, taxonomy_id, probability, ml, author_id, author_name, group_ids, origin, created_at, modified)
                select 'ZTF26' || lpad(i::text, 7, '0'), 'Ia', (select min(id) from taxonomies), random(), false, 1, 'admin', ids, 'bench', now(), now()
                from drawn where i % 5 = 0;
            update taxonomies set group_ids = group_ids || array(select id from groups where name like 'bench%') where id = (select min(id) from taxonomies);
            drop table drawn;
            """);
        command.CommandTimeout = 1800;
        await command.ExecuteNonQueryAsync(ct);
        foreach (var table in new[] { "objs", "sources", "annotations", "classifications", "source_changes" })
        {
            await using var analyze = source.CreateCommand($"vacuum analyze {table}");
            analyze.CommandTimeout = 600;
            await analyze.ExecuteNonQueryAsync(ct);
        }
    }
}
