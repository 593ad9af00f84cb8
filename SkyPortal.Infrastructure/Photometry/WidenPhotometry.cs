using Npgsql;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>
/// Adds groups and streams to points that are in the table already. Who uploads a measurement again holds it, so it is theirs to
/// share; rows that have all of the groups and streams are not touched.
/// </summary>
public sealed class WidenPhotometry
{
    // ix_photometry_obj_id_dedup_hash leads to the object's partition; the row is found by its id there.
    private const string Sql = """
        update photometry point
        set group_ids = (select coalesce(array_agg(distinct id order by id), '{}') from unnest(point.group_ids || $3) as id),
            stream_ids = (select coalesce(array_agg(distinct id order by id), '{}') from unnest(point.stream_ids || $4) as id),
            modified = $5
        where point.obj_id = any($1) and point.id = any($2)
          and not (point.group_ids @> $3 and point.stream_ids @> $4)
        """;

    // The rows of the objects that lack something; one pass over them, where a look-up by id for each of very many rows costs more.
    private const string LackingSql = """
        select point.id from photometry point
        where point.obj_id = any($1) and not (point.group_ids @> $2 and point.stream_ids @> $3)
        """;

    private const int ManyRows = 10_000;

    /// <summary>Widens the rows of duplicates. One statement per distinct set of groups and streams; answers how many rows changed.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction.</param>
    /// <param name="points">Points as offered to the writer, with the groups and streams to add.</param>
    /// <param name="written">The writer's answer for them.</param>
    /// <param name="now">Time of the change (UTC).</param>
    /// <param name="ct">Cancels the statements.</param>
    public async Task<int> HandleAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<PhotometryPoint> points,
        IReadOnlyList<WrittenPoint> written,
        DateTime now,
        CancellationToken ct)
    {
        var changed = 0;
        var duplicates = points.Zip(written).Where(pair => pair.Second.Outcome == PhotometryOutcome.Duplicate);
        foreach (var alike in duplicates.GroupBy(pair => string.Join(',', pair.First.GroupIds) + ';' + string.Join(',', pair.First.StreamIds)))
        {
            var objIds = alike.Select(pair => pair.First.ObjId).Distinct(StringComparer.Ordinal).ToArray();
            var ids = alike.Select(pair => pair.Second.Id).Distinct().ToArray();
            var (groups, streams) = (alike.First().First.GroupIds, alike.First().First.StreamIds);
            if (ids.Length > ManyRows)
            {
                var lacking = await LackingAsync(connection, transaction, objIds, groups, streams, ct);
                lacking.IntersectWith(ids);
                ids = [.. lacking];
            }

            if (ids.Length == 0)
            {
                continue;
            }

            await using var command = new NpgsqlCommand(Sql, connection, transaction) { CommandTimeout = PhotometryCopy.PatienceSeconds };
            command.Parameters.AddWithValue(objIds);
            command.Parameters.AddWithValue(ids);
            command.Parameters.AddWithValue(groups);
            command.Parameters.AddWithValue(streams);
            command.Parameters.AddWithValue(now);
            changed += await command.ExecuteNonQueryAsync(ct);
        }

        return changed;
    }

    private static async Task<HashSet<long>> LackingAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string[] objIds, int[] groups, int[] streams, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LackingSql, connection, transaction) { CommandTimeout = PhotometryCopy.PatienceSeconds };
        command.Parameters.AddWithValue(objIds);
        command.Parameters.AddWithValue(groups);
        command.Parameters.AddWithValue(streams);
        var ids = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
