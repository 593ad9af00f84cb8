using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>A direction in the ICRS. Equality is exact, bit by bit.</summary>
public readonly record struct SkyPosition
{
    private const double RadiansPerDegree = Math.PI / 180.0;

    /// <summary>Creates a position. Right ascension is brought into [0, 360).</summary>
    /// <param name="raDegrees">Right ascension in degrees, any finite value.</param>
    /// <param name="decDegrees">Declination in degrees, -90 to 90.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or the declination is out of range.</exception>
    public SkyPosition(double raDegrees, double decDegrees)
    {
        if (!double.IsFinite(raDegrees))
        {
            throw new ArgumentOutOfRangeException(nameof(raDegrees), raDegrees, "Right ascension must be a finite number of degrees.");
        }

        if (!(decDegrees >= -90 && decDegrees <= 90))
        {
            throw new ArgumentOutOfRangeException(nameof(decDegrees), decDegrees, "Declination must be between -90 and 90 degrees.");
        }

        RaDegrees = Angle.NormalizeDegrees(raDegrees);
        DecDegrees = decDegrees + 0.0;
    }

    /// <summary>Right ascension in degrees, in [0, 360).</summary>
    public double RaDegrees { get; }

    /// <summary>Declination in degrees, -90 to 90.</summary>
    public double DecDegrees { get; }

    /// <summary>Creates a position, or says why the numbers are none.</summary>
    /// <param name="error">What is wrong, naming the quantity; null on success.</param>
    public static bool TryCreate(double raDegrees, double decDegrees, out SkyPosition position, [NotNullWhen(false)] out string? error)
    {
        position = default;
        error = !double.IsFinite(raDegrees) ? "Right ascension must be a finite number of degrees."
            : !(decDegrees >= -90 && decDegrees <= 90) ? "Declination must be between -90 and 90 degrees."
            : null;
        if (error is not null)
        {
            return false;
        }

        position = new SkyPosition(raDegrees, decDegrees);
        return true;
    }

    /// <summary>
    /// Reads a right ascension and a declination, each in decimal degrees or sexagesimal.
    /// A sexagesimal right ascension is in hours unless it carries a degree sign.
    /// </summary>
    public static bool TryParse(string? ra, string? dec, out SkyPosition position)
    {
        position = default;
        return Sexagesimal.TryParseRaDegrees(ra, out var raDegrees)
            && Sexagesimal.TryParseDecDegrees(dec, out var decDegrees)
            && TryCreate(raDegrees, decDegrees, out position, out _);
    }

    /// <summary>
    /// Reads one text with both coordinates, such as <c>10.68 41.27</c>, <c>00:42:44.3, +41:16:09</c>,
    /// <c>00h42m44.3s +41d16m09s</c> or <c>00 42 44.3 +41 16 09</c>.
    /// </summary>
    public static bool TryParse(string? text, out SkyPosition position)
    {
        position = default;
        return Sexagesimal.TrySplit(text, out var ra, out var dec) && TryParse(ra, dec, out position);
    }

    /// <summary>The position of a direction in the ICRS.</summary>
    public static SkyPosition FromUnitVector(UnitVector vector)
    {
        var (longitude, latitude) = vector.ToRadians();
        return new SkyPosition(longitude / RadiansPerDegree, Math.Clamp(latitude / RadiansPerDegree, -90, 90));
    }

    /// <summary>The position as a direction.</summary>
    public UnitVector ToUnitVector() => UnitVector.FromRadians(RaDegrees * RadiansPerDegree, DecDegrees * RadiansPerDegree);

    /// <summary>Great-circle separation in degrees, 0 to 180, by Vincenty's formula (stable at all distances).</summary>
    public double SeparationDegrees(SkyPosition other)
    {
        var (sinDelta, cosDelta) = Math.SinCos((other.RaDegrees - RaDegrees) * RadiansPerDegree);
        var (sin1, cos1) = Math.SinCos(DecDegrees * RadiansPerDegree);
        var (sin2, cos2) = Math.SinCos(other.DecDegrees * RadiansPerDegree);
        var a = cos2 * sinDelta;
        var b = (cos1 * sin2) - (sin1 * cos2 * cosDelta);
        return Math.Atan2(Math.Sqrt((a * a) + (b * b)), (sin1 * sin2) + (cos1 * cos2 * cosDelta)) / RadiansPerDegree;
    }

    /// <summary>Position angle of the other position seen from this one, in degrees east of north, in [0, 360).</summary>
    public double PositionAngleDegrees(SkyPosition other)
    {
        var (sinDelta, cosDelta) = Math.SinCos((other.RaDegrees - RaDegrees) * RadiansPerDegree);
        var (sin1, cos1) = Math.SinCos(DecDegrees * RadiansPerDegree);
        var (sin2, cos2) = Math.SinCos(other.DecDegrees * RadiansPerDegree);
        var angle = Math.Atan2(sinDelta * cos2, (sin2 * cos1) - (cos2 * sin1 * cosDelta));
        return Angle.NormalizeDegrees(angle / RadiansPerDegree);
    }

    /// <summary>The position reached by going a distance along a great circle.</summary>
    /// <param name="positionAngleDegrees">Direction at the start, in degrees east of north.</param>
    /// <param name="distanceDegrees">Distance in degrees.</param>
    public SkyPosition OffsetBy(double positionAngleDegrees, double distanceDegrees)
    {
        var (sinAngle, cosAngle) = Math.SinCos(positionAngleDegrees * RadiansPerDegree);
        var (sinDistance, cosDistance) = Math.SinCos(distanceDegrees * RadiansPerDegree);
        var (sinDec, cosDec) = Math.SinCos(DecDegrees * RadiansPerDegree);
        var east = sinDistance * sinAngle;
        var meridian = (cosDec * cosDistance) - (sinDec * sinDistance * cosAngle);
        var north = (sinDec * cosDistance) + (cosDec * sinDistance * cosAngle);
        var dec = Math.Atan2(north, Math.Sqrt((east * east) + (meridian * meridian))) / RadiansPerDegree;
        var ra = RaDegrees + (Math.Atan2(east, meridian) / RadiansPerDegree);
        return new SkyPosition(ra, Math.Clamp(dec, -90, 90));
    }

    /// <summary>The smallest box in right ascension and declination that holds a cone around this position.</summary>
    /// <param name="radiusDegrees">Radius of the cone in degrees, 0 to 180.</param>
    public SkyBox BoundingBox(double radiusDegrees) => SkyBox.AroundCone(this, radiusDegrees);

    /// <summary>The same direction in galactic coordinates.</summary>
    public GalacticPosition ToGalactic() => GalacticPosition.FromIcrs(this);

    /// <summary>The order-29 nested HEALPix pixel that holds the position.</summary>
    public long ToHealpix29() => Healpix.PixelOf(Healpix.MaxOrder, this);

    /// <summary>Hours, minutes and seconds and degrees, minutes and seconds, such as <c>00:42:44.330 +41:16:07.50</c>.</summary>
    public string ToSexagesimal(SexagesimalStyle style = SexagesimalStyle.Colons) =>
        $"{Sexagesimal.FormatRa(RaDegrees, 3, style)} {Sexagesimal.FormatDec(DecDegrees, 2, style)}";

    /// <summary>Decimal degrees, such as <c>10.68471 41.26875</c>, precise enough to read back the same numbers.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RaDegrees} {DecDegrees}");
}
