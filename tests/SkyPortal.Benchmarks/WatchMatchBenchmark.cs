using System.Diagnostics;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Benchmarks;

/// <summary>Packets matched against all that is watched, one thread: positions of the sky, of which some lie within a watched one, and names.</summary>
public sealed class WatchMatchBenchmark : IBenchmark
{
    private const double GoalMicroseconds = 2;

    /// <inheritdoc/>
    public string Name => "watch-match";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var (watched, packets) = scale == BenchmarkScale.Full ? (100_000, 200_000) : (5_000, 5_000);
        var random = new Random(20260301);
        var positions = Enumerable.Range(0, watched).Select(i => new WatchedPosition(i, Anywhere(random), 1 + (random.NextDouble() * 29))).ToArray();
        var sources = Enumerable.Range(0, watched).Select(i => new WatchSource(null, i, null)).ToArray();
        var begun = Stopwatch.GetTimestamp();
        var snapshot = new WatchSnapshot(new WatchIndex(positions), new WatchedNames(Enumerable.Range(0, 1_000).Select(i => (i, $"ZTF25w{i}"))), sources);
        await progress.WriteLineAsync($"  {watched} positions taken in within {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms");

        // One packet in ten lies at a watched position, far more than a survey's.
        var points = Enumerable.Range(0, packets)
            .Select(i => i % 10 == 0 ? positions[random.Next(watched)].Position.OffsetBy(random.NextDouble() * 360, 20.0 / 3600) : Anywhere(random))
            .Select((position, i) => (Position: position, Healpix: position.ToHealpix29(), ObjId: $"ZTF26{i:x7}")).ToArray();
        foreach (var (position, healpix, objId) in points.Take(300))
        {
            var expected = positions.Where(one => one.Position.SeparationDegrees(position) * 3600 <= one.RadiusArcsec).Select(one => (long)one.Entry);
            if (!expected.SequenceEqual(snapshot.Find(position, healpix, objId).Select(hit => hit.Source.EntryId).Order()))
            {
                throw new InvalidOperationException($"The index does not find what is watched at {position}.");
            }
        }

        var times = new List<double>();
        for (var round = 0; round < (scale == BenchmarkScale.Full ? 11 : 3); round++)
        {
            var watch = Stopwatch.StartNew();
            foreach (var (position, healpix, objId) in points)
            {
                snapshot.Find(position, healpix, objId);
            }

            times.Add(watch.Elapsed.TotalMicroseconds / points.Length);
        }

        times.Sort();
        var median = times[times.Count / 2];
        return [new Figure($"match a packet with {watched} watched positions [µs]", median, null, "below 2 µs", median < GoalMicroseconds)];
    }

    private static SkyPosition Anywhere(Random random) =>
        new(random.NextDouble() * 360, Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI);
}
