namespace SkyPortal.Domain.Photometry;

/// <summary>
/// What is known of a series from its columns. Magnitudes follow from fluxes (m = 23.9 − 2.5 log10 f, for f above 0) and fluxes from
/// magnitudes. A flux error comes from its own column, else from that of the magnitude (f ln 10 / 2.5 times it); where there is
/// neither, it is the robust deviation of the fluxes, 1.4826 times the median of |f − median f|.
/// </summary>
public sealed class SeriesStatistics
{
    private const double DeviationPerMedian = 1.4826;
    private const double ClipSigmas = 3;
    private const int ClipRounds = 3;
    private const double SecondsPerDay = 86_400;
    private readonly double[] _magnitudes;
    private readonly double[] _signalToNoise;

    /// <summary>Computes them.</summary>
    public SeriesStatistics(SeriesColumns columns)
    {
        var flux = columns.Flux ?? [.. columns.Mag!.Select(StoredFlux.MicroJanskyOfAbMag)];
        _magnitudes = columns.Mag ?? [.. flux.Select(value => value > 0 ? StoredFlux.AbMag(value)!.Value : double.NaN)];
        _signalToNoise = SignalToNoiseOf(columns, flux);
        var order = Enumerable.Range(0, columns.Count).OrderBy(row => columns.Mjd[row]).ToArray();
        MjdFirst = columns.Mjd[order[0]];
        MjdLast = columns.Mjd[order[^1]];
        var shown = order.Where(row => double.IsFinite(_magnitudes[row])).ToArray();
        MagFirst = shown.Length == 0 ? null : _magnitudes[shown[0]];
        MagLast = shown.Length == 0 ? null : _magnitudes[shown[^1]];
        var detected = order.Where(row => _signalToNoise[row] > StoredFlux.DetectionSignalToNoise).ToArray();
        IsDetected = detected.Length > 0;
        MjdLastDetected = IsDetected ? columns.Mjd[detected[^1]] : null;
        MagLastDetected = IsDetected && double.IsFinite(_magnitudes[detected[^1]]) ? _magnitudes[detected[^1]] : null;
        var steps = order.Zip(order.Skip(1), (one, next) => columns.Mjd[next] - columns.Mjd[one]).Where(step => step > 0);
        FrameRateHz = Median(steps) is { } step ? 1 / (step * SecondsPerDay) : null;
        MeanMag = Mean(_magnitudes);
        RmsMag = Deviation(_magnitudes);
        var kept = Clipped(_magnitudes);
        RobustMag = Median(kept);
        RobustRms = Deviation(kept);
        MedianSnr = Median(_signalToNoise);
        BestSnr = Greatest(_signalToNoise);
        WorstSnr = Least(_signalToNoise);
        var numeric = columns.All.Where(column => column.Numbers is not null).ToList();
        Medians = numeric.ToDictionary(column => column.Name, column => Median(column.Numbers!));
        Maxima = numeric.ToDictionary(column => column.Name, column => Greatest(column.Numbers!));
        Minima = numeric.ToDictionary(column => column.Name, column => Least(column.Numbers!));
        Deviations = numeric.ToDictionary(column => column.Name, column => Deviation(column.Numbers!));
    }

    public double MjdFirst { get; }
    public double MjdLast { get; }

    /// <summary>Halfway between first and last.</summary>
    public double MjdMid => (MjdFirst + MjdLast) / 2;

    public double? MagFirst { get; }
    public double? MagLast { get; }
    public double? MjdLastDetected { get; }
    public double? MagLastDetected { get; }

    /// <summary>Whether any signal to noise is above the limit of a detection.</summary>
    public bool IsDetected { get; }

    /// <summary>One over the median step in time, hertz; null where there is no step.</summary>
    public double? FrameRateHz { get; }

    public double? MeanMag { get; }

    /// <summary>Standard deviation of the population.</summary>
    public double? RmsMag { get; }

    /// <summary>Median after three rounds that leave out what is farther than three robust deviations from the median.</summary>
    public double? RobustMag { get; }

    /// <summary>Standard deviation of what those rounds leave.</summary>
    public double? RobustRms { get; }

    public double? MedianSnr { get; }
    public double? BestSnr { get; }
    public double? WorstSnr { get; }

    /// <summary>By column of numbers, as are the three after it.</summary>
    public IReadOnlyDictionary<string, double?> Medians { get; }

    public IReadOnlyDictionary<string, double?> Maxima { get; }
    public IReadOnlyDictionary<string, double?> Minima { get; }

    /// <summary>Standard deviations of the population.</summary>
    public IReadOnlyDictionary<string, double?> Deviations { get; }

    /// <summary>Signal to noise by row; not-a-number where it is not known.</summary>
    public IReadOnlyList<double> SignalToNoise => _signalToNoise;

    /// <summary>The median of the finite values; null where there is none.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static double[] SignalToNoiseOf(SeriesColumns columns, double[] flux)
    {
        if (columns.Numbers("fluxerr", "fluxerrs", "flux_err", "flux_error", "e_flux") is { } errors)
        {
            return [.. flux.Zip(errors, (value, error) => error > 0 ? value / error : double.NaN)];
        }

        if (columns.Numbers("magerr", "magerrs", "mag_err", "mag_error", "e_mag") is { } magErrors)
        {
            return [.. magErrors.Select((error, row) => error > 0 && double.IsFinite(flux[row]) ? 1 / StoredFlux.ErrorMicroJansky(1, error) : double.NaN)];
        }

        var spread = Spread(flux);
        return [.. flux.Select(value => spread > 0 ? value / spread.Value : double.NaN)];
    }

    private static double? Spread(IReadOnlyCollection<double> values) =>
        Median(values) is { } middle ? DeviationPerMedian * Median(values.Select(value => Math.Abs(value - middle))) : null;

    private static double[] Clipped(double[] values)
    {
        var kept = values.Where(double.IsFinite).ToArray();
        for (var round = 0; round < ClipRounds && Spread(kept) is > 0 and var spread; round++)
        {
            var middle = Median(kept)!.Value;
            kept = [.. kept.Where(value => Math.Abs(value - middle) <= ClipSigmas * spread)];
        }

        return kept;
    }

    private static double? Mean(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        return finite.Length == 0 ? null : finite.Average();
    }

    private static double? Deviation(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
        {
            return null;
        }

        var mean = finite.Average();
        return Math.Sqrt(finite.Average(value => (value - mean) * (value - mean)));
    }

    private static double? Greatest(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        return finite.Length == 0 ? null : finite.Max();
    }

    private static double? Least(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        return finite.Length == 0 ? null : finite.Min();
    }
}
