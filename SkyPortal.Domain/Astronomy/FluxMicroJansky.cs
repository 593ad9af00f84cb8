using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>A flux density, or its error, in µJy on the AB scale (zero point 23.9 mag). It may be negative, as differences are.</summary>
public readonly record struct FluxMicroJansky : IComparable<FluxMicroJansky>
{
    private const double MagPerRelativeError = 1.0857362047581295;

    /// <summary>Creates a flux.</summary>
    /// <param name="microJansky">Any finite number of µJy.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public FluxMicroJansky(double microJansky) =>
        Value = double.IsFinite(microJansky) ? microJansky : throw new ArgumentOutOfRangeException(nameof(microJansky), microJansky, "A flux must be finite.");

    /// <summary>The flux in µJy.</summary>
    public double Value { get; }

    /// <summary>The flux in Jy.</summary>
    public double Jansky => Value * 1e-6;

    /// <summary>The flux in nJy.</summary>
    public double NanoJansky => Value * 1e3;

    /// <summary>A flux from Jy.</summary>
    public static FluxMicroJansky FromJansky(double jansky) => new(jansky * 1e6);

    /// <summary>A flux from nJy, as LSST gives it.</summary>
    public static FluxMicroJansky FromNanoJansky(double nanoJansky) => new(nanoJansky * 1e-3);

    /// <summary>A flux from counts or any unit with a zero point.</summary>
    /// <param name="flux">Flux in units of the zero point.</param>
    /// <param name="zeroPointMag">AB magnitude of a flux of 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The result is not finite.</exception>
    public static FluxMicroJansky FromZeroPoint(double flux, double zeroPointMag) =>
        new(flux * Math.Pow(10, -0.4 * (zeroPointMag - AbMagnitude.ZeroPointMicroJanskyMag)));

    /// <summary>The standard deviation of a flux from that of its magnitude, to first order.</summary>
    /// <param name="magError">Standard deviation of the magnitude.</param>
    public FluxMicroJansky ErrorFromMagError(double magError) => new(magError / MagPerRelativeError * Value);

    /// <summary>The magnitude; null where the flux is not above zero.</summary>
    public AbMagnitude? ToMagnitude() => AbMagnitude.FromFlux(Value, AbMagnitude.ZeroPointMicroJanskyMag);

    /// <summary>The standard deviation in mag of this flux's magnitude, to first order; null where the flux is not above zero.</summary>
    /// <param name="fluxError">Standard deviation of the flux.</param>
    public double? MagError(FluxMicroJansky fluxError)
    {
        var error = Value > 0 ? MagPerRelativeError * fluxError.Value / Value : double.NaN;
        return double.IsFinite(error) ? error : null;
    }

    /// <summary>The flux in units of another zero point.</summary>
    /// <param name="zeroPointMag">AB magnitude of a flux of 1.</param>
    public double ToZeroPoint(double zeroPointMag) => Value * Math.Pow(10, 0.4 * (zeroPointMag - AbMagnitude.ZeroPointMicroJanskyMag));

    /// <inheritdoc/>
    public int CompareTo(FluxMicroJansky other) => Value.CompareTo(other.Value);

    /// <summary>Sum of two fluxes.</summary>
    public static FluxMicroJansky operator +(FluxMicroJansky left, FluxMicroJansky right) => new(left.Value + right.Value);

    /// <summary>Difference of two fluxes.</summary>
    public static FluxMicroJansky operator -(FluxMicroJansky left, FluxMicroJansky right) => new(left.Value - right.Value);

    /// <summary>The number of µJy.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
