using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>
/// A million points of a thousand objects in one POST /api/photometry, from the bytes of the body to the commit, against COPY of
/// the same rows from a binary file into the same table, and against a validating upload over the SQLAlchemy ORM.
/// </summary>
public sealed class PhotometryUploadBenchmark : IBenchmark
{
    private const double GoalOfCopy = 0.7;
    private const double GoalOfOrm = 5;
    private static readonly string[] Bands = ["ztfg", "ztfr", "ztfi"];

    /// <inheritdoc/>
    public string Name => "photometry-upload";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        if (scale == BenchmarkScale.Full)
        {
            await using var durable = await DurableSite.StartAsync();
            return await MeasureAsync(durable.Node, 1_000_000, 1_000, 3, progress, ct);
        }

        await using var site = await TestSite.StartAsync();
        return await MeasureAsync(site.Node, 2_000, 20, 1, progress, ct);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(TestNode node, int rows, int objects, int rounds, TextWriter progress, CancellationToken ct)
    {
        var source = node.Contexts.DataSource;
        var instrument = await ArrangeAsync(node, objects, ct);
        var admin = await node.AdminAsync();
        admin.Http.Timeout = TimeSpan.FromMinutes(10);
        var body = Body(rows, objects, instrument);
        await progress.WriteLineAsync($"  {rows:N0} rows of {objects:N0} objects, a body of {body.Length >> 20} MiB");
        var folder = Directory.CreateTempSubdirectory("skyportal-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "rows.bin");
            var ours = new List<double>();
            var copies = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                await RunAsync(source, "truncate photometry; truncate photstats", ct);
                ours.Add(rows / await PostAsync(admin, HttpMethod.Post, body, rows, ct));
                await ExpectAsync(source, rows, ct);
                if (round == 0)
                {
                    var again = await PostAsync(admin, HttpMethod.Put, body, rows, ct);
                    await ExpectAsync(source, rows, ct);
                    await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  the same again adds nothing, {again:0.0} s"));
                    await DumpAsync(source, file, ct);
                }

                await RunAsync(source, "truncate photometry", ct);
                copies.Add(rows / await CopyAsync(source, file, ct));
                await ExpectAsync(source, rows, ct);
            }

            await RunAsync(source, "truncate photometry", ct);
            var orm = await OrmAsync(source, Path.Combine(folder, "rows.json"), Math.Min(rows, 20_000), objects, instrument, ct);
            var (rate, copy) = (Median(ours), Median(copies));
            return
            [
                new Figure($"POST {rows:N0} points, against COPY [rows/s]", rate, copy, "at least 0.7 of COPY", rate >= GoalOfCopy * copy),
                new Figure($"POST {rows:N0} points, against the SQLAlchemy ORM [rows/s]", rate, orm, "at least 5 times the ORM", rate >= GoalOfOrm * orm),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> ArrangeAsync(TestNode node, int objects, CancellationToken ct)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var telescope = new Telescope { Name = "bench", Nickname = "bench" };
        db.Add(telescope);
        await db.SaveChangesAsync(ct);
        var instrument = new Instrument { Name = "bench", Type = "imager", TelescopeId = telescope.Id, Filters = Bands };
        db.Add(instrument);
        await db.SaveChangesAsync(ct);
        await RunAsync(node.Contexts.DataSource, $"""
            insert into objs (id, ra, dec, healpix, internal_key, group_ids, score, transient, varstar, is_roid, "offset", created_at, modified)
                select 'bench' || i, i * 360.0 / {objects}, 10, 0, gen_random_uuid(), array[1], 0.9, true, false, false, 0, now(), now()
                from generate_series(0, {objects - 1}) i
            """, ct);
        return instrument.Id;
    }

    private static byte[] Body(int rows, int objects, int instrument)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteNumber("instrument_id", instrument);
            json.WriteString("magsys", "ab");
            json.WriteStartArray("group_ids");
            json.WriteEndArray();
            Column(json, "obj_id", rows, row => json.WriteStringValue($"bench{row % objects}"));
            Column(json, "filter", rows, row => json.WriteStringValue(Bands[row % 3]));
            Column(json, "mjd", rows, row => json.WriteNumberValue(Math.Round(59_000 + (row * 0.001234567), 6)));
            Column(json, "mag", rows, row => json.WriteNumberValue(Math.Round(18 + (2 * Math.Sin(row)), 4)));
            Column(json, "magerr", rows, row => json.WriteNumberValue(Math.Round(0.05 + (0.04 * Math.Cos(row)), 4)));
            Column(json, "limiting_mag", rows, row => json.WriteNumberValue(Math.Round(20.5 + (0.3 * Math.Sin(row * 0.7)), 3)));
            json.WriteEndObject();
        }

        return memory.ToArray();
    }

    private static void Column(Utf8JsonWriter json, string name, int rows, Action<int> write)
    {
        json.WriteStartArray(name);
        for (var row = 0; row < rows; row++)
        {
            write(row);
        }

        json.WriteEndArray();
    }

    /// <summary>Seconds from the request to the reply, which must name every row.</summary>
    private static async Task<double> PostAsync(TestClient client, HttpMethod method, byte[] body, int rows, CancellationToken ct)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(method, "/api/photometry") { Content = content };
        var watch = Stopwatch.StartNew();
        using var response = await client.Http.SendAsync(request, ct);
        var seconds = watch.Elapsed.TotalSeconds;
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(ct));
        return response.IsSuccessStatusCode && answer.RootElement.GetProperty("data").GetProperty("ids").GetArrayLength() == rows
            ? seconds
            : throw new InvalidOperationException($"The upload was refused: {answer.RootElement.GetProperty("message").GetString()}");
    }

    private static async Task ExpectAsync(NpgsqlDataSource source, long rows, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select count(*) from photometry");
        if ((long)(await command.ExecuteScalarAsync(ct))! != rows)
        {
            throw new InvalidOperationException("The table does not hold what was uploaded.");
        }
    }

    private static async Task DumpAsync(NpgsqlDataSource source, string file, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var rows = await connection.BeginRawBinaryCopyAsync("copy (select * from photometry order by id) to stdout (format binary)", ct);
        await using var output = File.Create(file);
        await rows.CopyToAsync(output, ct);
    }

    private static async Task<double> CopyAsync(NpgsqlDataSource source, string file, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var input = File.OpenRead(file);
        var watch = Stopwatch.StartNew();
        await using (var rows = await connection.BeginRawBinaryCopyAsync("copy photometry from stdin (format binary)", ct))
        {
            await input.CopyToAsync(rows, 1 << 20, ct);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> OrmAsync(NpgsqlDataSource source, string file, int rows, int objects, int instrument, CancellationToken ct)
    {
        var points = Enumerable.Range(0, rows).Select(row => new
        {
            obj_id = $"bench{row % objects}",
            instrument_id = instrument,
            filter = Bands[row % 3],
            mjd = 59_000 + (row * 0.001234567),
            mag = 18 + (2 * Math.Sin(row)),
            magerr = 0.05 + (0.04 * Math.Cos(row)),
            limiting_mag = 20.5 + (0.3 * Math.Sin(row * 0.7)),
        });
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(points), ct);
        var address = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        var url = $"postgresql+psycopg2://{address.Username}@/{address.Database}?host={Uri.EscapeDataString(address.Host!)}&port={address.Port}";
        return double.Parse(await PythonPeer.RunAsync("sqlalchemy_photometry.py", "python3-sqlalchemy python3-psycopg2", ct, url, file), CultureInfo.InvariantCulture);
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(ct);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
