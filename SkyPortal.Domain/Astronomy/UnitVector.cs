namespace SkyPortal.Domain.Astronomy;

/// <summary>A direction on the unit sphere: x towards (0, 0), y towards (90°, 0), z towards the north pole of its frame.</summary>
public readonly record struct UnitVector
{
    private UnitVector(double x, double y, double z)
    {
        X = x;
        Y = y;
        Z = z;
    }

    /// <summary>First component, -1 to 1.</summary>
    public double X { get; }

    /// <summary>Second component, -1 to 1.</summary>
    public double Y { get; }

    /// <summary>Third component, -1 to 1.</summary>
    public double Z { get; }

    /// <summary>The direction of a vector of any finite length above zero.</summary>
    /// <exception cref="ArgumentException">The vector is zero or not finite.</exception>
    public static UnitVector FromComponents(double x, double y, double z)
    {
        var length = Math.Sqrt((x * x) + (y * y) + (z * z));
        if (!double.IsFinite(length) || length == 0)
        {
            throw new ArgumentException("A direction needs a finite vector longer than zero.");
        }

        return new UnitVector(x / length, y / length, z / length);
    }

    /// <summary>The direction at a longitude and latitude in radians.</summary>
    public static UnitVector FromRadians(double longitudeRadians, double latitudeRadians)
    {
        var (sinLon, cosLon) = Math.SinCos(longitudeRadians);
        var (sinLat, cosLat) = Math.SinCos(latitudeRadians);
        return new UnitVector(cosLat * cosLon, cosLat * sinLon, sinLat);
    }

    /// <summary>Longitude (any turn) and latitude in radians.</summary>
    public (double LongitudeRadians, double LatitudeRadians) ToRadians() =>
        (Math.Atan2(Y, X), Math.Atan2(Z, Math.Sqrt((X * X) + (Y * Y))));

    /// <summary>Cosine of the angle to another direction.</summary>
    public double Dot(UnitVector other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>Square of the straight-line distance to another direction, 0 to 4; precise for small angles.</summary>
    public double ChordSquared(UnitVector other)
    {
        var dx = X - other.X;
        var dy = Y - other.Y;
        var dz = Z - other.Z;
        return (dx * dx) + (dy * dy) + (dz * dz);
    }
}
