namespace SkyPortal.Domain.Astronomy;

/// <summary>A run of order-29 nested HEALPix pixels.</summary>
/// <param name="Start">First pixel.</param>
/// <param name="End">The pixel after the last.</param>
public readonly record struct HealpixRange(long Start, long End)
{
    /// <summary>Number of order-29 pixels.</summary>
    public long Length => End - Start;

    /// <summary>Whether an order-29 pixel lies in the range.</summary>
    public bool Contains(long pixel) => pixel >= Start && pixel < End;

    /// <summary>Whether a pixel lies in any of some sorted, disjoint ranges (binary search).</summary>
    public static bool AnyContains(ReadOnlySpan<HealpixRange> sortedRanges, long pixel)
    {
        var low = 0;
        var high = sortedRanges.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sortedRanges[middle].End <= pixel)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < sortedRanges.Length && sortedRanges[low].Start <= pixel;
    }
}
