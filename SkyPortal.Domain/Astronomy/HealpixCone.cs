using System.Buffers;

namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// Covers a cone with HEALPix pixels. It starts from the few pixels that surely hold the cone and splits those on its
/// edge, order by order, until the ranges would be too many; then the narrowest gaps are closed.
/// </summary>
internal static class HealpixCone
{
    // Covers the rounding of positions and pixel centres (about 1e-14 rad near the poles); far below an order-29 pixel.
    private const double SlackRadians = 1e-13;

    // Splitting goes on while the edge has at most this many pixels per range asked for: closing gaps afterwards gives
    // a tighter cover than stopping when the number of ranges fits.
    private const int EdgePixelsPerRange = 6;

    private static readonly double[] LargestReachRadians = BuildReach();

    public static HealpixRange[] Cover(SkyPosition center, double radiusDegrees, int maxRanges)
    {
        if (!(radiusDegrees >= 0 && radiusDegrees <= 180))
        {
            throw new ArgumentOutOfRangeException(nameof(radiusDegrees), radiusDegrees, "The radius must be between 0 and 180 degrees.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(maxRanges, 1);
        var radius = (radiusDegrees * (Math.PI / 180)) + SlackRadians;
        if (radius >= Math.PI)
        {
            return [Whole];
        }

        var edgeLimit = (int)Math.Clamp((long)EdgePixelsPerRange * maxRanges, 64, 1 << 20);
        var axis = center.ToUnitVector();
        var ranges = new List<HealpixRange>(64);
        var capacity = (4 * edgeLimit) + 64;
        var edge = ArrayPool<long>.Shared.Rent(capacity);
        var next = ArrayPool<long>.Shared.Rent(capacity);
        try
        {
            var order = StartOrder(radius);
            var count = StartPixels(order, center, edge);
            count = Sort(order, axis, radius, edge, count, ranges);
            while (order < Healpix.MaxOrder && count > 0 && count <= edgeLimit)
            {
                var split = 0;
                for (var i = 0; i < count; i++)
                {
                    for (var child = 0; child < 4; child++)
                    {
                        next[split++] = (edge[i] << 2) + child;
                    }
                }

                order++;
                (edge, next) = (next, edge);
                count = Sort(order, axis, radius, edge, split, ranges);
            }

            for (var i = 0; i < count; i++)
            {
                ranges.Add(Healpix.RangeOf(order, edge[i]));
            }
        }
        finally
        {
            ArrayPool<long>.Shared.Return(edge);
            ArrayPool<long>.Shared.Return(next);
        }

        return CloseGaps(Merge(ranges), maxRanges);
    }

    private static HealpixRange Whole => new(0, Healpix.PixelCount(Healpix.MaxOrder));

    /// <summary>The finest order at which a pixel and its neighbours surely hold the cone; -1 where none does.</summary>
    private static int StartOrder(double radiusRadians)
    {
        // The shortest way out of a ring of neighbours is 0.68 of a pixel's side (all pixels up to order 5 measured with
        // healpy, and falling slowly to 2/3); a half leaves room.
        var order = Healpix.MaxOrder;
        while (order >= 0 && 0.5 * Math.Sqrt(Math.PI / 3) / (1L << order) < radiusRadians)
        {
            order--;
        }

        return Math.Max(order, 0);
    }

    private static int StartPixels(int order, SkyPosition center, long[] pixels)
    {
        var count = 0;
        if (order == 0)
        {
            for (; count < 12; count++)
            {
                pixels[count] = count;
            }

            return count;
        }

        Span<long> around = stackalloc long[9];
        around[8] = Healpix.PixelOf(order, center);
        Healpix.Neighbours(order, around[8], around);
        around.Sort();
        for (var i = 0; i < 9; i++)
        {
            if (around[i] >= 0 && (count == 0 || pixels[count - 1] != around[i]))
            {
                pixels[count++] = around[i];
            }
        }

        return count;
    }

    /// <summary>Keeps the pixels that may lie on the edge, records those surely inside, drops those surely outside.</summary>
    private static int Sort(int order, UnitVector axis, double radius, long[] pixels, int count, List<HealpixRange> inside)
    {
        var reach = LargestReachRadians[order];
        var outer = ChordSquared(radius + reach);
        var inner = radius > reach ? ChordSquared(radius - reach) : -1;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var distance = axis.ChordSquared(Healpix.CenterVectorOf(order, pixels[i]));
            if (distance <= inner)
            {
                inside.Add(Healpix.RangeOf(order, pixels[i]));
            }
            else if (distance <= outer)
            {
                pixels[kept++] = pixels[i];
            }
        }

        return kept;
    }

    private static List<HealpixRange> Merge(List<HealpixRange> ranges)
    {
        ranges.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var last = 0;
        for (var i = 1; i < ranges.Count; i++)
        {
            if (ranges[i].Start <= ranges[last].End)
            {
                ranges[last] = ranges[last] with { End = Math.Max(ranges[last].End, ranges[i].End) };
            }
            else
            {
                ranges[++last] = ranges[i];
            }
        }

        ranges.RemoveRange(last + 1, ranges.Count - last - 1);
        return ranges;
    }

    private static HealpixRange[] CloseGaps(List<HealpixRange> ranges, int maxRanges)
    {
        if (ranges.Count <= maxRanges)
        {
            return [.. ranges];
        }

        var gaps = new (long Width, int Before)[ranges.Count - 1];
        for (var i = 0; i < gaps.Length; i++)
        {
            gaps[i] = (ranges[i + 1].Start - ranges[i].End, i);
        }

        Array.Sort(gaps, static (a, b) => b.Width.CompareTo(a.Width));
        var breaks = new int[maxRanges - 1];
        for (var i = 0; i < breaks.Length; i++)
        {
            breaks[i] = gaps[i].Before;
        }

        Array.Sort(breaks);
        var closed = new HealpixRange[maxRanges];
        var first = 0;
        for (var i = 0; i < maxRanges; i++)
        {
            var final = i < breaks.Length ? breaks[i] : ranges.Count - 1;
            closed[i] = new HealpixRange(ranges[first].Start, ranges[final].End);
            first = final + 1;
        }

        return closed;
    }

    private static double ChordSquared(double radians)
    {
        if (radians >= Math.PI)
        {
            return 5;
        }

        var half = Math.Sin(radians / 2);
        return 4 * half * half;
    }

    /// <summary>
    /// The largest distance from a pixel's centre to its corner, per order: that of the pixel whose south edge begins
    /// at the corner of the polar cap, where pixels are most stretched. It equals the largest of all pixels at orders 0
    /// to 5, their edges sampled with healpy.
    /// </summary>
    private static double[] BuildReach()
    {
        var reach = new double[Healpix.MaxOrder + 1];
        for (var order = 0; order < reach.Length; order++)
        {
            double side = 1L << order;
            var centre = Math.PI / 2 - Math.Acos(2.0 / 3);
            var shrink = 1 - (1 / side);
            var corner = Math.PI / 2 - Math.Acos(1 - (shrink * shrink / 3));
            var a = UnitVector.FromRadians(Math.PI / (4 * side), centre);
            var b = UnitVector.FromRadians(0, corner);
            reach[order] = (2 * Math.Asin(Math.Sqrt(a.ChordSquared(b)) / 2) * (1 + 1e-6)) + SlackRadians;
        }

        return reach;
    }
}
