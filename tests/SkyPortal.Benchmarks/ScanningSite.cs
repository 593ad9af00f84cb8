using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>Sixty nights of candidates as a large site has them, and people who scan them.</summary>
internal static class ScanningSite
{
    /// <summary>
    /// Seeds objects that pass five filters each within three days of the night on which they appear, each shared with the groups of
    /// these filters. Those of the last nine nights have what cards show: pictures, annotations, twenty points and their statistics;
    /// every tenth of them is saved, every twentieth has a class.
    /// </summary>
    public static async Task SeedAsync(NpgsqlDataSource source, int objects, int groups, int filters, CancellationToken ct)
    {
        await using var command = source.CreateCommand($$"""
            select setseed(0.42);
            insert into streams (name, auto_join, created_at, modified) values ('bench', false, now(), now());
            insert into groups (name, private, auto_accept_requests, single_user_group, sitewide, created_at, modified)
                select 'bench ' || lpad(i::text, 4, '0'), false, false, false, false, now(), now() from generate_series(0, {{groups - 1}}) i;
            insert into group_streams (group_id, stream_id, created_at, modified)
                select g.id, s.id, now(), now() from groups g, streams s where g.name like 'bench%' and s.name = 'bench';
            insert into filters (name, stream_id, group_id, autosave, active, created_at, modified)
                select 'bench ' || i, (select id from streams where name = 'bench'), (select id from groups where name = 'bench ' || lpad((i * {{groups}} / {{filters}})::text, 4, '0')), false, true, now(), now()
                from generate_series(0, {{filters - 1}}) i;
            create temporary table drawn as
                select i, 'ZTF26' || lpad(i::text, 7, '0') as id, i > {{objects}} * 51 / 60 as hot,
                       array(select (select min(id) from filters) + (i * 7 + r * r * 13) % {{filters}} from generate_series(1, 5) r) as filter_ids,
                       timestamptz '2026-11-21 00:00Z' - interval '60 days' + interval '60 days' * i / {{objects}} as born
                from generate_series(1, {{objects}}) i;
            alter table drawn add group_ids int[];
            update drawn set group_ids = array(select distinct f.group_id from filters f where f.id = any(drawn.filter_ids));
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, score, transient, varstar, is_roid, "offset", created_at, modified)
                select id, random() * 360, degrees(asin(random() * 2 - 1)), (random() * 3e18)::bigint, gen_random_uuid(), group_ids, random(), true, false, false, 0, now(), now()
                from drawn;
            insert into candidates (obj_id, filter_id, passed_at, created_at, modified)
                select id, f, born + random() * least(interval '3 days', timestamptz '2026-11-21 00:00Z' - born), now(), now() from drawn, unnest(filter_ids) f on conflict do nothing;
            insert into thumbnails (obj_id, type, remote_url, is_grayscale, created_at, modified)
                select id, t, 'https://example.org/' || t, false, now(), now() from drawn, unnest(array['sdss', 'ls', 'ps1']) t where hot;
            insert into annotations (obj_id, origin, data, author_id, group_ids, created_at, modified)
                select d.id, 'bench:' || f.name, jsonb_build_object('drb', random(), 'age', random() * 100, 'sgscore', random()), 1, array[f.group_id], now(), now()
                from drawn d join filters f on f.id = d.filter_ids[1] where hot;
            insert into sources (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
                select id, group_ids[1], 1, born + interval '1 day', true, false, now(), now() from drawn where hot and i % 10 = 0;
            insert into classifications (obj_id, classification, taxonomy_id, probability, ml, author_id, author_name, group_ids, origin, created_at, modified)
                select id, 'Ia', (select min(id) from taxonomies), random(), false, 1, 'admin', group_ids, 'bench', now(), now() from drawn where hot and i % 20 = 0;
            update taxonomies set group_ids = group_ids || array(select id from groups where name like 'bench%') where id = (select min(id) from taxonomies);
            insert into telescopes (name, nickname, robotic, fixed_location, created_at, modified) values ('bench', 'bench', false, true, now(), now());
            insert into instruments (name, type, telescope_id, filters, has_fields, created_at, modified)
                select 'bench', 'imager', max(id), array['ztfg', 'ztfr'], false, now(), now() from telescopes;
            insert into photstats (obj_id, num_obs_global, num_det_global, num_det_no_forced_phot_global, first_detected_mjd, last_detected_mjd, visibility, created_at, modified)
                select id, 20, 20, 20, 61340, 61360, jsonb_build_array(jsonb_build_object('groups', to_jsonb(group_ids), 'streams', '[]'::jsonb)), now(), now() from drawn where hot;
            insert into photometry (id, obj_id, instrument_id, filter, mjd, flux, fluxerr, origin, upload_id, owner_id, group_ids, stream_ids, dedup_hash, created_at, modified)
                select i * 100::bigint + j, id, (select max(id) from instruments), (array['ztfg', 'ztfr'])[1 + j % 2], 61340 + j + random(), case when j > 4 then 60 + 10 * j end, 3, 'None',
                       '00000000-0000-0000-0000-000000000001', 1, group_ids, '{}', i * 100::bigint + j, now(), now()
                from drawn, generate_series(1, 20) j where hot;
            drop table drawn;
            """);
        command.CommandTimeout = 1800;
        await command.ExecuteNonQueryAsync(ct);
        foreach (var table in new[] { "candidates", "objs", "filters", "sources", "annotations", "thumbnails", "photstats", "photometry", "classifications" })
        {
            await using var analyze = source.CreateCommand($"vacuum analyze {table}");
            analyze.CommandTimeout = 600;
            await analyze.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>A client of a person who is a member of so many groups, of others than the next one, and has looked at a tenth of the objects of the last nine nights.</summary>
    public static async Task<TestClient> ScannerAsync(TestNode node, int number, int own, CancellationToken ct)
    {
        await using var read = node.Contexts.DataSource.CreateCommand(
            $"select array_agg(id) from (select id, (row_number() over (order by id) - {number * 11} + 100000) % count(*) over () as at from groups where name like 'bench%') g where at < {own}");
        var memberOf = (int[])(await read.ExecuteScalarAsync(ct))!;
        var client = await node.ClientAsync($"scanner-{number}", Role.FullUser, [.. memberOf.Select(id => (id, false))]);
        await using var stream = node.Contexts.DataSource.CreateCommand(
            "insert into stream_users (stream_id, user_id, created_at, modified) select id, $1, now(), now() from streams where name = 'bench' on conflict do nothing");
        stream.Parameters.AddWithValue(client.UserId);
        await stream.ExecuteNonQueryAsync(ct);
        await using var looked = node.Contexts.DataSource.CreateCommand("""
            insert into candidate_views (obj_id, user_id, seen_at, created_at, modified)
            select p.obj_id, $1, now(), now(), now() from photstats p where hashtext(p.obj_id || $1) % 10 = 0
            """);
        looked.Parameters.AddWithValue(client.UserId);
        await looked.ExecuteNonQueryAsync(ct);
        return client;
    }
}
