namespace SkyPortal.Domain.Astronomy;

/// <summary>A part of the sky as order-29 ranges.</summary>
/// <param name="Ranges">Sorted, disjoint, not touching.</param>
public sealed record SkyRegion(HealpixRange[] Ranges)
{
    /// <summary>Solid angle of an order-29 pixel in steradians.</summary>
    public const double FinestAreaSteradians = 4 * Math.PI / (12L << (2 * Healpix.MaxOrder));

    private const double SquareDegreesPerSteradian = 180 / Math.PI * (180 / Math.PI);

    /// <summary>Solid angle in square degrees.</summary>
    public double AreaSquareDegrees => Ranges.Sum(static range => (double)range.Length) * FinestAreaSteradians * SquareDegreesPerSteradian;

    /// <summary>Whether a position lies in it.</summary>
    public bool Contains(SkyPosition position) => HealpixRange.AnyContains(Ranges, position.ToHealpix29());

    /// <summary>A region of pixels; those that touch become one range.</summary>
    /// <param name="ranges">Sorted by start and disjoint.</param>
    public static SkyRegion Of(IEnumerable<HealpixRange> ranges)
    {
        var merged = new List<HealpixRange>();
        foreach (var range in ranges)
        {
            if (merged.Count > 0 && merged[^1].End == range.Start)
            {
                merged[^1] = merged[^1] with { End = range.End };
            }
            else
            {
                merged.Add(range);
            }
        }

        return new SkyRegion([.. merged]);
    }
}
