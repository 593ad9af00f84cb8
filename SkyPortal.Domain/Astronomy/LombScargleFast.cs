using System.Numerics;
using System.Runtime.Intrinsics;

namespace SkyPortal.Domain.Astronomy;

/// <summary>The power over an even grid of frequencies by Fourier transforms of unevenly spaced points.</summary>
/// <remarks>
/// The grid is cut into blocks. Within a block, whose middle frequency is taken out of the points first, the sums are a
/// short transform that stays in the cache: points are spread over its even cells and the spreading is undone in the
/// result. Four blocks go at once through the lanes of the vectors; points fall into the same cells in all of them.
/// </remarks>
public sealed partial class LombScargle
{
    private const int Lanes = 4;
    private const int ShortestTransform = 512;
    private const int LongestTransform = 8192;

    /// <summary>
    /// The power at all frequencies of a grid: the same as <see cref="PowerExact"/> within about 1e-10 where the points fix
    /// the sinusoid well, 1e-7 where barely, as for a period as long as the time base; in a time that grows
    /// with the number of frequencies and hardly with that of points.
    /// </summary>
    /// <param name="workers">Threads at most; −1 for as many as the machine has cores.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public double[] PowerFast(FrequencyGrid grid, int workers = -1, CancellationToken ct = default)
    {
        var power = new double[grid.Count];
        if (_sumOfSquares == 0)
        {
            return power;
        }

        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(PointCount, ShortestTransform, LongestTransform));
        var plan = new Plan(this, grid, new FourFourierTransforms(length));
        var batches = (grid.Count + plan.BatchSize - 1) / plan.BatchSize;
        Parallel.For(
            0,
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = ct },
            () => new Workspace(plan),
            (batch, _, workspace) =>
            {
                workspace.Compute(batch, power);
                return workspace;
            },
            _ => { });
        return power;
    }

    /// <summary>What all blocks share: where each point falls, and with which weights.</summary>
    private sealed class Plan
    {
        public Plan(LombScargle curve, FrequencyGrid grid, FourFourierTransforms transforms)
        {
            (Curve, Grid, Transforms) = (curve, grid, transforms);
            Corrections = SpreadingKernel.CorrectionsOf(transforms.Length);
            Single = new Cells(curve._times, grid.StepPerDay, transforms.Length);
            Double = new Cells(curve._times, 2 * grid.StepPerDay, transforms.Length);
        }

        public LombScargle Curve { get; }

        public FrequencyGrid Grid { get; }

        public FourFourierTransforms Transforms { get; }

        public double[] Corrections { get; }

        /// <summary>Cells of the points for the frequencies themselves.</summary>
        public Cells Single { get; }

        /// <summary>Cells of the points for twice the frequencies.</summary>
        public Cells Double { get; }

        public int BlockSize => Transforms.Length / 2;

        public int BatchSize => BlockSize * Lanes;
    }

    /// <summary>First cell of each point and the weights of its cells.</summary>
    private sealed class Cells
    {
        public Cells(double[] timesDays, double stepPerDay, int length)
        {
            First = new int[timesDays.Length];
            Weights = new double[timesDays.Length * SpreadingKernel.Cells];
            for (var i = 0; i < timesDays.Length; i++)
            {
                var turn = timesDays[i] * stepPerDay;
                var first = SpreadingKernel.Spread((turn - Math.Floor(turn)) * length, Weights.AsSpan(i * SpreadingKernel.Cells, SpreadingKernel.Cells));
                First[i] = first < 0 ? first + length : first;
            }
        }

        public int[] First { get; }

        public double[] Weights { get; }
    }

    /// <summary>What one thread works with.</summary>
    private sealed class Workspace
    {
        private readonly Plan _plan;
        private readonly Vector256<double>[] _re;
        private readonly Vector256<double>[] _im;
        private readonly Vector256<double>[] _phaseRe;
        private readonly Vector256<double>[] _phaseIm;
        private readonly Vector256<double>[] _yc;
        private readonly Vector256<double>[] _ys;
        private readonly Vector256<double>[] _cc;
        private readonly Vector256<double>[] _ss;
        private readonly Vector256<double>[] _cs;

        public Workspace(Plan plan)
        {
            _plan = plan;
            var cells = plan.Transforms.Length + SpreadingKernel.Cells;
            (_re, _im) = (new Vector256<double>[cells], new Vector256<double>[cells]);
            (_phaseRe, _phaseIm) = (new Vector256<double>[plan.Curve.PointCount], new Vector256<double>[plan.Curve.PointCount]);
            (_yc, _ys) = (new Vector256<double>[plan.BlockSize], new Vector256<double>[plan.BlockSize]);
            (_cc, _ss, _cs) = (new Vector256<double>[plan.BlockSize], new Vector256<double>[plan.BlockSize], new Vector256<double>[plan.BlockSize]);
        }

        public void Compute(int batch, double[] power)
        {
            var curve = _plan.Curve;
            SetPhases(batch);
            Sum(curve._weighted, _plan.Single, 0..curve.PointCount, isDouble: false);
            for (var l = 0; l < _plan.BlockSize; l++)
            {
                (_yc[l], _ys[l]) = Coefficient(l);
            }

            Array.Clear(_cc);
            Array.Clear(_ss);
            Array.Clear(_cs);
            for (var band = 0; band < curve.BandCount; band++)
            {
                Sum(curve._weights, _plan.Single, curve.BandRange(band), isDouble: false);
                var scale = Vector256.Create(1 / curve._bandWeights[band]);
                for (var l = 0; l < _plan.BlockSize; l++)
                {
                    var (c, s) = Coefficient(l);
                    _cc[l] += c * c * scale;
                    _ss[l] += s * s * scale;
                    _cs[l] += c * s * scale;
                }
            }

            Sum(curve._weights, _plan.Double, 0..curve.PointCount, isDouble: true);
            var first = batch * _plan.BatchSize;
            Span<double> lanes = stackalloc double[Lanes];
            for (var l = 0; l < _plan.BlockSize; l++)
            {
                Power(l).CopyTo(lanes);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    var k = first + (lane * _plan.BlockSize) + l;
                    if (k < power.Length)
                    {
                        power[k] = lanes[lane];
                    }
                }
            }
        }

        // exp(2πi f t) of each point at the middle frequency of each lane's block; the lanes are a fixed turn apart.
        private void SetPhases(int batch)
        {
            var times = _plan.Curve._times;
            var middlePerDay = _plan.Grid.FirstPerDay + ((((double)batch * _plan.BatchSize) + (_plan.BlockSize / 2)) * _plan.Grid.StepPerDay);
            var blockPerDay = _plan.BlockSize * _plan.Grid.StepPerDay;
            for (var i = 0; i < times.Length; i++)
            {
                var (s0, c0) = Math.SinCos(2 * Math.PI * Fraction(middlePerDay * times[i]));
                var (s, c) = Math.SinCos(2 * Math.PI * Fraction(blockPerDay * times[i]));
                var (c1, s1) = ((c0 * c) - (s0 * s), (s0 * c) + (c0 * s));
                var (c2, s2) = ((c1 * c) - (s1 * s), (s1 * c) + (c1 * s));
                var (c3, s3) = ((c2 * c) - (s2 * s), (s2 * c) + (c2 * s));
                _phaseRe[i] = Vector256.Create(c0, c1, c2, c3);
                _phaseIm[i] = Vector256.Create(s0, s1, s2, s3);
            }
        }

        private void Sum(double[] amounts, Cells cells, Range points, bool isDouble)
        {
            Array.Clear(_re);
            Array.Clear(_im);
            for (var i = points.Start.Value; i < points.End.Value; i++)
            {
                var (re, im) = (_phaseRe[i], _phaseIm[i]);
                if (isDouble)
                {
                    (re, im) = ((re * re) - (im * im), 2 * re * im);
                }

                var amount = Vector256.Create(amounts[i]);
                re *= amount;
                im *= amount;
                var weights = cells.Weights.AsSpan(i * SpreadingKernel.Cells, SpreadingKernel.Cells);
                var toRe = _re.AsSpan(cells.First[i], SpreadingKernel.Cells);
                var toIm = _im.AsSpan(cells.First[i], SpreadingKernel.Cells);
                for (var cell = 0; cell < SpreadingKernel.Cells; cell++)
                {
                    var weight = Vector256.Create(weights[cell]);
                    toRe[cell] += re * weight;
                    toIm[cell] += im * weight;
                }
            }

            // The cells are a circle.
            var length = _plan.Transforms.Length;
            for (var cell = 0; cell < SpreadingKernel.Cells; cell++)
            {
                _re[cell] += _re[length + cell];
                _im[cell] += _im[length + cell];
            }

            _plan.Transforms.Transform(_re, _im);
        }

        private (Vector256<double> Re, Vector256<double> Im) Coefficient(int l)
        {
            var frequency = l - (_plan.BlockSize / 2);
            var place = _plan.Transforms.PlaceOf(frequency);
            var correction = Vector256.Create(_plan.Corrections[Math.Abs(frequency)]);
            return (_re[place] * correction, _im[place] * correction);
        }

        private Vector256<double> Power(int l)
        {
            var half = Vector256.Create(0.5);
            var (c2, s2) = Coefficient(l);
            var cc = half + (half * c2) - _cc[l];
            var ss = half - (half * c2) - _ss[l];
            var cs = (half * s2) - _cs[l];
            var determinant = (cc * ss) - (cs * cs);
            var power = ((_yc[l] * _yc[l] * ss) + (_ys[l] * _ys[l] * cc) - (2 * _yc[l] * _ys[l] * cs)) / (determinant * _plan.Curve._sumOfSquares);
            var clamped = Vector256.Min(Vector256.Max(power, Vector256<double>.Zero), Vector256<double>.One);
            return Vector256.ConditionalSelect(Vector256.GreaterThan(determinant, Vector256.Create(LeastDeterminant)), clamped, Vector256<double>.Zero);
        }
    }
}
