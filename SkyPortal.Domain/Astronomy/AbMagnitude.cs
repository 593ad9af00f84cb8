using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>A magnitude in the AB system (Oke and Gunn 1983): 0 mag is 3631 Jy, by the convention of zero points 8.90 for Jy.</summary>
public readonly record struct AbMagnitude : IComparable<AbMagnitude>
{
    /// <summary>Zero point of fluxes in Jy, in mag.</summary>
    public const double ZeroPointJanskyMag = 8.90;

    /// <summary>Zero point of fluxes in µJy, in mag.</summary>
    public const double ZeroPointMicroJanskyMag = 23.9;

    /// <summary>Zero point of fluxes in nJy, in mag.</summary>
    public const double ZeroPointNanoJanskyMag = 31.4;

    /// <summary>Creates a magnitude.</summary>
    /// <param name="mag">Any finite number of magnitudes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public AbMagnitude(double mag) =>
        Mag = double.IsFinite(mag) ? mag : throw new ArgumentOutOfRangeException(nameof(mag), mag, "A magnitude must be finite.");

    /// <summary>The value in mag; a larger number is fainter.</summary>
    public double Mag { get; }

    /// <summary>The magnitude of a flux; null where the flux is not above zero.</summary>
    /// <param name="flux">Flux in units of the zero point.</param>
    /// <param name="zeroPointMag">Magnitude of a flux of 1.</param>
    public static AbMagnitude? FromFlux(double flux, double zeroPointMag)
    {
        var mag = flux > 0 ? (-2.5 * Math.Log10(flux)) + zeroPointMag : double.NaN;
        return double.IsFinite(mag) ? new AbMagnitude(mag) : null;
    }

    /// <summary>The magnitude of n standard deviations of a flux: the limiting magnitude; null where the error is not above zero.</summary>
    /// <param name="fluxError">Standard deviation of the flux.</param>
    /// <param name="nSigma">How many standard deviations count as a detection; above zero.</param>
    public static AbMagnitude? Limit(FluxMicroJansky fluxError, double nSigma = 5) =>
        FromFlux(nSigma * fluxError.Value, ZeroPointMicroJanskyMag);

    /// <summary>The flux of this magnitude.</summary>
    public FluxMicroJansky ToFlux() => new(Math.Pow(10, -0.4 * (Mag - ZeroPointMicroJanskyMag)));

    /// <summary>The flux of this magnitude in units of a zero point.</summary>
    /// <param name="zeroPointMag">Magnitude of a flux of 1.</param>
    public double ToFlux(double zeroPointMag) => Math.Pow(10, -0.4 * (Mag - zeroPointMag));

    /// <inheritdoc/>
    public int CompareTo(AbMagnitude other) => Mag.CompareTo(other.Mag);

    /// <summary>The value in mag.</summary>
    public override string ToString() => Mag.ToString(CultureInfo.InvariantCulture);
}
