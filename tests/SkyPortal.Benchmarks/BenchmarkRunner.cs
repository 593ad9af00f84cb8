using System.Globalization;

namespace SkyPortal.Benchmarks;

/// <summary>Runs benchmarks by name and prints a table.</summary>
public static class BenchmarkRunner
{
    /// <summary>Every benchmark.</summary>
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new CandidatesPageBenchmark(),
        new SkyMapBenchmark(),
        new AvroDecodeBenchmark(),
        new IngestBenchmark(),
        new AlertSearchBenchmark(),
        new PhotometryUploadBenchmark(),
        new PeriodogramBenchmark(),
        new SourcesListBenchmark(),
        new SourcePageBenchmark(),
        new SourceRoutesBenchmark(),
        new ScanningBenchmark(),
        new FilterEvaluateBenchmark(),
        new WatchMatchBenchmark(),
        new FilterTestBenchmark(),
        new KafkaIngestBenchmark(),
    ];

    /// <summary>Runs the named benchmarks, or all; returns 0 where every goal was met.</summary>
    public static async Task<int> RunAsync(string[] names, TextWriter output, TextWriter progress)
    {
        if (names.FirstOrDefault(name => All.All(benchmark => benchmark.Name != name)) is { } unknown)
        {
            await progress.WriteLineAsync($"There is no benchmark {unknown}. Benchmarks: {string.Join(", ", All.Select(benchmark => benchmark.Name))}.");
            return 2;
        }

        var met = true;
        await output.WriteLineAsync($"{"what",-62} {"ours",12} {"peer",12} {"ratio",8}  goal");
        foreach (var benchmark in All.Where(benchmark => names.Length == 0 || names.Contains(benchmark.Name)))
        {
            await progress.WriteLineAsync($"{benchmark.Name} ...");
            foreach (var figure in await benchmark.RunAsync(BenchmarkScale.Full, progress, CancellationToken.None))
            {
                met &= figure.Met;
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{figure.What,-62} {figure.Ours,12:0.##} {figure.Peer,12:0.##} {figure.Ours / figure.Peer,8:0.###}  {figure.Goal}: {(figure.Met ? "met" : "MISSED")}"));
            }
        }

        return met ? 0 : 1;
    }
}
