using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;

namespace SkyPortal.Infrastructure.Persistence;

/// <summary>The access policies of the hot entities for hand-written reads, and the parameters that they speak of.</summary>
public static class ViewerSql
{
    /// <summary>Whether the viewer may read the object <c>o</c>; the same rule as the policy of objects.</summary>
    public const string SeesObj = "(@sees_all or o.group_ids && @viewer_groups or o.created_by_id = @viewer_user)";

    /// <summary>Whether the viewer may read the group <c>g</c>; the same rule as the policy of groups.</summary>
    public const string SeesGroup = "(@sees_all or not g.private or g.id = any(@viewer_groups))";

    /// <summary>
    /// Whether the viewer may read every point behind the statistics <c>p</c>. Statistics of points of which some are hidden
    /// would tell of those.
    /// </summary>
    public const string SeesPhotStats = """
        (@sees_all or p.visibility is not null and not exists (
            select 1 from jsonb_array_elements(p.visibility) as seen (entry)
            where not exists (select 1 from jsonb_array_elements_text(seen.entry -> 'groups') as one (key) where one.key::int = any(@viewer_groups))
              and not exists (select 1 from jsonb_array_elements_text(seen.entry -> 'streams') as one (key) where one.key::int = any(@viewer_streams))))
        """;

    /// <summary>Adds the viewer's parameters: sees_all, viewer_user, viewer_groups and viewer_streams.</summary>
    public static NpgsqlCommand WithViewer(this NpgsqlCommand command, Viewer viewer)
    {
        command.Parameters.AddWithValue("sees_all", viewer.SeesAll);
        command.Parameters.Add(new NpgsqlParameter("viewer_user", NpgsqlDbType.Integer) { Value = viewer.UserId ?? (object)DBNull.Value });
        command.Parameters.AddWithValue("viewer_groups", viewer.GroupIds);
        command.Parameters.AddWithValue("viewer_streams", viewer.StreamIds);
        return command;
    }

    /// <summary>Adds a parameter.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string name, object value)
    {
        command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>Adds a parameter that may be null.</summary>
    public static NpgsqlCommand Maybe(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Runs the statement and reads every row.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A column, or the default of its type where it is null.</summary>
    public static T? Maybe<T>(this NpgsqlDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? default : reader.GetFieldValue<T>(ordinal);
}
