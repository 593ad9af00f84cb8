using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Npgsql;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A user as it appears on the wire, without preferences.</summary>
public sealed record UserRecord
{
    /// <summary>Columns of <see cref="Read"/> for a table under the alias <c>u</c>.</summary>
    public const string Columns =
        "u.id, u.created_at, u.modified, u.username, u.first_name, u.last_name, u.bio, u.affiliations, u.contact_email, u.contact_phone, u.oauth_uid, u.is_bot, u.expiration_date";

    /// <summary>Number of columns.</summary>
    public const int Width = 13;

    public required int Id { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime Modified { get; init; }
    public required string Username { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Bio { get; init; }
    public string[] Affiliations { get; init; } = [];
    public string? ContactEmail { get; init; }
    public string? ContactPhone { get; init; }
    public string? OauthUid { get; init; }
    public bool IsBot { get; init; }
    public DateTime? ExpirationDate { get; init; }

    /// <summary>Address of the user's picture; only where a reply carries it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GravatarUrl { get; init; }

    /// <summary>Reads a row that has <see cref="Columns"/> from an ordinal on; null where the user is (an outer join).</summary>
    public static UserRecord? Read(NpgsqlDataReader reader, int at = 0) => reader.IsDBNull(at)
        ? null
        : new UserRecord
        {
            Id = reader.GetInt32(at),
            CreatedAt = reader.GetDateTime(at + 1),
            Modified = reader.GetDateTime(at + 2),
            Username = reader.GetString(at + 3),
            FirstName = reader.Maybe<string>(at + 4),
            LastName = reader.Maybe<string>(at + 5),
            Bio = reader.Maybe<string>(at + 6),
            Affiliations = reader.GetFieldValue<string[]>(at + 7),
            ContactEmail = reader.Maybe<string>(at + 8),
            ContactPhone = reader.Maybe<string>(at + 9),
            OauthUid = reader.Maybe<string>(at + 10),
            IsBot = reader.GetBoolean(at + 11),
            ExpirationDate = reader.Maybe<DateTime?>(at + 12),
        };

    /// <summary>The same user with the address of the picture.</summary>
    public UserRecord WithGravatar() => this with { GravatarUrl = Gravatar(ContactEmail ?? Username) };

    /// <summary>Address of the picture of an e-mail address or a user name. MD5 is what the picture service is keyed by.</summary>
    public static string Gravatar(string emailOrUsername) =>
        $"https://secure.gravatar.com/avatar/{Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(emailOrUsername.ToLowerInvariant())))}?d=blank";
}
