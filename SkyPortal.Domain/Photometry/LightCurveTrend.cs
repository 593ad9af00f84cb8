namespace SkyPortal.Domain.Photometry;

/// <summary>A detection in one bandpass.</summary>
/// <param name="Mjd">UTC MJD, days.</param>
/// <param name="Filter">Bandpass name.</param>
/// <param name="AbMag">AB magnitude.</param>
/// <param name="ErrorMag">One sigma, magnitudes.</param>
public readonly record struct DetectedMag(double Mjd, string Filter, double AbMag, double ErrorMag);

/// <summary>The last detection and how the brightness was changing there.</summary>
/// <param name="Last">The last detection of all bandpasses.</param>
/// <param name="SlopeMagPerDay">Change in that bandpass, magnitudes per day, positive when fading; null where it cannot be told.</param>
/// <param name="SlopeErrorMagPerDay">One sigma of the slope.</param>
public sealed record LightCurveTrend(DetectedMag Last, double? SlopeMagPerDay, double? SlopeErrorMagPerDay)
{
    /// <summary>How far back the slope looks, days.</summary>
    public const double WindowDays = 7;

    private const double LeastSpanDays = 0.5;
    private const double LeastErrorMag = 0.01;

    /// <summary>Whether the slope differs from zero by three sigma.</summary>
    public bool IsChanging => SlopeMagPerDay is { } slope && SlopeErrorMagPerDay is { } error && Math.Abs(slope) > 3 * error;

    /// <summary>
    /// The trend of a light curve in any order; null without detections. The slope is the straight line of least squares, weighted
    /// by the inverse variances, through the detections of the last bandpass within <see cref="WindowDays"/> before the last one,
    /// where they span half a day at least.
    /// </summary>
    public static LightCurveTrend? Of(IReadOnlyCollection<DetectedMag> detections)
    {
        if (detections.Count == 0)
        {
            return null;
        }

        var last = detections.MaxBy(point => point.Mjd);
        var recent = detections.Where(point => point.Filter == last.Filter && last.Mjd - point.Mjd <= WindowDays).ToList();
        if (last.Mjd - recent.Min(point => point.Mjd) < LeastSpanDays)
        {
            return new LightCurveTrend(last, null, null);
        }

        double weights = 0, times = 0, mags = 0;
        foreach (var point in recent)
        {
            var weight = Weight(point);
            weights += weight;
            times += weight * (point.Mjd - last.Mjd);
            mags += weight * point.AbMag;
        }

        double spread = 0, product = 0;
        foreach (var point in recent)
        {
            var days = point.Mjd - last.Mjd - (times / weights);
            spread += Weight(point) * days * days;
            product += Weight(point) * days * (point.AbMag - (mags / weights));
        }

        return spread > 0 ? new LightCurveTrend(last, product / spread, 1 / Math.Sqrt(spread)) : new LightCurveTrend(last, null, null);
    }

    private static double Weight(DetectedMag point) => 1 / Math.Pow(Math.Max(point.ErrorMag, LeastErrorMag), 2);
}
