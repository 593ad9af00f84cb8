using System.Text.Json;

namespace SkyPortal.Domain.Photometry;

/// <summary>What the statistics need of a point.</summary>
/// <param name="Mjd">UTC MJD, days.</param>
/// <param name="Filter">Bandpass name.</param>
/// <param name="FluxMicroJansky">Null for a non-detection.</param>
/// <param name="FluxerrMicroJansky">One sigma, above 0.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="GivenLimitAbMag">The uploader's limiting magnitude, brought to AB; null where none was given.</param>
public readonly record struct StatSample(double Mjd, string Filter, double? FluxMicroJansky, double FluxerrMicroJansky, string Origin, double? GivenLimitAbMag)
{
    /// <summary>Limiting magnitude: the uploader's, else five sigma.</summary>
    public double LimitAbMag => GivenLimitAbMag ?? StoredFlux.LimitAbMag(FluxerrMicroJansky);

    /// <summary>Whether it is a detection.</summary>
    public bool IsDetection => StoredFlux.IsDetection(FluxMicroJansky, FluxerrMicroJansky);
}

/// <summary>The statistics of a light curve. Pure; the order of the points does not matter. Magnitudes are AB.</summary>
public static class ComputePhotStats
{
    private static readonly HashSet<string> ForcedOrigins = new(StringComparer.OrdinalIgnoreCase)
    {
        "fp", "forced photometry", "forced phot", "forcedphot", "alert_fp",
    };

    /// <summary>Whether points of an origin were measured at a position given beforehand.</summary>
    public static bool IsForced(string origin) => ForcedOrigins.Contains(origin);

    /// <summary>Computes the statistics of an object; its times and visibility are not set.</summary>
    /// <param name="objId">The object.</param>
    /// <param name="samples">Its points.</param>
    public static PhotStat Of(string objId, IEnumerable<StatSample> samples)
    {
        var all = samples.OrderBy(sample => sample.Mjd).ThenBy(sample => sample.Filter, StringComparer.Ordinal).ToList();
        var detections = all.Where(sample => sample.IsDetection)
            .Select(sample => new Detection(sample.Mjd, sample.Filter, StoredFlux.AbMag(sample.FluxMicroJansky)!.Value, IsForced(sample.Origin)))
            .ToList();
        var misses = all.Where(sample => !sample.IsDetection).ToList();
        var stat = new PhotStat
        {
            ObjId = objId,
            NumObsGlobal = all.Count,
            NumObsPerFilter = PerFilter(all.GroupBy(sample => sample.Filter), group => group.Count()),
            NumDetGlobal = detections.Count,
            NumDetNoForcedPhotGlobal = detections.Count(detection => !detection.Forced),
            NumDetPerFilter = PerFilter(detections.GroupBy(detection => detection.Filter), group => group.Count()),
            RecentObsMjd = all.Count == 0 ? null : all[^1].Mjd,
            DeepestLimitGlobal = misses.Count == 0 ? null : misses.Max(miss => miss.LimitAbMag),
            DeepestLimitPerFilter = PerFilter(misses.GroupBy(miss => miss.Filter), group => group.Max(miss => miss.LimitAbMag)),
        };
        SetEnds(stat, detections, misses);
        SetBrightness(stat, detections);
        return stat;
    }

    private static void SetEnds(PhotStat stat, List<Detection> detections, List<StatSample> misses)
    {
        var first = detections.Count == 0 ? null : detections[0];
        var last = detections.Count == 0 ? null : detections[^1];
        (stat.FirstDetectedMjd, stat.FirstDetectedMag, stat.FirstDetectedFilter) = (first?.Mjd, first?.Mag, first?.Filter);
        (stat.LastDetectedMjd, stat.LastDetectedMag, stat.LastDetectedFilter) = (last?.Mjd, last?.Mag, last?.Filter);
        var firstFound = detections.Find(detection => !detection.Forced);
        var lastFound = detections.FindLast(detection => !detection.Forced);
        (stat.FirstDetectedNoForcedPhotMjd, stat.FirstDetectedNoForcedPhotMag, stat.FirstDetectedNoForcedPhotFilter) = (firstFound?.Mjd, firstFound?.Mag, firstFound?.Filter);
        (stat.LastDetectedNoForcedPhotMjd, stat.LastDetectedNoForcedPhotMag, stat.LastDetectedNoForcedPhotFilter) = (lastFound?.Mjd, lastFound?.Mag, lastFound?.Filter);
        stat.PredetectionMjds = [.. misses.Where(miss => first is null || miss.Mjd < first.Mjd).Select(miss => miss.Mjd)];
        stat.LastNonDetectionMjd = stat.PredetectionMjds.Length == 0 ? null : stat.PredetectionMjds[^1];
        stat.TimeToNonDetection = first?.Mjd - stat.LastNonDetectionMjd;
    }

    private static void SetBrightness(PhotStat stat, List<Detection> detections)
    {
        var byFilter = detections.GroupBy(detection => detection.Filter).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var means = byFilter.ToDictionary(pair => pair.Key, pair => pair.Value.Average(detection => detection.Mag), StringComparer.Ordinal);
        var peaks = byFilter.ToDictionary(pair => pair.Key, pair => pair.Value.MinBy(detection => detection.Mag)!, StringComparer.Ordinal);
        stat.MeanMagPerFilter = Json(means);
        stat.MeanColor = Json((
            from one in means
            from other in means
            where one.Key != other.Key
            select (Name: $"{one.Key}-{other.Key}", Color: one.Value - other.Value)).ToDictionary(pair => pair.Name, pair => pair.Color, StringComparer.Ordinal));
        stat.PeakMjdPerFilter = Json(peaks.ToDictionary(pair => pair.Key, pair => pair.Value.Mjd, StringComparer.Ordinal));
        stat.PeakMagPerFilter = Json(peaks.ToDictionary(pair => pair.Key, pair => pair.Value.Mag, StringComparer.Ordinal));
        stat.FaintestMagPerFilter = Json(byFilter.ToDictionary(pair => pair.Key, pair => pair.Value.Max(detection => detection.Mag), StringComparer.Ordinal));
        stat.MagRmsPerFilter = Json(byFilter.ToDictionary(pair => pair.Key, pair => Scatter(pair.Value), StringComparer.Ordinal));
        if (detections.Count == 0)
        {
            return;
        }

        var peak = detections.MinBy(detection => detection.Mag)!;
        stat.MeanMagGlobal = detections.Average(detection => detection.Mag);
        stat.PeakMjdGlobal = peak.Mjd;
        stat.PeakMagGlobal = peak.Mag;
        stat.FaintestMagGlobal = detections.Max(detection => detection.Mag);
        stat.MagRmsGlobal = Scatter(detections);
        stat.RiseRate = Rate(detections[0], peaks[detections[0].Filter]);
        stat.DecayRate = Rate(peaks[detections[^1].Filter], detections[^1]);
    }

    // Magnitudes per day, positive while it brightens.
    private static double? Rate(Detection from, Detection to) => to.Mjd > from.Mjd ? -(to.Mag - from.Mag) / (to.Mjd - from.Mjd) : null;

    private static double Scatter(List<Detection> detections)
    {
        var mean = detections.Average(detection => detection.Mag);
        return Math.Sqrt(detections.Average(detection => (detection.Mag - mean) * (detection.Mag - mean)));
    }

    private static JsonElement PerFilter<T, TValue>(IEnumerable<IGrouping<string, T>> groups, Func<IGrouping<string, T>, TValue> value) =>
        Json(groups.ToDictionary(group => group.Key, value, StringComparer.Ordinal));

    private static JsonElement Json<T>(Dictionary<string, T> values) =>
        JsonSerializer.SerializeToElement(new SortedDictionary<string, T>(values, StringComparer.Ordinal));

    private sealed record Detection(double Mjd, string Filter, double Mag, bool Forced);
}
