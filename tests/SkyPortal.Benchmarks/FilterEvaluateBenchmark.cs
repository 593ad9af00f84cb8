using System.Diagnostics;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestSupport;

namespace SkyPortal.Benchmarks;

/// <summary>94 realistic filters over decoded packets, one thread: everything that they derive from a packet is part of the time.</summary>
public sealed class FilterEvaluateBenchmark : IBenchmark
{
    private const int Filters = 94;
    private const double GoalMicroseconds = 5;

    /// <inheritdoc/>
    public string Name => "filter-evaluate";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var packets = await PacketsAsync(scale == BenchmarkScale.Full ? 300 : 10, ct);
        var filters = RealisticFilters.Make(Filters).Select(text => FilterCompiler.Compile(new FilterDefinition(text), FilterEnvironment.Ztf)).ToArray();
        var passed = Pass(packets, filters);
        if (passed == 0 || passed == (long)packets.Count * Filters || passed != Pass(packets, filters))
        {
            throw new InvalidOperationException("The filters pass all or nothing, or not the same twice.");
        }

        var points = packets.Average(packet => packet.Records("prv_candidates").Count() + packet.Records("fp_hists").Count());
        await progress.WriteLineAsync($"  {packets.Count} packets with {points:0} points of history each, {Filters} filters, {100.0 * passed / packets.Count / Filters:0.0} % pass");
        var times = new List<double>();
        for (var round = 0; round < (scale == BenchmarkScale.Full ? 11 : 3); round++)
        {
            var watch = Stopwatch.StartNew();
            Pass(packets, filters);
            times.Add(watch.Elapsed.TotalMicroseconds / packets.Count / Filters);
        }

        times.Sort();
        var median = times[times.Count / 2];
        return [new Figure("evaluate a filter on a packet [µs]", median, null, "below 5 µs", median < GoalMicroseconds)];
    }

    private static long Pass(IReadOnlyList<PacketRecord> packets, CompiledFilter[] filters)
    {
        long passed = 0;
        foreach (var packet in packets)
        {
            var context = FilterEnvironment.Ztf.CreateContext(packet);
            foreach (var filter in filters)
            {
                passed += filter.Evaluate(context).Passed ? 1 : 0;
            }
        }

        return passed;
    }

    /// <summary>Packets that the survey sent where they are at hand, and simulated ones.</summary>
    private static async Task<List<PacketRecord>> PacketsAsync(int count, CancellationToken ct)
    {
        var packets = SimulatedNights.Make(count, 61_000).Select(packet => AvroContainer.Read(packet.Bytes).Records[0]).ToList();
        if (SharedData.Find("alerts/ztf") is { } real)
        {
            foreach (var path in Directory.GetFiles(real, "*.avro").Order(StringComparer.Ordinal).Take(count))
            {
                packets.Add(AvroContainer.Read(await File.ReadAllBytesAsync(path, ct)).Records[0]);
            }
        }

        return packets;
    }
}
