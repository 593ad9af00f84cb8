using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Benchmarks;

/// <summary>The fast periodogram of one light curve, against the fast method of Debian's astropy; both compared with the exact power first.</summary>
public sealed class PeriodogramBenchmark : IBenchmark
{
    private const double GoalRatio = 3;

    /// <inheritdoc/>
    public string Name => "periodogram";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var full = scale == BenchmarkScale.Full;
        var folder = Directory.CreateTempSubdirectory("skyportal-bench-").FullName;
        try
        {
            var points = Points(full ? 1000 : 100);
            var curve = new LombScargle(points);
            var grid = new FrequencyGrid(0.001, full ? 1e-4 : 1e-3, full ? 300_000 : 3000);
            await File.WriteAllLinesAsync(
                Path.Combine(folder, "points.csv"), points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.TimeDays:R},{point.Value:R},{point.Error:R}")), ct);

            var (oursError, peerError) = await ErrorsAsync(curve, grid, folder, full ? 100 : 10, ct);
            await progress.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  {points.Length} points, {grid.Count} frequencies; largest error {oursError:0.0e0}, the peer's {peerError:0.0e0}"));

            var rounds = new List<(double Ours, double OneThread, double Peer)>();
            curve.PowerFast(grid);
            for (var round = 0; round < (full ? 7 : 1); round++)
            {
                rounds.Add((
                    Median(full ? 7 : 1, () => curve.PowerFast(grid)),
                    Median(full ? 7 : 1, () => curve.PowerFast(grid, workers: 1)),
                    double.Parse(await PeerAsync(grid, folder, "times", full ? 3 : 1, ct), CultureInfo.InvariantCulture)));
            }

            var peerMs = Median(rounds.Select(round => round.Peer));
            return [Result("on all cores", rounds.Select(round => round.Ours)), Result("on one thread", rounds.Select(round => round.OneThread))];

            Figure Result(string how, IEnumerable<double> times)
            {
                var oursMs = Median(times);
                return new Figure($"{points.Length} points by {grid.Count} frequencies {how} [ms]", oursMs, peerMs, "at least 3 times as fast", oursMs * GoalRatio <= peerMs);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Ours, double Peer)> ErrorsAsync(LombScargle curve, FrequencyGrid grid, string folder, int every, CancellationToken ct)
    {
        await PeerAsync(grid, folder, "answers", every, ct);
        var peerFast = await PowersAsync(folder, "fast.bin", ct);
        var peerExact = await PowersAsync(folder, "exact.bin", ct);
        var exact = curve.PowerExact(grid, ct: ct);
        var apart = Largest(peerExact, exact.Where((_, k) => k % every == 0).ToArray());
        if (apart > 1e-8)
        {
            throw new InvalidOperationException($"The exact powers differ by {apart}.");
        }

        var (ours, peer) = (Largest(curve.PowerFast(grid, ct: ct), exact), Largest(peerFast, exact));
        return ours <= peer ? (ours, peer) : throw new InvalidOperationException($"Our error is {ours}, the peer's only {peer}.");
    }

    private static double Largest(double[] found, double[] exact) => found.Length == exact.Length
        ? found.Zip(exact, (left, right) => Math.Abs(left - right)).Max()
        : throw new InvalidOperationException("The periodograms have different lengths.");

    private static async Task<double[]> PowersAsync(string folder, string name, CancellationToken ct) =>
        MemoryMarshal.Cast<byte, double>(await File.ReadAllBytesAsync(Path.Combine(folder, name), ct)).ToArray();

    private static Task<string> PeerAsync(FrequencyGrid grid, string folder, string task, int number, CancellationToken ct)
    {
        string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        return PythonPeer.RunAsync(
            "periodogram.py", "python3-astropy", ct, folder, Text(grid.FirstPerDay), Text(grid.StepPerDay), $"{grid.Count}", task, $"{number}");
    }

    // Seven years of nights from one site, seasons of eight months, a star of half a day.
    private static PeriodogramPoint[] Points(int count)
    {
        var random = new Random(1989);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var timeDays = 58_000 + (365 * random.Next(7)) + random.Next(240) + (0.35 * random.NextDouble());
            var error = 0.5 + random.NextDouble();
            return new PeriodogramPoint(timeDays, 100 + (2 * Math.Sin(2 * Math.PI * timeDays / 0.5321)) + (error * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2), error);
        }).OrderBy(point => point.TimeDays)];
    }

    private static double Median(int passes, Action action) => Median(Enumerable.Range(0, passes).Select(_ =>
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
