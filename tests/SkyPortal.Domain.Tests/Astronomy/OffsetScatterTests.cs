using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>
/// Centre and spread of detections. Values computed once with numpy 1.24: w = sn**2; c = (xy*w).sum(0)/w.sum(); d = np.hypot(*(xy-c).T);
/// s = np.sqrt((d**2).mean()), repeated without the points of d > 4*s, from those within 5 of np.median(xy, axis=0).
/// </summary>
public sealed class OffsetScatterTests
{
    [Fact]
    public void Of_DetectionsWithStrays_LeavesOutTheFaintAndTheFar()
    {
        var scatter = OffsetScatter.Of(
        [
            new(0.10, 0.05, 10), new(0.20, -0.05, 20), new(-0.10, 0.15, 5), new(0.00, 0.00, 40), new(1.0, 1.0, 4), new(40, 40, 50), new(0.1, 0.1, 2),
        ])!;

        Assert.Equal(5, scatter.Count);
        Assert.Equal(0.04834189631013545, scatter.RaArcsec, 12);
        Assert.Equal(0.0022185894441849605, scatter.DecArcsec, 12);
        Assert.Equal(0.6289810805618812, scatter.StandardDeviationArcsec, 12);
        Assert.Equal(1.378847667282119, scatter.MaxOffsetArcsec, 12);
    }

    [Fact]
    public void Of_OneBeyondFourDeviations_LeavesItOut()
    {
        var ring = Enumerable.Range(0, 24).Select(angle => new DetectionOffset(0.1 * Math.Cos(angle), 0.1 * Math.Sin(angle), 10));

        var scatter = OffsetScatter.Of([.. ring, new DetectionOffset(2, 0, 10)])!;

        Assert.Equal(24, scatter.Count);
        Assert.Equal(-0.0022538105834137402, scatter.RaArcsec, 12);
        Assert.Equal(0.09989120749074869, scatter.StandardDeviationArcsec, 12);
        Assert.Equal(0.10455896492328753, scatter.MaxOffsetArcsec, 12);
    }

    [Fact]
    public void Of_NothingThatCounts_IsNull()
    {
        Assert.Null(OffsetScatter.Of([new(0, 0, 2.9), new(0, 0, double.PositiveInfinity)]));
        Assert.Null(OffsetScatter.Of([]));
    }

    [Theory]
    [InlineData(359.9999, 0, 0.0001, 0, 0.72, 0)]
    [InlineData(10, 89.9999, 190, 89.9999, 0, 0.72)]
    [InlineData(100, 60, 100.001, 60, 1.8, 0)]
    public void Between_AcrossZeroAndThePole_IsTheSmallOffset(double ra, double dec, double toRa, double toDec, double east, double north)
    {
        var offset = DetectionOffset.Between(new SkyPosition(ra, dec), new SkyPosition(toRa, toDec), 1);

        Assert.Equal(east, offset.RaArcsec, 4);
        Assert.Equal(north, offset.DecArcsec, 4);
    }
}
