using Npgsql;
using NpgsqlTypes;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>An object saved because it passed a filter.</summary>
internal readonly record struct PassingSave(string ObjId, int GroupId, IngestFilter Filter);

/// <summary>Saves objects that pass filters to the groups that the filters name, within the transaction of their batch.</summary>
internal static class SavePassings
{
    // Who unsaved a source keeps it unsaved: a filter does not overrule a person. Of several filters that save one object to one
    // group, the first whose conditions hold has the word.
    private const string SaveSql = """
        with allowed as (
            select n, obj_id, group_id, saver_id
            from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::int[]) with ordinality as new(obj_id, group_id, saver_id, ignored, rejecters, n)
            where not exists (select 1 from sources s where s.obj_id = new.obj_id and s.active and s.group_id = any(new.ignored::int[]))
              and not exists (
                select 1 from listings l join group_users m on m.user_id = l.user_id
                where l.obj_id = new.obj_id and l.list_name = 'rejected_candidates' and m.group_id = new.rejecters)),
        chosen as (select distinct on (obj_id, group_id) * from allowed order by obj_id, group_id, n),
        saved as (
            insert into sources (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
            select obj_id, group_id, saver_id, $1, true, false, $1, $1 from chosen order by obj_id, group_id
            on conflict (obj_id, group_id) do nothing
            returning obj_id, group_id)
        select c.n from chosen c join saved s using (obj_id, group_id) order by c.n
        """;

    private const string CommentSql = """
        insert into comments (obj_id, text, author_id, origin, bot, system, group_ids, created_at, modified)
        select obj_id, text, author_id, origin, true, false, group_ids::int[], $1, $1
        from unnest($2::text[], $3::text[], $4::int[], $5::text[], $6::text[]) as new(obj_id, text, author_id, origin, group_ids)
        """;

    /// <summary>Saves them with the comments of their filters, and answers what is newly saved.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction, which holds the objects.</param>
    /// <param name="passings">Objects and filters that they passed, in the order of passing.</param>
    /// <param name="now">Time of the save, UTC.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<IReadOnlyList<PassingSave>> HandleAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<(string ObjId, IngestFilter Filter)> passings, DateTime now, CancellationToken ct)
    {
        var wanted = passings.Where(row => row.Filter.Autosave)
            .SelectMany(row => row.Filter.Actions.GroupIds.Select(group => new PassingSave(row.ObjId, group, row.Filter)))
            .DistinctBy(save => (save.ObjId, save.GroupId, save.Filter.Id))
            .ToList();
        if (wanted.Count == 0)
        {
            return [];
        }

        var saved = await SaveAsync(connection, transaction, wanted, now, ct);
        var comments = saved.Where(save => save.Filter.Actions.Comment is not null).GroupBy(save => (save.ObjId, save.Filter)).ToList();
        if (comments.Count > 0)
        {
            await using var command = new NpgsqlCommand(CommentSql, connection, transaction);
            command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now);
            command.Parameters.AddWithValue(comments.Select(group => group.Key.ObjId).ToArray());
            command.Parameters.AddWithValue(comments.Select(group => group.Key.Filter.Actions.Comment!).ToArray());
            command.Parameters.AddWithValue(comments.Select(group => group.Key.Filter.Actions.AuthorId!.Value).ToArray());
            command.Parameters.AddWithValue(comments.Select(group => group.Key.Filter.AnnotationOrigin).ToArray());
            command.Parameters.AddWithValue(comments.Select(group => $"{{{string.Join(',', group.Select(save => save.GroupId))}}}").ToArray());
            await command.ExecuteNonQueryAsync(ct);
        }

        return saved;
    }

    private static async Task<List<PassingSave>> SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<PassingSave> wanted, DateTime now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SaveSql, connection, transaction);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now);
        command.Parameters.AddWithValue(wanted.Select(save => save.ObjId).ToArray());
        command.Parameters.AddWithValue(wanted.Select(save => save.GroupId).ToArray());
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.Integer, wanted.Select(save => save.Filter.Actions.Savers.TryGetValue(save.GroupId, out var saver) ? saver : (int?)null).ToArray());
        command.Parameters.AddWithValue(wanted.Select(save => $"{{{string.Join(',', save.Filter.Actions.IgnoreGroupIds)}}}").ToArray());
        command.Parameters.AddWithValue(
            NpgsqlDbType.Array | NpgsqlDbType.Integer, wanted.Select(save => save.Filter.Actions.IgnoreRejected ? save.Filter.GroupId : (int?)null).ToArray());
        var saved = new List<PassingSave>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            saved.Add(wanted[checked((int)reader.GetInt64(0) - 1)]);
        }

        return saved;
    }
}
