namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>How an object changes, from the positive detections of its own (not forced ones) in an alert.</summary>
internal static class AlertTrends
{
    private const double RiseWithinDays = 10;

    // Two detections of one visit say nothing of a trend.
    private const double ShortestSpanDays = 0.1;
    private const double ColourWithinDays = 2;

    /// <summary>
    /// Least-squares slope of the magnitudes in the alert's band over the ten days up to it, with its sign turned [mag/d]; null
    /// with fewer than two detections or a span below 0.1 d.
    /// </summary>
    public static double? RiseRateMagPerDay(AlertSummary alert)
    {
        if (alert.Current is not { Mjd: { } now, Band: { } band })
        {
            return null;
        }

        int count = 0;
        double sumTime = 0, sumMag = 0, sumTimeTime = 0, sumTimeMag = 0, first = 0, last = 0;
        foreach (var point in alert.History)
        {
            if (!IsSeen(point, band) || point.Mjd is not { } mjd || now - mjd is < 0 or > RiseWithinDays || point.MagnitudeAb is not { } mag)
            {
                continue;
            }

            var time = mjd - now;
            first = count == 0 ? time : first;
            last = time;
            count++;
            sumTime += time;
            sumMag += mag;
            sumTimeTime += time * time;
            sumTimeMag += time * mag;
        }

        if (count < 2 || last - first < ShortestSpanDays)
        {
            return null;
        }

        return -((count * sumTimeMag) - (sumTime * sumMag)) / ((count * sumTimeTime) - (sumTime * sumTime));
    }

    /// <summary>Latest g magnitude minus latest r magnitude; null where one is missing or they are more than two days apart.</summary>
    public static double? ColourGMinusRMag(AlertSummary alert)
    {
        var (green, red) = (Latest(alert, "g"), Latest(alert, "r"));
        return Math.Abs((green?.Mjd - red?.Mjd) ?? double.NaN) <= ColourWithinDays ? green?.MagnitudeAb - red?.MagnitudeAb : null;
    }

    private static AlertPoint? Latest(AlertSummary alert, string band)
    {
        for (var i = alert.History.Count - 1; i >= 0; i--)
        {
            if (IsSeen(alert.History[i], band))
            {
                return alert.History[i];
            }
        }

        return null;
    }

    private static bool IsSeen(AlertPoint point, string band) =>
        point is { IsDetection: true, IsForced: false, IsPositive: true } && point.Band == band;
}
