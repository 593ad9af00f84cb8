using SkyPortal.Domain.Photometry;
using Xunit;

namespace SkyPortal.Domain.Tests.Photometry;

public sealed class MagnitudeSystemsTests
{
    [Fact]
    public void ZeroPointOffsetMag_Ab_IsZeroInEveryBandpass() =>
        Assert.All(Bandpasses.All, b => Assert.Equal(0, MagnitudeSystems.ZeroPointOffsetMag("ab", b.Name)));

    [Theory]
    [InlineData("swiftxrt")]
    [InlineData("nicerxti")]
    [InlineData("radio-15GHz")]
    [InlineData("sma-230GHz")]
    public void ZeroPointOffsetMag_NoOpticalStandard_IsAbInEverySystem(string bandpass) =>
        Assert.All(MagnitudeSystems.Names, s => Assert.Equal(0, MagnitudeSystems.ZeroPointOffsetMag(s, bandpass)));

    [Theory]
    [InlineData("vega", "bessellux", -0.79)]
    [InlineData("vega", "bessellb", 0.09)]
    [InlineData("vega", "sdss::u", -0.91)]
    [InlineData("vega", "ztfg", 0.08)]
    [InlineData("vega", "2massks", -1.85)]
    [InlineData("vega", "uvot::uvw2", -1.73)]
    [InlineData("vega", "gaia::g", -0.114)]
    [InlineData("vega", "desz", -0.52)]
    [InlineData("vega", "f160w", -1.251)]
    [InlineData("vegahst", "ps1::r", -0.154)]
    [InlineData("ab-b12", "sdssu", 0.06791)]
    [InlineData("bd17", "sdssr", -9.35)]
    public void ZeroPointOffsetMag_PublishedValue_HasTheSignThatAddsToAbMagnitudes(string system, string bandpass, double offsetMag) =>
        Assert.Equal(offsetMag, MagnitudeSystems.ZeroPointOffsetMag(system, bandpass), 1e-9);

    [Theory]
    [InlineData("vega", "lsstg")]
    [InlineData("vega2", "standard::b")]
    [InlineData("csp", "cspb")]
    [InlineData("ab-b12", "ztfg")]
    public void ZeroPointOffsetMag_NoPublishedValue_RefusesAndNamesBoth(string system, string bandpass)
    {
        var error = Assert.Throws<MagnitudeSystemException>(() => MagnitudeSystems.ZeroPointOffsetMag(system, bandpass));

        Assert.Contains($"'{system}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{bandpass}'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("st", "ztfg", "Unknown magnitude system 'st'")]
    [InlineData(null, "ztfg", "Unknown magnitude system ''")]
    [InlineData("vega", "nosuch", "Unknown bandpass 'nosuch'")]
    public void TryZeroPointOffsetMag_UnknownName_SaysWhich(string? system, string bandpass, string start)
    {
        Assert.False(MagnitudeSystems.TryZeroPointOffsetMag(system, bandpass, out _, out var error));
        Assert.StartsWith(start, error, StringComparison.Ordinal);
    }

    // Vega grows fainter against AB from blue to red, smoothly: a slip in a value or its sign breaks the order.
    [Fact]
    public void AbMinusVegaMag_FromGreenToInfrared_GrowsWithWavelength()
    {
        var known = Bandpasses.All
            .Where(b => b.AbMinusVegaMag is not null && b.Family != "Gaia" && b.Mark != "star-square")
            .Where(b => b.EffectiveWavelengthAngstrom is > 5000 and < 30_000)
            .OrderBy(b => b.EffectiveWavelengthAngstrom)
            .ToList();

        Assert.True(known.Count > 30);
        Assert.All(known.Zip(known.Skip(1)), pair => Assert.True(
            pair.Second.AbMinusVegaMag > pair.First.AbMinusVegaMag - 0.06,
            $"{pair.First.Name} {pair.First.AbMinusVegaMag}, {pair.Second.Name} {pair.Second.AbMinusVegaMag}"));
    }

    [Fact]
    public void VegaSources_EveryOffset_HasANamedSource() =>
        Assert.All(
            Bandpasses.All.Where(b => b.VegaSource is not null),
            b => Assert.Contains(b.VegaSource!, MagnitudeSystems.VegaSources.Keys));
}
