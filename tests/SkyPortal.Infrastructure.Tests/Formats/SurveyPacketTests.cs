using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class SurveyPacketTests
{
    [Fact]
    public void Read_EveryZtfPacket_DecodesFieldsAndCutouts()
    {
        foreach (var path in AlertSamples.Files("ztf"))
        {
            var packet = Assert.Single(AvroContainer.Read(File.ReadAllBytes(path)).Records);

            Assert.Matches("^ZTF[0-9]{2}[a-z]{7}$", packet.Text("objectId"));
            Assert.EndsWith(packet.Integer("candid")!.Value.ToString(), Path.GetFileNameWithoutExtension(path), StringComparison.Ordinal);
            var candidate = packet.Record("candidate")!;
            Assert.InRange(candidate.Number("jd")!.Value, 2_458_000, 2_462_000);
            Assert.InRange(candidate.Number("ra")!.Value, 0, 360);
            Assert.InRange(candidate.Number("magpsf")!.Value, 8, 24);
            foreach (var name in new[] { "cutoutScience", "cutoutTemplate", "cutoutDifference" })
            {
                var stamp = Assert.IsType<byte[]>(packet.Record(name)!["stampData"]);
                var image = FitsReader.ReadImage(stamp);
                Assert.Equal((63, 63), (image.WidthPixels, image.HeightPixels));
                var picture = CutoutRenderer.Render(image, CutoutKind.Science, CutoutOrientation.FlipVertically);
                Assert.Equal(new PngInfo(189, 189, true), PngInfo.Read(picture.Png));
            }
        }
    }

    [Theory]
    [InlineData("2019_01_10_739260766315010006", "ZTF17aaacxxf", 28, 0)]
    [InlineData("2475433850215010007", "ZTF17aadhsbk", 41, 20)]
    [InlineData("1127561442115015003", "ZTF20aalseuk", 31, 0)]
    public void Read_ZtfPacket_HasItsHistory(string name, string objectId, int previous, int forced)
    {
        var path = AlertSamples.Files("ztf").Single(file => Path.GetFileNameWithoutExtension(file) == name);

        var packet = AvroContainer.Read(File.ReadAllBytes(path)).Records[0];

        Assert.Equal(objectId, packet.Text("objectId"));
        Assert.Equal(previous, packet.Records("prv_candidates").Count());
        Assert.Equal(forced, packet.Records("fp_hists").Count());
        Assert.All(packet.Records("prv_candidates"), record => Assert.InRange(record.Number("jd")!.Value, 2_458_000, 2_462_000));
    }

    [Fact]
    public void Read_SavedAgain_GivesEqualPackets()
    {
        foreach (var path in AlertSamples.Files("ztf"))
        {
            var content = AvroContainer.Read(File.ReadAllBytes(path));
            var again = AvroContainer.Read(AvroWriter.WriteContainer(content.Schema, content.Records, AvroCodec.Deflate));

            Equal(content.Records[0], again.Records[0]);
        }
    }

    [Fact]
    public async Task ReadAsync_RubinMessage_DecodesWithTheFoldersSchema()
    {
        var path = AlertSamples.Files("lsst").Single(file => ConfluentFraming.IsFramed(File.ReadAllBytes(file)));
        var message = await File.ReadAllBytesAsync(path);

        Assert.Equal(900, ConfluentFraming.SchemaIdOf(message));
        var packet = await ConfluentFraming.ReadAsync(message, new FolderSchemaRegistry(AlertSamples.SchemaFolder()));

        Assert.Equal("lsst.v9_0.alert", packet.Layout.Name);
        Assert.Equal(packet.Integer("diaSourceId"), packet.Record("diaSource")!.Integer("diaSourceId"));
        Assert.Equal(55.752, packet.Record("diaSource")!.Number("ra")!.Value, 2);
        Assert.Equal(-32.268, packet.Record("diaSource")!.Number("dec")!.Value, 2);
        var image = FitsReader.ReadImage((byte[])packet["cutoutScience"]!);
        Assert.Equal((30, 30), (image.WidthPixels, image.HeightPixels));
        Assert.Equal(-29.3, CutoutRenderer.CounterclockwiseDegrees(image.Header), 1);
    }

    [Theory]
    [InlineData(800, "lsst.v8_0.alert")]
    [InlineData(900, "lsst.v9_0.alert")]
    [InlineData(1000, "lsst.v10_0.alert")]
    [InlineData(1100, "lsst.v11_0.alert")]
    public async Task FindAsync_EachRubinVersion_ResolvesItsFiles(int id, string name)
    {
        AlertSamples.Files("lsst");
        var registry = new FolderSchemaRegistry(AlertSamples.SchemaFolder());

        var schema = await registry.FindAsync(id);

        Assert.Equal(name, schema!.Name);
        Assert.Same(schema, await registry.FindAsync(id));
        Assert.Equal(schema.Text, AvroSchema.Parse(schema.Text).Text);
        Assert.Null(await registry.FindAsync(12_345));
    }

    [Fact]
    public void ParseAll_ZtfFiles_ResolveToTheAlert()
    {
        AlertSamples.Files("ztf");
        var schema = AvroSchema.ParseAll(Directory.EnumerateFiles(AlertSamples.SchemaFolder("ztf"), "*.avsc").Select(File.ReadAllText));

        Assert.Equal("ztf.alert", schema.Name);
        Assert.Equal("ztf.alert.fp_hist", schema.Layout.Fields[schema.Layout.IndexOf("fp_hists")].Record!.Name);
    }

    [Fact]
    public void Read_OtherSurveys_DecodeWithTheirOwnFields()
    {
        var rubin = AvroContainer.Read(File.ReadAllBytes(AlertSamples.Files("lsst").Single(file => file.Contains("fake", StringComparison.Ordinal))));
        Assert.NotNull(rubin.Records[0].Record("diaSource")!.Number("ra"));

        foreach (var path in AlertSamples.Files("winter"))
        {
            var packet = Assert.Single(AvroContainer.Read(File.ReadAllBytes(path)).Records);
            Assert.Equal("WINTER-mirar", packet.Text("publisher"));
            Assert.NotEmpty(packet.Text("objectid")!);
            Assert.Equal(3, Stamps(packet, 81));
        }

        foreach (var path in AlertSamples.Files("decam"))
        {
            var packet = Assert.Single(AvroContainer.Read(File.ReadAllBytes(path)).Records);
            Assert.Equal("DESIRT", packet.Text("publisher"));
            Assert.NotNull(packet.Record("candidate")!.Number("psfFlux"));
            Assert.Equal(3, Stamps(packet, 63));
        }
    }

    private static int Stamps(PacketRecord packet, int side) => packet.Values
        .Select(value => value is PacketRecord record ? record["stampData"] ?? record["stamp_data"] : value)
        .OfType<byte[]>()
        .Count(stamp => FitsReader.ReadImage(stamp) is { WidthPixels: var width, HeightPixels: var height } && width == side && height == side);

    private static void Equal(PacketRecord expected, PacketRecord actual)
    {
        Assert.Equal(expected.Layout.Name, actual.Layout.Name);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            Equal(expected.Values[i], actual.Values[i]);
        }
    }

    private static void Equal(object? expected, object? actual)
    {
        switch (expected)
        {
            case PacketRecord record:
                Equal(record, Assert.IsType<PacketRecord>(actual));
                break;
            case object?[] items:
                var others = Assert.IsType<object?[]>(actual);
                Assert.Equal(items.Length, others.Length);
                for (var i = 0; i < items.Length; i++)
                {
                    Equal(items[i], others[i]);
                }

                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }
}
