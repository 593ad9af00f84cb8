using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using SkyPortal.Web.Pages.Sources;

namespace SkyPortal.Benchmarks;

/// <summary>
/// What the page of a source reads: an object with 5,000 points, 20 spectra of 2,000 samples, 500 annotations, 100 comments and 40
/// classes, among 20,000 others, for a member of 40 of 181 groups. Counts the statements that reach the database, and takes the
/// time from the first to the model that is drawn.
/// </summary>
public sealed class SourcePageBenchmark : IBenchmark
{
    private const double GoalMs = 50;
    private const int GoalStatements = 8;
    private const string ObjId = "BENCH";

    /// <inheritdoc/>
    public string Name => "source-page";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (points, others, rounds) = scale == BenchmarkScale.Full ? (5_000, 20_000, 41) : (500, 200, 3);
        await using var site = await TestSite.StartAsync();
        var node = site.Node;
        var member = await node.ClientAsync("bench");
        await progress.WriteLineAsync($"  an object with {points:N0} points among {others:N0}");
        await SeedAsync(node.Contexts.DataSource, member.UserId, points, others, ct);
        var viewer = (await node.Services.GetRequiredService<ReadViewer>().ByUserAsync(member.UserId, ct)).Viewer!;
        var page = node.Services.GetRequiredService<ReadSourcePage>();
        var parts = Enum.GetValues<SourceParts>().Aggregate((all, part) => all | part);

        var statements = 0;
        using (var listener = Counting(() => Interlocked.Increment(ref statements)))
        {
            Expect((await page.HandleAsync(viewer, ObjId, parts, ct))!, points);
        }

        // A served site has compiled its hot paths long ago.
        for (var round = 0; round < rounds; round++)
        {
            await page.HandleAsync(viewer, ObjId, parts, ct);
        }

        var ms = await Timing.MedianAsync(rounds, async () => Expect((await page.HandleAsync(viewer, ObjId, parts, ct))!, points));
        var path = $"/api/sources/{ObjId}?includePhotometry=true&includeThumbnails=true&includeComments=true";
        var wire = await Timing.MedianAsync(rounds, async () => ExpectWire(await member.GetAsync(path), points));
        return
        [
            new Figure("page of a source, statements", statements, null, "at most 8", statements is > 0 and <= GoalStatements),
            new Figure($"page of a source with {points:N0} points [ms]", ms, null, "at most 50 ms", ms <= GoalMs),
            new Figure($"GET /api/sources/ID with {points:N0} points and all else [ms]", wire, null, "shown for comparison", true),
        ];
    }

    private static ActivityListener Counting(Action count)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = done => { if ((done.GetTagItem("db.query.text") ?? done.GetTagItem("db.statement")) is string { Length: > 0 }) { count(); } },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Expect(SourceModel model, int points)
    {
        if (model.Photometry.Points.Count != points || model.Spectra.Count != 20 || model.Annotations.Count != 500
            || model.Classifications.Count != 40 || model.Groups.Count != 3)
        {
            throw new InvalidOperationException("The page does not show what is there.");
        }
    }

    private static void ExpectWire(JsonElement source, int points)
    {
        if (source.GetProperty("photometry").GetArrayLength() != points || source.GetProperty("annotations").GetArrayLength() != 500)
        {
            throw new InvalidOperationException("The reply does not hold what is there.");
        }
    }

    private static async Task SeedAsync(NpgsqlDataSource source, int userId, int points, int others, CancellationToken ct)
    {
        await using var command = source.CreateCommand($$"""
            select setseed(0.42);
            insert into groups (name, private, auto_accept_requests, single_user_group, sitewide, created_at, modified)
                select 'bench ' || i, false, false, false, false, now(), now() from generate_series(1, 181) i;
            insert into group_users (group_id, user_id, admin, can_save, can_share_photometry, created_at, modified)
                select id, {{userId}}, false, true, false, now(), now() from groups where name like 'bench %' order by id limit 40;
            insert into telescopes (name, nickname, robotic, fixed_location, created_at, modified) values ('bench', 'bench', false, true, now(), now());
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, score, transient, varstar, is_roid, "offset", redshift, created_at, modified)
                select case i when 0 then '{{ObjId}}' else 'OTHER' || i end, random() * 360, degrees(asin(random() * 2 - 1)), (random() * 3e18)::bigint, gen_random_uuid(),
                       array(select id from groups where name like 'bench %' order by id limit 3), 0.9, true, false, false, 0, 0.05, now(), now()
                from generate_series(0, {{others}}) i;
            insert into sources (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
                select o.id, g.id, {{userId}}, now(), true, false, now(), now() from objs o, (select id from groups where name like 'bench %' order by id limit 3) g;
            insert into annotations (obj_id, origin, data, author_id, group_ids, created_at, modified)
                select '{{ObjId}}', 'origin ' || i, jsonb_build_object('value', random(), 'other', 'text ' || i, 'flag', true), {{userId}}, array(select min(id) from groups where name like 'bench %'), now(), now()
                from generate_series(1, 500) i;
            insert into comments (obj_id, text, author_id, bot, system, group_ids, created_at, modified)
                select '{{ObjId}}', 'What is to be said of it, number ' || i, {{userId}}, false, false, array(select min(id) from groups where name like 'bench %'), now(), now()
                from generate_series(1, 100) i;
            insert into taxonomies (name, version, hierarchy, is_latest, group_ids, created_at, modified)
                values ('bench', '1', '{"class": "Any"}', true, array(select id from groups where name like 'bench %'), now(), now());
            insert into classifications (obj_id, classification, taxonomy_id, probability, ml, author_id, author_name, group_ids, created_at, modified)
                select '{{ObjId}}', 'Any', (select id from taxonomies where name = 'bench'), random(), false, {{userId}}, 'bench', array(select min(id) from groups where name like 'bench %'), now(), now()
                from generate_series(1, 40) i;
            """);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(ct);
        await using var rest = source.CreateCommand($$"""
            insert into instruments (name, type, telescope_id, filters, has_fields, created_at, modified)
                select 'bench ' || i, 'imager', (select id from telescopes where name = 'bench'), array['ztfg', 'ztfr', 'ztfi'], false, now(), now() from generate_series(1, 3) i;
            insert into photometry (obj_id, instrument_id, filter, mjd, flux, fluxerr, origin, upload_id, owner_id, group_ids, stream_ids, dedup_hash, created_at, modified, original_user_data, altdata)
                select '{{ObjId}}', (select min(id) from instruments where name like 'bench %') + i % 3, (array['ztfg', 'ztfr', 'ztfi'])[1 + i % 3], 58000 + i * 0.37, 100 + 20 * sin(i), 3, 'None',
                       gen_random_uuid(), {{userId}}, array(select id from groups where name like 'bench %' order by id limit 2), '{}', i, now(), now(), '{"limiting_mag": 20.5, "magsys": "ab"}', '{"exposure": 30}'
                from generate_series(1, {{points}}) i;
            insert into photometry (obj_id, instrument_id, filter, mjd, flux, fluxerr, origin, upload_id, owner_id, group_ids, stream_ids, dedup_hash, created_at, modified)
                select 'OTHER' || i, (select min(id) from instruments where name like 'bench %'), 'ztfg', 58000 + j, 100, 3, 'None', gen_random_uuid(), {{userId}},
                       array(select min(id) from groups where name like 'bench %'), '{}', i * 100 + j, now(), now()
                from generate_series(1, {{others}}) i, generate_series(1, 10) j;
            insert into spectra (obj_id, observed_at, instrument_id, owner_id, type, wavelengths, fluxes, group_ids, pi_ids, reducer_ids, observer_ids, created_at, modified)
                select '{{ObjId}}', now() - i * interval '1 day', (select min(id) from instruments where name like 'bench %'), {{userId}}, 'source',
                       array(select 3500 + j * 2.5 from generate_series(1, 2000) j), array(select 1e-16 * (1 + random()) from generate_series(1, 2000) j),
                       array(select min(id) from groups where name like 'bench %'), array[{{userId}}], array[{{userId}}], array[{{userId}}], now(), now()
                from generate_series(1, 20) i;
            """);
        rest.CommandTimeout = 600;
        await rest.ExecuteNonQueryAsync(ct);
        foreach (var table in new[] { "objs", "sources", "annotations", "comments", "classifications", "photometry", "spectra", "groups", "group_users" })
        {
            await using var analyze = source.CreateCommand($"vacuum analyze {table}");
            analyze.CommandTimeout = 600;
            await analyze.ExecuteNonQueryAsync(ct);
        }
    }
}
