using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class LombScargleTests
{
    private static readonly Dictionary<int, LombScargle> Curves = Vectors.Numbers("periodogram-points.csv")
        .GroupBy(row => (int)row[0], row => new PeriodogramPoint(row[1], row[2], row[3], (int)row[4]))
        .ToDictionary(curve => curve.Key, curve => new LombScargle([.. curve]));

    [Fact]
    public void PowerAt_OracleFrequencies_Agrees()
    {
        foreach (var row in Vectors.Numbers("periodogram-powers.csv"))
        {
            Assert.Equal(row[2], Curves[(int)row[0]].PowerAt(row[1]), 1e-9);
        }
    }

    [Fact]
    public void PowerFast_OracleFrequencies_Agrees()
    {
        foreach (var row in Vectors.Numbers("periodogram-powers.csv"))
        {
            var power = Curves[(int)row[0]].PowerFast(new FrequencyGrid(row[1], 0.013, 3));
            Assert.Equal(row[2], power[0], 1e-8);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(20_000)]
    public void PowerFast_GridsOfManyLengths_AgreesWithExact(int count)
    {
        foreach (var curve in Curves.Values)
        {
            var grid = new FrequencyGrid(0.01, 10.0 / count, count);
            var (exact, fast) = (curve.PowerExact(grid), curve.PowerFast(grid));
            Assert.Equal(count, fast.Length);
            for (var k = 0; k < count; k++)
            {
                Assert.Equal(exact[k], fast[k], 1e-7);
            }
        }
    }

    [Fact]
    public void PowerFast_OneThreadOrMany_IsTheSame()
    {
        var grid = new FrequencyGrid(0.01, 0.0005, 10_000);
        Assert.Equal(Curves[1].PowerFast(grid, workers: 1), Curves[1].PowerFast(grid));
    }

    [Fact]
    public void PowerFast_Cancelled_Throws() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Curves[0].PowerFast(new FrequencyGrid(0.01, 0.001, 100_000), ct: new CancellationToken(canceled: true)));

    [Fact]
    public void Power_ScaledValuesAndShiftedTimes_IsTheSame()
    {
        var points = Vectors.Numbers("periodogram-points.csv").Where(row => row[0] == 0).Select(row => new PeriodogramPoint(row[1], row[2], row[3])).ToList();
        var other = new LombScargle([.. points.Select(point => new PeriodogramPoint(point.TimeDays - 58_000, 1e200 * (point.Value - 7), 1e-180 * point.Error))]);
        foreach (var frequency in new[] { 0.1, 0.27027, 3.3, 9 })
        {
            Assert.Equal(Curves[0].PowerAt(frequency), other.PowerAt(frequency), 1e-8);
        }
    }

    [Theory]
    [InlineData(0.0731)]
    [InlineData(0.4517)]
    [InlineData(2.71)]
    [InlineData(33.3)]
    public void Find_InjectedPeriod_IsRecovered(double periodDays)
    {
        var curve = Nights(periodDays, points: 300, baseDays: 400);
        var grid = FrequencyGrid.Between(0.05, 200, curve.TimeBaseDays, 5);

        var peaks = PeriodogramPeaks.Find(curve, grid, curve.PowerFast(grid), 10);

        Assert.Equal(periodDays, peaks[0].PeriodDays, periodDays * periodDays / 400 / 20);
        Assert.Null(peaks[0].AliasOfBestDays);
        Assert.InRange(peaks[0].FalseAlarmProbability, 0, 1e-6);
        Assert.Equal(10, peaks.Count);
        Assert.True(peaks.Zip(peaks.Skip(1)).All(pair => pair.First.Power >= pair.Second.Power - 1e-2));
        Assert.Contains(peaks, peak => peak.AliasOfBestDays == 1);
    }

    [Fact]
    public void Find_OneBrightnessInThreeBands_RecoversThePeriodThatBandsHide()
    {
        var random = new Random(5);
        var points = Enumerable.Range(0, 120).Select(i =>
        {
            var time = i + (0.05 * random.NextDouble());
            return new PeriodogramPoint(time, (50 * (i % 3)) + Math.Sin(2 * Math.PI * time / 6.3) + (0.2 * random.NextDouble()), 0.2, i % 3);
        }).ToList();
        var curve = new LombScargle(points);
        var grid = FrequencyGrid.Between(2.5, 60, curve.TimeBaseDays, 5);

        var best = PeriodogramPeaks.Find(curve, grid, curve.PowerFast(grid), 1)[0];

        Assert.Equal(3, curve.BandCount);
        Assert.Equal(6.3, best.PeriodDays, 0.02);
        Assert.InRange(best.Power, 0.9, 1);
    }

    [Theory]
    [InlineData(0.37, 1.37, 1.0)]
    [InlineData(0.37, 0.63, 1.0)]
    [InlineData(0.37, 1.63, 0.5)]
    [InlineData(0.37, 2.37, 0.5)]
    [InlineData(0.37, 0.37 + (1 / 365.25), 365.25)]
    [InlineData(0.37, 0.37 - (2 / 365.25), 365.25 / 2)]
    [InlineData(0.37, 0.74, null)]
    [InlineData(0.37, 1.372, null)]
    public void AliasDays_SumsAndDifferences_AreFlagged(double best, double other, double? expected) =>
        Assert.Equal(expected, PeriodogramPeaks.AliasDays(best, other, 1 / 1500.0));

    [Fact]
    public void Probability_AstropyBaluev_Agrees()
    {
        foreach (var row in Vectors.Numbers("periodogram-alarms.csv"))
        {
            var found = FalseAlarm.Probability(Curves[(int)row[0]], row[1], row[2]);
            Assert.Equal(row[3], found, Math.Max(1e-9 * row[3], 1e-15));
        }
    }

    [Fact]
    public void PowerLevel_OfAProbability_HasThatProbability()
    {
        foreach (var probability in new[] { 0.1, 0.01, 1e-6 })
        {
            var level = FalseAlarm.PowerLevel(Curves[1], probability, 10);
            Assert.Equal(probability, FalseAlarm.Probability(Curves[1], level, 10), probability * 1e-6);
        }
    }

    public static TheoryData<string, PeriodogramPoint[]> Degenerate => new()
    {
        { "none", [] },
        { "one", [new(58_000, 1, 1)] },
        { "two", [new(58_000, 1, 1), new(58_003.3, 2, 1)] },
        { "equal times", [.. Enumerable.Range(0, 20).Select(i => new PeriodogramPoint(58_000, i, 1))] },
        { "two times", [.. Enumerable.Range(0, 20).Select(i => new PeriodogramPoint(58_000 + (i % 2), i, 1))] },
        { "equal values", [.. Enumerable.Range(0, 20).Select(i => new PeriodogramPoint(58_000 + (i * 1.1), 17.3, 1))] },
        { "a band each", [.. Enumerable.Range(0, 5).Select(i => new PeriodogramPoint(58_000 + (i * 1.1), i, 1, i))] },
    };

    [Theory]
    [MemberData(nameof(Degenerate))]
    public void Power_PointsThatTellNothing_IsZero(string what, PeriodogramPoint[] points)
    {
        var curve = new LombScargle(points);
        var grid = new FrequencyGrid(0.1, 0.017, 700);

        var fast = curve.PowerFast(grid);

        Assert.True(Enumerable.Range(0, 700).All(k => curve.PowerAt(grid[k]) == 0 && fast[k] == 0), what);
        Assert.Equal(1, FalseAlarm.Probability(curve, 0, 10));
        Assert.Empty(PeriodogramPeaks.Find(curve, grid, fast, 5));
    }

    [Fact]
    public void PowerAt_OneBadPointWithALargeError_HardlyCounts()
    {
        var good = Enumerable.Range(0, 50).Select(i => new PeriodogramPoint(i * 1.37, Math.Sin(2 * Math.PI * i * 1.37 / 5.1), 0.1)).ToList();
        Assert.Equal(1, new LombScargle([.. good, new(20, 500, 1e7)]).PowerAt(1 / 5.1), 1e-6);
        Assert.InRange(new LombScargle([.. good, new(20, 500, 0.1)]).PowerAt(1 / 5.1), 0, 0.1);
    }

    [Theory]
    [InlineData(double.NaN, 1, 1, 0)]
    [InlineData(1, double.PositiveInfinity, 1, 0)]
    [InlineData(1, 1, 0, 0)]
    [InlineData(1, 1, double.NaN, 0)]
    [InlineData(1, 1, 1, -1)]
    public void LombScargle_ImpossiblePoint_Throws(double time, double value, double error, int band) =>
        Assert.Throws<ArgumentException>(() => new LombScargle([new(time, value, error, band)]));

    // Points near midnight of nights at random, as one site observes.
    private static LombScargle Nights(double periodDays, int points, double baseDays)
    {
        var random = new Random(7);
        return new LombScargle([.. Enumerable.Range(0, points).Select(_ =>
        {
            var time = 58_000 + Math.Floor(random.NextDouble() * baseDays) + (0.3 * random.NextDouble());
            return new PeriodogramPoint(time, 20 + Math.Sin(2 * Math.PI * time / periodDays) + random.NextDouble() - 0.5, 0.2 + (0.2 * random.NextDouble()));
        })]);
    }
}
