using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.TestServer;
using Microsoft.Extensions.DependencyInjection;

namespace SkyPortal.Benchmarks;

/// <summary>
/// A page of 50 candidates out of two million, of 25 filters and 60 nights: the page query alone against the plain statement
/// that says the same, and the whole of GET /api/candidates over HTTP.
/// </summary>
public sealed class CandidatesPageBenchmark : IBenchmark
{
    private const double GoalMs = 50;

    /// <inheritdoc/>
    public string Name => "candidates-page";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var rows = scale == BenchmarkScale.Full ? 2_000_000 : 5_000;
        var rounds = scale == BenchmarkScale.Full ? 21 : 3;
        await using var site = await TestSite.StartAsync();
        var source = site.Node.Contexts.DataSource;
        await progress.WriteLineAsync($"  seeding {rows:N0} candidates");
        await SeedAsync(source, rows, ct);
        var page = site.Node.Services.GetRequiredService<CandidatesPage>();
        var admin = new Viewer { UserId = 1, Username = "admin", Acls = new HashSet<string> { Acl.SystemAdmin } };
        var criteria = new CandidateCriteria { NumPerPage = 50 };

        var ours = await page.HandleAsync(admin, criteria, ct);
        var peer = await PlainAsync(source, ct);
        if (!ours.Hits.Select(hit => hit.ObjId).SequenceEqual(peer.Ids) || ours.TotalMatches != peer.Total)
        {
            throw new InvalidOperationException("The page and the plain statement differ.");
        }

        var (oursMs, peerMs) = await Timing.AlternateAsync(rounds, () => page.HandleAsync(admin, criteria, ct), () => PlainAsync(source, ct));
        var client = await site.Node.AdminAsync();
        var http = await Timing.MedianAsync(rounds, () => client.GetAsync("/api/candidates?numPerPage=50"));
        var second = 0;
        var fresh = await Timing.MedianAsync(rounds, () => client.GetAsync($"/api/candidates?numPerPage=50&startDate=2026-11-20T00:00:{second++:00}"));
        var day = await Timing.MedianAsync(rounds, () => client.GetAsync("/api/candidates?numPerPage=50&startDate=2026-11-20T00:00:00"));
        return
        [
            new Figure($"page of 50 of {rows:N0} candidates, query [ms]", oursMs, peerMs, "under 50 ms", oursMs < GoalMs),
            new Figure($"GET /api/candidates, 50 of {rows:N0}, all nights [ms]", http, null, "under 50 ms", http < GoalMs),
            new Figure($"GET /api/candidates, 50 of {rows:N0}, last day, a new window each time [ms]", fresh, null, "under 50 ms", fresh < GoalMs),
            new Figure($"GET /api/candidates, 50 of {rows:N0}, last day [ms]", day, null, "under 50 ms", day < GoalMs),
        ];
    }

    private static async Task<(List<string> Ids, int Total)> PlainAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        var ids = new List<string>();
        await using var list = source.CreateCommand(
            "select obj_id from candidates where filter_id in (select id from filters) group by obj_id order by max(passed_at) desc, obj_id limit 50");
        await using (var reader = await list.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                ids.Add(reader.GetString(0));
            }
        }

        await using var count = source.CreateCommand("select count(distinct obj_id) from candidates where filter_id in (select id from filters)");
        return (ids, (int)(long)(await count.ExecuteScalarAsync(ct))!);
    }

    /// <summary>Seeds so many passings of two thirds as many objects all over the sky, of 25 filters and 60 nights.</summary>
    internal static async Task SeedAsync(NpgsqlDataSource source, int rows, CancellationToken ct)
    {
        await using var command = source.CreateCommand($$"""
            select setseed(0.42);
            insert into streams (name, auto_join, created_at, modified) values ('bench', false, now(), now());
            insert into groups (name, private, auto_accept_requests, single_user_group, sitewide, created_at, modified)
                select 'bench ' || i, false, false, false, false, now(), now() from generate_series(1, 5) i;
            insert into filters (name, stream_id, group_id, autosave, active, created_at, modified)
                select 'bench ' || i, (select id from streams where name = 'bench'), (select id from groups where name = 'bench ' || (1 + i % 5)), false, true, now(), now()
                from generate_series(1, 25) i;
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, score, transient, varstar, is_roid, "offset", created_at, modified)
                select 'ZTF26' || lpad(i::text, 7, '0'), random() * 360, degrees(asin(random() * 2 - 1)), (random() * 3e18)::bigint, gen_random_uuid(),
                       array(select id from groups where name like 'bench%'), random(), true, false, false, 0, now(), now()
                from generate_series(0, {{rows * 2 / 3}}) i;
            insert into candidates (obj_id, filter_id, passed_at, created_at, modified)
                select 'ZTF26' || lpad((random() * {{rows * 2 / 3}})::int::text, 7, '0'), (select min(id) from filters) + (i % 25),
                       timestamptz '2026-11-21 00:00Z' - random() * interval '60 days', now(), now()
                from generate_series(1, {{rows}}) i
                on conflict do nothing;
            """);
        command.CommandTimeout = 1800;
        await command.ExecuteNonQueryAsync(ct);
        foreach (var table in new[] { "candidates", "objs", "filters" })
        {
            await using var analyze = source.CreateCommand($"vacuum analyze {table}");
            analyze.CommandTimeout = 600;
            await analyze.ExecuteNonQueryAsync(ct);
        }
    }
}
