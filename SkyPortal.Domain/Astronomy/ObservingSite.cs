namespace SkyPortal.Domain.Astronomy;

/// <summary>Altitude and azimuth seen from a site.</summary>
/// <param name="AltitudeDegrees">Height above the horizon in degrees, -90 to 90, without refraction.</param>
/// <param name="AzimuthDegrees">Direction along the horizon in degrees, from north over east, in [0, 360).</param>
public readonly record struct HorizontalPosition(double AltitudeDegrees, double AzimuthDegrees);

/// <summary>A place on the Earth from which one observes. Altitudes are good to about 0.02 degrees.</summary>
public readonly record struct ObservingSite
{
    private const double RadiansPerDegree = Math.PI / 180.0;

    /// <summary>Creates a site.</summary>
    /// <param name="latitudeDegrees">Geodetic latitude (WGS 84) in degrees, -90 to 90.</param>
    /// <param name="longitudeDegrees">Longitude in degrees, east positive, -360 to 360.</param>
    /// <param name="elevationMeters">Height above the ellipsoid in metres.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite or out of range.</exception>
    public ObservingSite(double latitudeDegrees, double longitudeDegrees, double elevationMeters = 0)
    {
        LatitudeDegrees = latitudeDegrees is >= -90 and <= 90 ? latitudeDegrees
            : throw new ArgumentOutOfRangeException(nameof(latitudeDegrees), latitudeDegrees, "Latitude must be between -90 and 90 degrees.");
        LongitudeDegrees = longitudeDegrees is >= -360 and <= 360 ? longitudeDegrees
            : throw new ArgumentOutOfRangeException(nameof(longitudeDegrees), longitudeDegrees, "Longitude must be between -360 and 360 degrees.");
        ElevationMeters = double.IsFinite(elevationMeters) ? elevationMeters
            : throw new ArgumentOutOfRangeException(nameof(elevationMeters), elevationMeters, "Elevation must be a finite number of metres.");
    }

    /// <summary>Geodetic latitude in degrees.</summary>
    public double LatitudeDegrees { get; }

    /// <summary>Longitude in degrees, east positive.</summary>
    public double LongitudeDegrees { get; }

    /// <summary>Height above the ellipsoid in metres.</summary>
    public double ElevationMeters { get; }

    /// <summary>Local mean sidereal time in degrees, in [0, 360); 15 degrees are an hour. UT1 is taken as UTC (within 0.9 s).</summary>
    public double LocalSiderealTimeDegrees(Mjd moment) =>
        Angle.NormalizeDegrees(EarthFrame.GreenwichSiderealTimeDegrees(moment) + LongitudeDegrees);

    /// <summary>Where a fixed position of the sky stands.</summary>
    public HorizontalPosition Locate(SkyPosition position, Mjd moment)
    {
        var v = EarthFrame.ToMeanOfDate(position.ToUnitVector(), moment);
        return Locate(v.X, v.Y, v.Z, moment);
    }

    /// <summary>Airmass towards a position; null below the horizon.</summary>
    public double? AirmassTowards(SkyPosition position, Mjd moment) => Airmass.AtAltitude(Locate(position, moment).AltitudeDegrees);

    /// <summary>Where a direction in the equator and equinox of date stands; its length does not matter.</summary>
    internal HorizontalPosition Locate(double x, double y, double z, Mjd moment)
    {
        var (sinSidereal, cosSidereal) = Math.SinCos(LocalSiderealTimeDegrees(moment) * RadiansPerDegree);
        var (sinLatitude, cosLatitude) = Math.SinCos(LatitudeDegrees * RadiansPerDegree);
        var towardsMeridian = (x * cosSidereal) + (y * sinSidereal);
        var east = (y * cosSidereal) - (x * sinSidereal);
        var up = (towardsMeridian * cosLatitude) + (z * sinLatitude);
        var north = (z * cosLatitude) - (towardsMeridian * sinLatitude);
        return new HorizontalPosition(
            Math.Atan2(up, Math.Sqrt((north * north) + (east * east))) / RadiansPerDegree,
            Angle.NormalizeDegrees(Math.Atan2(east, north) / RadiansPerDegree));
    }

    /// <summary>The site in km from the Earth's centre, in the equator and equinox of date (ellipsoid WGS 84).</summary>
    internal (double X, double Y, double Z) GeocentricKm(Mjd moment)
    {
        const double EquatorialRadiusKm = 6378.137;
        const double SquaredEccentricity = 0.00669437999014;
        var (sinLatitude, cosLatitude) = Math.SinCos(LatitudeDegrees * RadiansPerDegree);
        var (sinSidereal, cosSidereal) = Math.SinCos(LocalSiderealTimeDegrees(moment) * RadiansPerDegree);
        var curvature = EquatorialRadiusKm / Math.Sqrt(1 - (SquaredEccentricity * sinLatitude * sinLatitude));
        var height = ElevationMeters / 1000;
        var fromAxis = (curvature + height) * cosLatitude;
        return (fromAxis * cosSidereal, fromAxis * sinSidereal, ((curvature * (1 - SquaredEccentricity)) + height) * sinLatitude);
    }
}
