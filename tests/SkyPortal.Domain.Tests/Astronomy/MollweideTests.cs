using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class MollweideTests
{
    [Fact]
    public void Of_ThePublishedExample_IsItsPlace()
    {
        // Snyder (1987), p. 365: latitude -50°, longitude -75°, centre -90°, R = 1 gives x = 0.1788845, y = -0.9208758.
        var place = new Mollweide(270).Of(new SkyPosition(285, -50));

        Assert.Equal(-0.1788845 / (2 * Math.Sqrt(2)), place.X, 7);
        Assert.Equal(-0.9208758 / Math.Sqrt(2), place.Y, 7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(180)]
    [InlineData(330)]
    public void At_OfWhatWasProjected_IsThePositionAgain(double center)
    {
        var projection = new Mollweide(center);
        for (var ra = 1.0; ra < 360; ra += 7)
        {
            for (var dec = -89.0; dec < 90; dec += 5.5)
            {
                var wanted = new SkyPosition(ra, dec);
                var place = projection.Of(wanted);

                Assert.True(projection.At(place.X, place.Y)!.Value.SeparationDegrees(wanted) < 1e-6, $"{wanted}");
            }
        }
    }

    [Fact]
    public void Of_PolesAndEast_LieOnTopAndLeft()
    {
        var projection = new Mollweide(180);

        Assert.Equal((0.0, 1.0), (Math.Round(projection.Of(new SkyPosition(180, 90)).X, 9), Math.Round(projection.Of(new SkyPosition(0, 90)).Y, 9)));
        Assert.Equal(-0.5, projection.Of(new SkyPosition(270, 0)).X, 12);
        Assert.Null(projection.At(0.8, 0.8));
    }

    [Fact]
    public void At_EveryCell_CoversTheSkyEqually()
    {
        // Equal areas: a hemisphere holds half of the cells, and a cap of 30° (1 - cos 30°) / 2 of them.
        var (all, cap) = (0, 0);
        for (var row = 0; row < 400; row++)
        {
            for (var column = 0; column < 800; column++)
            {
                if (new Mollweide(0).At((2 * (column + 0.5) / 800) - 1, 1 - (2 * (row + 0.5) / 400)) is { } position)
                {
                    all++;
                    cap += position.SeparationDegrees(new SkyPosition(40, 20)) < 30 ? 1 : 0;
                }
            }
        }

        Assert.Equal((1 - Math.Cos(Math.PI / 6)) / 2, (double)cap / all, 3);
    }
}
