namespace SkyPortal.Domain.Astronomy;

/// <summary>A box in right ascension and declination. It wraps through 0 h where the east edge is below the west edge.</summary>
/// <param name="RaMinDegrees">Edge of least right ascension, going east from it; in [0, 360).</param>
/// <param name="RaMaxDegrees">The other edge; in [0, 360]. 0 and 360 together mean the full circle.</param>
/// <param name="DecMinDegrees">South edge, -90 to 90.</param>
/// <param name="DecMaxDegrees">North edge, -90 to 90.</param>
public readonly record struct SkyBox(double RaMinDegrees, double RaMaxDegrees, double DecMinDegrees, double DecMaxDegrees)
{
    /// <summary>Whether the box goes through right ascension 0.</summary>
    public bool Wraps => RaMinDegrees > RaMaxDegrees;

    /// <summary>Whether the box holds a position, edges included.</summary>
    public bool Contains(SkyPosition position) =>
        position.DecDegrees >= DecMinDegrees && position.DecDegrees <= DecMaxDegrees
        && (Wraps
            ? position.RaDegrees >= RaMinDegrees || position.RaDegrees <= RaMaxDegrees
            : position.RaDegrees >= RaMinDegrees && position.RaDegrees <= RaMaxDegrees);

    /// <summary>The smallest box that holds a cone; the full circle of right ascension where the cone reaches a pole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The radius is not between 0 and 180 degrees.</exception>
    internal static SkyBox AroundCone(SkyPosition center, double radiusDegrees)
    {
        if (!(radiusDegrees >= 0 && radiusDegrees <= 180))
        {
            throw new ArgumentOutOfRangeException(nameof(radiusDegrees), radiusDegrees, "The radius must be between 0 and 180 degrees.");
        }

        // A hair wider than asked, so that rounding never loses a point on the edge.
        const double SlackDegrees = 1e-11;
        var south = center.DecDegrees - radiusDegrees - SlackDegrees;
        var north = center.DecDegrees + radiusDegrees + SlackDegrees;
        if (south <= -90 || north >= 90)
        {
            return new SkyBox(0, 360, Math.Max(south, -90), Math.Min(north, 90));
        }

        var ratio = Math.Sin(radiusDegrees * Math.PI / 180) / Math.Cos(center.DecDegrees * Math.PI / 180);
        var half = (Math.Asin(Math.Min(1, ratio)) * 180 / Math.PI) + (SlackDegrees / Math.Cos(center.DecDegrees * Math.PI / 180));
        return half >= 90
            ? new SkyBox(0, 360, south, north)
            : new SkyBox(Angle.NormalizeDegrees(center.RaDegrees - half), Angle.NormalizeDegrees(center.RaDegrees + half), south, north);
    }
}
