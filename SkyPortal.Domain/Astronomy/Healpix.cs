using System.Runtime.CompilerServices;

namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// The HEALPix pixelisation of the sphere in the NESTED scheme (Górski et al. 2005, ApJ 622, 759), orders 0 to 29.
/// Pixel numbers agree exactly with healpy's for positions given in degrees.
/// </summary>
/// <remarks>
/// Twelve base faces of nside × nside pixels: 0 to 3 around the north pole, 4 to 7 on the equator, 8 to 11 around the
/// south pole. Within a face x runs to the north-east and y to the north-west; a nested number interleaves their bits.
/// </remarks>
public static class Healpix
{
    /// <summary>The finest order: pixels of 0.4 milliarcseconds.</summary>
    public const int MaxOrder = 29;

    private const double RadiansPerDegree = Math.PI / 180.0;
    private const double HalfPi = Math.PI / 2;
    private const double QuarterTurnsPerRadian = 0.6366197723675813430755350534900574;

    /// <summary>Pixels along the side of a base face: 2 to the order.</summary>
    public static long Nside(int order) => 1L << Checked(order);

    /// <summary>Pixels on the whole sphere: 12 · 4^order.</summary>
    public static long PixelCount(int order) => 12L << (2 * Checked(order));

    /// <summary>Solid angle of a pixel in square degrees; all pixels of an order are equal.</summary>
    public static double PixelAreaSquareDegrees(int order) => 4 * Math.PI / PixelCount(order) / (RadiansPerDegree * RadiansPerDegree);

    /// <summary>The pixel that holds a position.</summary>
    /// <param name="order">Order, 0 to 29.</param>
    public static long PixelOf(int order, SkyPosition position)
    {
        var theta = HalfPi - (position.DecDegrees * RadiansPerDegree);
        var phi = position.RaDegrees * RadiansPerDegree;

        // 1 - |z| loses digits near the poles, where the sine of the colatitude keeps them. The limits are healpy's,
        // so that both round alike.
        return theta < 0.01 || theta > 3.14159 - 0.01
            ? FromHeight(Checked(order), Math.Cos(theta), phi, Math.Sin(theta))
            : FromHeight(Checked(order), Math.Cos(theta), phi, double.NaN);
    }

    /// <summary>The pixel at a right ascension and declination in degrees; see <see cref="SkyPosition"/> for their ranges.</summary>
    public static long PixelOf(int order, double raDegrees, double decDegrees) => PixelOf(order, new SkyPosition(raDegrees, decDegrees));

    /// <summary>The centre of a pixel.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The order or the pixel does not exist.</exception>
    public static SkyPosition CenterOf(int order, long pixel)
    {
        CheckPixel(order, pixel);
        var (z, sinTheta, phi) = CenterHeight(order, pixel);
        var theta = double.IsNaN(sinTheta) ? Math.Acos(z) : Math.Atan2(sinTheta, z);
        return new SkyPosition(phi / RadiansPerDegree, Math.Clamp((HalfPi - theta) / RadiansPerDegree, -90, 90));
    }

    /// <summary>The centre of a pixel as a direction; cheaper than <see cref="CenterOf"/>.</summary>
    public static UnitVector CenterVectorOf(int order, long pixel)
    {
        CheckPixel(order, pixel);
        var (z, sinTheta, phi) = CenterHeight(order, pixel);
        var s = double.IsNaN(sinTheta) ? Math.Sqrt((1 - z) * (1 + z)) : sinTheta;
        var (sinPhi, cosPhi) = Math.SinCos(phi);
        return UnitVector.FromComponents(s * cosPhi, s * sinPhi, z);
    }

    /// <summary>The four corners of a pixel in the order north, west, south, east.</summary>
    public static SkyPosition[] CornersOf(int order, long pixel)
    {
        CheckPixel(order, pixel);
        var (x, y, face) = Deinterleave(order, pixel);
        double side = 1L << order;
        return
        [
            FacePoint((x + 1) / side, (y + 1) / side, face),
            FacePoint(x / side, (y + 1) / side, face),
            FacePoint(x / side, y / side, face),
            FacePoint((x + 1) / side, y / side, face),
        ];
    }

    /// <summary>
    /// The pixels around a pixel in the order south-west, west, north-west, north, north-east, east, south-east, south;
    /// -1 where there is none (at eight corners of the base faces only three faces meet).
    /// </summary>
    /// <param name="neighbours">Room for eight numbers.</param>
    public static void Neighbours(int order, long pixel, Span<long> neighbours)
    {
        CheckPixel(order, pixel);
        var side = 1L << order;
        var (x, y, face) = Deinterleave(order, pixel);
        for (var i = 0; i < 8; i++)
        {
            var nx = x + StepX[i];
            var ny = y + StepY[i];
            var inside = (ulong)nx < (ulong)side && (ulong)ny < (ulong)side;
            neighbours[i] = inside ? Interleave(order, nx, ny, face) : AcrossFaceEdge(order, side, nx, ny, face);
        }
    }

    /// <summary>The pixel of a coarser order that holds a pixel.</summary>
    public static long AncestorOf(int order, long pixel, int coarserOrder)
    {
        CheckPixel(order, pixel);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(coarserOrder, order);
        return pixel >> (2 * (order - Checked(coarserOrder)));
    }

    /// <summary>The range of order-29 pixels within a pixel.</summary>
    public static HealpixRange RangeOf(int order, long pixel)
    {
        CheckPixel(order, pixel);
        var shift = 2 * (MaxOrder - order);
        return new HealpixRange(pixel << shift, (pixel + 1) << shift);
    }

    /// <summary>
    /// Ranges of order-29 pixels that cover a cone: sorted, disjoint, not touching, and never missing a point within the
    /// radius. They may hold more than the cone; an exact test of the separation goes with them.
    /// </summary>
    /// <param name="center">Centre of the cone.</param>
    /// <param name="radiusDegrees">Radius in degrees, 0 to 180.</param>
    /// <param name="maxRanges">The most ranges to return, at least 1: more of them fit more tightly.</param>
    public static HealpixRange[] ConeToRanges(SkyPosition center, double radiusDegrees, int maxRanges = 32) =>
        HealpixCone.Cover(center, radiusDegrees, maxRanges);

    /// <summary>The RING number of a NESTED pixel.</summary>
    public static long NestedToRing(int order, long pixel)
    {
        CheckPixel(order, pixel);
        var side = 1L << order;
        var (x, y, face) = Deinterleave(order, pixel);
        var ring = ((FaceRow(face) + 2) << order) - x - y - 1;
        var (length, before) = RingLayout(order, ring);
        var along = (FacePhase(face) * (length / 4)) + x - y;
        return before + ((along < 0 ? along + (2 * length) : along) >> 1);
    }

    /// <summary>The NESTED number of a RING pixel.</summary>
    public static long RingToNested(int order, long ringPixel)
    {
        CheckPixel(order, ringPixel);
        var side = 1L << order;
        var ring = RingOf(order, ringPixel);
        var (length, before) = RingLayout(order, ring);
        var index = ringPixel - before;
        var quarter = length / 4;
        if (ring < side || ring > 3 * side)
        {
            var column = index / quarter;
            var along = (2 * index) + 1 - (((2 * column) + 1) * quarter);
            var face = (int)(ring < side ? column : column + 8);
            var sum = (ring < side ? 2 * side : 4 * side) - ring - 1;
            return Interleave(order, (sum + along) >> 1, (sum - along) >> 1, face);
        }

        // On the equatorial belt a pixel lies on one ascending and one descending line of the faces' grid.
        var twice = (2 * index) + (((ring - side) & 1) == 0 ? 1 : 0);
        return FromLines(order, (twice + ring - side) >> 1, (twice + (3 * side) - ring) >> 1);
    }

    internal static long FromHeight(int order, double z, double phi, double sinTheta)
    {
        var side = 1L << order;
        var height = Math.Abs(z);
        var turn = phi * QuarterTurnsPerRadian;
        if (turn >= 4.0)
        {
            turn %= 4.0;
        }

        if (height <= 2.0 / 3.0)
        {
            var a = side * (0.5 + turn);
            var b = side * (z * 0.75);
            return FromLines(order, (long)(a - b), (long)(a + b));
        }

        var column = Math.Min(3, (int)turn);
        var within = turn - column;
        var reach = height < 0.99 || double.IsNaN(sinTheta)
            ? side * Math.Sqrt(3 * (1 - height))
            : side * sinTheta / Math.Sqrt((1.0 + height) / 3.0);
        var west = Math.Min((long)(within * reach), side - 1);
        var east = Math.Min((long)((1.0 - within) * reach), side - 1);
        return z >= 0
            ? Interleave(order, side - east - 1, side - west - 1, column)
            : Interleave(order, west, east, column + 8);
    }

    internal static (double Z, double SinTheta, double Phi) CenterHeight(int order, long pixel)
    {
        var side = 1L << order;
        var (x, y, face) = Deinterleave(order, pixel);
        var capUnit = 4.0 / (12L << (2 * order));
        var ring = ((FaceRow(face) + 2) << order) - x - y - 1;
        var phase = FacePhase(face);
        if (ring >= side && ring <= 3 * side)
        {
            var beltUnit = (side << 1) * capUnit;
            var along = (phase * side) + x - y;
            return (((2 * side) - ring) * beltUnit, double.NaN, 0.75 * HalfPi * (along < 0 ? along + (8 * side) : along) * beltUnit);
        }

        var fromPole = ring < side ? ring : (4 * side) - ring;
        var drop = fromPole * fromPole * capUnit;
        var steps = (phase * fromPole) + x - y;
        var phi = 0.5 * HalfPi * (steps < 0 ? steps + (8 * fromPole) : steps) / fromPole;
        var sinTheta = 1 - drop > 0.99 ? Math.Sqrt(drop * (2.0 - drop)) : double.NaN;
        return (ring < side ? 1 - drop : drop - 1, sinTheta, phi);
    }

    internal static int Checked(int order)
    {
        if ((uint)order > MaxOrder)
        {
            throw new ArgumentOutOfRangeException(nameof(order), order, "The HEALPix order must be between 0 and 29.");
        }

        return order;
    }

    internal static void CheckPixel(int order, long pixel)
    {
        if ((ulong)pixel >= (ulong)PixelCount(order))
        {
            throw new ArgumentOutOfRangeException(nameof(pixel), pixel, $"There is no HEALPix pixel of this number at order {order}.");
        }
    }

    private static ReadOnlySpan<sbyte> StepX => [-1, -1, 0, 1, 1, 1, 0, -1];

    private static ReadOnlySpan<sbyte> StepY => [0, 1, 1, 1, 0, -1, -1, -1];

    // Rings between a face's south corner and the north pole are (row + 2) times nside: row 0 north, 1 equator, 2 south.
    private static long FaceRow(int face) => face >> 2;

    // Centre of the face in units of 45 degrees of longitude.
    private static long FacePhase(int face) => (2 * (face & 3)) + (face is >= 4 and < 8 ? 0 : 1);

    private static long FromLines(int order, long up, long down)
    {
        var side = 1L << order;
        var upFace = (int)(up >> order);
        var downFace = (int)(down >> order);
        var face = upFace == downFace ? (upFace & 3) + 4 : upFace < downFace ? upFace : downFace + 8;
        return Interleave(order, down & (side - 1), side - (up & (side - 1)) - 1, face);
    }

    private static (long Length, long Before) RingLayout(int order, long ring)
    {
        var side = 1L << order;
        if (ring < side)
        {
            return (4 * ring, 2 * ring * (ring - 1));
        }

        if (ring <= 3 * side)
        {
            return (4 * side, (2 * side * (side - 1)) + ((ring - side) * 4 * side));
        }

        var fromSouth = (4 * side) - ring;
        return (4 * fromSouth, (12L << (2 * order)) - (2 * fromSouth * (fromSouth + 1)));
    }

    private static long RingOf(int order, long ringPixel)
    {
        var side = 1L << order;
        var cap = 2 * side * (side - 1);
        var count = 12L << (2 * order);
        if (ringPixel < cap)
        {
            return CapRing(ringPixel);
        }

        return ringPixel < count - cap
            ? ((ringPixel - cap) / (4 * side)) + side
            : (4 * side) - CapRing(count - 1 - ringPixel);
    }

    // The largest r with 2r(r-1) <= index; the square root may be off by one at large numbers.
    private static long CapRing(long index)
    {
        var ring = (1 + (long)Math.Sqrt(1 + (2.0 * index))) / 2;
        while (2 * ring * (ring - 1) > index)
        {
            ring--;
        }

        while (2 * ring * (ring + 1) <= index)
        {
            ring++;
        }

        return ring;
    }

    /// <summary>The pixel of a step over a face's edge; faces around a pole are turned by 90 degrees to each other.</summary>
    private static long AcrossFaceEdge(int order, long side, long x, long y, int face)
    {
        var column = face & 3;
        var east = (column + 1) & 3;
        var west = (column + 3) & 3;
        var far = (column + 2) & 3;
        var dx = x < 0 ? -1 : x >= side ? 1 : 0;
        var dy = y < 0 ? -1 : y >= side ? 1 : 0;
        var wrappedX = x - (dx * side);
        var wrappedY = y - (dy * side);
        return (face >> 2, dx, dy) switch
        {
            (0, 1, 0) => Interleave(order, y, side - 1, east),
            (0, 0, 1) => Interleave(order, side - 1, x, west),
            (0, 1, 1) => Interleave(order, side - 1, side - 1, far),
            (0, -1, 0) => Interleave(order, wrappedX, y, 4 + column),
            (0, 0, -1) => Interleave(order, x, wrappedY, 4 + east),
            (0, -1, -1) => Interleave(order, wrappedX, wrappedY, 8 + column),
            (1, 1, 0) => Interleave(order, wrappedX, y, column),
            (1, 0, 1) => Interleave(order, x, wrappedY, west),
            (1, -1, 0) => Interleave(order, wrappedX, y, 8 + west),
            (1, 0, -1) => Interleave(order, x, wrappedY, 8 + column),
            (1, 1, -1) => Interleave(order, wrappedX, wrappedY, 4 + east),
            (1, -1, 1) => Interleave(order, wrappedX, wrappedY, 4 + west),
            (2, 1, 0) => Interleave(order, wrappedX, y, 4 + east),
            (2, 0, 1) => Interleave(order, x, wrappedY, 4 + column),
            (2, 1, 1) => Interleave(order, wrappedX, wrappedY, column),
            (2, -1, 0) => Interleave(order, y, 0, 8 + west),
            (2, 0, -1) => Interleave(order, 0, x, 8 + east),
            (2, -1, -1) => Interleave(order, 0, 0, 8 + far),
            _ => -1,
        };
    }

    private static SkyPosition FacePoint(double x, double y, int face)
    {
        var fromNorth = FaceRow(face) + 2 - x - y;
        double z, radius;
        if (fromNorth < 1 || fromNorth > 3)
        {
            radius = fromNorth < 1 ? fromNorth : 4 - fromNorth;
            var drop = radius * radius / 3;
            z = fromNorth < 1 ? 1 - drop : drop - 1;
            var theta = Math.Atan2(Math.Sqrt(drop * (2 - drop)), z);
            var turn = radius < 1e-15 ? FacePhase(face) : FacePhase(face) + ((x - y) / radius);
            return new SkyPosition(turn * 45, Math.Clamp((HalfPi - theta) / RadiansPerDegree, -90, 90));
        }

        z = (2 - fromNorth) * 2 / 3;
        return new SkyPosition((FacePhase(face) + x - y) * 45, Math.Asin(z) / RadiansPerDegree);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Interleave(int order, long x, long y, int face) =>
        ((long)face << (2 * order)) | Spread(x) | (Spread(y) << 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (long X, long Y, int Face) Deinterleave(int order, long pixel)
    {
        var within = pixel & ((1L << (2 * order)) - 1);
        return (Gather(within), Gather(within >> 1), (int)(pixel >> (2 * order)));
    }

    private static long Spread(long value)
    {
        var v = (ulong)value;
        v = (v | (v << 16)) & 0x0000FFFF0000FFFF;
        v = (v | (v << 8)) & 0x00FF00FF00FF00FF;
        v = (v | (v << 4)) & 0x0F0F0F0F0F0F0F0F;
        v = (v | (v << 2)) & 0x3333333333333333;
        return (long)((v | (v << 1)) & 0x5555555555555555);
    }

    private static long Gather(long value)
    {
        var v = (ulong)value & 0x5555555555555555;
        v = (v | (v >> 1)) & 0x3333333333333333;
        v = (v | (v >> 2)) & 0x0F0F0F0F0F0F0F0F;
        v = (v | (v >> 4)) & 0x00FF00FF00FF00FF;
        v = (v | (v >> 8)) & 0x0000FFFF0000FFFF;
        return (long)((v | (v >> 16)) & 0x00000000FFFFFFFF);
    }
}
