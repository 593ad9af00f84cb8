namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// Where on the sky an event may be: disjoint HEALPix tiles of any orders with the probability density in each, and optionally
/// distances. What no tile covers has none. Immutable.
/// </summary>
/// <remarks>
/// Credible regions are made of whole tiles: the densest first, equal densities by position, as long as their sum is at most
/// the level; then all tiles that are as dense as the last of them. The densest tiles are in every region. The sum is counted as a
/// share of the map's total, so that maps whose sum is not quite 1 keep their meaning.
/// </remarks>
public sealed class SkyMap
{
    /// <summary>Most tiles that a map has; <see cref="SkyMapBuilder"/> joins the least probable of finer ones.</summary>
    public const int MostTiles = 1_000_000;

    // Far above the rounding of a sum of a million terms, far below any tile that matters.
    private const double LevelSlack = 1e-12;

    private readonly long[] _starts;
    private readonly byte[] _orders;
    private readonly double[] _densities;
    private readonly Lazy<(int[] ByDensity, double[] Levels)> _levels;

    private SkyMap(long[] starts, byte[] orders, double[] densities, SkyMapDistances? distances)
    {
        _starts = starts;
        _orders = orders;
        _densities = densities;
        Distances = distances;
        Total = Enumerable.Range(0, Count).Sum(i => ProbabilityOf(i));
        _levels = new(Rank);
    }

    /// <summary>Number of tiles.</summary>
    public int Count => _starts.Length;

    /// <summary>Sum of the probabilities of all tiles; 1 where the map is normalised.</summary>
    public double Total { get; }

    /// <summary>Distances tile by tile; null where the map has none.</summary>
    public SkyMapDistances? Distances { get; }

    /// <summary>Probability densities per steradian, in the order of the tiles.</summary>
    public IReadOnlyList<double> DensitiesPerSteradian => _densities;

    /// <summary>A map of tiles.</summary>
    /// <param name="uniqs">NUNIQ numbers of the tiles (<see cref="HealpixIndex.Uniq"/>), in any order.</param>
    /// <param name="densitiesPerSteradian">Probability density of each, 0 or more.</param>
    /// <param name="distances">Distances of each, or null.</param>
    /// <exception cref="SkyMapException">There are no tiles or too many, a number names no tile, tiles overlap, or densities are none.</exception>
    public static SkyMap Of(ReadOnlySpan<long> uniqs, ReadOnlySpan<double> densitiesPerSteradian, SkyMapDistances? distances = null)
    {
        if (uniqs.Length != densitiesPerSteradian.Length
            || distances is not null && (distances.MuMpc.Length != uniqs.Length || distances.SigmaMpc.Length != uniqs.Length || distances.NormPerSquareMpc.Length != uniqs.Length))
        {
            throw new SkyMapException("The columns of a sky map must have the same length.");
        }

        if (uniqs.Length is 0 or > MostTiles)
        {
            throw new SkyMapException($"A sky map has 1 to {MostTiles} tiles, not {uniqs.Length}.");
        }

        var starts = new long[uniqs.Length];
        var places = new int[uniqs.Length];
        for (var i = 0; i < uniqs.Length; i++)
        {
            starts[i] = RangeOf(uniqs[i], i).Start;
            places[i] = i;
        }

        Array.Sort(starts, places);
        var orders = new byte[uniqs.Length];
        var densities = new double[uniqs.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var tile = HealpixIndex.FromUniq(uniqs[places[i]]);
            if (i > 0 && starts[i] < EndOf(starts[i - 1], orders[i - 1]))
            {
                throw new SkyMapException($"The tiles {uniqs[places[i - 1]]} and {uniqs[places[i]]} of the sky map overlap.");
            }

            orders[i] = (byte)tile.Order;
            densities[i] = densitiesPerSteradian[places[i]] is >= 0 and < double.PositiveInfinity and var density
                ? density
                : throw new SkyMapException($"The probability density of tile {uniqs[places[i]]} of the sky map is not a number of 0 or more.");
        }

        var map = new SkyMap(starts, orders, densities, distances is null ? null : new SkyMapDistances(
            Array.ConvertAll(places, at => distances.MuMpc[at]), Array.ConvertAll(places, at => distances.SigmaMpc[at]), Array.ConvertAll(places, at => distances.NormPerSquareMpc[at])));
        return map.Total is > 0 and < double.PositiveInfinity ? map : throw new SkyMapException("The probabilities of the sky map do not sum to a positive number.");
    }

    /// <summary>Tile by its place, from 0, in the order of position.</summary>
    public HealpixIndex this[int index] => new(_orders[index], _starts[index] >> (2 * (Healpix.MaxOrder - _orders[index])));

    /// <summary>NUNIQ numbers of the tiles, in the order of position.</summary>
    public long[] Uniqs() => [.. Enumerable.Range(0, Count).Select(i => this[i].Uniq)];

    /// <summary>Place of the tile that holds a position; -1 where none does.</summary>
    public int TileAt(SkyPosition position)
    {
        var pixel = position.ToHealpix29();
        var at = Array.BinarySearch(_starts, pixel);
        at = at >= 0 ? at : ~at - 1;
        return at >= 0 && pixel < EndOf(_starts[at], _orders[at]) ? at : -1;
    }

    /// <summary>Probability density at a position per steradian.</summary>
    public double DensityPerSteradianAt(SkyPosition position) => TileAt(position) is >= 0 and var at ? _densities[at] : 0;

    /// <summary>Probability in a tile.</summary>
    public double ProbabilityOf(int index) => _densities[index] * (1L << (2 * (Healpix.MaxOrder - _orders[index]))) * SkyRegion.FinestAreaSteradians;

    /// <summary>The smallest level whose credible region holds a position; 1 where the map has no probability there.</summary>
    public double CredibleLevelAt(SkyPosition position) =>
        TileAt(position) is >= 0 and var at && _densities[at] > 0 ? Math.Min(1, _levels.Value.Levels[at]) : 1;

    /// <summary>Centre of the densest tile, the first by position among equals.</summary>
    public SkyPosition MostProbable => this[_levels.Value.ByDensity[0]].Center;

    /// <summary>The credible region of a level.</summary>
    /// <param name="level">Cumulative probability, above 0 and at most 1; at 1 the region is all that has any probability.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is none.</exception>
    public SkyRegion CredibleRegion(double level)
    {
        var tiles = TilesWithin(level);
        Array.Sort(tiles);
        return SkyRegion.Of(tiles.Select(at => new HealpixRange(_starts[at], EndOf(_starts[at], _orders[at]))));
    }

    /// <summary>Probability in the credible region of a level, as a share of the total.</summary>
    public double ProbabilityWithin(double level) => TilesWithin(level).Sum(ProbabilityOf) / Total;

    /// <summary>Probability within the densest so many square degrees, as a share of the total; the last tile counts in part.</summary>
    public double ProbabilityWithinArea(double squareDegrees)
    {
        var (left, sum) = (squareDegrees, 0.0);
        foreach (var at in _levels.Value.ByDensity)
        {
            var area = Healpix.PixelAreaSquareDegrees(_orders[at]);
            sum += ProbabilityOf(at) * Math.Min(1, left / area);
            left -= area;
            if (left <= 0)
            {
                break;
            }
        }

        return Math.Min(1, sum / Total);
    }

    /// <summary>Probabilities in all pixels of one order in the RING scheme, as shares of the total; they sum to 1.</summary>
    public double[] FlattenToRing(int order)
    {
        var flat = new double[Healpix.PixelCount(order)];
        for (var i = 0; i < Count; i++)
        {
            var share = ProbabilityOf(i) / Total;
            var tile = this[i];
            if (tile.Order >= order)
            {
                flat[Healpix.NestedToRing(order, tile.AncestorAt(order).Pixel)] += share;
                continue;
            }

            var pixels = 1L << (2 * (order - tile.Order));
            for (var pixel = tile.Pixel * pixels; pixel < (tile.Pixel + 1) * pixels; pixel++)
            {
                flat[Healpix.NestedToRing(order, pixel)] = share / pixels;
            }
        }

        return flat;
    }

    private int[] TilesWithin(double level)
    {
        if (!(level > 0 && level <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "The cumulative probability must be above 0 and at most 1.");
        }

        var (ranked, levels) = _levels.Value;
        var count = 0;
        while (count < ranked.Length && _densities[ranked[count]] > 0
            && (level >= 1 || levels[ranked[count]] <= level + LevelSlack || _densities[ranked[count]] == _densities[ranked[0]]))
        {
            count++;
        }

        return ranked[..count];
    }

    // The level of a tile is the sum up to the first tile of its density.
    private (int[] ByDensity, double[] Levels) Rank()
    {
        var ranked = new int[Count];
        for (var i = 0; i < ranked.Length; i++)
        {
            ranked[i] = i;
        }

        Array.Sort(ranked, (a, b) => _densities[b].CompareTo(_densities[a]) is not 0 and var order ? order : a.CompareTo(b));
        var levels = new double[Count];
        var (sum, level) = (0.0, 0.0);
        for (var i = 0; i < ranked.Length; i++)
        {
            sum += ProbabilityOf(ranked[i]) / Total;
            level = i > 0 && _densities[ranked[i]] == _densities[ranked[i - 1]] ? level : sum;
            levels[ranked[i]] = level;
        }

        return (ranked, levels);
    }

    private static long EndOf(long start, int order) => start + (1L << (2 * (Healpix.MaxOrder - order)));

    private static HealpixRange RangeOf(long uniq, int row)
    {
        try
        {
            return HealpixIndex.FromUniq(uniq).Range;
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new SkyMapException($"Row {row} of the sky map: UNIQ {uniq} names no HEALPix tile.");
        }
    }
}
