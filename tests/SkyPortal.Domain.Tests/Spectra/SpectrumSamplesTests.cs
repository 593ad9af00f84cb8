using SkyPortal.Domain.Spectra;
using Xunit;

namespace SkyPortal.Domain.Tests.Spectra;

public sealed class SpectrumSamplesTests
{
    [Fact]
    public void From_UnsortedSamples_SortsThemTogether()
    {
        var samples = SpectrumSamples.From([5000, 4000, 4500, 4000], [1, 2, 3, 4], [0.1, 0.2, double.NaN, 0.4]);

        Assert.Equal([4000, 4000, 4500, 5000], samples.WavelengthsAngstrom);
        Assert.Equal([2, 4, 3, 1], samples.Fluxes);
        Assert.Equal([0.2, 0.4, double.NaN, 0.1], samples.Errors!);
    }

    [Theory]
    [InlineData(new double[] { 4000 }, new double[] { 1 }, null, "wavelengths")]
    [InlineData(new double[] { 4000, 4001 }, new double[] { 1 }, null, "fluxes")]
    [InlineData(new double[] { 4000, 4001 }, new double[] { 1, 2 }, new double[] { 1 }, "errors")]
    [InlineData(new double[] { 4000, -1 }, new double[] { 1, 2 }, null, "wavelengths[1]")]
    [InlineData(new double[] { 0, 1 }, new double[] { 1, 2 }, null, "wavelengths[0]")]
    [InlineData(new double[] { double.NaN, 1 }, new double[] { 1, 2 }, null, "wavelengths[0]")]
    [InlineData(new double[] { 4000, double.PositiveInfinity }, new double[] { 1, 2 }, null, "wavelengths[1]")]
    [InlineData(new double[] { 4000, 4001 }, new double[] { 1, double.NaN }, null, "fluxes[1]")]
    [InlineData(new double[] { 4000, 4001 }, new double[] { 1, double.NegativeInfinity }, null, "fluxes[1]")]
    [InlineData(new double[] { 4000, 4001 }, new double[] { 1, 2 }, new double[] { 1, -1 }, "errors[1]")]
    public void From_WrongSamples_AreRefusedByName(double[] wavelengths, double[] fluxes, double[]? errors, string named)
    {
        var refusal = Assert.Throws<Refusal>(() => SpectrumSamples.From(wavelengths, fluxes, errors));

        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void From_MoreSamplesThanAllowed_IsRefused()
    {
        var many = Enumerable.Range(1, SpectrumSamples.MostSamples + 1).Select(index => (double)index).ToArray();

        Assert.Contains("500000 samples", Assert.Throws<Refusal>(() => SpectrumSamples.From(many, many, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SpectralLines_Table_HasTheLinesEverybodyLooksFor()
    {
        Assert.Contains(6563, SpectralLines.All.Single(set => set.Name == "H I").WavelengthsAngstrom);
        Assert.Contains(6347, SpectralLines.All.Single(set => set.Name == "Si II").WavelengthsAngstrom);
        Assert.All(SpectralLines.All.Where(set => set.Group is "sky" or "telluric"), set => Assert.True(set.IsObserved));
        Assert.Equal(SpectralLines.All.Count, SpectralLines.All.Select(set => set.Name).Distinct().Count());
    }
}
