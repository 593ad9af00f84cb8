namespace SkyPortal.Domain.Astronomy;

/// <summary>Draws the border of a region as lines along the edges of HEALPix pixels.</summary>
public static class SkyContour
{
    private const int CoarsestOrder = 5;
    private const int FinestOrder = 14;
    private const int EnoughPixels = 2_000;

    /// <summary>
    /// The border of a region: closed lines of corners. Pixels count as inside where their centre is; they are as coarse as still leaves
    /// about two thousand of them inside.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<SkyPosition>> Of(SkyRegion region)
    {
        var area = region.AreaSquareDegrees;
        var order = CoarsestOrder;
        while (order < FinestOrder && area / Healpix.PixelAreaSquareDegrees(order) < EnoughPixels)
        {
            order++;
        }

        return Lines(Edges(order, Inside(region, order)));
    }

    private static HashSet<long> Inside(SkyRegion region, int order)
    {
        var shift = 2 * (Healpix.MaxOrder - order);
        var inside = new HashSet<long>();
        foreach (var range in region.Ranges)
        {
            for (var pixel = range.Start >> shift; pixel <= (range.End - 1) >> shift; pixel++)
            {
                if (region.Contains(Healpix.CenterOf(order, pixel)))
                {
                    inside.Add(pixel);
                }
            }
        }

        return inside;
    }

    // Corners are north, west, south, east; neighbours south-west, west, north-west, north, north-east, east, south-east, south.
    private static List<(SkyPosition From, SkyPosition To)> Edges(int order, HashSet<long> inside)
    {
        var edges = new List<(SkyPosition, SkyPosition)>();
        Span<long> around = stackalloc long[8];
        foreach (var pixel in inside)
        {
            Healpix.Neighbours(order, pixel, around);
            var corners = Healpix.CornersOf(order, pixel);
            for (var side = 0; side < 4; side++)
            {
                // Counter-clockwise on the sky with the east to the left: north to west, west to south, south to east, east to north.
                var neighbour = around[side switch { 0 => 2, 1 => 0, 2 => 6, _ => 4 }];
                if (!inside.Contains(neighbour))
                {
                    edges.Add((corners[side], corners[(side + 1) % 4]));
                }
            }
        }

        return edges;
    }

    private static List<IReadOnlyList<SkyPosition>> Lines(List<(SkyPosition From, SkyPosition To)> edges)
    {
        var from = new Dictionary<(long, long), Queue<SkyPosition>>();
        foreach (var edge in edges)
        {
            var key = Key(edge.From);
            if (!from.TryGetValue(key, out var next))
            {
                from[key] = next = new Queue<SkyPosition>();
            }

            next.Enqueue(edge.To);
        }

        var lines = new List<IReadOnlyList<SkyPosition>>();
        foreach (var start in edges.Select(edge => edge.From))
        {
            var line = new List<SkyPosition> { start };
            for (var at = Key(start); from.TryGetValue(at, out var next) && next.TryDequeue(out var corner); at = Key(corner))
            {
                line.Add(corner);
            }

            if (line.Count > 1)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    // Corners of two faces differ by rounding; a pixel of the finest order is 12 arcseconds wide.
    private static (long, long) Key(SkyPosition position)
    {
        var dec = (long)Math.Round(position.DecDegrees * 1e6);
        return Math.Abs(dec) >= 89_999_999 ? (0, dec) : ((long)Math.Round(position.RaDegrees * 1e6) % 360_000_000, dec);
    }
}
