namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// The Moon, to about 0.02 degrees: the largest terms of the lunar theory ELP 2000-82 as listed by Meeus, Astronomical
/// Algorithms (1998), chapter 47. Positions for a site include its parallax of up to a degree.
/// </summary>
public static class Moon
{
    private const double RadiansPerDegree = Math.PI / 180;

    // Multiples of elongation, solar anomaly, lunar anomaly and latitude argument; longitude in 1e-6 degrees (sine);
    // distance in metres (cosine).
    private static readonly int[,] LongitudeAndDistanceTerms =
    {
        { 0, 0, 1, 0, 6288774, -20905355 }, { 2, 0, -1, 0, 1274027, -3699111 }, { 2, 0, 0, 0, 658314, -2955968 },
        { 0, 0, 2, 0, 213618, -569925 }, { 0, 1, 0, 0, -185116, 48888 }, { 0, 0, 0, 2, -114332, -3149 },
        { 2, 0, -2, 0, 58793, 246158 }, { 2, -1, -1, 0, 57066, -152138 }, { 2, 0, 1, 0, 53322, -170733 },
        { 2, -1, 0, 0, 45758, -204586 }, { 0, 1, -1, 0, -40923, -129620 }, { 1, 0, 0, 0, -34720, 108743 },
        { 0, 1, 1, 0, -30383, 104755 }, { 2, 0, 0, -2, 15327, 10321 }, { 0, 0, 1, 2, -12528, 0 },
        { 0, 0, 1, -2, 10980, 79661 }, { 4, 0, -1, 0, 10675, -34782 }, { 0, 0, 3, 0, 10034, -23210 },
        { 4, 0, -2, 0, 8548, -21636 }, { 2, 1, -1, 0, -7888, 24208 }, { 2, 1, 0, 0, -6766, 30824 },
        { 1, 0, -1, 0, -5163, -8379 }, { 1, 1, 0, 0, 4987, -16675 }, { 2, -1, 1, 0, 4036, -12831 },
        { 2, 0, 2, 0, 3994, -10445 }, { 4, 0, 0, 0, 3861, -11650 }, { 2, 0, -3, 0, 3665, 14403 },
    };

    // The same arguments; latitude in 1e-6 degrees (sine).
    private static readonly int[,] LatitudeTerms =
    {
        { 0, 0, 0, 1, 5128122 }, { 0, 0, 1, 1, 280602 }, { 0, 0, 1, -1, 277693 }, { 2, 0, 0, -1, 173237 },
        { 2, 0, -1, 1, 55413 }, { 2, 0, -1, -1, 46271 }, { 2, 0, 0, 1, 32573 }, { 0, 0, 2, 1, 17198 },
        { 2, 0, 1, -1, 9266 }, { 0, 0, 2, -1, 8822 }, { 2, -1, 0, -1, 8216 }, { 2, 0, -2, -1, 4324 },
        { 2, 0, 1, 1, 4200 }, { 2, 1, 0, -1, -3359 },
    };

    /// <summary>The Moon's position seen from a site.</summary>
    public static SkyPosition PositionAt(ObservingSite site, Mjd moment)
    {
        var (x, y, z) = TopocentricKm(site, moment);
        return EarthFrame.ToIcrs(x, y, z, moment);
    }

    /// <summary>Where the Moon stands seen from a site, its centre, without refraction.</summary>
    public static HorizontalPosition Locate(ObservingSite site, Mjd moment)
    {
        var (x, y, z) = TopocentricKm(site, moment);
        return site.Locate(x, y, z, moment);
    }

    /// <summary>Altitude of the Moon's centre in degrees seen from a site, without refraction.</summary>
    public static double AltitudeDegrees(ObservingSite site, Mjd moment) => Locate(site, moment).AltitudeDegrees;

    /// <summary>The lit part of the Moon's disc, 0 (new) to 1 (full), seen from the Earth's centre.</summary>
    public static double IlluminatedFraction(Mjd moment)
    {
        var moon = Ecliptic(moment);
        var sun = Sun.Ecliptic(moment);
        var sunKm = sun.DistanceAu * Sun.KmPerAu;
        var cosElongation = Math.Cos(moon.LatitudeDegrees * RadiansPerDegree)
            * Math.Cos((moon.LongitudeDegrees - sun.LongitudeDegrees) * RadiansPerDegree);
        var sinElongation = Math.Sqrt(Math.Max(0, 1 - (cosElongation * cosElongation)));
        var phase = Math.Atan2(sunKm * sinElongation, moon.DistanceKm - (sunKm * cosElongation));
        return (1 + Math.Cos(phase)) / 2;
    }

    private static (double X, double Y, double Z) TopocentricKm(ObservingSite site, Mjd moment)
    {
        var (longitude, latitude, distance) = Ecliptic(moment);
        var ecliptic = UnitVector.FromRadians(longitude * RadiansPerDegree, latitude * RadiansPerDegree);
        var (sinTilt, cosTilt) = Math.SinCos(Sun.ObliquityRadians(moment));
        var from = site.GeocentricKm(moment);
        return (
            (distance * ecliptic.X) - from.X,
            (distance * ((ecliptic.Y * cosTilt) - (ecliptic.Z * sinTilt))) - from.Y,
            (distance * ((ecliptic.Y * sinTilt) + (ecliptic.Z * cosTilt))) - from.Z);
    }

    private static (double LongitudeDegrees, double LatitudeDegrees, double DistanceKm) Ecliptic(Mjd moment)
    {
        var t = EarthFrame.Centuries(moment);
        var meanLongitude = 218.3164477 + (481_267.88123421 * t) - (0.0015786 * t * t);
        var elongation = 297.8501921 + (445_267.1114034 * t) - (0.0018819 * t * t);
        var solarAnomaly = 357.5291092 + (35_999.0502909 * t);
        var lunarAnomaly = 134.9633964 + (477_198.8675055 * t) + (0.0087414 * t * t);
        var latitudeArgument = 93.2720950 + (483_202.0175233 * t) - (0.0036539 * t * t);

        // The eccentricity of the Earth's orbit shrinks, and with it every term that holds the solar anomaly.
        var shrink = 1 - (0.002516 * t);

        double Argument(int[,] terms, int i) => RadiansPerDegree *
            ((terms[i, 0] * elongation) + (terms[i, 1] * solarAnomaly) + (terms[i, 2] * lunarAnomaly) + (terms[i, 3] * latitudeArgument));

        double longitude = 0, latitude = 0, distance = 0;
        for (var i = 0; i < LongitudeAndDistanceTerms.GetLength(0); i++)
        {
            var (sin, cos) = Math.SinCos(Argument(LongitudeAndDistanceTerms, i));
            var weight = LongitudeAndDistanceTerms[i, 1] == 0 ? 1 : shrink;
            longitude += weight * LongitudeAndDistanceTerms[i, 4] * sin;
            distance += weight * LongitudeAndDistanceTerms[i, 5] * cos;
        }

        for (var i = 0; i < LatitudeTerms.GetLength(0); i++)
        {
            latitude += (LatitudeTerms[i, 1] == 0 ? 1 : shrink) * LatitudeTerms[i, 4] * Math.Sin(Argument(LatitudeTerms, i));
        }

        return (meanLongitude + (longitude * 1e-6), latitude * 1e-6, 385_000.56 + (distance * 1e-3));
    }
}
