using System.Diagnostics;

namespace SkyPortal.Benchmarks;

/// <summary>How large a benchmark runs: in full, or small enough for the test suite.</summary>
public enum BenchmarkScale
{
    Small,
    Full,
}

/// <summary>One measured figure.</summary>
/// <param name="What">What was measured, with its unit.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Peer">The peer's figure in the same run; null where the goal is absolute.</param>
/// <param name="Goal">What was to be reached, in words.</param>
/// <param name="Met">Whether it was.</param>
public sealed record Figure(string What, double Ours, double? Peer, string Goal, bool Met);

/// <summary>A measurement that asserts its answers before it takes its times.</summary>
public interface IBenchmark
{
    /// <summary>Name on the command line.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct);
}

/// <summary>Times things.</summary>
public static class Timing
{
    /// <summary>Median milliseconds of two things done in turn, after one warm-up of each.</summary>
    public static async Task<(double OursMs, double PeerMs)> AlternateAsync(int rounds, Func<Task> ours, Func<Task> peer)
    {
        await ours();
        await peer();
        var first = new List<double>();
        var second = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            first.Add(await OnceAsync(ours));
            second.Add(await OnceAsync(peer));
        }

        return (Median(first), Median(second));
    }

    /// <summary>Median milliseconds of one thing, after one warm-up.</summary>
    public static async Task<double> MedianAsync(int rounds, Func<Task> action)
    {
        await action();
        var times = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            times.Add(await OnceAsync(action));
        }

        return Median(times);
    }

    /// <summary>Milliseconds of one run.</summary>
    public static async Task<double> OnceAsync(Func<Task> action)
    {
        var watch = Stopwatch.StartNew();
        await action();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
