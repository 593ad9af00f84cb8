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

    /// <summary>Recomputes.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction, at the level READ COMMITTED; the caller commits it.</param>
    /// <param name="objIds">Objects; those that are not there are passed over.</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task HandleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<string> objIds, CancellationToken ct)
    {
        if (objIds.Count == 0)
        {
            return;
        }

        var ids = await HoldAsync(connection, transaction, [.. objIds.Distinct(StringComparer.Ordinal)], ct);
        var curves = await ReadAsync(connection, transaction, ids, ct);
        var now = clock.GetUtcNow().UtcDateTime;
        var stats = curves.Select(curve => Compute(curve.Key, curve.Value, now));
        await using var write = new NpgsqlCommand(WriteSql, connection, transaction);
        write.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.SerializeToUtf8Bytes(stats, SnakeCase));
        write.Parameters.AddWithValue(now);
        await write.ExecuteNonQueryAsync(ct);
    }

    private static async Task<string[]> HoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] objIds, CancellationToken ct)
    {
        await using var hold = new NpgsqlCommand(LockSql, connection, transaction);
        hold.Parameters.AddWithValue(objIds);
        var held = new List<string>(objIds.Length);
        await using var reader = await hold.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            held.Add(reader.GetString(0));
        }

        return [.. held];
    }

    private static PhotStat Compute(string objId, Curve curve, DateTime now)
    {
        var stat = ComputePhotStats.Of(objId, curve.Samples);
        stat.LastUpdate = now;
        stat.LastFullUpdate = now;
        stat.Visibility = JsonSerializer.SerializeToElement(curve.Visibilities.Values);
        return stat;
    }

    private static async Task<Dictionary<string, Curve>> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] ids, CancellationToken ct)
    {
        var curves = ids.ToDictionary(id => id, _ => new Curve(), StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(ReadSql, connection, transaction);
        command.Parameters.AddWithValue(ids);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (objId, sample, _) = await PhotStatSamples.ReadAsync(reader, ct);
            var curve = curves[objId];
            curve.Samples.Add(sample);
            var visibility = new PhotStatVisibility(reader.GetFieldValue<int[]>(9), reader.GetFieldValue<int[]>(10));
            curve.Visibilities.TryAdd(visibility.Key, visibility);
        }

        return curves;
    }

    private sealed class Curve
    {
        public List<StatSample> Samples { get; } = [];

        public Dictionary<string, PhotStatVisibility> Visibilities { get; } = new(StringComparer.Ordinal);
    }
}
