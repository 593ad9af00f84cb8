using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Alerts;

/// <summary>Times of Rubin's packets are TAI; which leap seconds count depends on the day (IERS Bulletin C).</summary>
public sealed class LsstTimesTests
{
    [Theory]
    [InlineData(61000.25, 37)]
    [InlineData(57754.5, 37)]
    [InlineData(57753.5, 36)]
    [InlineData(57000.0, 35)]
    public void Read_TimeInTai_IsUtcByTheTableOfLeapSeconds(double taiMjdDays, double taiMinusUtcSeconds)
    {
        var source = new PacketLayout("diaSource", [.. new[] { "midpointMjdTai", "ra", "dec", "psfFlux", "psfFluxErr" }.Select(name => new PacketField(name, PacketFieldKind.Number, false)), new("band", PacketFieldKind.Text, false)]);
        var layout = new PacketLayout("alert", [new("diaSourceId", PacketFieldKind.Integer, false), new("diaSource", PacketFieldKind.Record, false, source), new("diaObject", PacketFieldKind.Record, false, Object)]);

        var alert = LsstPackets.Read(new PacketRecord(layout, [7L, new PacketRecord(source, [taiMjdDays, 10.0, -5.0, 2000.0, 100.0, "r"]), new PacketRecord(Object, [8L])]));

        Assert.Equal(taiMjdDays - (taiMinusUtcSeconds / 86_400), alert.Mjd, 1e-9);
        Assert.Equal(alert.Mjd, Assert.Single(alert.Photometry).Mjd);
    }

    private static PacketLayout Object { get; } = new("diaObject", [new("diaObjectId", PacketFieldKind.Integer, false)]);
}
