namespace SkyPortal.Domain.Astronomy;

/// <summary>The Sun, to about 0.01 degrees between 1900 and 2100 (Meeus, Astronomical Algorithms, chapter 25).</summary>
public static class Sun
{
    /// <summary>Altitude in degrees of the Sun's centre when its upper edge touches the horizon (refraction 34', radius 16').</summary>
    public const double RiseSetAltitudeDegrees = -0.8333;

    /// <summary>Altitude in degrees of the Sun at the end of civil twilight.</summary>
    public const double CivilAltitudeDegrees = -6;

    /// <summary>Altitude in degrees of the Sun at the end of nautical twilight.</summary>
    public const double NauticalAltitudeDegrees = -12;

    /// <summary>Altitude in degrees of the Sun at the end of astronomical twilight.</summary>
    public const double AstronomicalAltitudeDegrees = -18;

    internal const double KmPerAu = 149_597_870.7;
    private const double RadiansPerDegree = Math.PI / 180;

    // A twilight shorter than a step, next to a polar day or night, may go unseen.
    private const double StepDays = 10.0 / 1440;
    private const double PrecisionDays = 0.1 / 86_400;

    /// <summary>The Sun's position.</summary>
    public static SkyPosition PositionAt(Mjd moment)
    {
        var (x, y, z, _) = Equatorial(moment);
        return EarthFrame.ToIcrs(x, y, z, moment);
    }

    /// <summary>Where the Sun stands, its centre, without refraction.</summary>
    public static HorizontalPosition Locate(ObservingSite site, Mjd moment)
    {
        var (x, y, z, _) = Equatorial(moment);
        return site.Locate(x, y, z, moment);
    }

    /// <summary>Altitude of the Sun's centre in degrees, without refraction.</summary>
    public static double AltitudeDegrees(ObservingSite site, Mjd moment) => Locate(site, moment).AltitudeDegrees;

    /// <summary>The next moment at which the Sun passes an altitude; null where it does not within the time searched.</summary>
    /// <param name="altitudeDegrees">Altitude to pass, such as <see cref="AstronomicalAltitudeDegrees"/>.</param>
    /// <param name="rising">Whether it passes upwards.</param>
    /// <param name="searchDays">How many days to search, above zero.</param>
    public static Mjd? NextCrossing(ObservingSite site, Mjd from, double altitudeDegrees, bool rising, double searchDays = 1) =>
        Crossing(site, from, altitudeDegrees, rising, searchDays, forward: true);

    /// <summary>The last moment at which the Sun passed an altitude; see <see cref="NextCrossing"/>.</summary>
    public static Mjd? PreviousCrossing(ObservingSite site, Mjd from, double altitudeDegrees, bool rising, double searchDays = 1) =>
        Crossing(site, from, altitudeDegrees, rising, searchDays, forward: false);

    /// <summary>Ecliptic longitude of date in degrees, apparent, and distance in au.</summary>
    internal static (double LongitudeDegrees, double DistanceAu) Ecliptic(Mjd moment)
    {
        var t = EarthFrame.Centuries(moment);
        var meanLongitude = 280.46646 + (36_000.76983 * t) + (0.0003032 * t * t);
        var anomaly = (357.52911 + (35_999.05029 * t) - (0.0001537 * t * t)) * RadiansPerDegree;
        var eccentricity = 0.016708634 - (0.000042037 * t);
        var center = ((1.914602 - (0.004817 * t)) * Math.Sin(anomaly))
            + ((0.019993 - (0.000101 * t)) * Math.Sin(2 * anomaly)) + (0.000289 * Math.Sin(3 * anomaly));
        var distance = 1.000001018 * (1 - (eccentricity * eccentricity)) / (1 + (eccentricity * Math.Cos(anomaly + (center * RadiansPerDegree))));
        return (meanLongitude + center - 0.00569, distance);
    }

    internal static double ObliquityRadians(Mjd moment) => (23.439291 - (0.0130042 * EarthFrame.Centuries(moment))) * RadiansPerDegree;

    private static (double X, double Y, double Z, double DistanceAu) Equatorial(Mjd moment)
    {
        var (longitude, distance) = Ecliptic(moment);
        var (sin, cos) = Math.SinCos(longitude * RadiansPerDegree);
        var (sinTilt, cosTilt) = Math.SinCos(ObliquityRadians(moment));
        return (cos, sin * cosTilt, sin * sinTilt, distance);
    }

    private static Mjd? Crossing(ObservingSite site, Mjd from, double altitudeDegrees, bool rising, double searchDays, bool forward)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(searchDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(searchDays, 400);
        var sense = forward ? 1 : -1;
        var steps = (int)Math.Ceiling(searchDays / StepDays);
        var near = from;
        var nearHeight = AltitudeDegrees(site, near) - altitudeDegrees;
        for (var i = 1; i <= steps; i++)
        {
            var far = from.AddDays(sense * Math.Min(i * StepDays, searchDays));
            var farHeight = AltitudeDegrees(site, far) - altitudeDegrees;
            var upward = forward ? nearHeight < 0 && farHeight >= 0 : farHeight < 0 && nearHeight >= 0;
            var downward = forward ? nearHeight >= 0 && farHeight < 0 : farHeight >= 0 && nearHeight < 0;
            if (rising ? upward : downward)
            {
                return Bisect(site, forward ? near : far, forward ? far : near, altitudeDegrees, rising);
            }

            (near, nearHeight) = (far, farHeight);
        }

        return null;
    }

    private static Mjd Bisect(ObservingSite site, Mjd early, Mjd late, double altitudeDegrees, bool rising)
    {
        while (late - early > PrecisionDays)
        {
            var middle = early.AddDays((late - early) / 2);
            var passed = AltitudeDegrees(site, middle) >= altitudeDegrees == rising;
            (early, late) = passed ? (early, middle) : (middle, late);
        }

        return late;
    }
}
