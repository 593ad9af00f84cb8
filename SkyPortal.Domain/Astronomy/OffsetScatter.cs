namespace SkyPortal.Domain.Astronomy;

/// <summary>Where a detection was found.</summary>
/// <param name="RaArcsec">Offset to the east of a reference position, arcseconds on the sky.</param>
/// <param name="DecArcsec">Offset to the north, arcseconds.</param>
/// <param name="SignalToNoise">Flux over its uncertainty.</param>
public readonly record struct DetectionOffset(double RaArcsec, double DecArcsec, double SignalToNoise)
{
    /// <summary>The offset of a position from a reference, along the great circle between them.</summary>
    public static DetectionOffset Between(SkyPosition reference, SkyPosition position, double signalToNoise)
    {
        var arcsec = reference.SeparationDegrees(position) * 3600;
        var (sin, cos) = arcsec == 0 ? (0, 0) : Math.SinCos(reference.PositionAngleDegrees(position) * Math.PI / 180);
        return new DetectionOffset(arcsec * sin, arcsec * cos, signalToNoise);
    }
}

/// <summary>
/// Centre and spread of the positions of an object's detections. Detections weigh as the square of their signal to noise; those
/// below 3, those more than 5 arcseconds from the median and those more than 4 standard deviations from the centre do not count.
/// </summary>
/// <param name="RaArcsec">Centre, to the east of the reference position, arcseconds.</param>
/// <param name="DecArcsec">Centre, to the north, arcseconds.</param>
/// <param name="StandardDeviationArcsec">Root mean square distance from the centre, arcseconds.</param>
/// <param name="MaxOffsetArcsec">Largest distance from the centre, arcseconds.</param>
/// <param name="Count">Detections that count.</param>
public sealed record OffsetScatter(double RaArcsec, double DecArcsec, double StandardDeviationArcsec, double MaxOffsetArcsec, int Count)
{
    /// <summary>Signal to noise that a detection needs.</summary>
    public const double LeastSignalToNoise = 3;

    /// <summary>Distance from the median, arcseconds, beyond which something else was measured.</summary>
    public const double FarthestArcsec = 5;

    private const double MostDeviations = 4;
    private const int MostRounds = 10;

    /// <summary>Centre and spread; null where no detection counts.</summary>
    public static OffsetScatter? Of(IEnumerable<DetectionOffset> detections)
    {
        var known = detections.Where(one => one.SignalToNoise >= LeastSignalToNoise && double.IsFinite(one.SignalToNoise)).ToList();
        if (known.Count == 0)
        {
            return null;
        }

        var (middleRa, middleDec) = (Median([.. known.Select(one => one.RaArcsec)]), Median([.. known.Select(one => one.DecArcsec)]));
        var kept = known.FindAll(one => double.Hypot(one.RaArcsec - middleRa, one.DecArcsec - middleDec) <= FarthestArcsec);
        for (var round = 0; kept.Count > 0; round++)
        {
            var weight = kept.Sum(one => one.SignalToNoise * one.SignalToNoise);
            var ra = kept.Sum(one => one.RaArcsec * one.SignalToNoise * one.SignalToNoise) / weight;
            var dec = kept.Sum(one => one.DecArcsec * one.SignalToNoise * one.SignalToNoise) / weight;
            var distances = kept.ConvertAll(one => double.Hypot(one.RaArcsec - ra, one.DecArcsec - dec));
            var deviation = Math.Sqrt(distances.Sum(distance => distance * distance) / distances.Count);
            var near = kept.Where((_, place) => distances[place] <= MostDeviations * deviation).ToList();
            if (near.Count == kept.Count || round == MostRounds)
            {
                return new OffsetScatter(ra, dec, deviation, distances.Max(), kept.Count);
            }

            kept = near;
        }

        return null;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }
}
