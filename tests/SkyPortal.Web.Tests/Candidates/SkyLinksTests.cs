using SkyPortal.Web.Components.Candidates;
using Xunit;

namespace SkyPortal.Web.Tests.Candidates;

public sealed class SkyLinksTests
{
    [Theory]
    [InlineData(31.819139, "%2B31.819139")]
    [InlineData(-31.819139, "-31.819139")]
    public void Of_Position_NamesItInEveryAddress(double decDegrees, string signed)
    {
        var links = SkyLinks.Of(224.025477, decDegrees, null);

        Assert.All(links, link =>
        {
            Assert.Contains("224.025477", link.Href, StringComparison.Ordinal);
            Assert.Contains("31.819139", link.Href, StringComparison.Ordinal);
        });
        Assert.Contains("Coord=224.025477+" + signed, links.Single(link => link.Name == "SIMBAD").Href, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AT 2026abc")]
    [InlineData("2026abc")]
    public void Of_NamedAtTns_LinksToTheObject(string name) =>
        Assert.Equal("https://www.wis-tns.org/object/2026abc", SkyLinks.Of(1, 2, name)[0].Href);
}
