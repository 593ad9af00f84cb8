using System.Globalization;
using SkyPortal.Domain.Photometry;
using Xunit;

namespace SkyPortal.Domain.Tests.Photometry;

public sealed class BandpassesTests
{
    [Fact]
    public void AllowedNames_WholeTable_HoldsTheNamesThatClientsSee()
    {
        Assert.Equal(196, Bandpasses.All.Count);
        Assert.Equal(201, Bandpasses.AllowedNames.Count);
        Assert.Equal(201, Bandpasses.AllowedNames.Distinct().Count());
        Assert.Equal(["bessellux", "bessellb", "bessellv"], Bandpasses.AllowedNames.Take(3));
    }

    [Theory]
    [InlineData("ztfg", "ZTF", 4813.95, "circle")]
    [InlineData("ztfr", "ZTF", 6421.81, "square")]
    [InlineData("sdssi", "SDSS", 7506.21, "diamond")]
    [InlineData("lsstz", "LSST", 8690.9, "triangle-up")]
    [InlineData("ps1::y", "Pan-STARRS1", 9633.25, "triangle-down")]
    [InlineData("atlasc", "ATLAS", 5408.66, "hexagon")]
    [InlineData("atlaso", "ATLAS", 6866.26, "pentagon")]
    [InlineData("gaia::g", "Gaia", 6390.22, "star")]
    [InlineData("swiftxrt", "Swift XRT", 38.53, "circle-open")]
    [InlineData("radio-6GHz", "VLA", 499650000, "square-open")]
    public void Find_KnownName_GivesItsFacts(string name, string family, double wavelengthAngstrom, string mark)
    {
        var bandpass = Bandpasses.Find(name);

        Assert.NotNull(bandpass);
        Assert.Equal(family, bandpass.Family);
        Assert.Equal(wavelengthAngstrom, bandpass.EffectiveWavelengthAngstrom, 0.01);
        Assert.Equal(mark, bandpass.Mark);
    }

    [Theory]
    [InlineData("sdss::g", "sdssg")]
    [InlineData("swope2::v", "cspv3014")]
    public void Find_Alias_GivesTheBandpassItStandsFor(string alias, string name) =>
        Assert.Equal(name, Bandpasses.Find(alias)?.Name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ZTFR")]
    [InlineData("nosuch")]
    public void Find_UnknownName_GivesNull(string? name) => Assert.Null(Bandpasses.Find(name));

    [Fact]
    public void All_EveryBandpass_HasSaneWavelengthAndVisibleColours()
    {
        foreach (var bandpass in Bandpasses.All)
        {
            Assert.InRange(bandpass.EffectiveWavelengthAngstrom, 10, 1e10);
            Assert.True(Contrast(bandpass.Color, "#ffffff") >= 3, $"{bandpass.Name} on light");
            Assert.True(Contrast(bandpass.ColorOnDark, "#1b1f27") >= 3, $"{bandpass.Name} on dark");
            Assert.Equal(bandpass.AbMinusVegaMag is null, bandpass.VegaSource is null);
        }
    }

    private static double Contrast(string first, string second)
    {
        var (a, b) = (Luminance(first), Luminance(second));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    // Relative luminance of WCAG 2.1.
    private static double Luminance(string color)
    {
        double Channel(int start)
        {
            var value = int.Parse(color.AsSpan(start, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }
}
