using System.Diagnostics.CodeAnalysis;

namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// A flux with its error as photometry is stored: µJy on the AB scale. A non-detection given only as a limit has no
/// flux, but always an error.
/// </summary>
public readonly record struct FluxMeasurement
{
    /// <summary>A flux counts as a detection above this signal-to-noise ratio.</summary>
    public const double DetectionSignalToNoise = 3;

    private const double DefaultLimitSigma = 5;

    private FluxMeasurement(FluxMicroJansky? flux, FluxMicroJansky error)
    {
        Flux = flux;
        Error = error;
    }

    /// <summary>The flux; null where only a limit was given.</summary>
    public FluxMicroJansky? Flux { get; }

    /// <summary>Standard deviation of the flux. It is above zero save from a magnitude given without error.</summary>
    public FluxMicroJansky Error { get; }

    /// <summary>Flux over error; null without a flux or with an error of zero.</summary>
    public double? SignalToNoise => Flux is { } flux && Error.Value > 0 ? flux.Value / Error.Value : null;

    /// <summary>Whether the signal-to-noise ratio is above the threshold.</summary>
    public bool IsDetection => SignalToNoise > DetectionSignalToNoise;

    /// <summary>The magnitude; null where there is no flux above zero.</summary>
    public AbMagnitude? Magnitude => Flux?.ToMagnitude();

    /// <summary>Standard deviation of the magnitude in mag; null where there is no magnitude.</summary>
    public double? MagnitudeErrorMag => Flux?.MagError(Error);

    /// <summary>The limiting magnitude from the error alone; null where the error is zero.</summary>
    /// <param name="nSigma">How many standard deviations make the limit.</param>
    public AbMagnitude? LimitingMagnitude(double nSigma = DefaultLimitSigma) => AbMagnitude.Limit(Error, nSigma);

    /// <summary>A measurement in µJy; a null flux is a non-detection.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The error is not above zero.</exception>
    public static FluxMeasurement FromFlux(FluxMicroJansky? flux, FluxMicroJansky error) => error.Value > 0
        ? new FluxMeasurement(flux, error)
        : throw new ArgumentOutOfRangeException(nameof(error), error.Value, "A flux error must be above zero.");

    /// <summary>A measurement in units of a zero point, or what is wrong with it.</summary>
    /// <param name="flux">Flux in units of the zero point; null for a non-detection.</param>
    /// <param name="fluxError">Standard deviation in the same units; above zero.</param>
    /// <param name="zeroPointMag">AB magnitude of a flux of 1.</param>
    /// <param name="error">What is wrong, naming the field; null on success.</param>
    public static bool TryFromFlux(
        double? flux, double fluxError, double zeroPointMag, out FluxMeasurement measurement, [NotNullWhen(false)] out string? error)
    {
        measurement = default;
        error = flux is { } value && !double.IsFinite(value) ? "Invalid value: flux must be finite or null"
            : !double.IsFinite(fluxError) ? "Invalid value: fluxerr must be finite"
            : fluxError <= 0 ? "Invalid value: fluxerr must be positive (non-zero)"
            : !double.IsFinite(zeroPointMag) ? "Invalid value: zp must be finite"
            : null;
        if (error is not null)
        {
            return false;
        }

        var factor = Math.Pow(10, -0.4 * (zeroPointMag - AbMagnitude.ZeroPointMicroJanskyMag));
        return TryBuild(flux * factor, fluxError * factor, out measurement, out error);
    }

    /// <summary>
    /// A measurement in AB magnitudes, or what is wrong with it. Magnitude and error come together or not at all;
    /// without them the limiting magnitude is needed, and its flux over its number of sigmas becomes the error.
    /// </summary>
    /// <param name="mag">AB magnitude, or null for a non-detection.</param>
    /// <param name="magError">Standard deviation in mag, not below zero; null for a non-detection.</param>
    /// <param name="limitingMag">Limiting AB magnitude; needed for a non-detection.</param>
    /// <param name="limitingMagSigma">How many standard deviations make the limit; above zero.</param>
    /// <param name="error">What is wrong, naming the field; null on success.</param>
    public static bool TryFromMagnitude(
        double? mag, double? magError, double? limitingMag, double limitingMagSigma, out FluxMeasurement measurement, [NotNullWhen(false)] out string? error)
    {
        measurement = default;
        error = Finite(mag, "mag") ?? Finite(magError, "magerr") ?? Finite(limitingMag, "limiting_mag")
            ?? (mag.HasValue != magError.HasValue ? "Magnitude and its error must be both given or both null: mag, magerr" : null)
            ?? (mag is null && limitingMag is null ? "Non-detections (mag=null) require a limiting_mag" : null)
            ?? (magError < 0 ? "Invalid value: magerr must not be negative" : null)
            ?? (double.IsFinite(limitingMagSigma) && limitingMagSigma > 0 ? null : "Invalid value: limiting_mag_nsigma must be positive");
        if (error is not null)
        {
            return false;
        }

        if (mag is { } detected)
        {
            var flux = Math.Pow(10, -0.4 * (detected - AbMagnitude.ZeroPointMicroJanskyMag));
            return TryBuild(flux, magError!.Value * (Math.Log(10) / 2.5) * flux, out measurement, out error);
        }

        return TryBuild(null, Math.Pow(10, -0.4 * (limitingMag!.Value - AbMagnitude.ZeroPointMicroJanskyMag)) / limitingMagSigma, out measurement, out error);
    }

    /// <summary>
    /// The flux of the object with its reference: the sum of the two, errors added in squares. Null unless both fluxes
    /// are above zero.
    /// </summary>
    public FluxMeasurement? AddReference(FluxMeasurement reference) =>
        Flux is { Value: > 0 } flux && reference.Flux is { Value: > 0 } referenceFlux
            ? new FluxMeasurement(flux + referenceFlux, new FluxMicroJansky(Math.Sqrt((Error.Value * Error.Value) + (reference.Error.Value * reference.Error.Value))))
            : null;

    private static string? Finite(double? value, string field) =>
        value is { } number && !double.IsFinite(number) ? $"Invalid value: {field} must be finite" : null;

    private static bool TryBuild(double? microJansky, double errorMicroJansky, out FluxMeasurement measurement, [NotNullWhen(false)] out string? error)
    {
        measurement = default;
        error = microJansky is { } flux && !double.IsFinite(flux) ? "Invalid value: flux is out of range"
            : !double.IsFinite(errorMicroJansky) ? "Invalid value: the flux error is out of range"
            : null;
        if (error is null)
        {
            measurement = new FluxMeasurement(microJansky is { } value ? new FluxMicroJansky(value) : null, new FluxMicroJansky(errorMicroJansky));
        }

        return error is null;
    }
}
