using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Domain.Alerts.Watches;

/// <summary>A watched position.</summary>
/// <param name="Entry">The caller's number of it.</param>
/// <param name="Position">Centre.</param>
/// <param name="RadiusArcsec">Radius [arcsec], above 0.</param>
public readonly record struct WatchedPosition(int Entry, SkyPosition Position, double RadiusArcsec);

/// <summary>A watched position that holds a point.</summary>
/// <param name="Entry">The caller's number of it.</param>
/// <param name="DistanceArcsec">Distance of the point from its centre.</param>
public readonly record struct WatchedPlace(int Entry, double DistanceArcsec);

/// <summary>
/// Finds the watched positions that hold a point: a bitmap of coarse pixels says at once where nothing is watched, an implicit
/// interval tree over sorted order-29 ranges names those that may hold it, and the exact distance decides. Immutable.
/// </summary>
public sealed class WatchIndex
{
    private const int CoarseOrder = 8;
    private const int CoarseShift = 2 * (Healpix.MaxOrder - CoarseOrder);
    private const int RangesEach = 6;
    private const double RadiansPerArcsec = Math.PI / 180 / 3600;

    // A point that lies on the edge belongs to it, whatever way the last digit was rounded.
    private const double Slack = 1 + 1e-12;

    private readonly ulong[] _coarse = new ulong[Healpix.PixelCount(CoarseOrder) / 64];
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly long[] _latestEnds;
    private readonly int[] _owners;
    private readonly UnitVector[] _centers;
    private readonly double[] _chordsSquared;
    private readonly int[] _entries;

    /// <summary>Takes positions in.</summary>
    public WatchIndex(IReadOnlyList<WatchedPosition> positions)
    {
        _centers = [.. positions.Select(position => position.Position.ToUnitVector())];
        _chordsSquared = [.. positions.Select(position => ChordSquared(position.RadiusArcsec) * Slack)];
        _entries = [.. positions.Select(position => position.Entry)];
        var covers = new HealpixRange[positions.Count][];
        Parallel.For(0, positions.Count, i => covers[i] = Healpix.ConeToRanges(positions[i].Position, positions[i].RadiusArcsec / 3600, RangesEach));
        var ranges = covers.SelectMany((cover, owner) => cover.Select(range => (range.Start, range.End, Owner: owner))).ToArray();
        Array.Sort(ranges, static (a, b) => a.Start.CompareTo(b.Start));
        _starts = [.. ranges.Select(range => range.Start)];
        _ends = [.. ranges.Select(range => range.End)];
        _owners = [.. ranges.Select(range => range.Owner)];
        _latestEnds = new long[ranges.Length];
        Latest(0, ranges.Length);
        foreach (var (start, end, _) in ranges)
        {
            for (var pixel = start >> CoarseShift; pixel <= (end - 1) >> CoarseShift; pixel++)
            {
                _coarse[pixel >> 6] |= 1UL << (int)(pixel & 63);
            }
        }
    }

    /// <summary>How many positions are watched.</summary>
    public int Count => _entries.Length;

    /// <summary>Adds every watched position that holds a point to a list, in no order.</summary>
    /// <param name="position">The point.</param>
    /// <param name="healpix">Its order-29 nested HEALPix pixel.</param>
    /// <param name="found">Where they are added.</param>
    public void Find(SkyPosition position, long healpix, List<WatchedPlace> found)
    {
        var coarse = healpix >> CoarseShift;
        if ((_coarse[coarse >> 6] >> (int)(coarse & 63) & 1) != 0)
        {
            var point = default(UnitVector?);
            Search(0, _starts.Length, position, ref point, healpix, found);
        }
    }

    private void Search(int from, int to, SkyPosition position, ref UnitVector? point, long pixel, List<WatchedPlace> found)
    {
        while (from < to)
        {
            var middle = (from + to) >>> 1;
            if (_latestEnds[middle] <= pixel)
            {
                return;
            }

            Search(from, middle, position, ref point, pixel, found);
            if (_starts[middle] > pixel)
            {
                return;
            }

            if (_ends[middle] > pixel)
            {
                point ??= position.ToUnitVector();
                var owner = _owners[middle];
                var chord = _centers[owner].ChordSquared(point.Value);
                if (chord <= _chordsSquared[owner])
                {
                    found.Add(new WatchedPlace(_entries[owner], 2 * Math.Asin(Math.Sqrt(chord) / 2) / RadiansPerArcsec));
                }
            }

            from = middle + 1;
        }
    }

    // Of the ranges of each part of the tree, at the place of its root, the latest end.
    private long Latest(int from, int to)
    {
        if (from >= to)
        {
            return long.MinValue;
        }

        var middle = (from + to) >>> 1;
        return _latestEnds[middle] = Math.Max(_ends[middle], Math.Max(Latest(from, middle), Latest(middle + 1, to)));
    }

    private static double ChordSquared(double arcsec)
    {
        var half = Math.Sin(arcsec * RadiansPerArcsec / 2);
        return 4 * half * half;
    }
}
