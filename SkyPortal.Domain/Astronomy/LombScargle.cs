namespace SkyPortal.Domain.Astronomy;

/// <summary>One measured brightness.</summary>
/// <param name="TimeDays">Time in days, from any zero.</param>
/// <param name="Value">Brightness in any unit that is the same for all points.</param>
/// <param name="Error">Its standard deviation in the same unit, positive.</param>
/// <param name="Band">Which band, 0 to the number of bands less one.</param>
public readonly record struct PeriodogramPoint(double TimeDays, double Value, double Error, int Band = 0);

/// <summary>
/// The generalised Lomb-Scargle periodogram: by how much a sinusoid with a free mean lowers the weighted sum of squares,
/// 0 (not at all) to 1 (to nothing). Zechmeister and Kürster 2009, A&amp;A 496, 577.
/// </summary>
/// <remarks>
/// With several bands each has a mean of its own and all share one sinusoid: VanderPlas and Ivezić 2015, ApJ 812, 18, the
/// shared-phase model with one base term and none per band. Where the points do not tell the sinusoid from the means
/// (fewer than three times, one period many times longer than the time base) the power is 0.
/// </remarks>
public sealed partial class LombScargle
{
    // Below this the sines and cosines are told from the means by rounding errors alone.
    private const double LeastDeterminant = 1e-13;

    // Errors above so many times the least count as that, so that no band weighs nothing.
    private const double MostErrorRatio = 1e12;

    private readonly double[] _times;
    private readonly double[] _weights;
    private readonly double[] _weighted;
    private readonly int[] _bandEnds;
    private readonly double[] _bandWeights;
    private readonly double _sumOfSquares;

    /// <summary>Takes the points of a light curve, in any order.</summary>
    /// <exception cref="ArgumentException">A number is not finite, an error is not positive or a band is negative.</exception>
    public LombScargle(IReadOnlyCollection<PeriodogramPoint> points)
    {
        if (points.Any(point => !double.IsFinite(point.TimeDays) || !double.IsFinite(point.Value) || !double.IsFinite(point.Error) || point.Error <= 0 || point.Band < 0))
        {
            throw new ArgumentException("Times and values must be finite, errors finite and positive, bands not negative.", nameof(points));
        }

        var sorted = points.OrderBy(point => point.Band).ThenBy(point => point.TimeDays).ToArray();
        PointCount = sorted.Length;
        if (sorted.Length == 0)
        {
            (_times, _weights, _weighted, _bandEnds, _bandWeights) = ([], [], [], [], []);
            return;
        }

        // Scales drop out of the power; without them squares of extreme values would not be finite.
        var (first, last) = (sorted.Min(point => point.TimeDays), sorted.Max(point => point.TimeDays));
        var leastError = sorted.Min(point => point.Error);
        var largest = sorted.Max(point => Math.Abs(point.Value));
        var scale = largest > 0 ? 1 / largest : 1;
        scale = double.IsFinite(scale) ? scale : 1;
        var middle = first + ((last - first) / 2);
        TimeBaseDays = last - first;
        _times = Array.ConvertAll(sorted, point => point.TimeDays - middle);
        _weights = Array.ConvertAll(sorted, point => 1 / Square(Math.Min(point.Error / leastError, MostErrorRatio)));
        var sum = _weights.Sum();
        _weights = Array.ConvertAll(_weights, weight => weight / sum);
        _bandEnds = [.. sorted.Select((point, index) => (point.Band, index)).GroupBy(item => item.Band).Select(band => band.Last().index + 1)];
        _bandWeights = new double[_bandEnds.Length];
        _weighted = new double[sorted.Length];
        for (var band = 0; band < _bandEnds.Length; band++)
        {
            var range = BandRange(band);
            var mean = 0.0;
            for (var i = range.Start.Value; i < range.End.Value; i++)
            {
                _bandWeights[band] += _weights[i];
                mean += _weights[i] * sorted[i].Value * scale;
            }

            mean /= _bandWeights[band];
            for (var i = range.Start.Value; i < range.End.Value; i++)
            {
                var value = (sorted[i].Value * scale) - mean;
                _weighted[i] = _weights[i] * value;
                _sumOfSquares += _weights[i] * value * value;
            }
        }

        // What is left of equal values are rounding errors. Fewer times than one per mean and two more fix no sinusoid.
        var freeTimes = sorted.Select(point => (point.Band, point.TimeDays)).Distinct().Count() - _bandEnds.Length;
        _sumOfSquares = _sumOfSquares > 1e-28 && freeTimes >= 2 ? _sumOfSquares : 0;
        var center = 0.0;
        for (var i = 0; i < _times.Length; i++)
        {
            center += _weights[i] * _times[i];
        }

        for (var i = 0; i < _times.Length; i++)
        {
            TimeVarianceSquareDays += _weights[i] * (_times[i] - center) * (_times[i] - center);
        }
    }

    /// <summary>Number of points.</summary>
    public int PointCount { get; }

    /// <summary>Number of bands that have points.</summary>
    public int BandCount => _bandEnds.Length;

    /// <summary>Time from the first to the last point in days.</summary>
    public double TimeBaseDays { get; }

    /// <summary>Weighted variance of the times in square days.</summary>
    public double TimeVarianceSquareDays { get; }

    /// <summary>The power at one frequency in cycles per day, from the sums themselves.</summary>
    public double PowerAt(double frequencyPerDay)
    {
        if (_sumOfSquares == 0)
        {
            return 0;
        }

        var (yc, ys, c2, s2, cc, ss, cs) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var band = 0; band < _bandEnds.Length; band++)
        {
            var (c, s) = (0.0, 0.0);
            var range = BandRange(band);
            for (var i = range.Start.Value; i < range.End.Value; i++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * Fraction(frequencyPerDay * _times[i]));
                yc += _weighted[i] * cosine;
                ys += _weighted[i] * sine;
                c += _weights[i] * cosine;
                s += _weights[i] * sine;
                c2 += _weights[i] * ((cosine * cosine) - (sine * sine));
                s2 += _weights[i] * 2 * sine * cosine;
            }

            cc += c * c / _bandWeights[band];
            ss += s * s / _bandWeights[band];
            cs += c * s / _bandWeights[band];
        }

        cc = (0.5 * (1 + c2)) - cc;
        ss = (0.5 * (1 - c2)) - ss;
        cs = (0.5 * s2) - cs;
        var determinant = (cc * ss) - (cs * cs);
        return determinant > LeastDeterminant
            ? Math.Clamp(((yc * yc * ss) + (ys * ys * cc) - (2 * yc * ys * cs)) / (determinant * _sumOfSquares), 0, 1)
            : 0;
    }

    /// <summary>The power at all frequencies of a grid from the sums themselves: a sine and a cosine per point and frequency.</summary>
    /// <param name="workers">Threads at most; −1 for as many as the machine has cores.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double[] PowerExact(FrequencyGrid grid, int workers = -1, CancellationToken ct = default)
    {
        var power = new double[grid.Count];
        const int Chunk = 256;
        Parallel.For(0, (grid.Count + Chunk - 1) / Chunk, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = ct }, chunk =>
        {
            for (var k = chunk * Chunk; k < Math.Min(grid.Count, (chunk + 1) * Chunk); k++)
            {
                power[k] = PowerAt(grid[k]);
            }
        });
        return power;
    }

    private static double Square(double x) => x * x;

    private static double Fraction(double cycles) => cycles - Math.Round(cycles);

    private Range BandRange(int band) => new(band == 0 ? 0 : _bandEnds[band - 1], _bandEnds[band]);
}
