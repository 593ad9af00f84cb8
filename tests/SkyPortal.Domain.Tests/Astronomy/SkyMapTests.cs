using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class SkyMapTests
{
    private const double SquareDegreesPerSteradian = 180 / Math.PI * (180 / Math.PI);

    [Fact]
    public void CredibleRegion_RandomMaps_AreThoseOfBruteForceAtEveryPoint()
    {
        var random = new Random(20261121);
        for (var trial = 0; trial < 30; trial++)
        {
            var (uniqs, densities) = RandomTiles(random, withTies: trial % 2 == 0);
            var map = SkyMap.Of(uniqs, densities);
            var tiles = uniqs.Zip(densities, (uniq, density) => (Tile: HealpixIndex.FromUniq(uniq), Density: density)).ToList();
            foreach (var level in new[] { 0.05, 0.3, 0.5, 0.9, 0.95, 0.999, 1.0 })
            {
                var inside = BruteForce(tiles, level);
                var region = map.CredibleRegion(level);
                foreach (var position in Positions(random, 200))
                {
                    var expected = inside.Any(tile => tile.Contains(HealpixIndex.Of(position)));
                    Assert.Equal(expected, region.Contains(position));
                }

                foreach (var tile in inside)
                {
                    // The first and the last order-29 pixel of a tile belong to it.
                    Assert.True(HealpixRange.AnyContains(region.Ranges, tile.Range.Start) && HealpixRange.AnyContains(region.Ranges, tile.Range.End - 1));
                }

                Assert.All(region.Ranges.Zip(region.Ranges.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
                Assert.Equal(inside.Sum(tile => Healpix.PixelAreaSquareDegrees(tile.Order)), region.AreaSquareDegrees, 1e-6);
                Assert.Equal(inside.Sum(tile => (double)tile.Range.Length), region.Ranges.Sum(range => (double)range.Length));
            }
        }
    }

    [Fact]
    public void CredibleLevelAt_AnyPosition_IsTheBorderOfItsRegion()
    {
        var random = new Random(7);
        var (uniqs, densities) = RandomTiles(random, withTies: true);
        var map = SkyMap.Of(uniqs, densities);
        foreach (var position in Positions(random, 500))
        {
            var level = map.CredibleLevelAt(position);
            if (map.DensityPerSteradianAt(position) == 0)
            {
                Assert.Equal(1, level);
                Assert.False(map.CredibleRegion(1).Contains(position));
                continue;
            }

            Assert.True(map.CredibleRegion(level).Contains(position));
            var isDensest = map.DensityPerSteradianAt(position) == densities.Max();
            Assert.Equal(isDensest, map.CredibleRegion(level - 1e-9).Contains(position));
        }
    }

    [Fact]
    public void CredibleRegion_OneTileWithAll_IsThatTileAtAnyLevel()
    {
        var map = SkyMap.Of([HealpixIndex.FromUniq(4).Uniq], [3 / Math.PI]);

        Assert.Equal(1, map.Total, 1e-12);
        Assert.Equal([new HealpixRange(0, 1L << 58)], map.CredibleRegion(0.01).Ranges);
        Assert.Equal(0.5, map.ProbabilityWithinArea(Healpix.PixelAreaSquareDegrees(0) / 2), 1e-12);
    }

    [Theory]
    [InlineData(120, 10, 1.5)]
    [InlineData(0.01, 0, 0.3)]
    [InlineData(359.99, -41.8, 2)]
    [InlineData(77, 90, 1)]
    [InlineData(200, -89.7, 0.7)]
    public void Cone_OfAGaussian_HasTheAreasOfTheFormula(double ra, double dec, double error)
    {
        var map = SkyMapShapes.Cone(new SkyPosition(ra, dec), error);

        Assert.Equal(1, map.Total, 1e-9);
        Assert.True(map.MostProbable.SeparationDegrees(new SkyPosition(ra, dec)) < error / 16);
        foreach (var level in new[] { 0.5, 0.9, 0.95 })
        {
            // What is as dense as the last tile comes along, which on a symmetric map is a few tiles.
            // Rayleigh: r^2 = -2 sigma^2 ln(1 - p), on a sky that is flat for errors of a few degrees.
            var area = Math.PI * error * error * -2 * Math.Log(1 - level);
            Assert.InRange(map.CredibleRegion(level).AreaSquareDegrees / area, 0.97, 1.03);
            Assert.InRange(map.ProbabilityWithin(level), level - 0.01, level + 0.002);
        }

        Assert.InRange(map.CredibleLevelAt(new SkyPosition(ra, dec).OffsetBy(30, error)), 0.39 - 0.04, 0.39 + 0.04);
    }

    [Fact]
    public void Cone_AsWideAsTheSky_HoldsBothPoles()
    {
        var map = SkyMapShapes.Cone(new SkyPosition(10, 0), 180);

        Assert.Equal(1, map.Total, 1e-9);
        Assert.Equal(41_252.96, map.CredibleRegion(1).AreaSquareDegrees, 0.01);
        Assert.Throws<SkyMapException>(() => SkyMapShapes.Cone(new SkyPosition(0, 0), -1));
        Assert.Throws<SkyMapException>(() => SkyMapShapes.Cone(new SkyPosition(0, 0), double.NaN));
    }

    [Fact]
    public void Polygon_OverTheMeridianAndThePole_HoldsWhatItsSidesEnclose()
    {
        var square = SkyMapShapes.Polygon([new(355, -5), new(5, -5), new(5, 5), new(355, 5)]).CredibleRegion(0.95);
        Assert.True(square.Contains(new SkyPosition(0, 0)) && square.Contains(new SkyPosition(359.9, 4.8)) && square.Contains(new SkyPosition(4.8, -4.8)));
        Assert.False(square.Contains(new SkyPosition(180, 0)) || square.Contains(new SkyPosition(5.2, 0)) || square.Contains(new SkyPosition(354.8, 0)));
        // A square whose north and south sides are great circles, by Girard's theorem.
        Assert.Equal(Girard([new(355, -5), new(5, -5), new(5, 5), new(355, 5)]), square.AreaSquareDegrees, 0.15);

        var cap = SkyMapShapes.Polygon([new(0, 80), new(90, 80), new(180, 80), new(270, 80)]).CredibleRegion(0.95);
        Assert.True(cap.Contains(new SkyPosition(123, 90)) && cap.Contains(new SkyPosition(45, 84)));
        Assert.False(cap.Contains(new SkyPosition(45, 82)) || cap.Contains(new SkyPosition(0, -90)));

        var arrow = SkyMapShapes.Polygon([new(0, 0), new(10, 0), new(5, 3), new(5, 10)]).CredibleRegion(0.95);
        Assert.True(arrow.Contains(new SkyPosition(4, 4)));
        Assert.False(arrow.Contains(new SkyPosition(8, 4)));
    }

    [Fact]
    public void Polygon_SmallerThanAPixel_IsDrawnFiner()
    {
        var region = SkyMapShapes.Polygon([new(10, 10), new(10.001, 10), new(10.001, 10.001), new(10, 10.001)]).CredibleRegion(0.95);

        Assert.Equal(0.001 * 0.001 * Math.Cos(10 * Math.PI / 180), region.AreaSquareDegrees, 1e-7);
    }

    [Fact]
    public void Ellipse_Tilted_HoldsItsAxes()
    {
        var center = new SkyPosition(30, 60);
        var region = SkyMapShapes.Ellipse(center, 4, 1, 30).CredibleRegion(0.95);

        Assert.True(region.Contains(center.OffsetBy(30, 3.8)) && region.Contains(center.OffsetBy(210, 3.8)) && region.Contains(center.OffsetBy(120, 0.9)));
        Assert.False(region.Contains(center.OffsetBy(30, 4.2)) || region.Contains(center.OffsetBy(120, 1.2)));
        Assert.Equal(Math.PI * 4, region.AreaSquareDegrees, 0.1);
    }

    [Fact]
    public void Of_WhatIsNoMap_SaysWhy()
    {
        Assert.Contains("overlap", Assert.Throws<SkyMapException>(() => SkyMap.Of([4, 16], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("overlap", Assert.Throws<SkyMapException>(() => SkyMap.Of([5, 5], [1, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("UNIQ 3", Assert.Throws<SkyMapException>(() => SkyMap.Of([3], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("UNIQ", Assert.Throws<SkyMapException>(() => SkyMap.Of([long.MaxValue], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("density", Assert.Throws<SkyMapException>(() => SkyMap.Of([4], [-1])).Message, StringComparison.Ordinal);
        Assert.Contains("density", Assert.Throws<SkyMapException>(() => SkyMap.Of([4], [double.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("sum", Assert.Throws<SkyMapException>(() => SkyMap.Of([4], [0])).Message, StringComparison.Ordinal);
        Assert.Contains("length", Assert.Throws<SkyMapException>(() => SkyMap.Of([4, 5], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("tiles", Assert.Throws<SkyMapException>(() => SkyMap.Of([], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Builder_AlikePixels_BecomeOneTileAndTheMapStaysTheSame()
    {
        var random = new Random(5);
        const int order = 5;
        var builder = new SkyMapBuilder(order);
        var flat = new double[Healpix.PixelCount(order)];
        for (var pixel = 0; pixel < flat.Length; pixel++)
        {
            flat[pixel] = (pixel >> 6) % 3 == 0 ? 1 : pixel % 5 == 0 ? random.Next(3) : 2;
            builder.Add(pixel, flat[pixel]);
        }

        var map = builder.Build();

        Assert.True(map.Count < flat.Length);
        Assert.Equal(4, map[0].Pixel == 0 ? order - map[0].Order + 1 : 0);
        foreach (var position in Positions(random, 2_000))
        {
            Assert.Equal(flat[Healpix.PixelOf(order, position)], map.DensityPerSteradianAt(position));
        }
    }

    [Fact]
    public void Builder_TooManyTiles_JoinsTheLeastProbableAndKeepsTheSum()
    {
        const int order = 9;
        var builder = new SkyMapBuilder(order);
        var center = new SkyPosition(30, 20);
        double sum = 0;
        for (long pixel = 0; pixel < Healpix.PixelCount(order); pixel++)
        {
            var density = Math.Exp(-0.5 * Math.Pow(center.SeparationDegrees(Healpix.CenterOf(order, pixel)) / 8, 2)) + (1e-12 * (pixel % 7));
            sum += density;
            builder.Add(pixel, density);
        }

        var map = builder.Build();

        Assert.InRange(map.Count, 1_000, SkyMap.MostTiles);
        Assert.Equal(sum * 4 * Math.PI / Healpix.PixelCount(order), map.Total, 1e-9);
        Assert.InRange(map.CredibleRegion(0.9).AreaSquareDegrees / (2 * Math.PI * 64 * Math.Log(10)), 0.98, 1.02);
    }

    [Fact]
    public void FlattenToRing_TilesOfAllOrders_SumToOneAndKeepTheirPlace()
    {
        var random = new Random(11);
        var (uniqs, densities) = RandomTiles(random, withTies: false);
        var map = SkyMap.Of(uniqs, densities);

        var flat = map.FlattenToRing(4);

        Assert.Equal(1, flat.Sum(), 1e-9);
        foreach (var position in Positions(random, 300).Where(position => map.TileAt(position) is >= 0 and var at && map[at].Order <= 4))
        {
            var share = map.DensityPerSteradianAt(position) * 4 * Math.PI / Healpix.PixelCount(4) / map.Total;
            Assert.Equal(share, flat[Healpix.NestedToRing(4, Healpix.PixelOf(4, position))], 1e-12);
        }
    }

    // Splits the base faces at random; some tiles are left out, some have no probability.
    private static (long[] Uniqs, double[] Densities) RandomTiles(Random random, bool withTies)
    {
        var tiles = new List<long>();
        var open = new Stack<HealpixIndex>(Enumerable.Range(0, 12).Select(face => new HealpixIndex(0, face)));
        while (open.TryPop(out var tile))
        {
            if (tile.Order < 6 && random.NextDouble() < 0.55)
            {
                Array.ForEach(tile.Children(), open.Push);
            }
            else if (random.NextDouble() < 0.9)
            {
                tiles.Add(tile.Uniq);
            }
        }

        var uniqs = tiles.ToArray();
        random.Shuffle(uniqs);
        return (uniqs, Array.ConvertAll(uniqs, _ => withTies ? random.Next(4) : random.NextDouble() < 0.1 ? 0 : random.NextDouble()));
    }

    // The rule word by word: densest first, by position among equals, while the sum is at most the level; then all as dense as the last.
    private static List<HealpixIndex> BruteForce(List<(HealpixIndex Tile, double Density)> tiles, double level)
    {
        double Probability((HealpixIndex Tile, double Density) tile) => tile.Density * Healpix.PixelAreaSquareDegrees(tile.Tile.Order) / SquareDegreesPerSteradian;
        var total = tiles.Sum(Probability);
        var sorted = tiles.OrderByDescending(tile => tile.Density).ThenBy(tile => tile.Tile.Range.Start).ToList();
        var (least, sum) = (sorted[0].Density, 0.0);
        foreach (var tile in sorted)
        {
            sum += Probability(tile) / total;
            least = sum <= level + 1e-12 || level == 1 ? tile.Density : least;
        }

        return [.. sorted.Where(tile => tile.Density > 0 && tile.Density >= least).Select(tile => tile.Tile)];
    }

    private static IEnumerable<SkyPosition> Positions(Random random, int count)
    {
        foreach (var ra in new[] { 0, 45, 90, 180, 359.999999, 360 })
        {
            yield return new SkyPosition(ra, 90);
            yield return new SkyPosition(ra, -90);
            yield return new SkyPosition(ra, 0);
            yield return new SkyPosition(ra, 41.8103148957786);
        }

        for (var i = 0; i < count; i++)
        {
            yield return new SkyPosition(360 * random.NextDouble(), Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI);
        }
    }

    // Area of a spherical polygon from its angles.
    private static double Girard(SkyPosition[] corners)
    {
        double sum = 0;
        for (var i = 0; i < corners.Length; i++)
        {
            var (before, at, after) = (corners[(i + corners.Length - 1) % corners.Length], corners[i], corners[(i + 1) % corners.Length]);
            var angle = Math.Abs(at.PositionAngleDegrees(before) - at.PositionAngleDegrees(after));
            sum += Math.Min(angle, 360 - angle);
        }

        return (sum - (180 * (corners.Length - 2))) * Math.PI / 180 * SquareDegreesPerSteradian;
    }
}
