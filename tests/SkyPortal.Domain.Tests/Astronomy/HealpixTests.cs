using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class HealpixTests
{
    [Fact]
    public void Counts_KnownOrders_FollowTheDefinition()
    {
        Assert.Equal(12, Healpix.PixelCount(0));
        Assert.Equal(3_458_764_513_820_540_928, Healpix.PixelCount(29));
        Assert.Equal(1024, Healpix.Nside(10));
        Assert.Equal(41252.96 / 12, Healpix.PixelAreaSquareDegrees(0), 0.01);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(30)]
    public void PixelOf_UnknownOrder_Throws(int order) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Healpix.PixelOf(order, 10, 10));

    [Theory]
    [InlineData(0, 12)]
    [InlineData(3, -1)]
    public void CenterOf_UnknownPixel_Throws(int order, long pixel) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Healpix.CenterOf(order, pixel));

    [Fact]
    public void PixelOf_CoarserOrder_IsTheAncestor()
    {
        for (var i = 0UL; i < 20_000; i++)
        {
            var position = MillionPositions.At(i);
            var finest = HealpixIndex.Of(position);
            var order = (int)(i % 29);
            Assert.Equal(Healpix.PixelOf(order, position), finest.AncestorAt(order).Pixel);
        }
    }

    [Fact]
    public void CornersOf_SmallAndLargePixels_AreSharedWithTheNeighbours()
    {
        Span<long> around = stackalloc long[8];
        foreach (var order in (int[])[1, 3, 6])
        {
            for (var pixel = 0L; pixel < Healpix.PixelCount(order); pixel += order == 6 ? 37 : 1)
            {
                var corners = Healpix.CornersOf(order, pixel);
                Healpix.Neighbours(order, pixel, around);
                foreach (var side in (int[])[0, 2, 4, 6])
                {
                    var other = Healpix.CornersOf(order, around[side]);
                    var shared = corners.Count(a => other.Any(b => a.SeparationDegrees(b) < 1e-9));
                    Assert.Equal(2, shared);
                }
            }
        }
    }

    [Fact]
    public void CornersOf_BaseFace_EndsAtThePole()
    {
        var corners = Healpix.CornersOf(0, 0);
        Assert.Equal(90, corners[0].DecDegrees, 1e-12);
        Assert.Equal(0, corners[2].DecDegrees, 1e-12);
        Assert.Equal(0, corners[1].RaDegrees, 1e-12);
        Assert.Equal(90, corners[3].RaDegrees, 1e-12);
        Assert.Equal(41.8103148957786, corners[1].DecDegrees, 1e-12);
    }

    [Fact]
    public void Uniq_AnyPixel_LeadsBack()
    {
        foreach (var index in (HealpixIndex[])[new(0, 0), new(0, 11), new(5, 1234), new(29, Healpix.PixelCount(29) - 1)])
        {
            Assert.Equal(index, HealpixIndex.FromUniq(index.Uniq));
        }

        Assert.Equal(4, new HealpixIndex(0, 0).Uniq);
        Assert.Throws<ArgumentOutOfRangeException>(() => HealpixIndex.FromUniq(3));
    }

    [Fact]
    public void Children_OfAPixel_FillItsRange()
    {
        var parent = new HealpixIndex(7, 4321);
        var children = parent.Children();
        Assert.Equal(parent.Range.Start, children[0].Range.Start);
        Assert.Equal(parent.Range.End, children[3].Range.End);
        Assert.All(children, child => Assert.Equal(parent, child.Parent()));
        Assert.All(children, child => Assert.True(parent.Contains(child)));
        Assert.False(parent.Contains(new HealpixIndex(8, children[3].Pixel + 1)));
        Assert.Throws<InvalidOperationException>(() => new HealpixIndex(29, 0).Children());
        Assert.Throws<InvalidOperationException>(() => new HealpixIndex(0, 0).Parent());
    }
}
