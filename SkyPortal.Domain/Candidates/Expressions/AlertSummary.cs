namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// One measurement in an alert's history, the same for every survey. Fluxes are those of the difference image,
/// AB system, negative where the source faded below the reference; a magnitude is that of the absolute flux.
/// </summary>
public sealed record AlertPoint
{
    /// <summary>Modified Julian date in the survey's own time scale (ZTF: UTC at the start of the exposure; LSST: TAI at its middle) [d].</summary>
    public double? Mjd { get; init; }

    /// <summary>Lower-case band letter, such as g.</summary>
    public string? Band { get; init; }

    /// <summary>Flux [µJy]; null for a non-detection without a forced measurement.</summary>
    public double? FluxMicroJansky { get; init; }

    /// <summary>1σ error of the flux [µJy].</summary>
    public double? FluxErrorMicroJansky { get; init; }

    /// <summary>AB magnitude; null for non-detections.</summary>
    public double? MagnitudeAb { get; init; }

    /// <summary>1σ error of the magnitude [mag].</summary>
    public double? MagnitudeError { get; init; }

    /// <summary>5σ limiting magnitude (AB).</summary>
    public double? LimitingMagnitudeAb { get; init; }

    /// <summary>Absolute flux over its error.</summary>
    public double? SignalToNoise { get; init; }

    /// <summary>Whether the source is seen: an alert's own detection, or forced photometry above 3σ.</summary>
    public bool IsDetection { get; init; }

    /// <summary>Whether measured at a known position rather than found.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether brighter than the reference; null where not measured.</summary>
    public bool? IsPositive { get; init; }

    /// <summary>Real/bogus score, 0 (bogus) to 1 (real).</summary>
    public double? Score { get; init; }

    /// <summary>J2000 right ascension [deg].</summary>
    public double? RaDeg { get; init; }

    /// <summary>J2000 declination [deg].</summary>
    public double? DecDeg { get; init; }
}

/// <summary>The survey-independent view of an alert packet.</summary>
public sealed record AlertSummary
{
    /// <summary>Lower-case name of the survey: ztf or lsst.</summary>
    public required string Survey { get; init; }

    /// <summary>The survey's identifier of the object; null where the alert has none (a moving body).</summary>
    public string? ObjectId { get; init; }

    /// <summary>The survey's access programme; 1 is public.</summary>
    public long? ProgramId { get; init; }

    /// <summary>The detection that caused the alert.</summary>
    public required AlertPoint Current { get; init; }

    /// <summary>All measurements in the packet, the current one included, in order of time.</summary>
    public required IReadOnlyList<AlertPoint> History { get; init; }

    /// <summary>First detection: the survey's own record or the earliest in the packet, whichever is earlier [MJD, survey's time scale].</summary>
    public double? FirstDetectionMjd { get; init; }

    /// <summary>Detections: the survey's own count or those in the packet (without forced photometry), whichever is larger.</summary>
    public long DetectionCount { get; init; }

    /// <summary>Distance to the nearest known solar-system body [arcsec]; null where none is near.</summary>
    public double? SolarSystemDistanceArcsec { get; init; }

    /// <summary>Name of that body.</summary>
    public string? SolarSystemName { get; init; }

    /// <summary>Whether the alert belongs to a known moving body.</summary>
    public bool IsMoving { get; init; }

    /// <summary>Star (1) or galaxy (0) score of the nearest catalogued source; null where none is known.</summary>
    public double? StarGalaxyScore { get; init; }

    /// <summary>Distance to that source [arcsec].</summary>
    public double? StarDistanceArcsec { get; init; }

    /// <summary>Time since the first detection [d].</summary>
    public double? AgeDays => Current.Mjd - FirstDetectionMjd;

    /// <summary>Brightest magnitude (AB) among positive detections in the packet.</summary>
    public double? PeakMagnitudeAb =>
        History.Where(point => point is { IsDetection: true, IsPositive: true }).Min(point => point.MagnitudeAb);

    /// <summary>Orders a history in time, keeping the packet's order where times are equal or unknown.</summary>
    internal static IReadOnlyList<AlertPoint> InOrder(List<AlertPoint> points) =>
        [.. points.OrderBy(point => point.Mjd ?? double.NegativeInfinity)];

    /// <summary>First detection and number of detections, from the survey's record and the packet's history.</summary>
    internal static (double? FirstMjd, long Count) Detections(List<AlertPoint> points, double? recordedFirstMjd, long? recordedCount)
    {
        var first = recordedFirstMjd;
        long count = 0;
        foreach (var point in points)
        {
            if (point is { IsDetection: true, IsForced: false })
            {
                count++;
                first = first is { } earliest && !(point.Mjd < earliest) ? earliest : point.Mjd ?? first;
            }
        }

        return (first, Math.Max(count, recordedCount ?? 0));
    }
}
