namespace SkyPortal.Domain.Astronomy;

/// <summary>Airmass by Pickering (2002, DIO 12, 3), good down to the horizon, where it is about 38.</summary>
public static class Airmass
{
    /// <summary>The airmass at an altitude; null below the horizon.</summary>
    /// <param name="altitudeDegrees">Altitude in degrees, 90 at most.</param>
    public static double? AtAltitude(double altitudeDegrees)
    {
        if (!(altitudeDegrees >= 0 && altitudeDegrees <= 90))
        {
            return null;
        }

        var lifted = altitudeDegrees + (244 / (165 + (47 * Math.Pow(altitudeDegrees, 1.1))));
        return 1 / Math.Sin(lifted * Math.PI / 180);
    }
}
