namespace SkyPortal.Domain.Astronomy;

/// <summary>Small steps on the sky.</summary>
public static class TangentPlane
{
    private const double RadiansPerDegree = Math.PI / 180;

    /// <summary>
    /// The step from one position to another as longitude and latitude in the frame whose origin and pole stand at the first, as
    /// telescopes take offsets: arcseconds east and north.
    /// </summary>
    public static (double EastArcsec, double NorthArcsec) OffsetsArcsec(SkyPosition from, SkyPosition to)
    {
        var (along, east, north) = Rotated(from, to);
        return (
            Math.Atan2(east, along) / RadiansPerDegree * 3600,
            Math.Atan2(north, Math.Sqrt((along * along) + (east * east))) / RadiansPerDegree * 3600);
    }

    /// <summary>Gnomonic coordinates of a position about a centre, degrees east and north; null where it lies 90 degrees away or more.</summary>
    public static (double EastDegrees, double NorthDegrees)? Project(SkyPosition center, SkyPosition position)
    {
        var (along, east, north) = Rotated(center, position);
        return along > 1e-9 ? (east / along / RadiansPerDegree, north / along / RadiansPerDegree) : null;
    }

    /// <summary>The position at gnomonic coordinates about a centre, degrees east and north.</summary>
    public static SkyPosition Deproject(SkyPosition center, double eastDegrees, double northDegrees)
    {
        var (east, north) = (eastDegrees * RadiansPerDegree, northDegrees * RadiansPerDegree);
        var (sinRa, cosRa) = Math.SinCos(center.RaDegrees * RadiansPerDegree);
        var (sinDec, cosDec) = Math.SinCos(center.DecDegrees * RadiansPerDegree);
        return SkyPosition.FromUnitVector(UnitVector.FromComponents(
            (cosDec * cosRa) - (east * sinRa) - (north * sinDec * cosRa),
            (cosDec * sinRa) + (east * cosRa) - (north * sinDec * sinRa),
            sinDec + (north * cosDec)));
    }

    // Components of the second direction along the first, and towards its east and north.
    private static (double Along, double East, double North) Rotated(SkyPosition from, SkyPosition to)
    {
        var (sinDelta, cosDelta) = Math.SinCos((to.RaDegrees - from.RaDegrees) * RadiansPerDegree);
        var (sinFrom, cosFrom) = Math.SinCos(from.DecDegrees * RadiansPerDegree);
        var (sinTo, cosTo) = Math.SinCos(to.DecDegrees * RadiansPerDegree);
        return (
            (sinFrom * sinTo) + (cosFrom * cosTo * cosDelta),
            cosTo * sinDelta,
            (cosFrom * sinTo) - (sinFrom * cosTo * cosDelta));
    }
}
