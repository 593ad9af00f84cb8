using SkyPortal.Domain.Photometry;
using Xunit;

namespace SkyPortal.Domain.Tests.Photometry;

public sealed class ComputePhotStatsTests
{
    [Fact]
    public void Of_NoPoints_HasNoNumbers()
    {
        var stat = ComputePhotStats.Of("o", []);

        Assert.Equal((0, 0), (stat.NumObsGlobal, stat.NumDetGlobal));
        Assert.Null(stat.PeakMagGlobal);
        Assert.Null(stat.DeepestLimitGlobal);
        Assert.Null(stat.RecentObsMjd);
        Assert.Empty(stat.PredetectionMjds!);
    }

    [Fact]
    public void Of_RiseAndFallInAnyOrder_FindsEndsPeakAndRates()
    {
        StatSample[] samples =
        [
            Detection(60010, "ztfr", 19),
            Limit(60001, "ztfr", 20.5),
            Detection(60004, "ztfr", 18),
            Limit(60000, "ztfg", 20.0),
            Detection(60002, "ztfr", 20, "alert_fp"),
            Limit(60020, "ztfr", 21),
        ];

        var stat = ComputePhotStats.Of("o", samples);

        Assert.Equal((6, 3, 2), (stat.NumObsGlobal, stat.NumDetGlobal, stat.NumDetNoForcedPhotGlobal));
        Assert.Equal([60000, 60001], stat.PredetectionMjds!);
        Assert.Equal(60001, stat.LastNonDetectionMjd);
        Assert.Equal(1, stat.TimeToNonDetection);
        Assert.Equal((60002, 60004), (stat.FirstDetectedMjd, stat.FirstDetectedNoForcedPhotMjd));
        Assert.Equal((60004, 60010, 60020), (stat.PeakMjdGlobal, stat.LastDetectedMjd, stat.RecentObsMjd));
        Assert.Equal(1, stat.RiseRate!.Value, 9);
        Assert.Equal(-1.0 / 6, stat.DecayRate!.Value, 9);
        Assert.Equal(19, stat.MeanMagGlobal!.Value, 9);
        Assert.Equal(Math.Sqrt(2.0 / 3), stat.MagRmsGlobal!.Value, 9);
        Assert.Equal((20.0, 21.0), (Math.Round(stat.FaintestMagGlobal!.Value, 9), stat.DeepestLimitGlobal!.Value));
    }

    [Fact]
    public void Of_FaintFluxAndLimitWithoutAGivenOne_CountAsFiveSigmaLimits()
    {
        var stat = ComputePhotStats.Of("o", [new StatSample(60000, "ztfr", 2.9, 1, "None", null), new StatSample(60001, "ztfr", null, 2, "None", null)]);

        Assert.Equal(0, stat.NumDetGlobal);
        Assert.Equal(23.9 - (2.5 * Math.Log10(5)), stat.DeepestLimitGlobal!.Value, 9);
        Assert.Equal([60000, 60001], stat.PredetectionMjds!);
        Assert.Null(stat.TimeToNonDetection);
    }

    [Theory]
    [InlineData(23.9, 1)]
    [InlineData(18.9, 100)]
    [InlineData(16.4, 1000)]
    public void StoredFlux_AbMagnitude_GoesBothWays(double abMag, double microJansky)
    {
        Assert.Equal(microJansky, StoredFlux.MicroJanskyOfAbMag(abMag), 9);
        Assert.Equal(abMag, StoredFlux.AbMag(microJansky)!.Value, 9);
        Assert.Equal(0.1, StoredFlux.ErrorMag(microJansky, StoredFlux.ErrorMicroJansky(microJansky, 0.1))!.Value, 12);
        Assert.Null(StoredFlux.AbMag(-microJansky));
    }

    private static StatSample Detection(double mjd, string filter, double mag, string origin = "None") =>
        new(mjd, filter, StoredFlux.MicroJanskyOfAbMag(mag), StoredFlux.MicroJanskyOfAbMag(mag) / 20, origin, null);

    private static StatSample Limit(double mjd, string filter, double limit) => new(mjd, filter, null, 1, "None", limit);
}
