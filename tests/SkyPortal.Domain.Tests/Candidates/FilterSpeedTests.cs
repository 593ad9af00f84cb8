using System.Diagnostics;
using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

public class FilterSpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Evaluate_TwentyFiveFiltersOverAPacket_StaysFarBelowAMillisecond()
    {
        var filters = Enumerable.Range(0, 25).Select(index => FilterCompiler.Compile(
            new FilterDefinition(
                $"candidate.drb > 0.{index + 10} and candidate.magpsf < 19.5 and not is_moving and star_distance_arcsec > 1 "
                + "and count(prv_candidates, magpsf != null and isdiffpos) >= 2 and age_days < 10 and count(history, is_detection and snr > 5) >= 1",
                new Dictionary<string, string> { ["age"] = "age_days", ["n"] = "n_detections" }),
            FilterEnvironment.Ztf)).ToArray();
        var packet = Alerts.Ztf();
        var previous = packet.Records("prv_candidates").ToArray();
        packet.Values[packet.Layout.IndexOf("prv_candidates")] = Enumerable.Range(0, 40).Select(object? (index) => previous[index % previous.Length]).ToArray();

        // The best of several batches: a busy machine slows some, never speeds one up.
        var best = TimeSpan.MaxValue;
        var passed = 0;
        const int Batch = 500;
        for (var round = 0; round < 20; round++)
        {
            passed = 0;
            var start = Stopwatch.GetTimestamp();
            for (var repeat = 0; repeat < Batch; repeat++)
            {
                var context = FilterEnvironment.Ztf.CreateContext(packet);
                foreach (var filter in filters)
                {
                    passed += filter.Evaluate(context).Passed ? 1 : 0;
                }
            }

            var elapsed = Stopwatch.GetElapsedTime(start) / Batch;
            best = elapsed < best ? elapsed : best;
        }

        output.WriteLine($"25 filters over a packet with 40 previous candidates: {best.TotalMicroseconds:F1} us");
        Assert.Equal(25 * Batch, passed);
        Assert.True(best < TimeSpan.FromMilliseconds(1), $"{best.TotalMicroseconds} us");
    }
}
