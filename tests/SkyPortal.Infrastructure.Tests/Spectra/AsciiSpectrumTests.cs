using SkyPortal.Domain;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Spectra;

public sealed class AsciiSpectrumTests
{
    [Theory]
    [InlineData("4000 1 0.1\n4001 2 0.2\n")]
    [InlineData("4000,1,0.1\r\n4001,2,0.2")]
    [InlineData("wavelength,flux,err\n4000, 1, 0.1\n4001, 2, 0.2")]
    [InlineData("# wavelength flux\n\n  4000\t1\t0.1\n\n4001 2 0.2 \n")]
    [InlineData("! a remark\n% another\n4.0D3;1.0d0;1D-1\n4.001E3;2;0.2")]
    [InlineData("\uFEFF# KEY: value\n4001 2 0.2\n4000 1 0.1")]
    public void Read_TablesAsPeopleWriteThem_GiveTheSameSamples(string text)
    {
        var parsed = AsciiSpectrum.Read(text, new SpectrumColumns(Error: 2));

        Assert.Equal([4000, 4001], parsed.Samples.WavelengthsAngstrom);
        Assert.Equal([1, 2], parsed.Samples.Fluxes);
        Assert.Equal([0.1, 0.2], parsed.Samples.Errors!);
        Assert.Equal(0, parsed.SkippedRows);
    }

    [Fact]
    public void Read_ColumnsByNumber_AreTaken()
    {
        var parsed = AsciiSpectrum.Read("1 4000 7 2\n2 4001 8 3", new SpectrumColumns(1, 3, 0));

        Assert.Equal([4000, 4001], parsed.Samples.WavelengthsAngstrom);
        Assert.Equal([2, 3], parsed.Samples.Fluxes);
        Assert.Equal([1, 2], parsed.Samples.Errors!);
    }

    [Fact]
    public void Read_RowsWithoutMeasurement_AreSkippedAndCounted()
    {
        var parsed = AsciiSpectrum.Read("4000 1 0.1\n4001 nan 1\n4002 NaN 1\n4003 -inf 1\n4004 2 -1\n", new SpectrumColumns(Error: 2));

        Assert.Equal([4000, 4004], parsed.Samples.WavelengthsAngstrom);
        Assert.Equal([0.1, double.NaN], parsed.Samples.Errors!);
        Assert.Equal(3, parsed.SkippedRows);
    }

    [Fact]
    public void Read_Header_KeepsKeysValuesAndComments()
    {
        var header = AsciiSpectrum.Read(
            "# EXPTIME =              600.003 / Total exposure\n# OBJECT  = 'ZTF20a/b  '           / Name\n# NAXIS1: 433\n# OBSNAME: \"ztf\"\n# OPEN: True\n# EMPTY:\n# a remark\n1 2\n2 3\n",
            new SpectrumColumns()).Header!;

        Assert.Equal(600.003, (double)header["EXPTIME"]!["value"]!);
        Assert.Equal("Total exposure", (string?)header["EXPTIME"]!["comment"]);
        Assert.Equal("ZTF20a/b", (string?)header["OBJECT"]!["value"]);
        Assert.Equal(433, (long)header["NAXIS1"]!);
        Assert.Equal("ztf", (string?)header["OBSNAME"]);
        Assert.True((bool)header["OPEN"]!);
        Assert.True(header.ContainsKey("EMPTY"));
        Assert.Equal(6, header.Count);
    }

    [Theory]
    [InlineData("", "no line of numbers")]
    [InlineData("# only a header\n", "no line of numbers")]
    [InlineData("4000\n4001\n", "2 to")]
    [InlineData("4000 1\n4001 2 3\n", "line 2 has 3 columns")]
    [InlineData("4000 1\n4001\n", "line 2 has 1 columns")]
    [InlineData("4000 1\n4001 abc\n", "line 2: the flux")]
    [InlineData("4000 1\nnan 2\n", "wavelengths[1]")]
    [InlineData("-5 1\n4000 2\n", "wavelengths[0]")]
    [InlineData("4000 nan\n4001 nan\n", "2 to 500000 samples, not 0")]
    [InlineData("4000 1\n4001 2\nflux wave\n", "line 3")]
    [InlineData("names here\nmore names\n4000 1\n", "line 2")]
    public void Read_WrongFiles_AreRefusedWithTheReason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<Refusal>(() => AsciiSpectrum.Read(text, new SpectrumColumns())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(2, 1, null, "wave_column")]
    [InlineData(0, 2, null, "flux_column")]
    [InlineData(0, -1, null, "flux_column")]
    [InlineData(0, 1, 2, "fluxerr_column")]
    public void Read_ColumnThatIsNotThere_IsRefused(int wave, int flux, int? error, string named) =>
        Assert.Contains(named, Assert.Throws<Refusal>(() => AsciiSpectrum.Read("1 2\n3 4", new SpectrumColumns(wave, flux, error))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_MillionRows_AreRefused()
    {
        var text = string.Concat(Enumerable.Range(1, 1_000_000).Select(row => $"{row} 1\n"));

        Assert.Throws<Refusal>(() => AsciiSpectrum.Read(text, new SpectrumColumns()));
        Assert.Throws<Refusal>(() => AsciiSpectrum.Read(text + text, new SpectrumColumns()));
    }

    [Theory]
    [InlineData("ZTF20abpuxna_20200915_Keck1_v1.ascii", 3, 5117, 0)]
    [InlineData("ZTF20abwdwoa_20200902_P60_v1.ascii", 2, 214, 0)]
    [InlineData("ZTF20abucjsa_20200909_LT_v1.ascii", null, 432, 0)]
    [InlineData("zac_spec.dat", 2, 1800, 0)]
    [InlineData("spectrum_with_nan.txt", null, 249, 1)]
    public void Read_RealFiles_Load(string name, int? errorColumn, int samples, int skipped)
    {
        var parsed = AsciiSpectrum.Read(File.ReadAllText(SharedData.PathOrSkip($"spectra/{name}")), new SpectrumColumns(Error: errorColumn));

        Assert.Equal(samples, parsed.Samples.WavelengthsAngstrom.Length);
        Assert.Equal(skipped, parsed.SkippedRows);
        Assert.Equal(errorColumn is null, parsed.Samples.Errors is null);
    }

    [Fact]
    public void Read_RealBadFile_IsRefusedWithItsLine()
    {
        var text = File.ReadAllText(SharedData.PathOrSkip("spectra/ZTF20abpuxna_20200915_Keck1_v1.ascii.bad"));

        Assert.Contains("9 columns where the lines before have 8", Assert.Throws<Refusal>(() => AsciiSpectrum.Read(text, new SpectrumColumns())).Message, StringComparison.Ordinal);
    }
}
