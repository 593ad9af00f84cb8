namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// The range of values to show of an astronomical image: a straight line is fitted to the sorted values around the median, with
/// outliers left out, and its slope over a contrast tells the range. The idea is that of IRAF's display task.
/// </summary>
public static class ZScale
{
    private const int MostSamples = 1_000;
    private const int Iterations = 5;
    private const double RejectSigmas = 2.5;
    private const double MaxRejected = 0.5;
    private const int FewestSamples = 5;

    /// <summary>The range; null where no value is finite.</summary>
    /// <param name="contrast">0 to 1; smaller values show less of the bright end.</param>
    public static (float Low, float High)? Range(ReadOnlySpan<float> pixels, double contrast = 0.25)
    {
        var step = Math.Max(1, pixels.Length / MostSamples);
        var samples = new List<float>(MostSamples + 1);
        for (var i = 0; i < pixels.Length; i += step)
        {
            if (float.IsFinite(pixels[i]))
            {
                samples.Add(pixels[i]);
            }
        }

        if (samples.Count == 0)
        {
            return null;
        }

        samples.Sort();
        var (low, high) = (samples[0], samples[^1]);
        if (samples.Count < FewestSamples || Slope(samples) is not { } slope)
        {
            return (low, high);
        }

        var middle = (samples.Count - 1) / 2;
        var median = samples.Count % 2 == 1 ? samples[middle] : (samples[middle] + samples[middle + 1]) / 2;
        slope /= contrast;
        return ((float)Math.Max(low, median - (middle * slope)), (float)Math.Min(high, median + ((samples.Count - 1 - middle) * slope)));
    }

    // Null where too many values were outliers for the line to mean anything.
    private static double? Slope(List<float> sorted)
    {
        var isGood = new bool[sorted.Count];
        Array.Fill(isGood, true);
        var good = sorted.Count;
        double slope = 0, start = 0;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            (slope, start) = Line(sorted, isGood);
            var squares = 0.0;
            for (var i = 0; i < sorted.Count; i++)
            {
                squares += isGood[i] ? Math.Pow(sorted[i] - start - (slope * i), 2) : 0;
            }

            var limit = RejectSigmas * Math.Sqrt(squares / good);
            var left = 0;
            for (var i = 0; i < sorted.Count; i++)
            {
                isGood[i] = Math.Abs(sorted[i] - start - (slope * i)) <= limit;
                left += isGood[i] ? 1 : 0;
            }

            if (left == good || left < Math.Max(FewestSamples, sorted.Count * (1 - MaxRejected)))
            {
                good = left;
                break;
            }

            good = left;
        }

        return good >= Math.Max(FewestSamples, sorted.Count * (1 - MaxRejected)) ? slope : null;
    }

    private static (double Slope, double Start) Line(List<float> sorted, bool[] isGood)
    {
        double count = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
        for (var i = 0; i < sorted.Count; i++)
        {
            if (isGood[i])
            {
                count++;
                sumX += i;
                sumY += sorted[i];
                sumXX += (double)i * i;
                sumXY += (double)i * sorted[i];
            }
        }

        var slope = ((count * sumXY) - (sumX * sumY)) / ((count * sumXX) - (sumX * sumX));
        return double.IsFinite(slope) ? (slope, (sumY - (slope * sumX)) / count) : (0, sumY / count);
    }
}
