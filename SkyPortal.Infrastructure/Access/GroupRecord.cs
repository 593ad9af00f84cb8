using Npgsql;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A group as it appears on the wire.</summary>
public record GroupRecord
{
    /// <summary>Columns of <see cref="Read"/> for a table under the alias <c>g</c>.</summary>
    public const string Columns = "g.id, g.created_at, g.modified, g.name, g.nickname, g.description, g.private, g.auto_accept_requests, g.single_user_group";

    /// <summary>Number of columns.</summary>
    public const int Width = 9;

    public required int Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required string Name { get; init; }
    public string? Nickname { get; init; }
    public string? Description { get; init; }
    public bool Private { get; init; }
    public bool AutoAcceptRequests { get; init; }
    public bool SingleUserGroup { get; init; }

    /// <summary>Reads a row that has <see cref="Columns"/> from an ordinal on.</summary>
    public static GroupRecord Read(NpgsqlDataReader reader, int at = 0) => new()
    {
        Id = reader.GetInt32(at),
        CreatedAt = reader.GetDateTime(at + 1),
        Modified = reader.GetDateTime(at + 2),
        Name = reader.GetString(at + 3),
        Nickname = reader.Maybe<string>(at + 4),
        Description = reader.Maybe<string>(at + 5),
        Private = reader.GetBoolean(at + 6),
        AutoAcceptRequests = reader.GetBoolean(at + 7),
        SingleUserGroup = reader.GetBoolean(at + 8),
    };

    /// <summary>
    /// SQL of the JSON list of the groups whose ids are in an array expression and which the viewer may read, so that a row
    /// and its groups come in one statement.
    /// </summary>
    public static string JsonList(string idsExpression) => $"""
        (select coalesce(json_agg(json_build_object(
            'id', g.id, 'created_at', g.created_at at time zone 'utc', 'modified', g.modified at time zone 'utc', 'name', g.name,
            'nickname', g.nickname, 'description', g.description, 'private', g.private,
            'auto_accept_requests', g.auto_accept_requests, 'single_user_group', g.single_user_group) order by g.id), '[]')
         from groups g where g.id = any({idsExpression}) and {ViewerSql.SeesGroup})
        """;
}
