namespace SkyPortal.Domain.Astronomy;

/// <summary>Evenly spaced frequencies of a periodogram.</summary>
public readonly record struct FrequencyGrid
{
    /// <summary>Creates a grid.</summary>
    /// <param name="firstPerDay">Lowest frequency in cycles per day, finite and positive.</param>
    /// <param name="stepPerDay">Distance of neighbours in cycles per day, finite and positive.</param>
    /// <param name="count">Number of frequencies, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not.</exception>
    public FrequencyGrid(double firstPerDay, double stepPerDay, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (!(double.IsFinite(firstPerDay) && firstPerDay > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(firstPerDay), firstPerDay, "A frequency must be finite and positive.");
        }

        if (!(double.IsFinite(stepPerDay) && stepPerDay > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(stepPerDay), stepPerDay, "A step must be finite and positive.");
        }

        (FirstPerDay, StepPerDay, Count) = (firstPerDay, stepPerDay, count);
    }

    /// <summary>Lowest frequency in cycles per day.</summary>
    public double FirstPerDay { get; }

    /// <summary>Distance of neighbours in cycles per day.</summary>
    public double StepPerDay { get; }

    /// <summary>Number of frequencies.</summary>
    public int Count { get; }

    /// <summary>Highest frequency in cycles per day.</summary>
    public double LastPerDay => this[Count - 1];

    /// <summary>A frequency in cycles per day, by its number from 0.</summary>
    public double this[int index] => FirstPerDay + (index * StepPerDay);

    /// <summary>
    /// How many frequencies a grid between two periods takes that samples the narrowest peaks, which are about one over
    /// the time base wide, with so many points.
    /// </summary>
    public static double CountBetween(double minPeriodDays, double maxPeriodDays, double timeBaseDays, double samplesPerPeak) =>
        Math.Floor(((1 / minPeriodDays) - (1 / maxPeriodDays)) * timeBaseDays * samplesPerPeak) + 1;

    /// <summary>The grid that <see cref="CountBetween"/> counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The periods or the time base are not finite and positive, or the grid is too long for an array.</exception>
    public static FrequencyGrid Between(double minPeriodDays, double maxPeriodDays, double timeBaseDays, double samplesPerPeak)
    {
        var count = CountBetween(minPeriodDays, maxPeriodDays, timeBaseDays, samplesPerPeak);
        return count is >= 1 and < int.MaxValue
            ? new FrequencyGrid(1 / maxPeriodDays, 1 / (timeBaseDays * samplesPerPeak), (int)count)
            : throw new ArgumentOutOfRangeException(nameof(minPeriodDays), minPeriodDays, $"A grid of {count} frequencies cannot be made.");
    }
}
