using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Spectra;
using Xunit;

namespace SkyPortal.Domain.Tests.Spectra;

public sealed class SyntheticMagnitudesTests
{
    private static readonly double[] Wavelengths = [.. Enumerable.Range(0, 2_000).Select(index => 3000.0 + (4 * index))];

    // A source of 1 mJy at every frequency has 16.4 mag AB in every bandpass: 23.9 - 2.5 log10(1000).
    [Theory]
    [InlineData("ztfg", SpectrumUnits.PerAngstrom)]
    [InlineData("ztfr", SpectrumUnits.Jansky)]
    [InlineData("sdss::i", SpectrumUnits.AbMag)]
    [InlineData("ps1::z", SpectrumUnits.PerAngstrom)]
    public void Mean_FlatInFrequency_IsTheSameInEveryBandAndUnit(string filter, string units)
    {
        var fluxes = Array.ConvertAll(Wavelengths, wavelength => units switch
        {
            SpectrumUnits.Jansky => 1e-3,
            SpectrumUnits.AbMag => 16.4,
            _ => 1e-3 * 1e-23 * 2.99792458e18 / (wavelength * wavelength),
        });

        var mean = SyntheticMagnitudes.Mean(SyntheticMagnitudes.BoxOf(filter)!, Wavelengths, fluxes, null, units);

        Assert.Equal(1000, mean.FluxMicroJansky, 0.01);
        Assert.Null(mean.ErrorMicroJansky);
    }

    // For f_ν ∝ λ the mean over a box is its width over ln(red/blue), exactly.
    [Fact]
    public void Mean_RisingSpectrum_MatchesTheIntegral()
    {
        var box = SyntheticMagnitudes.BoxOf("ztfr")!;
        var fluxes = Array.ConvertAll(Wavelengths, wavelength => wavelength * 1e-6);

        var mean = SyntheticMagnitudes.Mean(box, Wavelengths, fluxes, null, SpectrumUnits.Jansky);

        Assert.Equal((box.RedAngstrom - box.BlueAngstrom) / Math.Log(box.RedAngstrom / box.BlueAngstrom), mean.FluxMicroJansky, 1e-3);
    }

    [Fact]
    public void Mean_ErrorsOfSamples_AverageDown()
    {
        var ones = Array.ConvertAll(Wavelengths, _ => 1.0);
        var box = SyntheticMagnitudes.BoxOf("ztfr")!;

        var mean = SyntheticMagnitudes.Mean(box, Wavelengths, ones, ones, SpectrumUnits.Jansky);

        var samples = (box.RedAngstrom - box.BlueAngstrom) / 4;
        Assert.InRange(mean.ErrorMicroJansky!.Value / 1e6 * Math.Sqrt(samples), 0.95, 1.05);
    }

    [Theory]
    [InlineData(5000, 9000, "outside spectral range")]
    [InlineData(3000, 5000, "outside spectral range")]
    public void Mean_BandNotCovered_IsRefused(double from, double to, string reason)
    {
        double[] wavelengths = [.. Enumerable.Range(0, 100).Select(index => from + ((to - from) * index / 99))];

        var refusal = Assert.Throws<Refusal>(() => SyntheticMagnitudes.Mean(SyntheticMagnitudes.BoxOf("ztfg")!, wavelengths, wavelengths, null, SpectrumUnits.Jansky));

        Assert.Contains("ztfg", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mean_GapInTheBand_IsRefused()
    {
        double[] wavelengths = [3000, 3500, 4000, 4100, 5400, 5600, 6000];

        Assert.Contains("gap", Assert.Throws<Refusal>(() => SyntheticMagnitudes.Mean(SyntheticMagnitudes.BoxOf("ztfg")!, wavelengths, wavelengths, null, SpectrumUnits.Jansky)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_Table_NamesBandpassesOnly() => Assert.All(SyntheticMagnitudes.Filters, name => Assert.NotNull(Bandpasses.Find(name)));
}
