using SkyPortal.Domain.Photometry;
using Xunit;

namespace SkyPortal.Domain.Tests.Photometry;

public sealed class LightCurveTrendTests
{
    [Fact]
    public void Of_NoDetections_IsNull() => Assert.Null(LightCurveTrend.Of([]));

    [Fact]
    public void Of_LineInOneBand_FindsItsSlopeAndNotThatOfOthers()
    {
        var trend = LightCurveTrend.Of(
        [
            new(60_003, "ztfg", 18.4, 0.05), new(60_001, "ztfg", 18.2, 0.05), new(60_002, "ztfr", 15, 0.01), new(60_002, "ztfg", 18.3, 0.05),
        ])!;

        Assert.Equal(("ztfg", 60_003), (trend.Last.Filter, trend.Last.Mjd));
        Assert.Equal(0.1, trend.SlopeMagPerDay!.Value, 9);
        // Three points a day apart: sigma / sqrt(sum of squared distances from the mean) = 0.05 / sqrt 2.
        Assert.Equal(0.05 / Math.Sqrt(2), trend.SlopeErrorMagPerDay!.Value, 9);
        Assert.False(trend.IsChanging);
    }

    [Fact]
    public void Of_PointsOfOneNightOrOlderThanAWeek_HasNoSlope()
    {
        var trend = LightCurveTrend.Of([new(60_000, "ztfr", 17, 0.05), new(60_010, "ztfr", 18, 0.05), new(60_010.1, "ztfr", 18.1, 0.05)])!;

        Assert.Equal(18.1, trend.Last.AbMag);
        Assert.Null(trend.SlopeMagPerDay);
    }
}
