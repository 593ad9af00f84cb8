namespace SkyPortal.Domain.Astronomy;

/// <summary>The turning and the precession of the Earth, as in Meeus, Astronomical Algorithms (1998), chapters 12 and 21.</summary>
internal static class EarthFrame
{
    private const double J2000MjdDays = 51_544.5;
    private const double DaysPerCentury = 36_525;
    private const double TerrestrialMinusTaiSeconds = 32.184;
    private const double RadiansPerArcsec = Math.PI / 180 / 3600;

    /// <summary>Julian centuries of Terrestrial Time since J2000.</summary>
    public static double Centuries(Mjd moment) =>
        (moment.TaiDays + (TerrestrialMinusTaiSeconds / 86_400) - J2000MjdDays) / DaysPerCentury;

    /// <summary>Mean sidereal time at Greenwich in degrees, any turn.</summary>
    public static double GreenwichSiderealTimeDegrees(Mjd moment)
    {
        var days = moment.UtcDays - J2000MjdDays;
        var t = days / DaysPerCentury;
        return (280.46061837 + (360.98564736629 * days) + (0.000387933 * t * t)) % 360;
    }

    /// <summary>From the ICRS (taken as J2000) to the mean equator and equinox of date.</summary>
    public static UnitVector ToMeanOfDate(UnitVector icrs, Mjd moment)
    {
        var m = Precession(moment);
        return UnitVector.FromComponents(
            (m[0, 0] * icrs.X) + (m[0, 1] * icrs.Y) + (m[0, 2] * icrs.Z),
            (m[1, 0] * icrs.X) + (m[1, 1] * icrs.Y) + (m[1, 2] * icrs.Z),
            (m[2, 0] * icrs.X) + (m[2, 1] * icrs.Y) + (m[2, 2] * icrs.Z));
    }

    /// <summary>From the mean equator and equinox of date to the ICRS.</summary>
    public static SkyPosition ToIcrs(double x, double y, double z, Mjd moment)
    {
        var m = Precession(moment);
        return SkyPosition.FromUnitVector(UnitVector.FromComponents(
            (m[0, 0] * x) + (m[1, 0] * y) + (m[2, 0] * z),
            (m[0, 1] * x) + (m[1, 1] * y) + (m[2, 1] * z),
            (m[0, 2] * x) + (m[1, 2] * y) + (m[2, 2] * z)));
    }

    private static double[,] Precession(Mjd moment)
    {
        var t = Centuries(moment);
        var zeta = ((2306.2181 + ((0.30188 + (0.017998 * t)) * t)) * t) * RadiansPerArcsec;
        var z = ((2306.2181 + ((1.09468 + (0.018203 * t)) * t)) * t) * RadiansPerArcsec;
        var theta = ((2004.3109 - ((0.42665 + (0.041833 * t)) * t)) * t) * RadiansPerArcsec;
        return RotationMatrix.Multiply(RotationMatrix.AboutZ(-z), RotationMatrix.Multiply(RotationMatrix.AboutY(theta), RotationMatrix.AboutZ(-zeta)));
    }
}
