using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>A group that a point is shared with.</summary>
public sealed record PointGroup(int Id, string Name, string? Nickname, bool SingleUserGroup);

/// <summary>A stream that a point belongs to.</summary>
public sealed record PointStream(int Id, string Name);

/// <summary>Who uploaded a point.</summary>
public sealed record PointOwner(int Id, string Username, string? FirstName, string? LastName);

/// <summary>A point as stored: fluxes in microjansky, AB; angles in degrees, their uncertainties in arcseconds.</summary>
public sealed record PointRecord(
    long Id,
    string ObjId,
    int InstrumentId,
    string InstrumentName,
    string Filter,
    double Mjd,
    double? Flux,
    double Fluxerr,
    string Origin,
    double? Ra,
    double? Dec,
    double? RaUnc,
    double? DecUnc,
    double? RefFlux,
    double? RefFluxerr,
    JsonElement? OriginalUserData,
    JsonElement? Altdata,
    int OwnerId,
    int[] GroupIds,
    int[] StreamIds,
    DateTime CreatedAt);

/// <summary>Points with the names behind their keys, as far as they are listed for the viewer.</summary>
public sealed record PhotometryView(
    IReadOnlyList<PointRecord> Points,
    IReadOnlyDictionary<int, PointGroup> Groups,
    IReadOnlyDictionary<int, PointStream> Streams,
    IReadOnlyDictionary<int, PointOwner> Owners)
{
    /// <summary>Annotations by point; null until they are read.</summary>
    public ILookup<long, PhotometryAnnotationRecord>? Annotations { get; init; }

    /// <summary>Validations by point; null until they are read.</summary>
    public ILookup<long, PhotometryValidationRecord>? Validations { get; init; }

    /// <summary>A view of points alone.</summary>
    public static PhotometryView OfPoints(params PointRecord[] points) => new(
        points, new Dictionary<int, PointGroup>(), new Dictionary<int, PointStream>(), new Dictionary<int, PointOwner>());
}

/// <summary>Which points of all objects are asked for; null for no bound.</summary>
/// <param name="InstrumentIds">Instruments; null for all.</param>
/// <param name="MinMjd">Earliest time, UTC MJD in days, included.</param>
/// <param name="MaxMjd">Latest time, UTC MJD in days, included.</param>
public sealed record PhotometryRange(int[]? InstrumentIds, double? MinMjd, double? MaxMjd);

/// <summary>Reads points that a viewer may see.</summary>
public sealed class ReadPhotometry(Contexts contexts)
{
    /// <summary>Points that are read and named at once where very many are asked for.</summary>
    public const int BatchSize = 5_000;

    private const int RangePatienceSeconds = 60;

    // ix_photometry_obj_id_dedup_hash serves light curves, ix_photometry_id single points, ix_photometry_mjd ranges of time.
    private const string Columns = """
        point.id, point.obj_id, point.instrument_id, instrument.name, point.filter, point.mjd, point.flux, point.fluxerr, point.origin,
        point.ra, point.dec, point.ra_unc, point.dec_unc, point.ref_flux, point.ref_fluxerr, point.original_user_data, point.altdata,
        point.owner_id, point.group_ids, point.stream_ids, point.created_at
        """;

    private const string Sql = $"""
        select {Columns}
        from photometry point
        join instruments instrument on instrument.id = point.instrument_id
        where {PhotometryAccess.Predicate}
        """;

    // Who sees a point sees its verdict; a point has one at most, found by the index photometry_validations (photometry_id).
    private const string VerdictsSql = $"""
        select {Columns}, verdict.id, verdict.created_at, verdict.modified, verdict.validated, verdict.validator_id, verdict.explanation, verdict.notes
        from photometry point
        join instruments instrument on instrument.id = point.instrument_id
        left join photometry_validations verdict on verdict.photometry_id = point.id
        where {PhotometryAccess.Predicate} and point.obj_id = $5
        order by point.mjd, point.id
        """;

    /// <summary>The light curve of an object by time. Four statements at most. That the viewer may see the object is the caller's part.</summary>
    public async Task<PhotometryView> OfObjectAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql + " and point.obj_id = $5 order by point.mjd, point.id");
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(objId);
        return await ReadAsync(viewer, command, ct);
    }

    /// <summary>
    /// The light curve of an object by time with the verdicts over its points, and without the names behind their keys. One
    /// statement. That the viewer may see the object is the caller's part.
    /// </summary>
    public async Task<PhotometryView> WithVerdictsAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(VerdictsSql);
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(objId);
        var points = new List<PointRecord>();
        var verdicts = new List<PhotometryValidationRecord>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            points.Add(Point(reader));
            if (!reader.IsDBNull(21))
            {
                verdicts.Add(new PhotometryValidationRecord(
                    reader.GetInt64(21), reader.GetDateTime(22), reader.GetDateTime(23), points[^1].Id, reader.Maybe<bool?>(24), reader.GetInt32(25), reader.Maybe<string>(26), reader.Maybe<string>(27)));
            }
        }

        return PhotometryView.OfPoints([.. points]) with { Validations = verdicts.ToLookup(verdict => verdict.PhotometryId) };
    }

    /// <summary>The light curves of objects by name and time. Four statements at most. That the viewer may see the objects is the caller's part.</summary>
    public async Task<PhotometryView> OfObjectsAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql + " and point.obj_id = any($5) order by point.obj_id, point.mjd, point.id");
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(objIds);
        return await ReadAsync(viewer, command, ct);
    }

    /// <summary>One point; no points where it or its object is not there for the viewer.</summary>
    public async Task<PhotometryView> OneAsync(Viewer viewer, long id, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand($"{Sql} and point.id = $5 and {PhotometryAccess.SeesObj}");
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(id);
        return await ReadAsync(viewer, command, ct);
    }

    /// <summary>
    /// The light curves of objects by time, in parts of <see cref="BatchSize"/> points as the database gives them; three statements for
    /// each part, and one. That the viewer may see the objects is the caller's part.
    /// </summary>
    public async IAsyncEnumerable<PhotometryView> BatchesOfObjectsAsync(Viewer viewer, string[] objIds, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql + " and point.obj_id = any($5) order by point.mjd, point.id");
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(objIds);
        await foreach (var batch in BatchesAsync(viewer, command, ct))
        {
            yield return batch;
        }
    }

    /// <summary>
    /// Points of any object by time that are shared with a group of the viewer, in parts as above; points of their streams alone are
    /// left out. Refuses a range that takes too long to look through, before the first part.
    /// </summary>
    /// <param name="viewer">Who reads.</param>
    /// <param name="range">Which points.</param>
    /// <param name="refusedFilters">Bandpasses that the caller cannot show; a range that holds one of them is refused with its name.</param>
    /// <param name="ct">Cancels it.</param>
    public async IAsyncEnumerable<PhotometryView> BatchesInRangeAsync(
        Viewer viewer, PhotometryRange range, IReadOnlyList<string> refusedFilters, [EnumeratorCancellation] CancellationToken ct)
    {
        if (refusedFilters.Count > 0)
        {
            await RefuseFiltersAsync(viewer, range, refusedFilters, ct);
        }

        await using var command = InRange(viewer, range, Sql, " order by point.mjd, point.id");
        await foreach (var batch in BatchesAsync(viewer, command, ct))
        {
            yield return batch;
        }
    }

    private async Task RefuseFiltersAsync(Viewer viewer, PhotometryRange range, IReadOnlyList<string> filters, CancellationToken ct)
    {
        await using var command = InRange(viewer, range, $"select point.filter from photometry point where {PhotometryAccess.Predicate} and point.filter = any($6)", " limit 1");
        command.Parameters.Insert(5, new NpgsqlParameter { Value = filters.ToArray() });
        if (await Patiently(command.ExecuteScalarAsync(ct)) is string filter)
        {
            throw Refusal.Invalid($"Invalid mag system: it has no zero point for {filter}, of which the range holds points.");
        }
    }

    private NpgsqlCommand InRange(Viewer viewer, PhotometryRange range, string sql, string order)
    {
        var next = sql.Contains("$6", StringComparison.Ordinal) ? 7 : 6;
        var (min, max) = (range.MinMjd is null ? 0 : next++, range.MaxMjd is null ? 0 : next);
        var command = contexts.DataSource.CreateCommand($"""
            {sql} and ($1 or point.group_ids && $2) and {PhotometryAccess.SeesObj}
              and ($5::integer[] is null or point.instrument_id = any($5))
              {(min == 0 ? "" : $"and point.mjd >= ${min}")} {(max == 0 ? "" : $"and point.mjd <= ${max}")}
            {order}
            """);
        command.CommandTimeout = RangePatienceSeconds;
        command.AddViewer(viewer);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = (object?)range.InstrumentIds ?? DBNull.Value });
        foreach (var bound in new[] { range.MinMjd, range.MaxMjd }.OfType<double>())
        {
            command.Parameters.AddWithValue(bound);
        }

        return command;
    }

    private async IAsyncEnumerable<PhotometryView> BatchesAsync(Viewer viewer, NpgsqlCommand command, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var reader = await Patiently(command.ExecuteReaderAsync(ct));
        var points = new List<PointRecord>();
        while (await Patiently(reader.ReadAsync(ct)))
        {
            points.Add(Point(reader));
            if (points.Count == BatchSize)
            {
                yield return await NamedAsync(viewer, points, ct);
                points = [];
            }
        }

        if (points.Count > 0)
        {
            yield return await NamedAsync(viewer, points, ct);
        }
    }

    private static async Task<T> Patiently<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            throw Refusal.Invalid("The range is too wide to be looked through: narrow min_date and max_date.");
        }
    }

    private async Task<PhotometryView> ReadAsync(Viewer viewer, NpgsqlCommand command, CancellationToken ct)
    {
        var points = new List<PointRecord>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                points.Add(Point(reader));
            }
        }

        return await NamedAsync(viewer, points, ct);
    }

    private async Task<PhotometryView> NamedAsync(Viewer viewer, List<PointRecord> points, CancellationToken ct)
    {
        var groupIds = points.SelectMany(point => point.GroupIds).Distinct().ToArray();
        var streamIds = points.SelectMany(point => point.StreamIds).Distinct().ToArray();
        var ownerIds = points.Select(point => point.OwnerId).Distinct().ToArray();
        await using var db = contexts.For(viewer);
        return new PhotometryView(
            points,
            groupIds.Length == 0 ? new Dictionary<int, PointGroup>() : await db.Set<Group>().Where(group => groupIds.Contains(group.Id))
                .Select(group => new PointGroup(group.Id, group.Name, group.Nickname, group.SingleUserGroup)).ToDictionaryAsync(group => group.Id, ct),
            streamIds.Length == 0 ? new Dictionary<int, PointStream>() : await db.Set<AlertStream>().Where(stream => streamIds.Contains(stream.Id))
                .Select(stream => new PointStream(stream.Id, stream.Name)).ToDictionaryAsync(stream => stream.Id, ct),
            ownerIds.Length == 0 ? new Dictionary<int, PointOwner>() : await db.Set<User>().Where(user => ownerIds.Contains(user.Id))
                .Select(user => new PointOwner(user.Id, user.Username, user.FirstName, user.LastName)).ToDictionaryAsync(user => user.Id, ct));
    }

    private static PointRecord Point(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetDouble(5),
        Number(reader, 6), reader.GetDouble(7), reader.GetString(8), Number(reader, 9), Number(reader, 10), Number(reader, 11),
        Number(reader, 12), Number(reader, 13), Number(reader, 14), Json(reader, 15), Json(reader, 16), reader.GetInt32(17),
        reader.GetFieldValue<int[]>(18), reader.GetFieldValue<int[]>(19), reader.GetDateTime(20));

    private static double? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    private static JsonElement? Json(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<JsonElement>(column);
}
