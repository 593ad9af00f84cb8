using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Bounds of a number, both included; null for none.</summary>
public readonly record struct Bounds(double? Least, double? Greatest);

/// <summary>Which series are asked for; null for no condition. Times are UTC MJD in days, times of exposures in seconds, magnitudes AB.</summary>
public sealed record SeriesCriteria(int PageNumber, int NumPerPage)
{
    public SkyPosition? ConeCenter { get; init; }
    public double ConeRadiusDegrees { get; init; }

    /// <summary>Parts of names.</summary>
    public string? ObjIdPart { get; init; }
    public string[]? RejectedObjIds { get; init; }
    public string? SeriesNamePart { get; init; }
    public string? SeriesObjIdPart { get; init; }
    public string? FilenamePart { get; init; }
    public string? Filter { get; init; }
    public string? Channel { get; init; }
    public string? Origin { get; init; }
    public string? Hash { get; init; }
    public Bounds StartMjd { get; init; }
    public Bounds MidMjd { get; init; }
    public Bounds EndMjd { get; init; }
    public bool? IsDetected { get; init; }
    public Bounds ExpTimeSeconds { get; init; }
    public Bounds FrameRateHz { get; init; }
    public Bounds NumExposures { get; init; }
    public int? InstrumentId { get; init; }
    public int? FollowupRequestId { get; init; }
    public int? AssignmentId { get; init; }
    public int? OwnerId { get; init; }
    public Bounds Mag { get; init; }
    public Bounds RmsMag { get; init; }

    /// <summary>The two bounds above are of the robust values.</summary>
    public bool Robust { get; init; }

    public Bounds LimitingMag { get; init; }
    public bool WithoutLimitingMag { get; init; }

    /// <summary>Of the flux of the reference, microjansky.</summary>
    public Bounds RefFlux { get; init; }

    public Bounds MedianSnr { get; init; }
    public Bounds BestSnr { get; init; }
    public Bounds WorstSnr { get; init; }

    /// <summary>Column by which to sort, as on the wire; one of <see cref="SearchSeries.SortColumns"/>.</summary>
    public string SortColumn { get; init; } = "obj_id";

    public bool Descending { get; init; }
}

/// <summary>A series with the groups and streams of it that are listed for the viewer.</summary>
public sealed record SeriesRecord(PhotometricSeries Series, IReadOnlyList<PointGroup> Groups, IReadOnlyList<PointStream> Streams);

/// <summary>A page of series.</summary>
public sealed record SeriesPage(IReadOnlyList<SeriesRecord> Series, int TotalMatches);

/// <summary>A series of an object with its columns and what took it.</summary>
public sealed record SeriesCurve(PhotometricSeries Series, SeriesColumns Columns, string InstrumentName, string TelescopeNickname);

/// <summary>Reads series that a viewer may see.</summary>
public sealed class SearchSeries(Contexts contexts, SeriesData data)
{
    private static readonly Dictionary<string, string> Columns = typeof(PhotometricSeries).GetProperties()
        .Where(property => property.CanWrite && (property.PropertyType.IsValueType || property.PropertyType == typeof(string)) && property.PropertyType != typeof(System.Text.Json.JsonElement?))
        .Where(property => property.Name != nameof(PhotometricSeries.FileHash))
        .ToDictionary(property => SnakeCaseConvention.SnakeCase(property.Name), property => property.Name);

    /// <summary>Columns by which a list may be sorted, as on the wire.</summary>
    public static IReadOnlyCollection<string> SortColumns => Columns.Keys;

    /// <summary>A page, and how many there are. Four statements at most.</summary>
    public async Task<SeriesPage> HandleAsync(Viewer viewer, SeriesCriteria criteria, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = Where(db.Set<PhotometricSeries>().AsNoTracking(), criteria);
        var property = Columns[criteria.SortColumn];
        var sorted = criteria.Descending
            ? rows.OrderBy(row => EF.Property<object?>(row, property) == null).ThenByDescending(row => EF.Property<object?>(row, property)).ThenBy(row => row.Id)
            : rows.OrderBy(row => EF.Property<object?>(row, property) == null).ThenBy(row => EF.Property<object?>(row, property)).ThenBy(row => row.Id);
        if (criteria.ConeCenter is { } center)
        {
            // The boxes of the statement are wider than the cone; few series lie in so small a part of the sky.
            var near = (await sorted.ToListAsync(ct)).Where(row => row is { Ra: { } ra, Dec: { } dec } && center.SeparationDegrees(new SkyPosition(ra, dec)) <= criteria.ConeRadiusDegrees).ToList();
            return new SeriesPage(await RecordsAsync(db, [.. near.Skip((criteria.PageNumber - 1) * criteria.NumPerPage).Take(criteria.NumPerPage)], ct), near.Count);
        }

        var page = await sorted.Skip((criteria.PageNumber - 1) * criteria.NumPerPage).Take(criteria.NumPerPage).ToListAsync(ct);
        var total = criteria.PageNumber == 1 && page.Count < criteria.NumPerPage ? page.Count : await rows.CountAsync(ct);
        return new SeriesPage(await RecordsAsync(db, page, ct), total);
    }

    /// <summary>One series; null where it is not there for the viewer. Three statements at most.</summary>
    public async Task<SeriesRecord?> OneAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        return await db.Set<PhotometricSeries>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is { } series ? (await RecordsAsync(db, [series], ct))[0] : null;
    }

    /// <summary>The series of objects with their columns, by time. One statement, and a file each.</summary>
    public async Task<IReadOnlyList<SeriesCurve>> OfObjectsAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<PhotometricSeries>().AsNoTracking().Where(row => objIds.Contains(row.ObjId))
            .Join(db.Set<Domain.Facilities.Instrument>(), row => row.InstrumentId, instrument => instrument.Id, (row, instrument) => new { row, instrument.Name, instrument.TelescopeId })
            .Join(db.Set<Domain.Facilities.Telescope>(), row => row.TelescopeId, telescope => telescope.Id, (row, telescope) => new { row.row, row.Name, telescope.Nickname })
            .OrderBy(row => row.row.MjdFirst).ThenBy(row => row.row.Id).ToListAsync(ct);
        var curves = new List<SeriesCurve>();
        foreach (var row in rows)
        {
            curves.Add(new SeriesCurve(row.row, await data.ReadAsync(row.row.FileHash, ct), row.Name, row.Nickname));
        }

        return curves;
    }

    private static async Task<IReadOnlyList<SeriesRecord>> RecordsAsync(SkyPortalContext db, IReadOnlyList<PhotometricSeries> rows, CancellationToken ct)
    {
        var (groupIds, streamIds) = (rows.SelectMany(row => row.GroupIds).Distinct().ToArray(), rows.SelectMany(row => row.StreamIds).Distinct().ToArray());
        var groups = await db.Set<Group>().Where(group => groupIds.Contains(group.Id)).OrderBy(group => group.Id)
            .Select(group => new PointGroup(group.Id, group.Name, group.Nickname, group.SingleUserGroup)).ToListAsync(ct);
        var streams = streamIds.Length == 0
            ? []
            : await db.Set<AlertStream>().Where(stream => streamIds.Contains(stream.Id)).OrderBy(stream => stream.Id).Select(stream => new PointStream(stream.Id, stream.Name)).ToListAsync(ct);
        return [.. rows.Select(row => new SeriesRecord(row, [.. groups.Where(group => row.GroupIds.Contains(group.Id))], [.. streams.Where(stream => row.StreamIds.Contains(stream.Id))]))];
    }

    private static IQueryable<PhotometricSeries> Where(IQueryable<PhotometricSeries> rows, SeriesCriteria criteria)
    {
        rows = Texts(rows, criteria);
        rows = Within(rows, criteria.StartMjd, row => row.MjdFirst);
        rows = Within(rows, criteria.MidMjd, row => row.MjdMid);
        rows = Within(rows, criteria.EndMjd, row => row.MjdLast);
        rows = Within(rows, criteria.ExpTimeSeconds, row => row.ExpTime);
        rows = Within(rows, criteria.FrameRateHz, row => row.FrameRate);
        rows = Within(rows, criteria.NumExposures, row => (double)row.NumExp);
        rows = Within(rows, criteria.Mag, criteria.Robust ? row => row.RobustMag : row => row.MeanMag);
        rows = Within(rows, criteria.RmsMag, criteria.Robust ? row => row.RobustRms : row => row.RmsMag);
        rows = Within(rows, criteria.LimitingMag, row => row.LimitingMag);
        rows = Within(rows, criteria.RefFlux, row => row.RefFlux);
        rows = Within(rows, criteria.MedianSnr, row => row.MedianSnr);
        rows = Within(rows, criteria.BestSnr, row => row.BestSnr);
        rows = Within(rows, criteria.WorstSnr, row => row.WorstSnr);
        rows = criteria.WithoutLimitingMag ? rows.Where(row => row.LimitingMag == null) : rows;
        rows = criteria.IsDetected is { } detected ? rows.Where(row => row.IsDetected == detected) : rows;
        rows = criteria.InstrumentId is { } instrument ? rows.Where(row => row.InstrumentId == instrument) : rows;
        rows = criteria.FollowupRequestId is { } request ? rows.Where(row => row.FollowupRequestId == request) : rows;
        rows = criteria.AssignmentId is { } assignment ? rows.Where(row => row.AssignmentId == assignment) : rows;
        rows = criteria.OwnerId is { } owner ? rows.Where(row => row.OwnerId == owner) : rows;
        if (criteria.ConeCenter is not { } center)
        {
            return rows;
        }

        var (least, greatest) = (center.DecDegrees - criteria.ConeRadiusDegrees, center.DecDegrees + criteria.ConeRadiusDegrees);
        return rows.Where(row => row.Dec >= least && row.Dec <= greatest);
    }

    private static IQueryable<PhotometricSeries> Texts(IQueryable<PhotometricSeries> rows, SeriesCriteria criteria)
    {
        rows = criteria.ObjIdPart is { } obj ? rows.Where(row => row.ObjId.Contains(obj)) : rows;
        rows = criteria.RejectedObjIds is { } rejected ? rows.Where(row => !rejected.Contains(row.ObjId)) : rows;
        rows = criteria.SeriesNamePart is { } name ? rows.Where(row => row.SeriesName.Contains(name)) : rows;
        rows = criteria.SeriesObjIdPart is { } seriesObj ? rows.Where(row => row.SeriesObjId.Contains(seriesObj)) : rows;
        rows = criteria.FilenamePart is { } file ? rows.Where(row => row.Filename.Contains(file)) : rows;
        rows = criteria.Filter is { } filter ? rows.Where(row => row.Filter == filter) : rows;
        rows = criteria.Channel is { } channel ? rows.Where(row => row.Channel == channel) : rows;
        rows = criteria.Origin is { } origin ? rows.Where(row => row.Origin == origin) : rows;
        return criteria.Hash is { } hash ? rows.Where(row => row.Hash == hash) : rows;
    }

    private static IQueryable<PhotometricSeries> Within(IQueryable<PhotometricSeries> rows, Bounds bounds, Expression<Func<PhotometricSeries, double?>> value)
    {
        foreach (var (bound, isLeast) in new[] { (bounds.Least, true), (bounds.Greatest, false) })
        {
            if (bound is { } number)
            {
                var limit = Expression.Constant((double?)number, typeof(double?));
                var test = isLeast ? Expression.GreaterThanOrEqual(value.Body, limit) : Expression.LessThanOrEqual(value.Body, limit);
                rows = rows.Where(Expression.Lambda<Func<PhotometricSeries, bool>>(test, value.Parameters));
            }
        }

        return rows;
    }
}
