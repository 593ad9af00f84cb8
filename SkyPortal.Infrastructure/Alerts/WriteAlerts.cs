using Npgsql;
using NpgsqlTypes;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>
/// Writes a batch of packets in one transaction: archive, objects, photometry, candidates with all that hangs on them, and
/// the events that tell of it. Rows that are there already stay as they are.
/// </summary>
public sealed class WriteAlerts(NpgsqlDataSource dataSource, AlertPartitions partitions, PhotometryWriter photometry, UpdatePhotStats photStats, WriteCandidates candidates)
{
    private const string ArchiveSql = """
        insert into alerts (night, survey, alert_id, obj_id, mjd, ra, dec, healpix, programme, stream_ids, pack_hash, pack_offset, pack_length, framing, ingested_at,
            band, mag, mag_err, score, is_positive, singles, doubles, integers)
        select night, survey, alert_id, obj_id, mjd, ra, dec, healpix, programme, stream_ids::int[], pack_hash, pack_offset, pack_length, framing, $1,
            band, mag, mag_err, score, is_positive, singles::real[], doubles::float8[], integers::bigint[]
        from unnest($2::date[], $3::text[], $4::bigint[], $5::text[], $6::float8[], $7::float8[], $8::float8[], $9::bigint[], $10::int[], $11::text[],
                    $12::text[], $13::bigint[], $14::int[], $15::text[], $16::text[], $17::real[], $18::real[], $19::real[], $20::bool[],
                    $21::text[], $22::text[], $23::text[])
            as new(night, survey, alert_id, obj_id, mjd, ra, dec, healpix, programme, stream_ids, pack_hash, pack_offset, pack_length, framing,
                   band, mag, mag_err, score, is_positive, singles, doubles, integers)
        order by night, survey, alert_id
        on conflict do nothing
        returning survey, alert_id
        """;

    // In the order of their names, so that two batches that share objects wait for each other and do not block each other.
    private const string ObjectsSql = """
        insert into objs (id, ra, dec, "offset", transient, varstar, is_roid, mpc_name, score, origin, healpix, internal_key, group_ids, created_at, modified)
        select id, ra, dec, 0, false, false, is_roid, mpc_name, score, survey, healpix, gen_random_uuid(), '{}', $1, $1
        from unnest($2::text[], $3::float8[], $4::float8[], $5::bool[], $6::text[], $7::float8[], $8::text[], $9::bigint[])
            as new(id, ra, dec, is_roid, mpc_name, score, survey, healpix)
        order by id
        on conflict do nothing
        """;

    // Holds all objects of the batch, in the order of their names, so that batches with objects in common follow each other.
    private const string HoldSql = "select id from objs where id = any($1) order by id for no key update";

    /// <summary>Writes them and answers which were new, in order; the others were there already.</summary>
    /// <param name="alerts">Packets with distinct survey and alert id, whose pack is in the file store.</param>
    /// <param name="ownerId">In whose name annotations are written.</param>
    /// <param name="now">Time of the ingest, UTC.</param>
    /// <param name="ct">Cancels before the commit.</param>
    /// <exception cref="PostgresException">Nothing was written.</exception>
    public async Task<bool[]> HandleAsync(IReadOnlyList<PreparedAlert> alerts, int ownerId, DateTime now, CancellationToken ct)
    {
        await partitions.EnsureAsync(alerts.Select(alert => alert.Alert.Night), ct);
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var inserted = await ArchiveAsync(connection, transaction, alerts, now, ct);
        var isNew = alerts.Select(alert => inserted.Contains((alert.Alert.Survey, alert.Alert.AlertId))).ToArray();
        var added = alerts.Where((_, i) => isNew[i]).ToList();
        if (added.Count > 0)
        {
            await AddObjectsAsync(connection, transaction, added, now, ct);
            var points = added.SelectMany(alert => alert.Points).ToList();
            await photStats.HandleAsync(connection, transaction, points, await photometry.WriteAsync(connection, transaction, points, ct), ct);
            await Watches.WriteWatchMatches.HandleAsync(connection, transaction, added, now, ct);
            await candidates.HandleAsync(connection, transaction, added, ownerId, now, ct);
        }

        await transaction.CommitAsync(ct);
        return isNew;
    }

    private static async Task<HashSet<(string Survey, long AlertId)>> ArchiveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PreparedAlert> alerts, DateTime now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ArchiveSql, connection, transaction);
        var add = command.Parameters;
        add.AddWithValue(NpgsqlDbType.TimestampTz, now);
        add.AddWithValue(alerts.Select(alert => alert.Alert.Night).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.Survey).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.AlertId).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.ObjId).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.Mjd).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.RaDegrees).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.DecDegrees).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Healpix).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.Programme).ToArray());
        add.AddWithValue(alerts.Select(alert => $"{{{string.Join(',', alert.StreamIds)}}}").ToArray());
        add.AddWithValue(alerts.Select(alert => alert.PackHash).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.PackOffset).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.Bytes.Length).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Alert.Framing).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, alerts.Select(alert => alert.Fields.Band).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Real, alerts.Select(alert => alert.Fields.Mag).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Real, alerts.Select(alert => alert.Fields.MagErr).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Real, alerts.Select(alert => (float?)alert.Alert.Score).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Boolean, alerts.Select(alert => alert.Fields.IsPositive).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Fields.Singles).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Fields.Doubles).ToArray());
        add.AddWithValue(alerts.Select(alert => alert.Fields.Integers).ToArray());
        var inserted = new HashSet<(string, long)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            inserted.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return inserted;
    }

    /// <summary>Makes the objects that are not here yet, and holds all of them until the transaction ends.</summary>
    internal static async Task AddObjectsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PreparedAlert> alerts, DateTime now, CancellationToken ct)
    {
        var first = alerts.OrderBy(alert => alert.Alert.Mjd).DistinctBy(alert => alert.Alert.ObjId).ToList();
        await using var command = new NpgsqlCommand(ObjectsSql, connection, transaction);
        var add = command.Parameters;
        add.AddWithValue(NpgsqlDbType.TimestampTz, now);
        add.AddWithValue(first.Select(alert => alert.Alert.ObjId).ToArray());
        add.AddWithValue(first.Select(alert => alert.Alert.RaDegrees).ToArray());
        add.AddWithValue(first.Select(alert => alert.Alert.DecDegrees).ToArray());
        add.AddWithValue(first.Select(alert => alert.Alert.IsRoid).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, first.Select(alert => alert.Alert.MpcName).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Double, first.Select(alert => alert.Alert.Score).ToArray());
        add.AddWithValue(first.Select(alert => alert.Alert.Survey).ToArray());
        add.AddWithValue(first.Select(alert => alert.Healpix).ToArray());
        await command.ExecuteNonQueryAsync(ct);
        await using var hold = new NpgsqlCommand(HoldSql, connection, transaction);
        hold.Parameters.AddWithValue(first.Select(alert => alert.Alert.ObjId).ToArray());
        await hold.ExecuteNonQueryAsync(ct);
    }
}
