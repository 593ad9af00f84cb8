using SkyPortal.Infrastructure.Formats;
using SkyPortal.Jobs.Alerts.Demo;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Jobs.Tests.Alerts;

public sealed class SimulatedAlertsTests
{
    private const double Night = 61_000.0;

    [Fact]
    public void Of_SameSettings_MakesTheSameBytes()
    {
        var settings = Settings();

        var first = new SimulatedAlerts().Of(settings, Night).Take(20).ToList();
        var second = new SimulatedAlerts().Of(settings, Night).Take(20).ToList();

        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First.Bytes, pair.Second.Bytes));
    }

    [Fact]
    public void Of_WholeNight_HoldsReadablePacketsOfEveryKindInOrder()
    {
        var settings = Settings();

        var packets = new SimulatedAlerts().Of(settings, Night).ToList();

        Assert.Equal(packets.OrderBy(packet => packet.Mjd), packets);
        Assert.Equal(packets.Count, packets.Select(packet => packet.Name).Distinct().Count());
        Assert.All(settings.Objects.Keys, kind => Assert.Contains(packets, packet => packet.Object.Kind == kind));
        Assert.Contains(packets, packet => packet.Programme == 2);
        foreach (var packet in packets)
        {
            var record = AvroContainer.Read(packet.Bytes).Records.Single();
            Assert.Equal(packet.Object.Name, record.Text("objectId"));
            Assert.True(record.Record("candidate")!.Number("magpsf") is > 10 and < 21.5);
        }
    }

    [Theory]
    [InlineData(61_000.00, 60_999)]
    [InlineData(61_000.45, 60_999)]
    [InlineData(61_000.56, 61_000)]
    [InlineData(61_000.99, 61_000)]
    public void LastFinished_AnyHour_IsLessThanADayBack(double nowMjd, double expected)
    {
        var settings = Settings();

        var night = SimulatedAlerts.LastFinishedMjd(settings, nowMjd);

        Assert.Equal(expected, night);
        var last = new SimulatedAlerts().Of(settings, night).Last().Mjd;
        Assert.InRange(nowMjd - last, 0, 1.1);
    }

    [Fact]
    public void Of_Cutouts_AreImagesOfSixtyThreePixels()
    {
        var packet = new SimulatedAlerts().Of(Settings(), Night).First();

        var record = AvroContainer.Read(packet.Bytes).Records.Single();

        foreach (var field in new[] { "cutoutScience", "cutoutTemplate", "cutoutDifference" })
        {
            var image = FitsReader.ReadImage((byte[])record.Record(field)!["stampData"]!);
            Assert.Equal((63, 63), (image.WidthPixels, image.HeightPixels));
        }
    }

    [Theory]
    [InlineData(-4_000)]
    [InlineData(4_000)]
    public void PositionAt_BodyThatMovesFar_StaysOnTheSphere(double days)
    {
        var random = new Random(1);
        var bodies = Enumerable.Range(1, 50).Select(number => new SimulatedObject(SimulatedKind.Asteroid, number, Night, random, isPartnership: false)).ToList();

        var positions = bodies.Select(body => body.PositionAt(Night + days)).ToList();

        Assert.All(positions, position =>
        {
            Assert.InRange(position.Ra, 0, Math.BitDecrement(360.0));
            Assert.InRange(position.Dec, -90, 90);
        });
        Assert.Contains(positions.Zip(bodies), pair => Math.Abs(pair.First.Ra - pair.Second.RaDegrees) > 1);
    }

    private static DemoSettings Settings() => DemoSettings.Read(ProductData.Folder);
}
