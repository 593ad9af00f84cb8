using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What the ingest does with what passes a filter, as far as its people still have the rights to it.</summary>
/// <param name="GroupIds">Groups to which it is saved where the filter's auto-save is on.</param>
/// <param name="Savers">In whose name it is saved to a group; groups that are not named here are saved to in nobody's.</param>
/// <param name="IgnoreGroupIds">It is not saved where it is saved to one of these already.</param>
/// <param name="IgnoreRejected">It is not saved where a member of the filter's group rejected it.</param>
/// <param name="Comment">Comment to be made at the save; null for none.</param>
/// <param name="AuthorId">In whose name the comment is made.</param>
/// <param name="Annotate">Whether the values of the annotations are kept.</param>
/// <param name="Notify">Whether somebody is to be told of a first passing.</param>
public sealed record IngestActions(
    int[] GroupIds, IReadOnlyDictionary<int, int> Savers, int[] IgnoreGroupIds, bool IgnoreRejected, string? Comment, int? AuthorId, bool Annotate, bool Notify)
{
    /// <summary>Of a filter for which nothing was set.</summary>
    public static IngestActions Default(int groupId) => new([groupId], new Dictionary<int, int>(), [], false, null, null, true, false);
}

/// <summary>
/// Reads what follows from filters with the rights that their people have now. The filter's own group is its own to save to; any
/// other only while who set it may save there. A group counts as a condition only while that person is a member of it, and the
/// saver's name stands only in groups of which the saver is a member.
/// </summary>
internal static class ReadIngestActions
{
    // Memberships are few per user; the unique index of filter_actions and those of group_users serve it.
    internal const string Sql = """
        select a.filter_id, f.group_id, a.group_ids, a.ignore_group_ids, a.ignore_rejected, a.comment, a.annotate, cardinality(a.notify_user_ids) > 0,
               a.set_by_id, a.saver_id, u.roles, u.acls, coalesce(u.expiration_date <= now(), u.id is null),
               array(select g.id from groups g where g.id = any(a.group_ids || a.ignore_group_ids)),
               array(select m.group_id from group_users m where m.user_id = a.set_by_id and m.group_id = any(a.group_ids || a.ignore_group_ids || f.group_id)),
               array(select m.group_id from group_users m where m.user_id = a.set_by_id and m.can_save and m.group_id = any(a.group_ids)),
               array(select m.group_id from group_users m where m.user_id = a.saver_id and m.group_id = any(a.group_ids))
        from filter_actions a
        join filters f on f.id = a.filter_id
        left join users u on u.id = a.set_by_id
        """;

    /// <summary>By filter; filters for which nothing was set are not among them.</summary>
    public static async Task<Dictionary<int, IngestActions>> HandleAsync(NpgsqlDataSource dataSource, int filterId, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Sql + " where a.filter_id = $1");
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, filterId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await ReadAsync(reader, ct);
    }

    /// <summary>The rows of a result of <see cref="Sql"/>.</summary>
    public static async Task<Dictionary<int, IngestActions>> ReadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var found = new Dictionary<int, IngestActions>();
        while (await reader.ReadAsync(ct))
        {
            found.Add(reader.GetInt32(0), Of(reader));
        }

        return found;
    }

    private static IngestActions Of(NpgsqlDataReader reader)
    {
        var own = reader.GetInt32(1);
        var (groups, ignored) = (reader.GetFieldValue<int[]>(2), reader.GetFieldValue<int[]>(3));
        var isGone = reader.GetBoolean(12);
        IReadOnlyList<string> acls = isGone ? [] : Role.Permissions(reader.GetFieldValue<string[]>(10), reader.GetFieldValue<string[]>(11));
        var (existing, member, mayUpload) = (reader.GetFieldValue<int[]>(13), reader.GetFieldValue<int[]>(14), acls.Contains(Acl.UploadData));
        int[] Held(int column) => isGone ? [] : acls.Contains(Acl.SystemAdmin) ? existing : reader.GetFieldValue<int[]>(column);
        var mayRead = Held(14);
        int[] mayWrite = mayUpload ? Held(15) : [];
        var author = reader.IsDBNull(8) ? (int?)null : reader.GetInt32(8);
        var saver = reader.IsDBNull(9) ? (int?)null : reader.GetInt32(9);
        var mayComment = author is not null && acls.Contains(Acl.Comment) && (acls.Contains(Acl.SystemAdmin) || member.Contains(own));
        return new IngestActions(
            [.. groups.Where(id => id == own || mayWrite.Contains(id))],
            saver is { } name ? reader.GetFieldValue<int[]>(16).ToDictionary(id => id, _ => name) : new Dictionary<int, int>(),
            [.. ignored.Intersect(mayRead)],
            reader.GetBoolean(4),
            mayComment && !reader.IsDBNull(5) ? reader.GetString(5) : null,
            author,
            reader.GetBoolean(6),
            reader.GetBoolean(7));
    }
}
