namespace SkyPortal.Domain.Astronomy;

/// <summary>A maximum of a periodogram.</summary>
/// <param name="FrequencyPerDay">Frequency in cycles per day.</param>
/// <param name="Power">Power, 0 to 1.</param>
/// <param name="FalseAlarmProbability">Probability that noise has such a peak; see <see cref="FalseAlarm"/>.</param>
/// <param name="AliasOfBestDays">Period in days of the sampling that would make this peak out of the best one; null for the best and where none would.</param>
public sealed record PeriodogramPeak(double FrequencyPerDay, double Power, double FalseAlarmProbability, double? AliasOfBestDays)
{
    /// <summary>Period in days.</summary>
    public double PeriodDays => 1 / FrequencyPerDay;
}

/// <summary>Finds the highest peaks of a periodogram.</summary>
public static class PeriodogramPeaks
{
    /// <summary>Periods in days that observations from the ground repeat with: the day and its half, the year and its half.</summary>
    public static readonly IReadOnlyList<double> SamplingPeriodsDays = [1, 0.5, 365.25, 365.25 / 2];

    // One over the golden ratio.
    private const double Golden = 0.6180339887498949;

    /// <summary>The highest peaks, best first, none nearer to a better one than one over the time base.</summary>
    /// <param name="grid">The grid of the powers.</param>
    /// <param name="power">Powers of the grid.</param>
    /// <param name="most">Peaks at most.</param>
    public static IReadOnlyList<PeriodogramPeak> Find(LombScargle curve, FrequencyGrid grid, ReadOnlySpan<double> power, int most)
    {
        var maxima = new List<int>();
        for (var k = 0; k < power.Length; k++)
        {
            if (power[k] > 0 && (k == 0 || power[k] > power[k - 1]) && (k == power.Length - 1 || power[k] >= power[k + 1]))
            {
                maxima.Add(k);
            }
        }

        var powers = power.ToArray();
        var widthPerDay = 1 / curve.TimeBaseDays;
        var found = new List<PeriodogramPeak>();
        foreach (var k in maxima.OrderByDescending(k => powers[k]))
        {
            if (found.Count == most)
            {
                break;
            }

            if (found.Any(better => Math.Abs(better.FrequencyPerDay - grid[k]) < widthPerDay))
            {
                continue;
            }

            var (frequency, height) = Refine(curve, grid, k);
            found.Add(new PeriodogramPeak(
                frequency,
                height,
                FalseAlarm.Probability(curve, height, grid.LastPerDay),
                found.Count == 0 ? null : AliasDays(found[0].FrequencyPerDay, frequency, widthPerDay)));
        }

        return found;
    }

    /// <summary>
    /// Period in days of the sampling that a frequency is an alias by: the sum or difference, up to its sign, of the best
    /// frequency and the sampling's is nearer than half the width of a peak. Null where none is.
    /// </summary>
    public static double? AliasDays(double bestPerDay, double frequencyPerDay, double peakWidthPerDay)
    {
        foreach (var days in SamplingPeriodsDays)
        {
            if (new[] { bestPerDay + (1 / days), Math.Abs(bestPerDay - (1 / days)) }.Any(alias => Math.Abs(alias - frequencyPerDay) < peakWidthPerDay / 2))
            {
                return days;
            }
        }

        return null;
    }

    // Golden section between the neighbours on the grid, where the power has its one maximum.
    private static (double FrequencyPerDay, double Power) Refine(LombScargle curve, FrequencyGrid grid, int k)
    {
        var (low, high) = (k == 0 ? grid[0] : grid[k - 1], k == grid.Count - 1 ? grid[k] : grid[k + 1]);
        var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
        var (leftPower, rightPower) = (curve.PowerAt(left), curve.PowerAt(right));
        for (var i = 0; i < 32; i++)
        {
            if (leftPower > rightPower)
            {
                (high, right, rightPower) = (right, left, leftPower);
                left = high - (Golden * (high - low));
                leftPower = curve.PowerAt(left);
            }
            else
            {
                (low, left, leftPower) = (left, right, rightPower);
                right = low + (Golden * (high - low));
                rightPower = curve.PowerAt(right);
            }
        }

        var middle = (low + high) / 2;
        var (onGrid, between) = (curve.PowerAt(grid[k]), curve.PowerAt(middle));
        return between > onGrid ? (middle, between) : (grid[k], onGrid);
    }
}
