using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What is given of a series; null where it is not given. Angles in degrees, their uncertainties in arcseconds.</summary>
public sealed record SeriesFields
{
    /// <summary>Columns by name.</summary>
    public JsonElement? Data { get; init; }

    public string? SeriesName { get; init; }
    public string? SeriesObjId { get; init; }
    public string? ObjId { get; init; }
    public int? InstrumentId { get; init; }
    public double? Ra { get; init; }
    public double? Dec { get; init; }

    /// <summary>Seconds.</summary>
    public double? ExpTime { get; init; }

    public string? Filter { get; init; }
    public string? Channel { get; init; }
    public string? Origin { get; init; }
    public double? LimitingMag { get; init; }

    /// <summary>AB magnitude of the reference; not together with <see cref="RefFlux"/>.</summary>
    public double? Magref { get; init; }

    public double? EMagref { get; init; }

    /// <summary>Microjansky.</summary>
    public double? RefFlux { get; init; }

    /// <summary>Microjansky.</summary>
    public double? RefFluxerr { get; init; }

    public double? RaUnc { get; init; }
    public double? DecUnc { get; init; }
    public int? FollowupRequestId { get; init; }
    public int? AssignmentId { get; init; }
    public string? TimeStampAlignment { get; init; }
    public JsonElement? Altdata { get; init; }
    public int[]? GroupIds { get; init; }

    /// <summary>Share with the public group.</summary>
    public bool WithPublicGroup { get; init; }

    public int[]? StreamIds { get; init; }
}

/// <summary>Uploads a series. <see cref="DeleteSeries"/> is its inverse.</summary>
public sealed class PostSeries(Contexts contexts, SeriesData data)
{
    /// <summary>
    /// Uploads and returns the id. Position, exposure time and filter are taken from columns of these names where they are not given
    /// (medians; the most frequent filter). Refuses what is missing or wrong, and a series that the object has already.
    /// </summary>
    public async Task<long> HandleAsync(Viewer viewer, SeriesFields fields, CancellationToken ct)
    {
        var (columns, address) = await data.PutAsync(fields.Data ?? throw SeriesRules.Missing("data"), ct);
        await using var db = contexts.For(viewer);
        var series = new PhotometricSeries
        {
            ObjId = fields.ObjId ?? throw SeriesRules.Missing("obj_id"),
            SeriesName = fields.SeriesName ?? throw SeriesRules.Missing("series_name"),
            SeriesObjId = fields.SeriesObjId ?? throw SeriesRules.Missing("series_obj_id"),
            InstrumentId = fields.InstrumentId ?? throw SeriesRules.Missing("instrument_id"),
            Filter = "",
            Filename = "",
            Hash = "",
            FileHash = address,
            OwnerId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may upload photometry."),
        };
        SeriesRules.Fill(series, columns);
        await SeriesRules.ApplyAsync(db, series, fields, ct);
        var groups = await PhotometryIntake.GroupsAsync(db, fields.GroupIds ?? [], fields.WithPublicGroup, ct);
        series.GroupIds = [.. groups.Concat(viewer.OwnGroupId is { } own ? [own] : []).Distinct().Order()];
        series.StreamIds = await SeriesRules.StreamsAsync(db, fields.StreamIds ?? [], ct);
        await SeriesRules.CheckFreeAsync(db, series, ct);
        db.Add(series);
        db.Record("photometry.series", series.ObjId, series.GroupIds, new { name = series.SeriesName, count = series.NumExp });
        await db.SaveChangesAsync(ct);
        return series.Id;
    }
}

/// <summary>Changes a series of the viewer's.</summary>
public sealed class ChangeSeries(Contexts contexts, SeriesData data)
{
    /// <summary>
    /// Changes what is given; groups are replaced, streams added. With new data the statistics follow. Refuses a series that is not
    /// there for the viewer or not theirs to change.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, long id, SeriesFields fields, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var series = await db.Set<PhotometricSeries>().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw SeriesRules.Invalid();
        if (fields.Data is { } given)
        {
            var (columns, address) = await data.PutAsync(given, ct);
            series.FileHash = address;
            SeriesRules.Fill(series, columns);
        }

        await SeriesRules.ApplyAsync(db, series, fields, ct);
        if (fields.GroupIds is not null || fields.WithPublicGroup)
        {
            var groups = await PhotometryIntake.GroupsAsync(db, fields.GroupIds ?? [], fields.WithPublicGroup, ct);
            series.GroupIds = [.. groups.Concat(viewer.OwnGroupId is { } own ? [own] : []).Distinct().Order()];
        }

        series.StreamIds = [.. series.StreamIds.Union(await SeriesRules.StreamsAsync(db, fields.StreamIds ?? [], ct)).Order()];
        await SeriesRules.CheckFreeAsync(db, series, ct);
        db.Record("photometry.series", series.ObjId, series.GroupIds, new { name = series.SeriesName, count = series.NumExp });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Deletes a series of the viewer's. Its data stay in the file store, where the same bytes may serve another.</summary>
public sealed class DeleteSeries(Contexts contexts)
{
    /// <summary>Deletes; refuses one that is not there for the viewer or not theirs to delete.</summary>
    public async Task HandleAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var series = await db.Set<PhotometricSeries>().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw SeriesRules.Invalid();
        db.Remove(series);
        db.Record("photometry.series", series.ObjId, series.GroupIds, new { name = series.SeriesName, deleted = true });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>What holds for every series.</summary>
internal static class SeriesRules
{
    private const int LongestText = 250;

    public static Refusal Missing(string field) => Refusal.Invalid($"The following keys are missing: {field}");

    public static Refusal Invalid() => Refusal.Invalid("Invalid photometric series ID.");

    /// <summary>What follows from the columns.</summary>
    public static void Fill(PhotometricSeries series, SeriesColumns columns)
    {
        var known = new SeriesStatistics(columns);
        series.Hash = columns.Md5();
        series.NumExp = columns.Count;
        (series.MjdFirst, series.MjdMid, series.MjdLast) = (known.MjdFirst, known.MjdMid, known.MjdLast);
        (series.MagFirst, series.MagLast) = (known.MagFirst, known.MagLast);
        (series.IsDetected, series.MjdLastDetected, series.MagLastDetected) = (known.IsDetected, known.MjdLastDetected, known.MagLastDetected);
        (series.MeanMag, series.RmsMag, series.RobustMag, series.RobustRms) = (known.MeanMag, known.RmsMag, known.RobustMag, known.RobustRms);
        (series.MedianSnr, series.BestSnr, series.WorstSnr, series.FrameRate) = (known.MedianSnr, known.BestSnr, known.WorstSnr, known.FrameRateHz);
        series.Medians = JsonSerializer.SerializeToElement(known.Medians);
        series.Maxima = JsonSerializer.SerializeToElement(known.Maxima);
        series.Minima = JsonSerializer.SerializeToElement(known.Minima);
        series.Stds = JsonSerializer.SerializeToElement(known.Deviations);
        series.Ra = SeriesStatistics.Median(columns.Numbers("ra") ?? []) ?? series.Ra;
        series.Dec = SeriesStatistics.Median(columns.Numbers("dec") ?? []) ?? series.Dec;
        series.ExpTime = SeriesStatistics.Median(columns.Numbers("exp_time", "exptime", "exposure_time") ?? []) ?? series.ExpTime;
        series.Filter = columns.Word("filter", "filters") ?? series.Filter;
    }

    /// <summary>Sets what is given, and checks all.</summary>
    public static async Task ApplyAsync(SkyPortalContext db, PhotometricSeries series, SeriesFields fields, CancellationToken ct)
    {
        series.ObjId = fields.ObjId ?? series.ObjId;
        series.SeriesName = Text("series_name", fields.SeriesName ?? series.SeriesName, 1);
        series.SeriesObjId = Text("series_obj_id", fields.SeriesObjId ?? series.SeriesObjId, 1);
        series.Channel = Text("channel", fields.Channel ?? series.Channel, 0);
        series.Origin = Text("origin", fields.Origin ?? series.Origin, 0);
        series.Filter = fields.Filter ?? (series.Filter.Length > 0 ? series.Filter : throw Missing("filter"));
        series.InstrumentId = fields.InstrumentId ?? series.InstrumentId;
        series.Ra = Within("ra", fields.Ra ?? series.Ra ?? throw Missing("ra"), 0, 360);
        series.Dec = Within("dec", fields.Dec ?? series.Dec ?? throw Missing("dec"), -90, 90);
        series.ExpTime = Within("exp_time", fields.ExpTime ?? (series.ExpTime > 0 ? series.ExpTime : throw Missing("exp_time")), 0, 1e7);
        series.LimitingMag = fields.LimitingMag is { } limit ? Within("limiting_mag", limit, -40, 60) : series.LimitingMag;
        series.RaUnc = fields.RaUnc is { } raUnc ? Within("ra_unc", raUnc, 0, 36_000) : series.RaUnc;
        series.DecUnc = fields.DecUnc is { } decUnc ? Within("dec_unc", decUnc, 0, 36_000) : series.DecUnc;
        series.Altdata = fields.Altdata ?? series.Altdata;
        series.TimeStampAlignment = fields.TimeStampAlignment ?? series.TimeStampAlignment;
        Reference(series, fields);
        if (!PhotometricSeries.TimeStampAlignments.Contains(series.TimeStampAlignment))
        {
            throw Refusal.Invalid($"time_stamp_alignment: Must be one of: {string.Join(", ", PhotometricSeries.TimeStampAlignments)}");
        }

        if (!Bandpasses.AllowedNames.Contains(series.Filter))
        {
            throw Refusal.Invalid($"filter: {series.Filter} is not allowed");
        }

        // The site keeps neither follow-up requests nor assignments, so that none can be named.
        if (fields.FollowupRequestId is { } request)
        {
            throw Refusal.Invalid($"followup_request_id: Cannot find follow-up request with ID: {request}");
        }

        if (fields.AssignmentId is { } assignment)
        {
            throw Refusal.Invalid($"assignment_id: Cannot find assignment with ID: {assignment}");
        }

        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == series.ObjId, ct))
        {
            throw Refusal.Invalid($"Invalid object ID: {series.ObjId}");
        }

        if (!await db.Set<Instrument>().AnyAsync(instrument => instrument.Id == series.InstrumentId, ct))
        {
            throw Refusal.Invalid($"Invalid instrument ID: {series.InstrumentId}");
        }

        series.Filename = FileName(series);
    }

    public static async Task<int[]> StreamsAsync(SkyPortalContext db, int[] streamIds, CancellationToken ct)
    {
        var wanted = streamIds.Distinct().Order().ToArray();
        var known = await db.Set<AlertStream>().Where(stream => wanted.Contains(stream.Id)).Select(stream => stream.Id).ToArrayAsync(ct);
        return wanted.Except(known).ToArray() is { Length: > 0 } missing ? throw Refusal.Invalid($"Invalid stream IDs: {string.Join(", ", missing)}") : wanted;
    }

    /// <summary>Refuses a series whose name or data the object has already, be they hidden from the viewer.</summary>
    public static async Task CheckFreeAsync(SkyPortalContext db, PhotometricSeries series, CancellationToken ct)
    {
        var others = db.Set<PhotometricSeries>().IgnoreQueryFilters().Where(row => row.Id != series.Id);
        if (await others.AnyAsync(row => row.Filename == series.Filename, ct))
        {
            throw Refusal.Invalid("A photometric series of this object, instrument, filter, origin, channel and name already exists.");
        }

        if (await others.AnyAsync(row => row.ObjId == series.ObjId && row.Hash == series.Hash, ct))
        {
            throw Refusal.Invalid("A photometric series with the same data already exists.");
        }
    }

    private static void Reference(PhotometricSeries series, SeriesFields fields)
    {
        if (fields.Magref is not null && fields.RefFlux is not null)
        {
            throw Refusal.Invalid("magref: it cannot be combined with ref_flux");
        }

        if (fields.Magref is { } mag)
        {
            series.RefFlux = StoredFlux.MicroJanskyOfAbMag(Within("magref", mag, -40, 60));
            series.RefFluxerr = fields.EMagref is { } error ? StoredFlux.ErrorMicroJansky(series.RefFlux.Value, Within("e_magref", error, 0, 60)) : null;
        }
        else if (fields.EMagref is not null)
        {
            throw Refusal.Invalid("e_magref: it needs magref");
        }

        series.RefFlux = fields.RefFlux is { } flux ? Within("ref_flux", flux, -1e30, 1e30) : series.RefFlux;
        series.RefFluxerr = fields.RefFluxerr is { } fluxError ? Within("ref_fluxerr", fluxError, 0, 1e30) : series.RefFluxerr;
    }

    // A name that one can read, and behind it what tells it from all others.
    private static string FileName(PhotometricSeries series)
    {
        var identity = string.Join('\0', series.ObjId, series.InstrumentId, series.Origin, series.Filter, series.SeriesName, series.SeriesObjId, series.Channel);
        var readable = string.Concat($"{series.ObjId}_{series.SeriesName}".Take(80).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));
        return $"phot_series_{readable}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16]}.h5";
    }

    private static string Text(string field, string text, int least) =>
        text.Length >= least && text.Length <= LongestText ? text : throw Refusal.Invalid($"{field}: it may have {least} to {LongestText} characters");

    private static double Within(string field, double value, double least, double greatest) =>
        value >= least && value <= greatest ? value : throw Refusal.Invalid(FormattableString.Invariant($"{field}: it must be {least} to {greatest}"));
}
