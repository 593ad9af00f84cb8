using Npgsql;
using NpgsqlTypes;

namespace SkyPortal.Infrastructure.Alerts.Watches;

/// <summary>Writes which packets match what is watched, within the transaction of their batch.</summary>
internal static class WriteWatchMatches
{
    // What was taken off its list meanwhile matches no more. People are told once a night of one object and entry.
    private const string ListsSql = """
        insert into watch_matches (watch_list_id, watch_entry_id, label, obj_id, survey, alert_id, night, mjd, distance_arcsec, stream_ids, told_at, created_at, modified)
        select e.watch_list_id, e.id, new.label, new.obj_id, new.survey, new.alert_id, new.night, new.mjd, new.distance, new.streams::int[],
            case when new.again or exists (
                select 1 from watch_matches m where m.watch_entry_id = e.id and m.obj_id = new.obj_id and m.night = new.night) then $1 end, $1, $1
        from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::date[], $8::float8[], $9::float8[], $10::text[], $11::bool[])
            as new(entry_id, label, obj_id, survey, alert_id, night, mjd, distance, streams, again)
        join watch_entries e on e.id = new.entry_id
        order by e.id, new.survey, new.alert_id
        for key share of e
        on conflict do nothing
        """;

    private const string OwnSql = """
        insert into watch_matches (listing_id, label, obj_id, survey, alert_id, night, mjd, distance_arcsec, stream_ids, told_at, created_at, modified)
        select i.id, new.label, new.obj_id, new.survey, new.alert_id, new.night, new.mjd, new.distance, new.streams::int[],
            case when new.again or exists (
                select 1 from watch_matches m where m.listing_id = i.id and m.obj_id = new.obj_id and m.night = new.night) then $1 end, $1, $1
        from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::date[], $8::float8[], $9::float8[], $10::text[], $11::bool[])
            as new(entry_id, label, obj_id, survey, alert_id, night, mjd, distance, streams, again)
        join listings i on i.id = new.entry_id
        order by i.id, new.survey, new.alert_id
        for key share of i
        on conflict do nothing
        """;

    /// <summary>Writes them.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction, which holds the objects.</param>
    /// <param name="alerts">New packets of the batch.</param>
    /// <param name="now">Time of the ingest, UTC.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task HandleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PreparedAlert> alerts, DateTime now, CancellationToken ct)
    {
        var seen = new HashSet<(bool, long, string, DateOnly)>();
        var rows = alerts.SelectMany(alert => alert.Watches.Select(hit => new Row(
            alert, hit, IsAgain: !seen.Add((hit.Source.List is null, hit.Source.EntryId, alert.Alert.ObjId, alert.Alert.Night))))).ToList();
        foreach (var (sql, some) in new[] { (ListsSql, rows.Where(row => row.Hit.Source.List is not null).ToList()), (OwnSql, rows.Where(row => row.Hit.Source.List is null).ToList()) })
        {
            if (some.Count > 0)
            {
                await WriteAsync(connection, transaction, sql, some, now, ct);
            }
        }
    }

    private static async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, List<Row> rows, DateTime now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        var add = command.Parameters;
        add.AddWithValue(NpgsqlDbType.TimestampTz, now);
        add.AddWithValue(rows.Select(row => row.Hit.Source.EntryId).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, rows.Select(row => row.Hit.Source.Label).ToArray());
        add.AddWithValue(rows.Select(row => row.Alert.Alert.ObjId).ToArray());
        add.AddWithValue(rows.Select(row => row.Alert.Alert.Survey).ToArray());
        add.AddWithValue(rows.Select(row => row.Alert.Alert.AlertId).ToArray());
        add.AddWithValue(rows.Select(row => row.Alert.Alert.Night).ToArray());
        add.AddWithValue(rows.Select(row => row.Alert.Alert.Mjd).ToArray());
        add.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Double, rows.Select(row => row.Hit.DistanceArcsec).ToArray());
        add.AddWithValue(rows.Select(row => $"{{{string.Join(',', row.Alert.StreamIds)}}}").ToArray());
        add.AddWithValue(rows.Select(row => row.IsAgain).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Row(PreparedAlert Alert, Domain.Alerts.Watches.WatchHit Hit, bool IsAgain);
}
