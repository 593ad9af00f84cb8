using SkyPortal.Domain.Alerts.Watches;
using Xunit;

namespace SkyPortal.Domain.Tests.Alerts;

/// <summary>Entries of watch lists as people paste them.</summary>
public sealed class WatchTextTests
{
    [Fact]
    public void Read_PlainLines_ArePositionsOrNames()
    {
        var read = WatchText.Read("# mine\n10.5,-20.25,3,\"a, b\"\n\n00:42:44.3 ; +41:16:09 ; 5\nZTF26abc\nZTF26*,the year\n", 2);

        Assert.Empty(read.Faults);
        Assert.Equal(4, read.Entries.Count);
        Assert.Equal((10.5, -20.25, 3.0, "a, b"), (read.Entries[0].Position!.Value.RaDegrees, read.Entries[0].Position!.Value.DecDegrees, read.Entries[0].RadiusArcsec, read.Entries[0].Label));
        Assert.Equal(10.684583, read.Entries[1].Position!.Value.RaDegrees, 5);
        Assert.Equal(("ZTF26abc", null), (read.Entries[2].Name, read.Entries[2].Label));
        Assert.Equal(("ZTF26*", "the year"), (read.Entries[3].Name, read.Entries[3].Label));
    }

    [Fact]
    public void Read_NothingButSpacesBetweenTheParts_IsThePositionWithItsRadiusAndLabel()
    {
        var read = WatchText.Read("41.53335 -22.34118 3 x1\n41.5 -22.3\n10.5 -20.25 the label\n00:42:44.3 +41:16:09 5 M31 nucleus\n00 42 44.3 +41 16 09 4 as it is copied\n", 2);

        Assert.Empty(read.Faults);
        Assert.Equal(
            [(41.53335, -22.34118, 3.0, "x1"), (41.5, -22.3, 2, null), (10.5, -20.25, 2, "the label"), (10.68458, 41.26917, 5, "M31 nucleus"), (10.68458, 41.26917, 4, "as it is copied")],
            read.Entries.Select(entry => (Math.Round(entry.Position!.Value.RaDegrees, 5), Math.Round(entry.Position.Value.DecDegrees, 5), entry.RadiusArcsec!.Value, entry.Label)));
    }

    [Fact]
    public void Read_ColumnNames_AreFollowed()
    {
        var read = WatchText.Read("name\tlabel\tdec\tra\nA1\tfirst\t\t\n\tsecond\t5\t350\n", 4);

        Assert.Empty(read.Faults);
        Assert.Equal(("A1", "first"), (read.Entries[0].Name, read.Entries[0].Label));
        Assert.Equal((350.0, 5.0, 4.0), (read.Entries[1].Position!.Value.RaDegrees, read.Entries[1].Position!.Value.DecDegrees, read.Entries[1].RadiusArcsec));
    }

    [Theory]
    [InlineData("10,95,1", "line 1: '10', '95' is no position")]
    [InlineData("10,20", "line 1: it has no radius")]
    [InlineData("1,2,3\n10,20,0", "line 2: the radius must be above 0")]
    [InlineData("10,20,3601", "line 1: the radius must be above 0 and at most 3600 arcsec, not '3601'")]
    [InlineData("10,20,NaN", "line 1: the radius")]
    [InlineData("10", "line 1: '10', '' is no position")]
    [InlineData("a b", "line 1: 'a b' is no name")]
    [InlineData("a*b", "line 1: a star may stand only at the end")]
    [InlineData("*", "line 1: a star needs the beginning")]
    [InlineData("ZTF26aaa\nZTF2*", "line 2: a star needs the beginning of a name before it, at least 5 characters")]
    [InlineData("ra,dec,name\n1,2,A", "line 2: an entry is a position or a name")]
    [InlineData("ra,dec,name\n,,", "line 2: it has neither")]
    public void Read_BadLine_IsNamed(string text, string fault)
    {
        Assert.StartsWith(fault, Assert.Single(WatchText.Read(text, null).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyBadLines_TellsTheFirst()
    {
        var read = WatchText.Read(string.Concat(Enumerable.Repeat("10,95,1\n", 1_000)), null);

        Assert.Equal(WatchText.MostFaults, read.Faults.Count);
        Assert.StartsWith("line 20:", read.Faults[^1], StringComparison.Ordinal);
    }
}
