using SkyPortal.Domain;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Spectra;
using SkyPortal.Infrastructure.Tests.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Spectra;

public sealed class FitsSpectrumTests
{
    private const string Image = "SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 3;";

    [Theory]
    [InlineData("CRVAL1  = 4000.0;CDELT1  = 2.0", 4000, 4002, 4004)]
    [InlineData("CRVAL1  = 4000.0;CD1_1   = 2.0;CRPIX1  = 2", 3998, 4000, 4002)]
    [InlineData("CRVAL1  = 400.0;CDELT1  = 0.2;CUNIT1  = 'nm';CTYPE1  = 'WAVE'", 4000, 4002, 4004)]
    [InlineData("CRVAL1  = 4000.0;CDELT1  = 40.0;CTYPE1  = 'WAVE-LOG'", 4000, 4040.200668, 4080.805360)]
    [InlineData("CRVAL1  = 3.0;CDELT1  = 1.0;DC-FLAG = 1", 1000, 10000, 100000)]
    [InlineData("COEFF0  = 3.0;COEFF1  = 1.0;CRVAL1  = 9.0", 1000, 10000, 100000)]
    public void Read_ImageOfOneRow_HasWavelengthsByItsHeader(string cards, double first, double second, double third)
    {
        var parsed = FitsSpectrum.Read(FitsFile.Unit(Image + cards, FitsFile.Floats(1, 2, 3)));

        Assert.Equal(first, parsed.Samples.WavelengthsAngstrom[0], 1e-5);
        Assert.Equal(second, parsed.Samples.WavelengthsAngstrom[1], 1e-5);
        Assert.Equal(third, parsed.Samples.WavelengthsAngstrom[2], 1e-5);
        Assert.Equal([1, 2, 3], parsed.Samples.Fluxes);
        Assert.Null(parsed.Samples.Errors!);
        Assert.Null(parsed.ObservedAt);
    }

    [Fact]
    public void Read_CubeOfOneRow_TakesTheErrorsOfItsFourthPlane()
    {
        var parsed = FitsSpectrum.Read(FitsFile.Unit(
            "SIMPLE  = T;BITPIX  = -32;NAXIS   = 3;NAXIS1  = 2;NAXIS2  = 1;NAXIS3  = 4;CRVAL1  = 4000.0;CD1_1   = 1.0;BUNIT   = 'erg/cm2/s/Ang';DATE-OBS= '2020-01-02T00:00:00';EXPTIME = 120.0",
            FitsFile.Floats(1, 2, 3, 4, 5, 6, 7, 8)));

        Assert.Equal([1, 2], parsed.Samples.Fluxes);
        Assert.Equal([7, 8], parsed.Samples.Errors!);
        Assert.Equal(new DateTime(2020, 1, 2, 0, 1, 0, DateTimeKind.Utc), parsed.ObservedAt);
    }

    [Fact]
    public void Read_TableOfSamples_FindsItsColumnsAndUnits()
    {
        byte[] Row(double wave, float flux, float ivar) => [.. FitsFile.Doubles(wave), .. FitsFile.Floats(flux, ivar)];
        byte[] file =
        [
            .. FitsFile.Unit(FitsFile.EmptyPrimary + ";MJD-OBS = 59000.5", []),
            .. FitsFile.Unit(
                "XTENSION= 'BINTABLE';BITPIX  = 8;NAXIS   = 2;NAXIS1  = 16;NAXIS2  = 3;PCOUNT  = 0;GCOUNT  = 1;TFIELDS = 3;"
                + "TTYPE1  = 'loglam';TFORM1  = 'D';TTYPE2  = 'FLUX';TFORM2  = 'E';TUNIT2  = '10**(-17) erg/s/cm2/A';TTYPE3  = 'ivar';TFORM3  = 'E'",
                [.. Row(3, 1, 4), .. Row(4, 2, 0), .. Row(5, float.NaN, 1)]),
        ];

        var parsed = FitsSpectrum.Read(file);

        Assert.Equal([1000, 10000], parsed.Samples.WavelengthsAngstrom);
        Assert.Equal(1e-17, parsed.Samples.Fluxes[0], 1e-30);
        Assert.Equal(0.5e-17, parsed.Samples.Errors![0], 1e-30);
        Assert.Equal(double.NaN, parsed.Samples.Errors[1]);
        Assert.Equal(SpectrumUnits.PerAngstrom, parsed.Units);
        Assert.Equal(1, parsed.SkippedRows);
        Assert.Equal(new DateTime(2020, 5, 31, 12, 0, 0, DateTimeKind.Utc), parsed.ObservedAt);
    }

    [Fact]
    public void Read_TableOfOneRow_TakesTheSpectrumInItsCells()
    {
        byte[] file =
        [
            .. FitsFile.Unit(FitsFile.EmptyPrimary, []),
            .. FitsFile.Unit(
                "XTENSION= 'BINTABLE';BITPIX  = 8;NAXIS   = 2;NAXIS1  = 36;NAXIS2  = 1;PCOUNT  = 0;GCOUNT  = 1;TFIELDS = 3;TTYPE1  = 'WAVE';TFORM1  = '3E';TUNIT1  = 'nm';TTYPE2  = 'FLUX';TFORM2  = '3E';TTYPE3  = 'ERR';TFORM3  = '3E'",
                FitsFile.Floats(400, 401, 402, 1, 2, 3, 0.5f, 0.25f, 0.125f)),
        ];

        var parsed = FitsSpectrum.Read(file);

        Assert.Equal([4000, 4010, 4020], parsed.Samples.WavelengthsAngstrom);
        Assert.Equal([0.5, 0.25, 0.125], parsed.Samples.Errors!);
    }

    [Theory]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 3", "CRVAL1")]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 3;CRVAL1  = 1.0;CDELT1  = 1.0;CTYPE1  = 'FREQ'", "CTYPE1")]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 3;CRVAL1  = 1.0;CDELT1  = 1.0;CUNIT1  = 'furlong'", "CUNIT1")]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 3;CRVAL1  = -9.0;CDELT1  = 1.0", "wavelengths[0]")]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 2;NAXIS1  = 3;NAXIS2  = 2;CRVAL1  = 1.0;CDELT1  = 1.0", "3 x 2")]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 9999999;CRVAL1  = 1.0;CDELT1  = 1.0", "declares")]
    [InlineData("SIMPLE  = T;BITPIX  = -32;NAXIS   = 1;NAXIS1  = 1", "neither")]
    [InlineData("TIMPLE  = T", "do not begin")]
    public void Read_WrongFiles_AreRefusedWithTheReason(string cards, string reason) =>
        Assert.Contains(reason, Assert.Throws<Refusal>(() => FitsSpectrum.Read(FitsFile.Unit(cards, new byte[cards.Contains("NAXIS1  = 1", StringComparison.Ordinal) ? 4 : 24]))).Message, StringComparison.Ordinal);
}
