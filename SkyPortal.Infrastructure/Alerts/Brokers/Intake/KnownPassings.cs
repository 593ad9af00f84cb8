using Npgsql;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>Which alerts are candidates of which filters already.</summary>
internal static class KnownPassings
{
    private const string Sql = "select obj_id, filter_id, passing_alert_id from candidates where obj_id = any($1) and filter_id = any($2) and passing_alert_id is not null";

    /// <summary>Those of some objects and filters. One statement.</summary>
    public static async Task<HashSet<(string ObjId, int FilterId, long AlertId)>> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, IEnumerable<string> objIds, IEnumerable<int> filterIds, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, connection, transaction);
        command.Parameters.AddWithValue(objIds.Distinct().ToArray());
        command.Parameters.AddWithValue(filterIds.Distinct().ToArray());
        var known = new HashSet<(string, int, long)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            known.Add((reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2)));
        }

        return known;
    }
}
