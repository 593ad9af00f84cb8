using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>How a power is computed.</summary>
public enum PeriodogramMethod
{
    /// <summary>By Fourier transforms.</summary>
    Fast,

    /// <summary>From the sums themselves.</summary>
    Exact,
}

/// <summary>What is asked of a periodogram.</summary>
/// <param name="MinPeriodDays">Shortest period in days, 0.001 to 100,000; null for a tenth of a day, or what the largest grid allows.</param>
/// <param name="MaxPeriodDays">Longest period in days, longer than the shortest, to 100,000; null for the time from the first to the last point.</param>
/// <param name="Filters">Names of filters; null for all.</param>
/// <param name="InstrumentIds">Instruments; null for all.</param>
public sealed record PeriodogramRequest(double? MinPeriodDays, double? MaxPeriodDays, string[]? Filters, PeriodogramMethod Method, int[]? InstrumentIds = null);

/// <summary>A peak: period in days, frequency in cycles per day, power 0 to 1; the period in days of the sampling that makes it out of the first peak.</summary>
public sealed record PeakRecord(double PeriodDays, double FrequencyPerDay, double Power, double FalseAlarmProbability, double? AliasOfBestDays);

/// <summary>The power, 0 to 1, that noise reaches with a probability.</summary>
public sealed record FalseAlarmLevelRecord(double Probability, double Power);

/// <summary>
/// A periodogram: the highest power of each run of neighbouring frequencies, in cycles per day, and the highest peaks.
/// Empty where the points fix no period.
/// </summary>
public sealed record PeriodogramRecord(
    string ObjId,
    string Method,
    IReadOnlyList<string> Filters,
    int NumPoints,
    double TimeBaseDays,
    int NumFrequencies,
    double? MinPeriodDays,
    double? MaxPeriodDays,
    IReadOnlyList<double> FrequencyPerDay,
    IReadOnlyList<double> Power,
    IReadOnlyList<PeakRecord> Peaks,
    IReadOnlyList<FalseAlarmLevelRecord> FalseAlarmLevels);

/// <summary>The Lomb-Scargle periodogram of the points of an object that a viewer may see, in flux; times are as stored, not reduced to the Sun.</summary>
public sealed class ReadPeriodogram(Contexts contexts, FindObject find)
{
    /// <summary>Points at most.</summary>
    public const int MostPoints = 20_000;

    /// <summary>Frequencies at most.</summary>
    public const int MostFrequencies = 1_000_000;

    /// <summary>Points by frequencies at most for the exact method, some seconds.</summary>
    public const long MostExactSteps = 100_000_000;

    /// <summary>Frequencies in an answer at most.</summary>
    public const int MostAnswered = 5000;

    private const double LeastPeriodDays = 0.001;
    private const double MostPeriodDays = 100_000;
    private const double UsualMinPeriodDays = 0.1;
    private const double SamplesPerPeak = 5;
    private const int MostPeaks = 10;
    private static readonly double[] Probabilities = [0.1, 0.01, 0.001];

    private const string Sql = $"""
        select point.mjd, point.flux, point.fluxerr, point.filter
        from photometry point
        where {PhotometryAccess.Predicate} and point.obj_id = $5 and ($6::text[] is null or point.filter = any($6))
          and ($8::integer[] is null or point.instrument_id = any($8))
          and point.flux > '-Infinity' and point.flux < 'Infinity' and point.fluxerr > 0 and point.fluxerr < 'Infinity'
        limit $7
        """;

    /// <summary>The periodogram; null where the viewer sees no such object. Two statements.</summary>
    /// <exception cref="Refusal">A period is out of range, a filter is unknown, or there are too many points or frequencies.</exception>
    public async Task<PeriodogramRecord?> OfObjectAsync(Viewer viewer, string objId, PeriodogramRequest request, CancellationToken ct)
    {
        Check(request);
        if (!await find.IsVisibleAsync(viewer, objId, ct))
        {
            return null;
        }

        var (points, filters) = await PointsAsync(viewer, objId, request, ct);
        var curve = new LombScargle(points);
        if (!(curve.TimeBaseDays > 0))
        {
            return new PeriodogramRecord(objId, Name(request.Method), filters, points.Count, 0, 0, null, null, [], [], [], []);
        }

        var grid = Grid(request, curve);
        return await Task.Run(() => Compute(objId, request, filters, curve, grid, ct), ct);
    }

    private static string Name(PeriodogramMethod method) => method == PeriodogramMethod.Exact ? "exact" : "fast";

    private static void Check(PeriodogramRequest request)
    {
        foreach (var (name, days) in new[] { ("minPeriodDays", request.MinPeriodDays), ("maxPeriodDays", request.MaxPeriodDays) })
        {
            if (days is { } given && !(given is >= LeastPeriodDays and <= MostPeriodDays))
            {
                throw Refusal.Invalid($"Invalid {name}: it must be from {LeastPeriodDays} to {MostPeriodDays} days.");
            }
        }

        if (request.MaxPeriodDays <= (request.MinPeriodDays ?? UsualMinPeriodDays))
        {
            throw Refusal.Invalid($"Invalid maxPeriodDays: it must be above minPeriodDays, {request.MinPeriodDays ?? UsualMinPeriodDays} days.");
        }

        if (request.Filters?.FirstOrDefault(filter => Bandpasses.Find(filter) is null) is { } unknown)
        {
            throw Refusal.Invalid($"Invalid filters: there is no filter {unknown}.");
        }
    }

    private static FrequencyGrid Grid(PeriodogramRequest request, LombScargle curve)
    {
        var baseDays = curve.TimeBaseDays;
        var maxDays = request.MaxPeriodDays ?? Math.Clamp(baseDays, 2 * (request.MinPeriodDays ?? UsualMinPeriodDays), 2 * MostPeriodDays);
        var minDays = request.MinPeriodDays
            ?? Math.Max(UsualMinPeriodDays, 1 / ((1 / maxDays) + ((MostFrequencies - 2) / (baseDays * SamplesPerPeak))));
        var count = FrequencyGrid.CountBetween(minDays, maxDays, baseDays, SamplesPerPeak);
        if (count > MostFrequencies)
        {
            throw Refusal.Invalid($"Invalid minPeriodDays: {count:0} frequencies would be needed down to {minDays} days, more than {MostFrequencies}.");
        }

        return request.Method == PeriodogramMethod.Exact && count * curve.PointCount > MostExactSteps
            ? throw Refusal.Invalid($"Invalid method: exact is for {MostExactSteps} points times frequencies at most; these are {curve.PointCount} and {count:0}.")
            : FrequencyGrid.Between(minDays, maxDays, baseDays, SamplesPerPeak);
    }

    private static PeriodogramRecord Compute(string objId, PeriodogramRequest request, string[] filters, LombScargle curve, FrequencyGrid grid, CancellationToken ct)
    {
        // Others want to be served meanwhile.
        var workers = Math.Max(1, Environment.ProcessorCount / 2);
        var power = request.Method == PeriodogramMethod.Exact ? curve.PowerExact(grid, workers, ct) : curve.PowerFast(grid, workers, ct);
        var (frequencies, heights) = Decimate(grid, power);
        return new PeriodogramRecord(
            objId,
            Name(request.Method),
            filters,
            curve.PointCount,
            curve.TimeBaseDays,
            grid.Count,
            1 / grid.LastPerDay,
            1 / grid.FirstPerDay,
            frequencies,
            heights,
            [.. PeriodogramPeaks.Find(curve, grid, power, MostPeaks)
                .Select(peak => new PeakRecord(peak.PeriodDays, peak.FrequencyPerDay, peak.Power, peak.FalseAlarmProbability, peak.AliasOfBestDays))],
            [.. Probabilities.Select(probability => new FalseAlarmLevelRecord(probability, FalseAlarm.PowerLevel(curve, probability, grid.LastPerDay)))]);
    }

    // The highest of each run, so that no peak is lost.
    private static (double[] FrequencyPerDay, double[] Power) Decimate(FrequencyGrid grid, double[] power)
    {
        var run = (grid.Count + MostAnswered - 1) / MostAnswered;
        var kept = Enumerable.Range(0, (grid.Count + run - 1) / run)
            .Select(number => Enumerable.Range(number * run, Math.Min(run, grid.Count - (number * run))).MaxBy(k => power[k]))
            .ToArray();
        return (Array.ConvertAll(kept, k => grid[k]), Array.ConvertAll(kept, k => power[k]));
    }

    private async Task<(List<PeriodogramPoint> Points, string[] Filters)> PointsAsync(Viewer viewer, string objId, PeriodogramRequest request, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql);
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(objId);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)request.Filters ?? DBNull.Value });
        command.Parameters.AddWithValue(MostPoints + 1);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Integer, Value = (object?)request.InstrumentIds ?? DBNull.Value });
        var points = new List<PeriodogramPoint>();
        var bands = new Dictionary<string, int>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var filter = reader.GetString(3);
            bands.TryAdd(filter, bands.Count);
            points.Add(new PeriodogramPoint(reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2), bands[filter]));
        }

        return points.Count <= MostPoints
            ? (points, [.. bands.Keys.Order(StringComparer.Ordinal)])
            : throw Refusal.Invalid($"Invalid filters: these have more than {MostPoints} points; choose fewer.");
    }
}
