using System.Formats.Tar;
using System.IO.Compression;
using SkyPortal.Web.Commands;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>The command that takes packets from disk.</summary>
public sealed class AlertsCommandTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(fixture.Node);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("alerts-command-");

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Run_FolderAndTarball_CountsWhatCame()
    {
        Directory.CreateDirectory(Path("night"));
        await File.WriteAllBytesAsync(Path("night/1.avro"), new ZtfPacket("ZTF26command", 7_001).Write());
        await File.WriteAllBytesAsync(Path("night/2.avro"), [1, 2, 3]);
        await File.WriteAllTextAsync(Path("night/readme.txt"), "no packet");
        WriteTarball(Path("ztf_public_20260101.tar.gz"), new ZtfPacket("ZTF26command", 7_001), new ZtfPacket("ZTF26commanb", 7_002));

        var (code, output, error) = await RunAsync("ingest", Path("night"), Path("ztf_public_20260101.tar.gz"), "--stream", "ZTF Public");

        Assert.Equal("accepted 2, duplicate 1, rejected 1", output.Trim());
        Assert.Contains($"rejected {Path("night/2.avro")}: ", error, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Run_DamagedTarball_KeepsWhatCameBeforeTheDamage()
    {
        var packets = Enumerable.Range(0, 20).Select(i => new ZtfPacket("ZTF26damaged", 7_100 + i) { Jd = 2_460_900.75 + i }).ToArray();
        WriteTarball(Path("whole.tar.gz"), packets);
        var whole = await File.ReadAllBytesAsync(Path("whole.tar.gz"));
        await File.WriteAllBytesAsync(Path("half.tar.gz"), whole[..(whole.Length / 2)]);

        var (code, output, error) = await RunAsync("ingest", Path("half.tar.gz"), "--stream", "ZTF Public");

        Assert.Matches("^accepted [1-9][0-9]*, duplicate 0, rejected 1$", output.Trim());
        Assert.Contains("damaged", error, StringComparison.Ordinal);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Run_ManyBadPackets_TellsTwentyInFullAndCountsTheRest()
    {
        for (var i = 0; i < 30; i++)
        {
            await File.WriteAllBytesAsync(Path($"{i}.avro"), [1, 2, 3]);
        }

        var (code, output, error) = await RunAsync("ingest", _folder.FullName, "--stream", "ZTF Public");

        Assert.Equal(1, code);
        Assert.Equal("accepted 0, duplicate 0, rejected 30", output.Trim());
        Assert.Equal(21, error.Trim().Split('\n').Length);
        Assert.Contains("rejected 10 more: ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no stream named 'Nobody'", "ingest", ".", "--stream", "Nobody")]
    [InlineData("--stream is missing", "ingest", ".")]
    [InlineData("Name the files", "ingest", "--stream", "ZTF Public")]
    [InlineData("There is no file or folder ./nothing", "ingest", "./nothing", "--stream", "ZTF Public")]
    [InlineData("There is no folder ./nothing", "ingest", ".", "--stream", "ZTF Public", "--schemas", "./nothing")]
    [InlineData("--speed is not an option", "ingest", ".", "--speed")]
    [InlineData("The only command", "eat")]
    public async Task Run_WrongUsage_SaysWhatIsWrong(string message, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await AlertsCommand.RunAsync(fixture.Node.Services, args, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    private static void WriteTarball(string path, params ZtfPacket[] packets)
    {
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        foreach (var packet in packets)
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"{packet.Candid}.avro") { DataStream = new MemoryStream(packet.Write()) });
        }
    }
}
