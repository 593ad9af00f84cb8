using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class FluxTests
{
    [Theory]
    [InlineData(23.9, 1)]
    [InlineData(21.4, 10)]
    [InlineData(18.9, 100)]
    [InlineData(8.9, 1e6)]
    public void Magnitude_RoundNumbers_GivesTheFluxAndBack(double mag, double microJansky)
    {
        var flux = new AbMagnitude(mag).ToFlux();
        Assert.Equal(microJansky, flux.Value, microJansky * 1e-12);
        Assert.Equal(mag, flux.ToMagnitude()!.Value.Mag, 1e-12);
        Assert.Equal(microJansky * 1e-6, flux.Jansky, microJansky * 1e-18);
        Assert.Equal(mag, AbMagnitude.FromFlux(flux.Jansky, AbMagnitude.ZeroPointJanskyMag)!.Value.Mag, 1e-12);
        Assert.Equal(mag, AbMagnitude.FromFlux(flux.NanoJansky, AbMagnitude.ZeroPointNanoJanskyMag)!.Value.Mag, 1e-12);
        Assert.Equal(flux.Value, FluxMicroJansky.FromNanoJansky(flux.NanoJansky).Value, microJansky * 1e-12);
        Assert.Equal(flux.Value, FluxMicroJansky.FromZeroPoint(new AbMagnitude(mag).ToFlux(25), 25).Value, microJansky * 1e-12);
        Assert.Equal(new AbMagnitude(mag).ToFlux(25), flux.ToZeroPoint(25), 1e-9 * flux.ToZeroPoint(25));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3.5)]
    public void ToMagnitude_NoFluxAboveZero_IsNull(double microJansky)
    {
        var flux = new FluxMicroJansky(microJansky);
        Assert.Null(flux.ToMagnitude());
        Assert.Null(flux.MagError(new FluxMicroJansky(1)));
    }

    [Fact]
    public void Constructors_NotFinite_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FluxMicroJansky(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AbMagnitude(double.PositiveInfinity));
    }

    [Fact]
    public void Limit_FiveSigma_IsTheMagnitudeOfFiveErrors()
    {
        Assert.Equal(23.9 - (2.5 * Math.Log10(5)), AbMagnitude.Limit(new FluxMicroJansky(1))!.Value.Mag, 1e-12);
        Assert.Equal(23.9 - (2.5 * Math.Log10(3)), AbMagnitude.Limit(new FluxMicroJansky(1), 3)!.Value.Mag, 1e-12);
        Assert.Null(AbMagnitude.Limit(new FluxMicroJansky(0)));
    }

    [Fact]
    public void TryFromMagnitude_Detection_StoresFluxAndError()
    {
        Assert.True(FluxMeasurement.TryFromMagnitude(21.4, 0.1, 22, 3, out var measurement, out _));
        Assert.Equal(10, measurement.Flux!.Value.Value, 1e-9);
        Assert.Equal(0.1 * Math.Log(10) / 2.5 * 10, measurement.Error.Value, 1e-9);
        Assert.Equal(21.4, measurement.Magnitude!.Value.Mag, 1e-12);
        Assert.Equal(0.1, measurement.MagnitudeErrorMag!.Value, 1e-12);
        Assert.Equal(10.857362, measurement.SignalToNoise!.Value, 1e-5);
        Assert.True(measurement.IsDetection);
    }

    [Fact]
    public void TryFromMagnitude_NonDetection_StoresTheErrorOfTheLimit()
    {
        Assert.True(FluxMeasurement.TryFromMagnitude(null, null, 21.4, 5, out var measurement, out _));
        Assert.Null(measurement.Flux);
        Assert.Equal(2, measurement.Error.Value, 1e-9);
        Assert.Null(measurement.Magnitude);
        Assert.Null(measurement.SignalToNoise);
        Assert.False(measurement.IsDetection);
        Assert.Equal(21.4, measurement.LimitingMagnitude()!.Value.Mag, 1e-12);
    }

    [Theory]
    [InlineData(20.0, null, 22.0, 3, "magerr")]
    [InlineData(null, 0.1, 22.0, 3, "magerr")]
    [InlineData(null, null, null, 3, "limiting_mag")]
    [InlineData(double.NaN, 0.1, 22.0, 3, "mag must be finite")]
    [InlineData(20.0, -0.1, 22.0, 3, "magerr")]
    [InlineData(20.0, 0.1, double.PositiveInfinity, 3, "limiting_mag")]
    [InlineData(20.0, 0.1, 22.0, 0, "limiting_mag_nsigma")]
    [InlineData(-5000.0, 0.1, 22.0, 3, "flux")]
    public void TryFromMagnitude_BadInput_NamesTheField(double? mag, double? magError, double? limit, double sigma, string field)
    {
        Assert.False(FluxMeasurement.TryFromMagnitude(mag, magError, limit, sigma, out _, out var error));
        Assert.Contains(field, error, StringComparison.Ordinal);
    }

    [Fact]
    public void TryFromFlux_OtherZeroPoint_IsConverted()
    {
        Assert.True(FluxMeasurement.TryFromFlux(1000, 100, 31.4, out var measurement, out _));
        Assert.Equal(1, measurement.Flux!.Value.Value, 1e-12);
        Assert.Equal(0.1, measurement.Error.Value, 1e-12);
        Assert.True(FluxMeasurement.TryFromFlux(null, 100, 31.4, out var limit, out _));
        Assert.Null(limit.Flux);
        Assert.True(FluxMeasurement.TryFromFlux(-1000, 100, 31.4, out var negative, out _));
        Assert.Null(negative.Magnitude);
        Assert.False(negative.IsDetection);
    }

    [Theory]
    [InlineData(1.0, 0.0, 23.9, "fluxerr must be positive")]
    [InlineData(1.0, -1.0, 23.9, "fluxerr must be positive")]
    [InlineData(1.0, double.NaN, 23.9, "fluxerr must be finite")]
    [InlineData(double.NaN, 1.0, 23.9, "flux must be finite")]
    [InlineData(1.0, 1.0, double.NaN, "zp")]
    [InlineData(1.0, 1.0, -9000.0, "flux")]
    public void TryFromFlux_BadInput_NamesTheField(double flux, double fluxError, double zeroPoint, string field)
    {
        Assert.False(FluxMeasurement.TryFromFlux(flux, fluxError, zeroPoint, out _, out var error));
        Assert.Contains(field, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.0, false)]
    [InlineData(3.01, true)]
    public void IsDetection_AroundTheThreshold_IsAbove(double flux, bool expected) =>
        Assert.Equal(expected, FluxMeasurement.FromFlux(new FluxMicroJansky(flux), new FluxMicroJansky(1)).IsDetection);

    [Fact]
    public void AddReference_PositiveFluxes_AddsInSquares()
    {
        var difference = FluxMeasurement.FromFlux(new FluxMicroJansky(3), new FluxMicroJansky(3));
        var reference = FluxMeasurement.FromFlux(new FluxMicroJansky(10), new FluxMicroJansky(4));
        var total = difference.AddReference(reference)!.Value;
        Assert.Equal(13, total.Flux!.Value.Value);
        Assert.Equal(5, total.Error.Value);
        Assert.Null(FluxMeasurement.FromFlux(new FluxMicroJansky(-3), new FluxMicroJansky(3)).AddReference(reference));
        Assert.Null(FluxMeasurement.FromFlux(null, new FluxMicroJansky(3)).AddReference(reference));
        Assert.Throws<ArgumentOutOfRangeException>(() => FluxMeasurement.FromFlux(null, new FluxMicroJansky(0)));
    }
}
