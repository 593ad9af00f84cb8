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
            await using var command = new NpgsqlCommand(Sql, connection, transaction) { CommandTimeout = PhotometryCopy.PatienceSeconds };
            command.Parameters.AddWithValue(alike.Select(pair => pair.First.ObjId).Distinct(StringComparer.Ordinal).ToArray());
            command.Parameters.AddWithValue(alike.Select(pair => pair.Second.Id).Distinct().ToArray());
            command.Parameters.AddWithValue(alike.First().First.GroupIds);
            command.Parameters.AddWithValue(alike.First().First.StreamIds);
            command.Parameters.AddWithValue(now);
            changed += await command.ExecuteNonQueryAsync(ct);
        }

        return changed;
    }
}
