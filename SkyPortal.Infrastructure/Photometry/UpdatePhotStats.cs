using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>
/// Recomputes the statistics of objects from their points, in three statements however many objects there are. Called in the
/// transaction that changed the points; writers of the same object wait for each other, so that none misses the other's points.
/// </summary>
public sealed class UpdatePhotStats(TimeProvider clock)
{
    // The object stands for its statistics: holding it costs no row version, and whoever writes its packets holds it already.
    private const string LockSql = "select id from objs where id = any($1) order by id for no key update";

    // Asked while the objects are held: whoever wrote points of them before has written their statistics, too.
    private const string KnownSql = "select obj_id from photstats where obj_id = any($1) and num_obs_global > 0";

    // ix_photometry_obj_id_dedup_hash serves it; each object lies in one partition.
    private const string ReadSql =
        $"select {PhotStatSamples.Columns}, point.group_ids, point.stream_ids from photometry point where point.obj_id = any($1)";

    private static readonly JsonSerializerOptions SnakeCase = new(JsonSerializerDefaults.General) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly (string Name, string Type)[] Fields =
    [
        ("last_update", "timestamptz"), ("last_full_update", "timestamptz"), ("num_obs_global", "integer"), ("num_obs_per_filter", "jsonb"),
        ("num_det_global", "integer"), ("num_det_no_forced_phot_global", "integer"), ("num_det_per_filter", "jsonb"),
        ("first_detected_mjd", "double precision"), ("first_detected_mag", "double precision"), ("first_detected_filter", "text"),
        ("last_detected_mjd", "double precision"), ("last_detected_mag", "double precision"), ("last_detected_filter", "text"),
        ("first_detected_no_forced_phot_mjd", "double precision"), ("first_detected_no_forced_phot_mag", "double precision"),
        ("first_detected_no_forced_phot_filter", "text"), ("last_detected_no_forced_phot_mjd", "double precision"),
        ("last_detected_no_forced_phot_mag", "double precision"), ("last_detected_no_forced_phot_filter", "text"),
        ("recent_obs_mjd", "double precision"), ("predetection_mjds", "double precision[]"), ("last_non_detection_mjd", "double precision"),
        ("time_to_non_detection", "double precision"), ("mean_mag_global", "double precision"), ("mean_mag_per_filter", "jsonb"),
        ("mean_color", "jsonb"), ("peak_mjd_global", "double precision"), ("peak_mjd_per_filter", "jsonb"),
        ("peak_mag_global", "double precision"), ("peak_mag_per_filter", "jsonb"), ("faintest_mag_global", "double precision"),
        ("faintest_mag_per_filter", "jsonb"), ("deepest_limit_global", "double precision"), ("deepest_limit_per_filter", "jsonb"),
        ("rise_rate", "double precision"), ("decay_rate", "double precision"), ("mag_rms_global", "double precision"),
        ("mag_rms_per_filter", "jsonb"), ("visibility", "jsonb"),
    ];

    private static readonly string Names = string.Join(", ", Fields.Select(field => field.Name));

    private static readonly string WriteSql =
        $"insert into photstats (obj_id, created_at, modified, {Names}) "
        + $"select given.obj_id, $2, $2, {string.Join(", ", Fields.Select(field => $"given.{field.Name}"))} "
        + $"from jsonb_to_recordset($1) as given(obj_id text, {string.Join(", ", Fields.Select(field => $"{field.Name} {field.Type}"))}) "
        + "order by given.obj_id "
        + $"on conflict (obj_id) do update set modified = excluded.modified, {string.Join(", ", Fields.Select(field => $"{field.Name} = excluded.{field.Name}"))}";

    /// <summary>Recomputes from all points of the objects.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction, at the level READ COMMITTED; the caller commits it.</param>
    /// <param name="objIds">Objects; those that are not there are passed over.</param>
    /// <param name="ct">Cancels the statements.</param>
    public Task HandleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<string> objIds, CancellationToken ct) =>
        HandleAsync(connection, transaction, objIds, [], [], ct);

    /// <summary>
    /// Recomputes after an upload, for the objects that got new points. The points of an object that had none before are not read again.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction, at the level READ COMMITTED; the caller commits it.</param>
    /// <param name="points">The upload.</param>
    /// <param name="written">What became of each of its points.</param>
    /// <param name="ct">Cancels the statements.</param>
    public Task HandleAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PhotometryPoint> points, IReadOnlyList<WrittenPoint> written, CancellationToken ct) =>
        HandleAsync(connection, transaction, points, written, null, ct);

    /// <summary>The same, with what was computed from the upload's points in the meantime.</summary>
    internal async Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<PhotometryPoint> points,
        IReadOnlyList<WrittenPoint> written,
        PhotStatsAhead? ahead,
        CancellationToken ct)
    {
        if (ahead is not null && written.All(point => point.Outcome == PhotometryOutcome.Accepted))
        {
            var stats = await ahead.TakeAsync();
            await HandleAsync(connection, transaction, stats.Keys, points, stats, ct);
            return;
        }

        var fresh = points.Where((_, row) => written[row].Outcome == PhotometryOutcome.Accepted).ToList();
        await HandleAsync(connection, transaction, [.. fresh.Select(point => point.ObjId).Distinct(StringComparer.Ordinal)], fresh, [], ct);
    }

    private async Task HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyCollection<string> objIds,
        IReadOnlyCollection<PhotometryPoint> fresh,
        Dictionary<string, PhotStat> ahead,
        CancellationToken ct)
    {
        if (objIds.Count == 0)
        {
            return;
        }

        var ids = await ReadIdsAsync(connection, transaction, LockSql, [.. objIds.Distinct(StringComparer.Ordinal)], ct);
        var known = fresh.Count == 0 ? [] : await ReadIdsAsync(connection, transaction, KnownSql, ids, ct);
        var stats = await ComputeAsync(connection, transaction, ids, known.ToHashSet(StringComparer.Ordinal), fresh, ahead, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var stat in stats)
        {
            (stat.LastUpdate, stat.LastFullUpdate) = (now, now);
        }

        await using var write = new NpgsqlCommand(WriteSql, connection, transaction);
        write.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.SerializeToUtf8Bytes(stats, SnakeCase));
        write.Parameters.AddWithValue(now);
        await write.ExecuteNonQueryAsync(ct);
    }

    // Objects that had points before are read; the others have just the fresh ones.
    private static async Task<List<PhotStat>> ComputeAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        string[] ids,
        HashSet<string> known,
        IReadOnlyCollection<PhotometryPoint> fresh,
        Dictionary<string, PhotStat> ahead,
        CancellationToken ct)
    {
        var ready = ids.Where(id => !known.Contains(id) && ahead.ContainsKey(id)).Select(id => ahead[id]).ToList();
        if (ready.Count == ids.Length)
        {
            return ready;
        }

        var readyIds = ready.Select(stat => stat.ObjId).ToHashSet(StringComparer.Ordinal);
        var curves = ids.Where(id => !readyIds.Contains(id)).ToDictionary(id => id, _ => new StatCurve(), StringComparer.Ordinal);
        foreach (var points in fresh.GroupBy(point => point.ObjId, StringComparer.Ordinal).Where(points => !known.Contains(points.Key)))
        {
            if (curves.TryGetValue(points.Key, out var curve))
            {
                curve.Add(points);
            }
        }

        var toRead = curves.Where(curve => curve.Value.IsEmpty).Select(curve => curve.Key).ToArray();
        if (toRead.Length > 0)
        {
            await ReadAsync(connection, transaction, curves, toRead, ct);
        }

        return [.. ready, .. curves.AsParallel().Select(curve => curve.Value.Stat(curve.Key))];
    }

    private static async Task<string[]> ReadIdsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, string[] objIds, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.AddWithValue(objIds);
        var ids = new List<string>(objIds.Length);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            ids.Add(reader.GetString(0));
        }

        return [.. ids];
    }

    private static async Task ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Dictionary<string, StatCurve> curves, string[] ids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection, transaction);
        command.Parameters.AddWithValue(ids);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (objId, sample, _) = await PhotStatSamples.ReadAsync(reader, ct);
            curves[objId].Add(sample, reader.GetFieldValue<int[]>(9), reader.GetFieldValue<int[]>(10));
        }
    }
}
