using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class HealpixConeTests
{
    public static TheoryData<double> RadiiDegrees =>
        [0, 1e-9, 1e-7, 0.3 / 3600, 2.0 / 3600, 10.0 / 3600, 1.0 / 60, 0.1, 1, 5, 20, 45, 80, 90, 120, 179, 180];

    [Theory]
    [MemberData(nameof(RadiiDegrees))]
    public void ConeToRanges_PointsInTheCone_AreNeverMissed(double radiusDegrees)
    {
        var random = new Random(42);
        for (var i = 0; i < 150; i++)
        {
            // A stride prime to ten walks through all kinds of positions: poles, face edges, corners.
            var center = MillionPositions.At((ulong)(i * 6661));
            foreach (var maxRanges in (int[])[1, 4, 32, 200])
            {
                var ranges = Healpix.ConeToRanges(center, radiusDegrees, maxRanges);
                AssertWellFormed(ranges, maxRanges);
                Assert.True(HealpixRange.AnyContains(ranges, center.ToHealpix29()));
                for (var j = 0; j < 40; j++)
                {
                    // Half on the rim, half anywhere within.
                    var distance = radiusDegrees * (j % 2 == 0 ? 1 : Math.Sqrt(random.NextDouble()));
                    var point = center.OffsetBy(random.NextDouble() * 360, distance);
                    if (center.SeparationDegrees(point) <= radiusDegrees && !HealpixRange.AnyContains(ranges, point.ToHealpix29()))
                    {
                        Assert.Fail($"{point} lies {center.SeparationDegrees(point)} degrees from {center} but outside the ranges.");
                    }
                }
            }
        }
    }

    [Fact]
    public void ConeToRanges_RandomCones_HoldEveryPixelHealpyWouldCount()
    {
        const int Order = 6;
        var random = new Random(3);
        for (var i = 0; i < 60; i++)
        {
            var center = new SkyPosition(random.NextDouble() * 360, (random.NextDouble() * 180) - 90);
            var radius = random.NextDouble() * 60;
            var ranges = Healpix.ConeToRanges(center, radius);
            for (var pixel = 0L; pixel < Healpix.PixelCount(Order); pixel++)
            {
                var middle = Healpix.CenterOf(Order, pixel);
                if (center.SeparationDegrees(middle) <= radius)
                {
                    Assert.True(HealpixRange.AnyContains(ranges, middle.ToHealpix29()));
                }
            }
        }
    }

    [Theory]
    [InlineData(2.0 / 3600, 32, 1.5)]
    [InlineData(0.5, 32, 1.5)]
    [InlineData(20, 32, 1.5)]
    [InlineData(5, 200, 1.1)]
    [InlineData(2.0 / 3600, 8, 3)]
    public void ConeToRanges_ManyCones_FitTightly(double radiusDegrees, int maxRanges, double mostTimesTheCone)
    {
        var pixelsPerSphere = (double)Healpix.PixelCount(29);
        var cap = (1 - Math.Cos(radiusDegrees * Math.PI / 180)) / 2;
        var cone = radiusDegrees < 0.01 ? Math.Pow(radiusDegrees * Math.PI / 180 / 2, 2) : cap;
        var sum = 0.0;
        for (var i = 0; i < 200; i++)
        {
            sum += Healpix.ConeToRanges(MillionPositions.At((ulong)(i * 6661)), radiusDegrees, maxRanges).Sum(range => (double)range.Length);
        }

        Assert.InRange(sum / 200 / pixelsPerSphere / cone, 1, mostTimesTheCone);
    }

    [Fact]
    public void ConeToRanges_BadInput_Throws()
    {
        var center = new SkyPosition(10, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => Healpix.ConeToRanges(center, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Healpix.ConeToRanges(center, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Healpix.ConeToRanges(center, 181));
        Assert.Throws<ArgumentOutOfRangeException>(() => Healpix.ConeToRanges(center, 1, 0));
    }

    private static void AssertWellFormed(HealpixRange[] ranges, int maxRanges)
    {
        Assert.InRange(ranges.Length, 1, maxRanges);
        for (var i = 0; i < ranges.Length; i++)
        {
            Assert.True(ranges[i].Start < ranges[i].End);
            Assert.True(i == 0 || ranges[i - 1].End < ranges[i].Start);
        }
    }
}
