using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>Sky maps of simple shapes.</summary>
public static class SkyMapShapes
{
    /// <summary>Most corners of a polygon.</summary>
    public const int MostCorners = 1_000;

    private const double RadiansPerDegree = Math.PI / 180;
    private const double LeastErrorDegrees = 0.001;
    private const double ConeReach = 4;
    private const int PixelsPerError = 16;
    private const int UniformOrder = 10;
    private const double MostPixels = 1_500_000;
    private const int EnoughPixels = 64;

    /// <summary>
    /// A Gaussian around a position, cut off at four times its width. Pixels are at most a sixteenth of the width on a side.
    /// </summary>
    /// <param name="errorDegrees">Standard deviation in degrees, 0 to 180; an error of 0 counts as 0.001.</param>
    /// <exception cref="SkyMapException">The error is out of range.</exception>
    public static SkyMap Cone(SkyPosition center, double errorDegrees)
    {
        if (errorDegrees is not (>= 0 and <= 180))
        {
            throw new SkyMapException(string.Create(CultureInfo.InvariantCulture, $"error must be 0 to 180 degrees, not {errorDegrees}"));
        }

        // Below a pixel of the finest order there is nothing to draw.
        var error = errorDegrees == 0 ? LeastErrorDegrees : Math.Max(errorDegrees, 1e-5);
        var order = OrderOfSide(error / PixelsPerError);
        var pixels = Within(center, Math.Min(180, ConeReach * error), order)
            .Select(pixel => (Pixel: pixel, Weight: Math.Exp(-0.5 * Math.Pow(center.SeparationDegrees(Healpix.CenterOf(order, pixel)) / error, 2)))).ToList();
        return Normalised(order, pixels);
    }

    /// <summary>The name that a cone's map has: its numbers with five decimals, <c>120.00000_10.00000_1.50000</c>.</summary>
    public static string ConeName(double raDegrees, double decDegrees, double errorDegrees) =>
        string.Create(CultureInfo.InvariantCulture, $"{raDegrees:F5}_{decDegrees:F5}_{errorDegrees:F5}");

    /// <summary>
    /// The same density everywhere in an ellipse: all positions whose separation, taken along and across the major axis, fits in.
    /// </summary>
    /// <param name="majorDegrees">Semi-major axis in degrees, above 0 and at most 90.</param>
    /// <param name="minorDegrees">Semi-minor axis in degrees, above 0 and at most 90.</param>
    /// <param name="positionAngleDegrees">Direction of the major axis, east of north.</param>
    /// <exception cref="SkyMapException">An axis is out of range, or the ellipse is too thin for pixels.</exception>
    public static SkyMap Ellipse(SkyPosition center, double majorDegrees, double minorDegrees, double positionAngleDegrees)
    {
        if (majorDegrees is not (> 0 and <= 90) || minorDegrees is not (> 0 and <= 90))
        {
            throw new SkyMapException("amaj and amin must be above 0 and at most 90 degrees");
        }

        if (!double.IsFinite(positionAngleDegrees))
        {
            throw new SkyMapException("phi must be a number of degrees");
        }

        return Uniform(center, Math.Max(majorDegrees, minorDegrees), "ellipse", position =>
        {
            var separation = center.SeparationDegrees(position);
            var (across, along) = Math.SinCos((center.PositionAngleDegrees(position) - positionAngleDegrees) * RadiansPerDegree);
            return Math.Pow(separation * along / majorDegrees, 2) + Math.Pow(separation * across / minorDegrees, 2) <= 1;
        });
    }

    /// <summary>
    /// The same density everywhere in a polygon whose sides are great circles; where it crosses itself, what lies inside an odd
    /// number of times.
    /// </summary>
    /// <param name="corners">At least three, within less than 90 degrees of their middle.</param>
    /// <exception cref="SkyMapException">There are too few or too many corners, they spread too far, or they enclose nothing.</exception>
    public static SkyMap Polygon(IReadOnlyList<SkyPosition> corners)
    {
        if (corners.Count is < 3 or > MostCorners)
        {
            throw new SkyMapException($"polygon must have 3 to {MostCorners} corners, not {corners.Count}");
        }

        var vectors = corners.Select(corner => corner.ToUnitVector()).ToArray();
        var (x, y, z) = (vectors.Sum(v => v.X), vectors.Sum(v => v.Y), vectors.Sum(v => v.Z));
        var spread = Math.Sqrt((x * x) + (y * y) + (z * z)) > 1e-9 ? vectors.Min(v => v.Dot(UnitVector.FromComponents(x, y, z))) : 0;
        if (spread < 0.017)
        {
            throw new SkyMapException("polygon: all corners must lie within 89 degrees of their middle");
        }

        var middle = UnitVector.FromComponents(x, y, z);
        var center = SkyPosition.FromUnitVector(middle);
        var flat = Array.ConvertAll(vectors, vector => Gnomonic(center, vector));
        var radius = corners.Max(center.SeparationDegrees);
        return Uniform(center, radius, "polygon", position =>
        {
            var vector = position.ToUnitVector();
            return middle.Dot(vector) > 0.01 && Encloses(flat, Gnomonic(center, vector));
        });
    }

    // Great circles are straight in the gnomonic projection.
    private static (double X, double Y) Gnomonic(SkyPosition center, UnitVector direction)
    {
        var (sinRa, cosRa) = Math.SinCos(center.RaDegrees * RadiansPerDegree);
        var (sinDec, cosDec) = Math.SinCos(center.DecDegrees * RadiansPerDegree);
        var depth = (cosDec * cosRa * direction.X) + (cosDec * sinRa * direction.Y) + (sinDec * direction.Z);
        var east = (-sinRa * direction.X) + (cosRa * direction.Y);
        var north = (-sinDec * cosRa * direction.X) - (sinDec * sinRa * direction.Y) + (cosDec * direction.Z);
        return (east / depth, north / depth);
    }

    private static bool Encloses((double X, double Y)[] corners, (double X, double Y) point)
    {
        var inside = false;
        for (int i = 0, j = corners.Length - 1; i < corners.Length; j = i++)
        {
            var (a, b) = (corners[i], corners[j]);
            if (a.Y > point.Y != b.Y > point.Y && point.X < ((b.X - a.X) * (point.Y - a.Y) / (b.Y - a.Y)) + a.X)
            {
                inside = !inside;
            }
        }

        return inside;
    }

    // The order is coarser for shapes that would have too many pixels, and finer for those that few would have to draw.
    private static SkyMap Uniform(SkyPosition center, double radiusDegrees, string shape, Func<SkyPosition, bool> isInside)
    {
        var area = 2 * Math.PI * (1 - Math.Cos(Math.Min(radiusDegrees, 180) * RadiansPerDegree)) / (RadiansPerDegree * RadiansPerDegree);
        var order = UniformOrder;
        while (order > 0 && area / Healpix.PixelAreaSquareDegrees(order) > MostPixels)
        {
            order--;
        }

        SkyMap? best = null;
        for (; order <= Healpix.MaxOrder && area / Healpix.PixelAreaSquareDegrees(order) <= 4 * MostPixels; order++)
        {
            var fine = order;
            var pixels = Within(center, radiusDegrees, fine).Where(pixel => isInside(Healpix.CenterOf(fine, pixel))).Select(pixel => (Pixel: pixel, Weight: 1.0)).ToList();
            best = pixels.Count > 0 ? Normalised(order, pixels) : best;
            if (pixels.Count >= EnoughPixels)
            {
                break;
            }
        }

        return best ?? throw new SkyMapException($"{shape} encloses no HEALPix pixel");
    }

    private static SkyMap Normalised(int order, List<(long Pixel, double Weight)> pixels)
    {
        var area = 4 * Math.PI / Healpix.PixelCount(order);
        var sum = pixels.Sum(pixel => pixel.Weight) * area;
        var builder = new SkyMapBuilder(order);
        foreach (var (pixel, weight) in pixels)
        {
            builder.Add(pixel, weight / sum);
        }

        return builder.Build();
    }

    /// <summary>Pixels whose centres lie within a radius, in the order of their numbers.</summary>
    private static IEnumerable<long> Within(SkyPosition center, double radiusDegrees, int order)
    {
        var shift = 2 * (Healpix.MaxOrder - order);
        long next = 0;
        foreach (var range in Healpix.ConeToRanges(center, radiusDegrees, 2_048))
        {
            for (var pixel = Math.Max(next, range.Start >> shift); pixel <= (range.End - 1) >> shift; pixel++)
            {
                next = pixel + 1;
                if (center.SeparationDegrees(Healpix.CenterOf(order, pixel)) <= radiusDegrees)
                {
                    yield return pixel;
                }
            }
        }
    }

    private static int OrderOfSide(double sideDegrees)
    {
        var order = 0;
        while (order < Healpix.MaxOrder && Math.Sqrt(Healpix.PixelAreaSquareDegrees(order)) > sideDegrees)
        {
            order++;
        }

        return order;
    }
}
