namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// Makes a map of pixels of one order that come in the order of the NESTED scheme. Four pixels that are alike become one of the
/// next coarser order, and so on. Where too many tiles remain, those with the least probability are joined with their
/// siblings, so that the sum of a map stays what it was.
/// </summary>
public sealed class SkyMapBuilder
{
    private readonly int _order;
    private readonly bool _hasDistances;
    private readonly List<Tile> _tiles = [];

    /// <summary>Begins a map.</summary>
    /// <param name="order">Order of the pixels.</param>
    /// <param name="hasDistances">Whether pixels carry distances.</param>
    public SkyMapBuilder(int order, bool hasDistances = false)
    {
        _order = Healpix.Checked(order);
        _hasDistances = hasDistances;
    }

    private readonly record struct Tile(int Order, long Pixel, double Density, double Mu, double Sigma, double Norm)
    {
        public bool IsLike(Tile other) => Density.Equals(other.Density) && Mu.Equals(other.Mu) && Sigma.Equals(other.Sigma) && Norm.Equals(other.Norm);
    }

    /// <summary>Adds a pixel; each must have a larger number than the last. Pixels without probability may be left out.</summary>
    /// <exception cref="SkyMapException">The density is not a number of 0 or more.</exception>
    public void Add(long pixel, double densityPerSteradian, double muMpc = double.NaN, double sigmaMpc = double.NaN, double normPerSquareMpc = double.NaN)
    {
        if (densityPerSteradian is not (>= 0 and < double.PositiveInfinity))
        {
            throw new SkyMapException($"The probability of pixel {pixel} of the sky map is not a number of 0 or more.");
        }

        if (densityPerSteradian == 0)
        {
            // Without probability a distance means nothing.
            (muMpc, sigmaMpc, normPerSquareMpc) = (double.PositiveInfinity, 1, 0);
        }

        _tiles.Add(new Tile(_order, pixel, densityPerSteradian, muMpc, sigmaMpc, normPerSquareMpc));
        while (JoinLastFour())
        {
        }

        if (_tiles.Count > 2 * SkyMap.MostTiles)
        {
            Thin();
        }
    }

    /// <summary>The map.</summary>
    /// <exception cref="SkyMapException">No pixel has any probability.</exception>
    public SkyMap Build()
    {
        if (_tiles.Count > SkyMap.MostTiles)
        {
            Thin();
        }

        var tiles = _tiles;
        var distances = _hasDistances
            ? new SkyMapDistances([.. tiles.Select(tile => tile.Mu)], [.. tiles.Select(tile => tile.Sigma)], [.. tiles.Select(tile => tile.Norm)])
            : null;
        return tiles.Count > 0
            ? SkyMap.Of([.. tiles.Select(tile => new HealpixIndex(tile.Order, tile.Pixel).Uniq)], [.. tiles.Select(tile => tile.Density)], distances)
            : throw new SkyMapException("The sky map has no pixels.");
    }

    private bool JoinLastFour()
    {
        var count = _tiles.Count;
        if (count < 4)
        {
            return false;
        }

        var last = _tiles[^1];
        if (last.Order == 0 || (last.Pixel & 3) != 3)
        {
            return false;
        }

        for (var i = 2; i <= 4; i++)
        {
            var tile = _tiles[^i];
            if (tile.Order != last.Order || tile.Pixel >> 2 != last.Pixel >> 2 || !tile.IsLike(last))
            {
                return false;
            }
        }

        _tiles.RemoveRange(count - 4, 4);
        _tiles.Add(last with { Order = last.Order - 1, Pixel = last.Pixel >> 2 });
        return true;
    }

    // Joins siblings that together hold less than a limit, which grows until half of what is allowed remains.
    private void Thin()
    {
        var total = _tiles.Sum(Probability);
        for (var limit = total * 1e-10; _tiles.Count > SkyMap.MostTiles / 2; limit *= 4)
        {
            if (limit > total)
            {
                throw new SkyMapException($"The sky map has more than {SkyMap.MostTiles} tiles, even when joined.");
            }

            var before = _tiles.ToArray();
            _tiles.Clear();
            foreach (var tile in before)
            {
                _tiles.Add(tile);
                while (JoinLastBelow(limit))
                {
                }
            }
        }
    }

    private bool JoinLastBelow(double limit)
    {
        var last = _tiles[^1];
        if (_tiles.Count < 4 || last.Order == 0 || (last.Pixel & 3) != 3)
        {
            return false;
        }

        var (sum, heaviest) = (0.0, last);
        for (var i = 1; i <= 4; i++)
        {
            var tile = _tiles[^i];
            if (tile.Order != last.Order || tile.Pixel >> 2 != last.Pixel >> 2)
            {
                return false;
            }

            sum += Probability(tile);
            heaviest = tile.Density > heaviest.Density ? tile : heaviest;
        }

        if (sum > limit)
        {
            return false;
        }

        var density = (_tiles[^1].Density + _tiles[^2].Density + _tiles[^3].Density + _tiles[^4].Density) / 4;
        _tiles.RemoveRange(_tiles.Count - 4, 4);
        _tiles.Add(heaviest with { Order = last.Order - 1, Pixel = last.Pixel >> 2, Density = density });
        return true;
    }

    private static double Probability(Tile tile) => tile.Density * (1L << (2 * (Healpix.MaxOrder - tile.Order))) * SkyRegion.FinestAreaSteradians;
}
