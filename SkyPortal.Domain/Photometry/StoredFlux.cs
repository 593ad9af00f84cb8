namespace SkyPortal.Domain.Photometry;

/// <summary>
/// Conversions between magnitudes and the fluxes that are stored: microjansky on the AB system, m = 23.9 − 2.5 log10 f
/// (Oke and Gunn 1983).
/// </summary>
public static class StoredFlux
{
    /// <summary>AB magnitude of one microjansky.</summary>
    public const double ZeroPointAbMag = 23.9;

    /// <summary>Signal to noise above which a point counts as a detection.</summary>
    public const double DetectionSignalToNoise = 3;

    /// <summary>Multiple of the uncertainty that is taken as the limit where the uploader gave none.</summary>
    public const double LimitSigmas = 5;

    /// <summary>d m / d ln f.</summary>
    private const double MagPerLogFlux = 1.0857362047581296;

    /// <summary>Flux of an AB magnitude.</summary>
    public static double MicroJanskyOfAbMag(double abMag) => Math.Pow(10, -0.4 * (abMag - ZeroPointAbMag));

    /// <summary>Uncertainty of a flux from that of its magnitude, to first order.</summary>
    public static double ErrorMicroJansky(double fluxMicroJansky, double errorMag) => errorMag / MagPerLogFlux * fluxMicroJansky;

    /// <summary>AB magnitude; null where there is no flux above zero.</summary>
    public static double? AbMag(double? fluxMicroJansky) =>
        fluxMicroJansky is > 0 ? ZeroPointAbMag - (2.5 * Math.Log10(fluxMicroJansky.Value)) : null;

    /// <summary>Uncertainty in magnitudes, to first order; null where there is no flux above zero.</summary>
    public static double? ErrorMag(double? fluxMicroJansky, double? errorMicroJansky) =>
        fluxMicroJansky is > 0 && errorMicroJansky is { } error ? MagPerLogFlux * error / fluxMicroJansky.Value : null;

    /// <summary>AB magnitude of the faintest source that the uncertainty lets be seen: five sigma.</summary>
    public static double LimitAbMag(double errorMicroJansky) => ZeroPointAbMag - (2.5 * Math.Log10(LimitSigmas * errorMicroJansky));

    /// <summary>Factor that takes a flux with a zero point to microjansky.</summary>
    /// <param name="zeroPointAbMag">AB magnitude of a flux of one.</param>
    public static double MicroJanskyPerUnit(double zeroPointAbMag) => Math.Pow(10, -0.4 * (zeroPointAbMag - ZeroPointAbMag));

    /// <summary>Whether a point is a detection.</summary>
    public static bool IsDetection(double? fluxMicroJansky, double errorMicroJansky) =>
        fluxMicroJansky is { } flux && errorMicroJansky > 0 && flux / errorMicroJansky > DetectionSignalToNoise;
}
