namespace SkyPortal.Domain.Astronomy;

/// <summary>A place in a picture of the whole sky: both coordinates from -1 to 1, x to the right, y upwards; the sky is the ellipse within.</summary>
/// <param name="X">From east (-1, left) to west (1).</param>
/// <param name="Y">From south (-1) to north (1).</param>
public readonly record struct MollweidePoint(double X, double Y);

/// <summary>
/// Mollweide's equal-area projection of the whole sky, as it is seen from within: right ascension grows to the left. Formulas: Snyder (1987),
/// USGS Professional Paper 1395, p. 251, with x divided by its half width and y by its half height.
/// </summary>
/// <param name="centerRaDegrees">Right ascension in the middle, degrees.</param>
public sealed class Mollweide(double centerRaDegrees)
{
    private const double RadiansPerDegree = Math.PI / 180;
    private const double Tolerance = 1e-12;
    private const int MostSteps = 100;

    /// <summary>Right ascension in the middle, degrees.</summary>
    public double CenterRaDegrees { get; } = centerRaDegrees;

    /// <summary>Where a position lies in the picture.</summary>
    public MollweidePoint Of(SkyPosition position)
    {
        var (east, theta) = (Wrapped(position.RaDegrees - CenterRaDegrees), AuxiliaryRadians(position.DecDegrees * RadiansPerDegree));
        return new MollweidePoint(-east / 180 * Math.Cos(theta), Math.Sin(theta));
    }

    /// <summary>What lies at a place of the picture; null outside the ellipse.</summary>
    public SkyPosition? At(double x, double y)
    {
        if ((x * x) + (y * y) > 1)
        {
            return null;
        }

        var theta = Math.Asin(y);
        var dec = Math.Asin(Math.Clamp(((2 * theta) + Math.Sin(2 * theta)) / Math.PI, -1, 1));
        var cosine = Math.Cos(theta);
        var east = cosine < Tolerance ? 0 : -180 * x / cosine;
        var ra = (CenterRaDegrees + east) % 360;
        return new SkyPosition(ra < 0 ? ra + 360 : ra, dec / RadiansPerDegree);
    }

    // -180 exclusive to 180 inclusive.
    private static double Wrapped(double degrees)
    {
        var turned = degrees % 360;
        return turned > 180 ? turned - 360 : turned <= -180 ? turned + 360 : turned;
    }

    // Solves 2θ + sin 2θ = π sin δ. Newton's step is slow near the poles, where it is halved into the bracket.
    private static double AuxiliaryRadians(double decRadians)
    {
        var wanted = Math.PI * Math.Sin(decRadians);
        var (low, high, theta) = (-Math.PI / 2, Math.PI / 2, decRadians);
        for (var step = 0; step < MostSteps && high - low > Tolerance; step++)
        {
            var off = (2 * theta) + Math.Sin(2 * theta) - wanted;
            (low, high) = off > 0 ? (low, theta) : (theta, high);
            var slope = 2 + (2 * Math.Cos(2 * theta));
            var next = slope > Tolerance ? theta - (off / slope) : double.NaN;
            next = next > low && next < high ? next : (low + high) / 2;
            if (Math.Abs(next - theta) < Tolerance)
            {
                return next;
            }

            theta = next;
        }

        return theta;
    }
}
