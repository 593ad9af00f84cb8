using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>What the archive keeps of a packet for searches.</summary>
public sealed class SearchedFieldsTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly AlertSite _site = new(fixture.Node);

    public async ValueTask InitializeAsync() => await _site.AddInstrumentsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Places of the first and the last field of each array when the tables were made. Rows that are there already stand or fall with
    // them: a number here must never change.
    [Theory]
    [InlineData("ZTF", "magpsf", 1)]
    [InlineData("ZTF", "exptime", 82)]
    [InlineData("ZTF", "jdendref", 9)]
    [InlineData("ZTF", "rfid", 6)]
    [InlineData("LSST", "reliability", 1)]
    [InlineData("LSST", "glint_trail", 87)]
    [InlineData("LSST", "trailDec", 7)]
    [InlineData("LSST", "visit", 4)]
    [InlineData("WINTER", "magpsf", 1)]
    [InlineData("WINTER", "tmkmag3", 85)]
    [InlineData("WINTER", "psdec1", 7)]
    [InlineData("DECam", "deltamagref", 10)]
    [InlineData("DECam", "b", 2)]
    public void Position_OfField_NeverChanges(string survey, string name, int position) =>
        Assert.Equal(position, AlertFields.Of(survey).Single(field => field.Name == name).Position);

    [Fact]
    public void Tables_OfEverySurvey_NameNoFieldTwice()
    {
        foreach (var survey in AlertFields.SurveyNames)
        {
            Assert.Equal(AlertFields.Of(survey).Count, AlertFields.Of(survey).Select(field => field.Name).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("ztf", "ZTF Public", "ZTF", "candidate")]
    [InlineData("winter", "WINTER", "WINTER", "candidate")]
    [InlineData("decam", "DECam", "DECam", "candidate")]
    [InlineData("lsst", "LSST Public", "LSST", "diaSource")]
    public async Task Ingest_OfRealPackets_KeepsEveryNumberOfTheMainRecord(string folder, string stream, string survey, string recordName)
    {
        var path = SharedData.PathOrSkip($"alerts/{folder}");
        var schemas = new FolderSchemaRegistry(SharedData.PathOrSkip("alerts/schema"));
        var files = Directory.GetFiles(path, "*.avro").Order(StringComparer.Ordinal).ToArray();
        await _site.IngestAsync(stream, schemas, [.. files.Select(file => new AlertPacket(file, File.ReadAllBytes(file)))]);
        var decoder = new AlertDecoder(new Infrastructure.Operations.FileStore(Directory.CreateTempSubdirectory().FullName), schemas);
        var seen = 0;
        foreach (var file in files)
        {
            DecodedAlert alert;
            try
            {
                alert = await decoder.DecodeAsync(new AlertPacket(file, File.ReadAllBytes(file)), CancellationToken.None);
            }
            catch (PacketFormatException)
            {
                continue;
            }

            seen++;
            var record = alert.Packet.Record(recordName)!;
            var singles = (await _site.QueryAsync<float?[]>("select singles from alerts where survey = $1 and alert_id = $2", survey, alert.AlertId)).Single();
            var doubles = (await _site.QueryAsync<double?[]>("select doubles from alerts where survey = $1 and alert_id = $2", survey, alert.AlertId)).Single();
            var integers = (await _site.QueryAsync<long?[]>("select integers from alerts where survey = $1 and alert_id = $2", survey, alert.AlertId)).Single();
            foreach (var field in AlertFields.Of(survey).Where(field => !field.IsComputed))
            {
                double? expected = record[field.Name] switch { bool truth => truth ? 1 : 0, long integer => integer, double number when double.IsFinite(number) => number, _ => null };
                expected = expected == -999 ? null : expected;
                switch (field.Column)
                {
                    case AlertFieldColumn.Singles:
                        Assert.Equal((float?)expected, singles[field.Position - 1]);
                        break;
                    case AlertFieldColumn.Doubles:
                        Assert.Equal(expected, doubles[field.Position - 1]);
                        break;
                    default:
                        Assert.Equal(record.Integer(field.Name) is { } id and not -999 ? id : null, integers[field.Position - 1]);
                        break;
                }
            }
        }

        Assert.NotEqual(0, seen);
    }

    // By hand from magap 18.4, 18.9 and 18.7, and magnr 20; the latitude from the galactic pole at 192.85948, +27.12825 (J2000).
    [Fact]
    public async Task Ingest_OfHistory_ComputesTheChangesOfBrightness()
    {
        var packet = new ZtfPacket("ZTF26deltamg", 9_001)
        {
            MagAp = 18.4, MagNr = 20.0,
            Previous = [(2_460_898.7, 18.9, 1), (2_460_899.7, 18.7, 1), (2_460_899.9, null, 1)],
        };

        await _site.IngestAsync("ZTF Public", packet.Packet());

        Assert.Equal(-0.3f, await SingleAsync(9_001, "deltamaglatest"), 1e-5f);
        Assert.Equal(1.6f, await SingleAsync(9_001, "deltamagref"), 1e-5f);
        Assert.Equal(42.1026, (await _site.QueryAsync<double>("select doubles[2] from alerts where alert_id = 9001")).Single(), 1e-3);
    }

    [Fact]
    public async Task Change_OfPublicPacket_DoesNotTellOfPrivateHistory()
    {
        var mixed = new ZtfPacket("ZTF26deltapr", 9_002) { MagAp = 18.4, Previous = [(2_460_898.7, 18.9, 1), (2_460_899.7, 18.7, 2)] };
        var partner = new ZtfPacket("ZTF26deltapr", 9_003) { MagAp = 18.4, Programme = 2, Previous = [(2_460_898.7, 18.9, 1), (2_460_899.7, 18.7, 2)] };

        await _site.IngestAsync("ZTF Public", mixed.Packet(), partner.Packet());

        Assert.Equal(-0.5f, await SingleAsync(9_002, "deltamaglatest"), 1e-5f);
        Assert.Equal(-0.3f, await SingleAsync(9_003, "deltamaglatest"), 1e-5f);
    }

    private async Task<float> SingleAsync(long alertId, string field) =>
        (await _site.QueryAsync<float>($"select singles[{AlertFields.Of("ZTF").Single(one => one.Name == field).Position}] from alerts where alert_id = $1", alertId)).Single();
}
