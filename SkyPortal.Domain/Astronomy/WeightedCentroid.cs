namespace SkyPortal.Domain.Astronomy;

/// <summary>A measured position with the weights of its two coordinates.</summary>
/// <param name="RaWeight">Weight along right ascension, above 0.</param>
/// <param name="DecWeight">Weight along declination, above 0.</param>
public readonly record struct WeightedPosition(SkyPosition Position, double RaWeight, double DecWeight);

/// <summary>The mean of positions that lie close to each other.</summary>
public static class WeightedCentroid
{
    private const double RadiansPerDegree = Math.PI / 180;
    private const double FarthestDegrees = 45;

    /// <summary>
    /// The weighted mean in the plane that touches the sky at a centre (gnomonic projection: x = cos δ sin Δα / c,
    /// y = (cos δ₀ sin δ − sin δ₀ cos δ cos Δα) / c, with c the cosine of the separation), so that neither a pole nor the zero of
    /// right ascension matters. Positions more than 45 degrees from the centre are left out; null where none is left.
    /// </summary>
    public static SkyPosition? Of(SkyPosition center, IEnumerable<WeightedPosition> positions)
    {
        var (sumX, sumY, weightX, weightY) = (0.0, 0.0, 0.0, 0.0);
        var (sin0, cos0) = Math.SinCos(center.DecDegrees * RadiansPerDegree);
        foreach (var one in positions.Where(one => center.SeparationDegrees(one.Position) <= FarthestDegrees))
        {
            var (sin, cos) = Math.SinCos(one.Position.DecDegrees * RadiansPerDegree);
            var (sinRa, cosRa) = Math.SinCos((one.Position.RaDegrees - center.RaDegrees) * RadiansPerDegree);
            var c = (sin0 * sin) + (cos0 * cos * cosRa);
            sumX += one.RaWeight * cos * sinRa / c;
            sumY += one.DecWeight * ((cos0 * sin) - (sin0 * cos * cosRa)) / c;
            weightX += one.RaWeight;
            weightY += one.DecWeight;
        }

        if (weightX <= 0 || weightY <= 0)
        {
            return null;
        }

        // Back to the sphere: the point of the plane is the direction (1, x, y) in the frame of the centre.
        var (x, y) = (sumX / weightX, sumY / weightY);
        var ra = center.RaDegrees + (Math.Atan2(x, cos0 - (y * sin0)) / RadiansPerDegree);
        var dec = Math.Asin((sin0 + (y * cos0)) / Math.Sqrt(1 + (x * x) + (y * y))) / RadiansPerDegree;
        return new SkyPosition(ra, Math.Clamp(dec, -90, 90));
    }
}
