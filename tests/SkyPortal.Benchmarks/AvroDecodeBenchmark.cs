using System.Diagnostics;
using System.Globalization;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestSupport;

namespace SkyPortal.Benchmarks;

/// <summary>Decoding packets from files, one thread against one process of the pure-Python avro package of Debian.</summary>
public sealed class AvroDecodeBenchmark : IBenchmark
{
    private const double GoalRatio = 10;

    /// <inheritdoc/>
    public string Name => "avro-decode";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkScale scale, TextWriter progress, CancellationToken ct)
    {
        var full = scale == BenchmarkScale.Full;
        var folder = Directory.CreateTempSubdirectory("skyportal-bench-").FullName;
        try
        {
            var source = await WritePacketsAsync(folder, full ? 100 : 3, ct);
            var ours = Directory.GetFiles(folder).Order(StringComparer.Ordinal).SelectMany(Decode).Select(Answer).ToList();
            var peer = (await PeerAsync(folder, "answers", ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (ours.Count == 0 || !ours.SequenceEqual(peer))
            {
                throw new InvalidOperationException("The two decoders answer differently.");
            }

            await progress.WriteLineAsync($"  {ours.Count} {source} packets, equal answers");
            var rates = new List<(double Ours, double Peer)>();
            for (var round = 0; round < (full ? 5 : 1); round++)
            {
                var oursRate = Measure(folder, full ? 20 : 1);
                var peerRate = double.Parse(await PeerAsync(folder, full ? "3" : "1", ct), CultureInfo.InvariantCulture);
                rates.Add((oursRate, peerRate));
            }

            var (oursMedian, peerMedian) = (Median(rates.Select(rate => rate.Ours)), Median(rates.Select(rate => rate.Peer)));
            return
            [
                new Figure($"decode {source} packets, one thread [packets/s]", oursMedian, peerMedian, "at least 10 times the peer", oursMedian >= GoalRatio * peerMedian),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Packets that the survey sent where they are at hand, else simulated ones.</summary>
    private static async Task<string> WritePacketsAsync(string folder, int packets, CancellationToken ct)
    {
        if (SharedData.Find("alerts/ztf") is { } real)
        {
            foreach (var path in Directory.GetFiles(real, "*.avro").Take(packets))
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, Path.GetFileName(path)), await File.ReadAllBytesAsync(path, ct), ct);
            }

            return "ZTF";
        }

        foreach (var packet in SimulatedNights.Make(packets, 61_000))
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, packet.Name), packet.Bytes, ct);
        }

        return "simulated";
    }

    private static IReadOnlyList<PacketRecord> Decode(string path) => AvroContainer.Read(File.ReadAllBytes(path)).Records;

    private static string Answer(PacketRecord packet) => string.Create(
        CultureInfo.InvariantCulture,
        $"{packet.Text("objectId")} {packet.Integer("candid")} {packet.Records("prv_candidates").Count()}");

    private static double Measure(string folder, int passes)
    {
        var paths = Directory.GetFiles(folder);
        Decode(paths[0]);
        var packets = 0;
        var watch = Stopwatch.StartNew();
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var path in paths)
            {
                packets += Decode(path).Count;
            }
        }

        return packets / watch.Elapsed.TotalSeconds;
    }

    private static Task<string> PeerAsync(string folder, string task, CancellationToken ct) =>
        PythonPeer.RunAsync("avro_decode.py", "python3-avro", ct, folder, task);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
