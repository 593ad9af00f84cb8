using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>An angle, finite and signed, of any number of turns.</summary>
public readonly record struct Angle : IComparable<Angle>
{
    private Angle(double degrees) =>
        Degrees = double.IsFinite(degrees) ? degrees : throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "An angle must be finite.");

    /// <summary>The angle in degrees.</summary>
    public double Degrees { get; }

    /// <summary>The angle in radians.</summary>
    public double Radians => Degrees * (Math.PI / 180);

    /// <summary>The angle in arcminutes.</summary>
    public double Arcmin => Degrees * 60;

    /// <summary>The angle in arcseconds.</summary>
    public double Arcsec => Degrees * 3600;

    /// <summary>The angle in hours of 15 degrees.</summary>
    public double Hours => Degrees / 15;

    /// <summary>An angle from degrees.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Angle FromDegrees(double degrees) => new(degrees);

    /// <summary>An angle from radians.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Angle FromRadians(double radians) => new(radians / (Math.PI / 180));

    /// <summary>An angle from arcminutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Angle FromArcmin(double arcmin) => new(arcmin / 60);

    /// <summary>An angle from arcseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Angle FromArcsec(double arcsec) => new(arcsec / 3600);

    /// <summary>An angle from hours of 15 degrees.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Angle FromHours(double hours) => new(hours * 15);

    /// <summary>Degrees brought into [0, 360).</summary>
    public static double NormalizeDegrees(double degrees)
    {
        var rest = degrees % 360.0;
        if (rest < 0)
        {
            rest += 360.0;
        }

        // A tiny negative number rounds up to the full circle; adding zero turns -0 into 0.
        return rest >= 360.0 ? 0.0 : rest + 0.0;
    }

    /// <summary>The same direction in [0, 360) degrees.</summary>
    public Angle Normalized() => new(NormalizeDegrees(Degrees));

    /// <summary>The same direction in [-180, 180) degrees.</summary>
    public Angle NormalizedSigned()
    {
        var degrees = NormalizeDegrees(Degrees);
        return new Angle(degrees >= 180 ? degrees - 360 : degrees);
    }

    /// <inheritdoc/>
    public int CompareTo(Angle other) => Degrees.CompareTo(other.Degrees);

    /// <summary>Sum of two angles.</summary>
    public static Angle operator +(Angle left, Angle right) => new(left.Degrees + right.Degrees);

    /// <summary>Difference of two angles.</summary>
    public static Angle operator -(Angle left, Angle right) => new(left.Degrees - right.Degrees);

    /// <summary>The opposite angle.</summary>
    public static Angle operator -(Angle angle) => new(-angle.Degrees);

    /// <summary>A multiple of an angle; the factor has no unit.</summary>
    public static Angle operator *(Angle angle, double factor) => new(angle.Degrees * factor);

    /// <summary>Whether the left angle is smaller.</summary>
    public static bool operator <(Angle left, Angle right) => left.Degrees < right.Degrees;

    /// <summary>Whether the left angle is larger.</summary>
    public static bool operator >(Angle left, Angle right) => left.Degrees > right.Degrees;

    /// <summary>Whether the left angle is smaller or the same.</summary>
    public static bool operator <=(Angle left, Angle right) => left.Degrees <= right.Degrees;

    /// <summary>Whether the left angle is larger or the same.</summary>
    public static bool operator >=(Angle left, Angle right) => left.Degrees >= right.Degrees;

    /// <summary>Degrees with their sign, such as <c>12.5°</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Degrees}°");
}
