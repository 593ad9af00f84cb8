using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Alerts;

/// <summary>What is watched, found by the index as by looking at every one.</summary>
public sealed class WatchIndexTests
{
    [Theory]
    [InlineData(1, 3.0)]
    [InlineData(2, 600.0)]
    [InlineData(3, 3600.0)]
    public void Find_RandomSky_IsWhatLookingAtAllFinds(int seed, double mostRadius)
    {
        var random = new Random(seed);
        var watched = Enumerable.Range(0, 5_000).Select(i => new WatchedPosition(i, Anywhere(random), 0.01 + (random.NextDouble() * mostRadius))).ToList();
        var index = new WatchIndex(watched);

        foreach (var point in Enumerable.Range(0, 2_000).Select(i => i % 2 == 0 ? Anywhere(random) : Near(watched[random.Next(watched.Count)], random)))
        {
            AssertSame(index, watched, point);
        }
    }

    [Theory]
    [InlineData(0, 90)]
    [InlineData(123, -90)]
    [InlineData(0, 0)]
    [InlineData(359.9999999, 12)]
    [InlineData(0, 89.999)]
    [InlineData(45, 41.810314895778596)]
    [InlineData(90, 0)]
    [InlineData(359.99, -89.9)]
    public void Find_AtPolesAndSeams_IsWhatLookingAtAllFinds(double raDegrees, double decDegrees)
    {
        var random = new Random(7);
        var center = new SkyPosition(raDegrees, decDegrees);
        var watched = Enumerable.Range(0, 300)
            .Select(i => new WatchedPosition(i, center.OffsetBy(random.NextDouble() * 360, random.NextDouble() * 0.5), random.NextDouble() * 1800)).Append(new WatchedPosition(300, center, 2)).ToList();
        var index = new WatchIndex(watched);

        foreach (var point in Enumerable.Range(0, 500).Select(_ => center.OffsetBy(random.NextDouble() * 360, random.NextDouble())).Append(center))
        {
            AssertSame(index, watched, point);
        }
    }

    [Fact]
    public void Find_OneOfAHundredThousand_TellsItsDistance()
    {
        var random = new Random(11);
        var watched = Enumerable.Range(0, 100_000).Select(i => new WatchedPosition(i, Anywhere(random), 2)).ToList();
        var index = new WatchIndex(watched);
        var found = new List<WatchedPlace>();
        var point = watched[4_711].Position.OffsetBy(33, 1.5 / 3600);

        index.Find(point, point.ToHealpix29(), found);

        Assert.Equal(1.5, Assert.Single(found, place => place.Entry == 4_711).DistanceArcsec, 6);
    }

    [Fact]
    public void Find_WhereNothingIsWatched_IsNothing()
    {
        var found = new List<WatchedPlace>();
        new WatchIndex([]).Find(new SkyPosition(1, 2), new SkyPosition(1, 2).ToHealpix29(), found);
        Assert.Empty(found);
        Assert.Empty(WatchSnapshot.Empty.Find(new SkyPosition(1, 2), 5, "A"));
    }

    [Fact]
    public void Names_WholeAndBeginnings_AreFound()
    {
        var names = new WatchedNames([(1, "ZTF26aaa"), (2, "ZTF26*"), (3, "ZTF*"), (4, "AT2026x"), (5, "ZTF26aaa")]);
        List<int> Of(string name)
        {
            var found = new List<int>();
            names.Find(name, found);
            found.Sort();
            return found;
        }

        Assert.Equal([1, 2, 3, 5], Of("ZTF26aaa"));
        Assert.Equal([2, 3], Of("ZTF26aaab"));
        Assert.Equal([3], Of("ZTF2"));
        Assert.Empty(Of("ZT"));
        Assert.Empty(Of("ztf26aaa"));
    }

    [Fact]
    public void Find_MoreOfOneListThanCount_IsItsNamesAndTheNearest()
    {
        var center = new SkyPosition(10, 20);
        var (crowded, other) = (new WatchedList(1, "crowded", []), new WatchedList(2, "other", []));
        var sources = Enumerable.Range(0, 303).Select(i => i switch
        {
            < 300 => new WatchSource(crowded, i, null),
            300 => new WatchSource(crowded, i, "name"),
            301 => new WatchSource(other, i, null),
            _ => new WatchSource(null, i, null) { UserId = 5 },
        }).ToList();
        // The farther, the lower the number.
        var positions = Enumerable.Range(0, 300).Select(i => new WatchedPosition(i, center.OffsetBy(i, (300 - i) / 3600.0), 3600))
            .Append(new WatchedPosition(301, center.OffsetBy(0, 0.5), 3600)).Append(new WatchedPosition(302, center.OffsetBy(0, 0.6), 3600)).ToList();

        var hits = new WatchSnapshot(new WatchIndex(positions), new WatchedNames([(300, "ZTF26*")]), sources).Find(center, center.ToHealpix29(), "ZTF26aaa");

        Assert.Equal(Enumerable.Range(201, 102).Select(i => (long)i), hits.Select(hit => hit.Source.EntryId).Order());
        Assert.Null(Assert.Single(hits, hit => hit.Source.EntryId == 300).DistanceArcsec);
    }

    private static void AssertSame(WatchIndex index, List<WatchedPosition> watched, SkyPosition point)
    {
        var found = new List<WatchedPlace>();
        index.Find(point, point.ToHealpix29(), found);
        var expected = watched.Select(one => (one.Entry, Distance: one.Position.SeparationDegrees(point) * 3600, one.RadiusArcsec)).ToList();
        Assert.Equal(expected.Where(one => one.Distance <= one.RadiusArcsec).Select(one => one.Entry), found.Select(place => place.Entry).Order());
        Assert.All(found, place => Assert.Equal(expected[place.Entry].Distance, place.DistanceArcsec, 1e-6));
    }

    private static SkyPosition Anywhere(Random random) =>
        new(random.NextDouble() * 360, Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI);

    private static SkyPosition Near(WatchedPosition watched, Random random) =>
        watched.Position.OffsetBy(random.NextDouble() * 360, watched.RadiusArcsec / 3600 * random.NextDouble() * 1.5);
}
