using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Who a request comes from.</summary>
/// <param name="Viewer">The viewer; null where the user or token is unknown.</param>
/// <param name="Expired">The account's expiration date has passed.</param>
public sealed record ViewerAnswer(Viewer? Viewer, bool Expired);

/// <summary>Reads the viewer behind a token or a session, with all that access decisions need, in one statement.</summary>
public sealed class ReadViewer(Contexts contexts)
{
    // Primary keys and the unique index on tokens.secret_hash serve it.
    private const string Sql = """
        select u.id, u.username, u.roles, u.acls, u.expiration_date, t.id, t.acls,
               coalesce((select array_agg(m.group_id) from group_users m where m.user_id = u.id), '{}'),
               coalesce((select array_agg(m.group_id) from group_users m where m.user_id = u.id and m.admin), '{}'),
               coalesce((select array_agg(m.group_id) from group_users m where m.user_id = u.id and m.can_save), '{}'),
               coalesce((select array_agg(s.stream_id) from stream_users s where s.user_id = u.id), '{}'),
               (select g.id from group_users m join groups g on g.id = m.group_id where m.user_id = u.id and g.single_user_group limit 1)
        from users u
        """;

    // Of the salted hash, which changes with every password that is set.
    private const string Stamp = "coalesce(left(encode(sha256(convert_to(u.password_hash, 'UTF8')), 'hex'), 24), '')";

    /// <summary>The viewer who holds a token; null where the token is unknown.</summary>
    public async Task<ViewerAnswer> ByTokenAsync(string secret, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql + " join tokens t on t.created_by_id = u.id where t.secret_hash = $1");
        command.Parameters.AddWithValue(Secrets.Hash(secret));
        return await ReadAsync(command, ct);
    }

    /// <summary>The viewer who is signed in as a user; null where the user is gone.</summary>
    public async Task<ViewerAnswer> ByUserAsync(int userId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql + " left join tokens t on false where u.id = $1");
        command.Parameters.AddWithValue(userId);
        return await ReadAsync(command, ct);
    }

    /// <summary>The viewer of a browser session; null where the user is gone, or has another password than when the session began.</summary>
    public async Task<ViewerAnswer> BySessionAsync(int userId, string stamp, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand($"{Sql} left join tokens t on false where u.id = $1 and {Stamp} = $2");
        command.Parameters.AddWithValue(userId);
        command.Parameters.AddWithValue(stamp);
        return await ReadAsync(command, ct);
    }

    /// <summary>What a session that begins now carries of its user's password; says nothing of the password itself.</summary>
    public async Task<string> StampAsync(int userId, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand($"select {Stamp} from users u where u.id = $1");
        command.Parameters.AddWithValue(userId);
        return (string?)await command.ExecuteScalarAsync(ct) ?? "";
    }

    private async Task<ViewerAnswer> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return new ViewerAnswer(null, false);
        }

        var isToken = !await reader.IsDBNullAsync(5, ct);
        // A token never carries more than its owner has now.
        var own = Role.Permissions(reader.GetFieldValue<string[]>(2), reader.GetFieldValue<string[]>(3)).ToHashSet(StringComparer.Ordinal);
        if (isToken)
        {
            own.IntersectWith(reader.GetFieldValue<string[]>(6));
        }

        var expires = await reader.IsDBNullAsync(4, ct) ? (DateTime?)null : reader.GetDateTime(4);
        var viewer = new Viewer
        {
            UserId = reader.GetInt32(0),
            Username = reader.GetString(1),
            TokenId = isToken ? reader.GetInt32(5) : null,
            Acls = own,
            GroupIds = reader.GetFieldValue<int[]>(7),
            AdminGroupIds = reader.GetFieldValue<int[]>(8),
            SaveGroupIds = reader.GetFieldValue<int[]>(9),
            StreamIds = reader.GetFieldValue<int[]>(10),
            OwnGroupId = await reader.IsDBNullAsync(11, ct) ? null : reader.GetInt32(11),
        };
        return new ViewerAnswer(viewer, expires is not null && expires <= contexts.Clock.GetUtcNow().UtcDateTime);
    }
}
