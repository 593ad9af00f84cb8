namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// How much the dust of the Milky Way dims light: the mean curve of Gordon et al. (2023, ApJ 950, 86) from 912 ångström to 32
/// micrometre for R(V) = 3.1, at which the part of the curve that depends on R(V) is zero.
/// </summary>
public static class DustExtinction
{
    /// <summary>Ratio of total to selective extinction, A(V) / E(B−V), of the diffuse medium.</summary>
    public const double Rv = 3.1;

    private const double LeastMicron = 0.0912;
    private const double GreatestMicron = 32;

    /// <summary>A(λ) / A(V); null outside of the range of the curve.</summary>
    /// <param name="wavelengthAngstrom">Wavelength in vacuum, ångström.</param>
    public static double? Relative(double wavelengthAngstrom)
    {
        var micron = wavelengthAngstrom / 1e4;
        if (micron is not (>= LeastMicron and <= GreatestMicron))
        {
            return null;
        }

        // The pieces overlap, and go over into each other smoothly.
        return micron switch
        {
            < 0.3 => Ultraviolet(1 / micron),
            < 0.33 => Mix(Ultraviolet(1 / micron), Optical(1 / micron), micron, 0.3, 0.33),
            < 0.9 => Optical(1 / micron),
            < 1.1 => Mix(Optical(1 / micron), Infrared(micron), micron, 0.9, 1.1),
            _ => Infrared(micron),
        };
    }

    /// <summary>Extinction in magnitudes of a colour excess E(B−V); null outside of the range of the curve.</summary>
    /// <param name="wavelengthAngstrom">Wavelength in vacuum, ångström.</param>
    /// <param name="colourExcessMag">E(B−V), magnitudes.</param>
    public static double? Magnitudes(double wavelengthAngstrom, double colourExcessMag) => Relative(wavelengthAngstrom) * Rv * colourExcessMag;

    private static double Ultraviolet(double x)
    {
        var far = Math.Max(0, x - 5.9);
        return 0.81297 + (0.2775 * x) + (1.06295 * Bump(x, 4.6, 0.99)) + (0.11303 * far * far * (0.5392 + (0.05644 * far)));
    }

    private static double Optical(double x) =>
        -0.35848 + (x * (0.7122 + (x * (0.08746 + (x * (-0.05403 + (x * 0.00674)))))))
        + (0.03893 * Feature(x, 2.288, 0.243)) + (0.02965 * Feature(x, 2.054, 0.179)) + (0.01747 * Feature(x, 1.587, 0.243));

    private static double Infrared(double micron)
    {
        const double Break = 4.30578;
        const double Width = 4.78338;
        var near = Math.Pow(micron, -1.68467);
        var far = Math.Pow(micron, -0.78791) * Math.Pow(Break, -1.68467 + 0.78791);
        return (0.38526 * Mix(near, far, micron, Break - (Width / 2), Break + (Width / 2)))
            + (0.06652 * Silicate(micron, 9.8434, 2.21205, -0.24703)) + (0.0267 * Silicate(micron, 19.58294, 17, -0.27));
    }

    // A Drude profile as in the ultraviolet bump, 1 / γ² at its centre.
    private static double Bump(double x, double center, double width)
    {
        var offset = (x * x) - (center * center);
        return x * x / ((offset * offset) + (x * x * width * width));
    }

    // The same profile, 1 at its centre.
    private static double Feature(double x, double center, double width) => Bump(x, center, width) * width * width;

    // A Drude profile in wavelength, 1 at its centre, whose width changes across it.
    private static double Silicate(double micron, double center, double width, double asymmetry)
    {
        var gamma = 2 * width / (1 + Math.Exp(asymmetry * (micron - center)));
        var ratio = gamma / center;
        var offset = (micron / center) - (center / micron);
        return ratio * ratio / ((offset * offset) + (ratio * ratio));
    }

    // From one to the other by 3t² − 2t³.
    private static double Mix(double one, double other, double at, double from, double to)
    {
        var t = Math.Clamp((at - from) / (to - from), 0, 1);
        var weight = t * t * (3 - (2 * t));
        return (one * (1 - weight)) + (other * weight);
    }
}
