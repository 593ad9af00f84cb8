using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// The usual searches of the alert archive over HTTP, for a member of the public stream, over ten nights of 200,000 alerts of which a
/// fifth is not public; and page 1,000 by its cursor against page 1.
/// </summary>
public sealed class AlertSearchBenchmark : IBenchmark
{
    private const double GoalMs = 100;
    private const double DeepGoal = 1.5;
    private const int FirstMjd = 61_000;

    /// <inheritdoc/>
    public string Name => "alert-search";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (nights, perNight, deep, rounds) = scale == BenchmarkScale.Full ? (10, 200_000, 1_000, 9) : (3, 1_000, 5, 1);
        await using var site = await TestSite.StartAsync();
        var source = site.Node.Contexts.DataSource;
        var member = await MemberAsync(site.Node, ct);
        await progress.WriteLineAsync($"  seeding {nights} nights of {perNight:N0} alerts");
        await SeedAsync(source, nights, perNight, ct);
        // Few alerts lie far apart, and few of them are rare. At full scale one in 2,000 fits.
        var (cone, rare) = scale == BenchmarkScale.Full ? ("1.5", "2.999") : ("20", "2.9");
        var night = FirstMjd + (nights / 2);
        var overNight = string.Create(CultureInfo.InvariantCulture, $"mjd__gte={night + 0.5}&mjd__lt={night + 1.5}");
        var overNightSql = string.Create(CultureInfo.InvariantCulture, $"mjd >= {night + 0.5} and mjd < {night + 1.5}");
        var figures = new List<Figure>();
        foreach (var (what, query, sql) in new[]
        {
            ("newest page", "", "true"),
            ("one object", $"objectId=ZTF26{(perNight / 10) + 1:0000000}", $"obj_id = 'ZTF26{(perNight / 10) + 1:0000000}'"),
            ("a night, rb and magnitude", $"{overNight}&rb__gte=0.9&magpsf__lte=18", $"{overNightSql} and singles[{At("rb")}] >= 0.9::real and mag <= 18::real"),
            ($"cone of {cone} deg", $"cone=180,0,{cone}", $"degrees(acos(least(1, sind(dec) * sind(0) + cosd(dec) * cosd(0) * cosd(ra - 180)))) <= {cone}"),
            ("a night, any field (fwhm, a tenth fits)", $"{overNight}&fwhm__lte=1.5", $"{overNightSql} and singles[{At("fwhm")}] <= 1.5::real"),
            ($"a night, any field (elong from {rare})", $"{overNight}&elong__gte={rare}", $"{overNightSql} and singles[{At("elong")}] >= {rare}::real"),
        })
        {
            var path = $"/api/alerts?{query}";
            await AssertAsync(member, source, path, sql, ct);
            var ms = await Timing.MedianAsync(rounds, () => member.GetAsync(path));
            figures.Add(new Figure($"alerts, {what}, page and total [ms]", ms, null, $"under {GoalMs} ms", ms < GoalMs));
        }

        var cursor = (await member.GetAsync($"/api/alerts?page={deep - 1}")).GetProperty("nextCursor").GetString();
        var far = await member.GetAsync($"/api/alerts?cursor={cursor}");
        if (!Ids(far).SequenceEqual(Ids(await member.GetAsync($"/api/alerts?page={deep}"))))
        {
            throw new InvalidOperationException("The page by cursor is not the page by number.");
        }

        var first = (await member.GetAsync("/api/alerts")).GetProperty("nextCursor").GetString();
        var (deepMs, firstMs) = await Timing.AlternateAsync(rounds, () => member.GetAsync($"/api/alerts?cursor={cursor}"), () => member.GetAsync($"/api/alerts?cursor={first}"));
        figures.Add(new Figure($"alerts, page {deep:N0} by cursor against page 2 [ms]", deepMs, firstMs, $"at most {DeepGoal} times", deepMs <= DeepGoal * firstMs || scale == BenchmarkScale.Small));
        return figures;
    }

    private static int At(string field) => AlertFields.Of("ZTF").Single(known => known.Name == field).Position;

    private static IEnumerable<long> Ids(JsonElement data) => data.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("alert_id").GetInt64());

    /// <summary>The first page must be the newest that fit, and the total that of the table, as far as it is counted.</summary>
    private static async Task AssertAsync(TestClient member, NpgsqlDataSource source, string path, string sql, CancellationToken ct)
    {
        var data = await member.GetAsync(path);
        var stream = "(select id from streams where name = 'ZTF Public') = any(stream_ids)";
        var expected = await ColumnAsync(source, $"select alert_id from alerts where {sql} and {stream} order by mjd desc, alert_id desc limit 100", ct);
        var count = (await ColumnAsync(source, $"select count(*) from alerts where {sql} and {stream}", ct))[0];
        var total = data.GetProperty("totalMatches").GetInt64();
        if (expected.Count < 2 || !Ids(data).SequenceEqual(expected) || (data.GetProperty("totalIsLowerBound").GetBoolean() ? total > count : total != count))
        {
            throw new InvalidOperationException($"{path} answers {Ids(data).Count()} of {total} where {expected.Count} of {count} are right.");
        }
    }

    private static async Task<List<long>> ColumnAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 300;
        var values = new List<long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            values.Add(reader.GetInt64(0));
        }

        return values;
    }

    private static async Task<TestClient> MemberAsync(TestNode node, CancellationToken ct)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var group = new Group { Name = "bench" };
        db.Add(group);
        await db.SaveChangesAsync(ct);
        db.Add(new GroupStream { GroupId = group.Id, StreamId = await db.Set<AlertStream>().Where(stream => stream.Name == "ZTF Public").Select(stream => stream.Id).SingleAsync(ct) });
        await db.SaveChangesAsync(ct);
        return await node.ClientAsync("bench-member", Role.FullUser, (group.Id, false));
    }

    // Positions evenly over the sky; the pixel of a row is that of a neighbour on a fine grid of its own, made by the product's code.
    private static async Task SeedAsync(NpgsqlDataSource source, int nights, int perNight, CancellationToken ct)
    {
        var places = Enumerable.Range(0, perNight).Select(i => Place(i, perNight)).ToList();
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var make = new NpgsqlCommand("create temporary table places (i int, ra float8, dec float8, healpix bigint)", connection))
        {
            await make.ExecuteNonQueryAsync(ct);
        }

        await using (var copy = await connection.BeginBinaryImportAsync("copy places from stdin (format binary)", ct))
        {
            foreach (var (ra, dec, healpix, i) in places.Select((place, i) => (place.Ra, place.Dec, place.Healpix, i)))
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(i, ct);
                await copy.WriteAsync(ra, ct);
                await copy.WriteAsync(dec, ct);
                await copy.WriteAsync(healpix, ct);
            }

            await copy.CompleteAsync(ct);
        }

        var rest = AlertFields.Of("ZTF").Count(field => field.Column == AlertFieldColumn.Singles) - 14;
        for (var n = 0; n < nights; n++)
        {
            var day = new DateOnly(1858, 11, 17).AddDays(FirstMjd + n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var next = new DateOnly(1858, 11, 17).AddDays(FirstMjd + n + 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            // In the order of the table of fields: magpsf rb drb distnr magap fwhm classtar nbad elong magnr sigmapsf fid deltamaglatest deltamagref.
            await using var fill = new NpgsqlCommand(
                string.Create(CultureInfo.InvariantCulture, $$"""
                    select setseed(0.{{n + 1}});
                    create table alerts_bench_{{n}} (like alerts including defaults);
                    insert into alerts_bench_{{n}} (night, survey, alert_id, obj_id, mjd, ra, dec, healpix, programme, stream_ids, pack_hash, pack_offset, pack_length, framing, ingested_at,
                        band, mag, mag_err, score, is_positive, singles, doubles, integers)
                    select date '{{day}}', 'ZTF', {{n}} * 10000000::bigint + i, 'ZTF26' || lpad(i::text, 7, '0'), {{FirstMjd + n}} + 0.85 + 0.6 * i / {{perNight}}, ra, dec, healpix,
                        case when i % 5 = 0 then 2 else 1 end,
                        array(select id from streams where name like 'ZTF%' and (i % 5 > 0 or name <> 'ZTF Public')), repeat('0', 64), 0, 1, 'container', now(),
                        (array['g','r','i'])[1 + i % 3], 16 + 5 * r, 0.1, s, true,
                        array[16 + 5 * r, s, s, random() * 5, 17, 1 + random() * 5, random(), 0, 1 + random() * 2, 19, 0.1, 1 + i % 3, random() - 0.5, random()]::real[]
                            || array_fill(1.5::real, array[{{rest}}]),
                        array[100, 40, 2460000, 2460900, 12, ra, dec, 2458000, 2458500]::float8[], array[123456789012345678, 1, 1, 2000000000000, 5, 600000]
                    from (select *, random() as r, random() as s from places offset 0) as drawn;
                    alter table alerts attach partition alerts_bench_{{n}} for values from ('{{day}}') to ('{{next}}');
                    """), connection);
            fill.CommandTimeout = 300;
            await fill.ExecuteNonQueryAsync(ct);
        }

        await using var analyze = new NpgsqlCommand("vacuum analyze alerts", connection);
        analyze.CommandTimeout = 300;
        await analyze.ExecuteNonQueryAsync(ct);
    }

    // A spiral with the golden angle covers the sphere evenly.
    private static (double Ra, double Dec, long Healpix) Place(int i, int count)
    {
        var dec = Math.Asin(1 - ((2.0 * i + 1) / count)) * 180 / Math.PI;
        var ra = i * 137.50776405003785 % 360;
        return (ra, dec, Domain.Astronomy.Healpix.PixelOf(Domain.Astronomy.Healpix.MaxOrder, ra, dec));
    }
}
