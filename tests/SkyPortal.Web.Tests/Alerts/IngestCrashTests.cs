using System.Diagnostics;
using System.Formats.Tar;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>What a kill in the middle of an ingest leaves behind.</summary>
public sealed class IngestCrashTests : IAsyncLifetime
{
    private const int Kills = 20;
    private const int PacketsPerKill = 600;
    private const int Packets = Kills * PacketsPerKill;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ingest-crash-");
    private TestSite? _testSite;

    public async ValueTask InitializeAsync() => _testSite = await TestSite.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _testSite!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Kill_TwentyTimesDuringAnIngest_LosesAndDoublesNothing()
    {
        var site = new AlertSite(_testSite!.Node);
        await site.AddInstrumentsAsync();
        var (group, member) = await site.GroupAsync("crash", "ZTF Public");
        await site.FilterAsync(member, group, "ZTF Public", "candidate.drb > 0.5", autosave: true, annotations: new { mag = "candidate.magpsf" });
        var archives = Directory.CreateDirectory(Path.Combine(_folder.FullName, "night")).FullName;
        var random = new Random(20_260_101);

        var interrupted = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // Something new for each, so that every kill has an ingest to meet.
            var archive = Path.Combine(archives, $"{kill:00}.tar");
            WritePart(archive, kill);
            var before = await AlertsAsync(site);
            using var process = Start(archive);
            while (!process.HasExited && await AlertsAsync(site) == before)
            {
                await Task.Delay(2, TestContext.Current.CancellationToken);
            }

            await Task.Delay(random.Next(0, 20), TestContext.Current.CancellationToken);
            interrupted += process.HasExited ? 0 : 1;
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await CheckWholeAsync(site);
        }

        using var last = Start(archives);
        var output = await last.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await last.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(interrupted >= Kills / 2, $"Only {interrupted} of {Kills} kills met a running ingest.");
        Assert.Equal(0, last.ExitCode);
        Assert.EndsWith("rejected 0", output.Trim(), StringComparison.Ordinal);
        Assert.Equal(Packets, await AlertsAsync(site));
        Assert.Equal([(long)Packets], await site.QueryAsync<long>("select count(distinct (survey, alert_id)) from alerts"));
        await CheckWholeAsync(site);
    }

    /// <summary>A packet is there with all that follows from it, or not at all.</summary>
    private async Task CheckWholeAsync(AlertSite site)
    {
        // One statement, one snapshot: a commit that was under way at the kill may still come through.
        Assert.Equal(["whole"], await site.QueryAsync<string>("""
            select case when
                    (select count(*) from candidates) = a.n and (select count(distinct passing_alert_id) from candidates) = a.n
                    and (select count(*) from photometry) = 3 * a.n and (select count(*) from annotations) = a.n
                    and (select count(*) from thumbnails) = 3 * a.n and (select count(*) from sources) = a.n
                then 'whole' else 'in pieces' end
            from (select count(*) as n from alerts) a
            """));
        var files = new Infrastructure.Operations.FileStore(Path.Combine(_folder.FullName, "files"));
        foreach (var pack in await site.QueryAsync<string>("select pack_hash || ' ' || max(pack_offset + pack_length) from alerts group by pack_hash"))
        {
            Assert.Equal(long.Parse(pack.Split(' ')[1]), (await files.GetAsync(pack.Split(' ')[0], CancellationToken.None))!.Length);
        }
    }

    private static async Task<long> AlertsAsync(AlertSite site) => (await site.QueryAsync<long>("select count(*) from alerts")).Single();

    private Process Start(string archive)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "SkyPortal.Web.dll"), "alerts", "ingest", archive, "--stream", "ZTF Public", "--data-dir", _folder.FullName },
            RedirectStandardOutput = true,
        };
        start.Environment["SKYPORTAL_DATABASE"] = _testSite!.ConnectionString;
        return Process.Start(start)!;
    }

    private static void WritePart(string path, int part)
    {
        using var file = File.Create(path);
        using var tar = new TarWriter(file);
        for (var i = part * PacketsPerKill; i < (part + 1) * PacketsPerKill; i++)
        {
            var jd = 2_460_900.6 + (i * 1e-5);
            var packet = new ZtfPacket($"ZTF26{Letters(i)}", 1_000_000 + i)
            {
                Jd = jd,
                Ra = i * 360.0 / Packets,
                Previous = [(jd - 2, null, 1)],
                Forced = [(jd - 3, 50, 10, "0", 1)],
            };
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{packet.Candid}.avro") { DataStream = new MemoryStream(packet.Write()) });
        }
    }

    private static string Letters(int number)
    {
        var letters = new char[7];
        for (var i = 6; i >= 0; i--)
        {
            letters[i] = (char)('a' + (number % 26));
            number /= 26;
        }

        return new string(letters);
    }
}
