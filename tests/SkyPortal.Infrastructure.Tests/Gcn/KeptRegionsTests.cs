using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Gcn;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Gcn;

public sealed class KeptRegionsTests
{
    [Fact]
    public void Add_MoreRangesThanThereIsRoomFor_ForgetsTheOldest()
    {
        var kept = new KeptRegions(mostRanges: 1_000);
        var (first, second, third) = (Region(400), Region(400), Region(400));

        kept.Add(1, 0.5, first);
        kept.Add(1, 0.9, second);
        kept.Add(2, 0.5, third);
        kept.Add(3, 0.5, Region(1_001));

        Assert.Null(kept.Find(1, 0.5));
        Assert.Same(second, kept.Find(1, 0.9));
        Assert.Same(third, kept.Find(2, 0.5));
        Assert.Null(kept.Find(3, 0.5));
    }

    [Fact]
    public void Add_ManySmallRegions_AreBoundedToo()
    {
        var kept = new KeptRegions(mostRanges: 1_000);

        for (var i = 0; i < 1_000; i++)
        {
            kept.Add(i, 0.5, Region(1));
        }

        Assert.InRange(Enumerable.Range(0, 1_000).Count(i => kept.Find(i, 0.5) is not null), 1, 100);
    }

    private static SkyRegion Region(int ranges) => new([.. Enumerable.Range(0, ranges).Select(i => new HealpixRange(2 * i, (2 * i) + 1))]);
}
