using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// The routes that programs call most, over HTTP by one client, on a durable site of 10,000 sources of ten groups with 200,000
/// points: medians, against the times that the reference platform takes for the same on such a machine.
/// </summary>
public sealed class SourceRoutesBenchmark : IBenchmark
{
    private const double Goal = 10;
    private const int Discussed = 20;

    /// <inheritdoc/>
    public string Name => "source-routes";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (sources, points, rounds) = scale == BenchmarkScale.Full ? (10_000, 20, 61) : (200, 5, 3);
        await using var site = await DurableSite.StartAsync();
        await progress.WriteLineAsync($"  seeding {sources:N0} sources with {points} points each");
        var groups = await SeedAsync(site.Node.Contexts.DataSource, sources, points, ct);
        var member = await site.Node.ClientAsync("bench-member", Role.FullUser, [.. groups.Select(id => (id, false))]);
        await DiscussAsync(member);
        var instrument = await ScalarAsync(site.Node.Contexts.DataSource, "select min(id) from instruments where name = 'bench'", ct);

        var figures = new List<Figure>();
        foreach (var (what, peer, path, count) in Reads(sources))
        {
            var round = 0;
            var ms = await ReadAsync(member, rounds, () => path(round++), count);
            figures.Add(Of(what, ms, peer));
        }

        var night = 0;
        var post = await Timing.MedianAsync(rounds, () => PostAsync(member, instrument, groups[0], night++));
        figures.Add(Of("POST /api/photometry, 1,000 points [ms]", post, 390));
        return figures;
    }

    // Each with the shortest median of the peer in milliseconds, and where the reply's length is known how it is.
    private static (string What, double PeerMs, Func<int, string> Path, Func<JsonElement, bool> IsRight)[] Reads(int sources) =>
    [
        ("one source [ms]", 90, round => $"/api/sources/{Id(round * 7 % sources)}", data => data.GetProperty("groups").GetArrayLength() == 2),
        ("one source with photometry, thumbnails, comments [ms]", 123,
            round => $"/api/sources/{Id(round % Discussed)}?includePhotometry=true&includeThumbnails=true&includeComments=true",
            data => data.GetProperty("photometry").GetArrayLength() > 1 && data.GetProperty("comments").GetArrayLength() == 3 && data.GetProperty("thumbnails").GetArrayLength() > 0),
        ("100 sources [ms]", 100, round => $"/api/sources?numPerPage=100&pageNumber={1 + (round % 2)}", data => data.GetProperty("sources").GetArrayLength() == 100),
        ("a cone of 5 arcsec [ms]", 35, round => Cone(round * 13 % sources, 5.0 / 3600), data => data.GetProperty("sources").GetArrayLength() >= 1),
        ("a cone of 5 degrees [ms]", 65, round => Cone(round * 13 % sources, 5), data => data.GetProperty("sources").GetArrayLength() >= 1),
    ];

    private static Figure Of(string what, double ms, double peerMs) => new(what, ms, peerMs, $"at most 1/{Goal:0} of the peer's shortest", ms * Goal <= peerMs);

    private static async Task<double> ReadAsync(TestClient member, int rounds, Func<string> path, Func<JsonElement, bool> isRight)
    {
        if (!isRight(await member.GetAsync(path())))
        {
            throw new InvalidOperationException($"{path()} does not answer what is there.");
        }

        // A served site has compiled its hot paths long ago.
        for (var i = 0; i < 10 * rounds; i++)
        {
            await member.Http.GetByteArrayAsync(path());
        }

        return await Timing.MedianAsync(rounds, () => member.Http.GetByteArrayAsync(path()));
    }

    private static async Task PostAsync(TestClient member, long instrument, int group, int night)
    {
        var body = new
        {
            obj_id = Id(night),
            instrument_id = instrument,
            mjd = Enumerable.Range(0, 1_000).Select(i => 61_000 + night + (i * 0.0005)),
            mag = Enumerable.Range(0, 1_000).Select(i => 18.5 + (0.2 * Math.Sin(i))),
            magerr = Enumerable.Repeat(0.05, 1_000),
            limiting_mag = Enumerable.Repeat(20.5, 1_000),
            magsys = "ab",
            filter = "ztfr",
            ra = PositionOf(night).RaDegrees,
            dec = PositionOf(night).DecDegrees,
            group_ids = new[] { group },
        };
        using var reply = await member.Http.PostAsJsonAsync("/api/photometry", body);
        reply.EnsureSuccessStatusCode();
    }

    private static async Task DiscussAsync(TestClient member)
    {
        var png = Convert.ToBase64String(PngEncoder.EncodeGrey(new byte[63 * 63], 63, 63));
        for (var i = 0; i < Discussed; i++)
        {
            foreach (var text in new[] { "rising", "blue", "a host at 40 Mpc" })
            {
                await member.PostAsync($"/api/sources/{Id(i)}/comments", new { text });
            }

            foreach (var ttype in new[] { "new", "ref", "sub" })
            {
                await member.PostAsync("/api/thumbnail", new { obj_id = Id(i), data = png, ttype });
            }
        }
    }

    private static string Cone(int source, double degrees)
    {
        var at = PositionOf(source);
        return string.Create(CultureInfo.InvariantCulture, $"/api/sources?ra={at.RaDegrees}&dec={at.DecDegrees}&radius={degrees}");
    }

    private static string Id(int source) => string.Create(CultureInfo.InvariantCulture, $"BENCH{source:00000}");

    // Evenly over the sphere, by the golden angle.
    private static SkyPosition PositionOf(int source) =>
        new(source * 137.50776405003785 % 360, Math.Asin(Math.Clamp(-0.999 + (source * 0.0001998), -1, 1)) * 180 / Math.PI);

    private static async Task<int[]> SeedAsync(NpgsqlDataSource data, int sources, int points, CancellationToken ct)
    {
        await RunAsync(data, """
            insert into groups (name, private, auto_accept_requests, single_user_group, sitewide, created_at, modified)
                select 'bench ' || i, false, false, false, false, now(), now() from generate_series(1, 10) i;
            insert into telescopes (name, nickname, robotic, fixed_location, created_at, modified) values ('bench', 'bench', false, true, now(), now());
            insert into instruments (name, type, telescope_id, filters, has_fields, created_at, modified)
                select 'bench', 'imager', id, array['ztfg', 'ztfr', 'ztfi'], false, now(), now() from telescopes where name = 'bench';
            create table seed (id text, ra float8, dec float8, healpix bigint, ids int[]);
            """, ct);
        await using var reading = data.CreateCommand("select array_agg(id order by id) from groups where name like 'bench %'");
        var groups = (int[])(await reading.ExecuteScalarAsync(ct))!;
        await using (var connection = await data.OpenConnectionAsync(ct))
        await using (var writer = await connection.BeginBinaryImportAsync("copy seed from stdin (format binary)", ct))
        {
            for (var i = 0; i < sources; i++)
            {
                var at = PositionOf(i);
                await writer.StartRowAsync(ct);
                await writer.WriteAsync(Id(i), ct);
                await writer.WriteAsync(at.RaDegrees, ct);
                await writer.WriteAsync(at.DecDegrees, ct);
                await writer.WriteAsync(at.ToHealpix29(), ct);
                await writer.WriteAsync(new[] { groups[i % 10], groups[(i + 3) % 10] }, NpgsqlDbType.Array | NpgsqlDbType.Integer, ct);
            }

            await writer.CompleteAsync(ct);
        }

        await RunAsync(data, $$"""
            select setseed(0.42);
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, score, transient, varstar, is_roid, "offset", redshift, created_at, modified)
                select id, ra, dec, healpix, gen_random_uuid(), ids, 0.9, true, false, false, 0, 0.05, now(), now() from seed;
            insert into sources (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
                select seed.id, g, 1, now() - random() * interval '900 days', true, false, now(), now() from seed, unnest(ids) g;
            insert into annotations (obj_id, origin, data, author_id, group_ids, created_at, modified)
                select id, 'bench', '{"drb": 0.9, "age": 20.5}', 1, ids, now(), now() from seed;
            insert into photometry (obj_id, instrument_id, filter, mjd, flux, fluxerr, origin, upload_id, owner_id, group_ids, stream_ids, dedup_hash, created_at, modified)
                select seed.id, (select id from instruments where name = 'bench'), (array['ztfg', 'ztfr', 'ztfi'])[1 + j % 3], 60000 + j, 100 + 20 * sin(j), 3, 'None', gen_random_uuid(), 1,
                       ids, '{}', hashtext(seed.id)::bigint * 1000 + j, now(), now()
                from seed, generate_series(1, {{points}}) j;
            drop table seed;
            """, ct);
        foreach (var table in new[] { "objs", "sources", "annotations", "photometry" })
        {
            await RunAsync(data, $"vacuum analyze {table}", ct);
        }

        await RunAsync(data, "checkpoint", ct);
        return groups;
    }

    private static async Task RunAsync(NpgsqlDataSource data, string sql, CancellationToken ct)
    {
        await using var command = data.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource data, string sql, CancellationToken ct)
    {
        await using var command = data.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}
