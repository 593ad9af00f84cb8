namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// How likely noise alone makes a peak of some power anywhere up to a frequency: the bound of Baluev 2008, MNRAS 385, 1279,
/// for the power that <see cref="LombScargle"/> gives (his z₁, scaled), good where it is small.
/// </summary>
public static class FalseAlarm
{
    /// <summary>Probability, 0 to 1, that noise has a peak of at least this power; 1 where too few points leave nothing to tell.</summary>
    /// <param name="power">Power, 0 to 1.</param>
    /// <param name="maxFrequencyPerDay">Highest frequency that was looked at, in cycles per day.</param>
    public static double Probability(LombScargle curve, double power, double maxFrequencyPerDay)
    {
        double free = curve.PointCount - curve.BandCount;
        if (free < 3 || !(power > 0))
        {
            return 1;
        }

        if (power >= 1)
        {
            return 0;
        }

        var rest = free - 2;
        var bandwidth = maxFrequencyPerDay * Math.Sqrt(4 * Math.PI * curve.TimeVarianceSquareDays);
        var single = Math.Pow(1 - power, 0.5 * rest);
        var gamma = Math.Sqrt(2 / free) * Math.Exp(LogGamma(free / 2) - LogGamma((free - 1) / 2));
        var crossings = gamma * bandwidth * Math.Pow(1 - power, 0.5 * (rest - 1)) * Math.Sqrt(0.5 * free * power);

        // 1 - (1 - single) exp(-crossings), without the loss of digits where both are small.
        return Math.Clamp(Less(crossings) + (single * Math.Exp(-crossings)), 0, 1);
    }

    /// <summary>The power, 0 to 1, that noise reaches with a given probability; 1 where no power is so rare.</summary>
    /// <param name="probability">Probability, above 0 and below 1.</param>
    /// <param name="maxFrequencyPerDay">Highest frequency that was looked at, in cycles per day.</param>
    public static double PowerLevel(LombScargle curve, double probability, double maxFrequencyPerDay)
    {
        if (!(probability > 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability must be above 0 and below 1.");
        }

        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 100 && high - low > 1e-15; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Probability(curve, middle, maxFrequencyPerDay) > probability ? (middle, high) : (low, middle);
        }

        return high;
    }

    // 1 - exp(-x)
    private static double Less(double x) => x < 1e-5 ? x - (x * x / 2) + (x * x * x / 6) : 1 - Math.Exp(-x);

    // Stirling's series, from arguments of at least ten on; its first left-out term is below 1e-13.
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++)
        {
            shift -= Math.Log(x);
        }

        var square = 1 / (x * x);
        var series = ((((((-691.0 / 360360 * square) + (1.0 / 1188)) * square - (1.0 / 1680)) * square + (1.0 / 1260)) * square - (1.0 / 360)) * square + (1.0 / 12)) / x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }
}
