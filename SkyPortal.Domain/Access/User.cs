using System.Text.Json;

namespace SkyPortal.Domain.Access;

/// <summary>A person or a bot.</summary>
public sealed class User : DirectoryRow
{
    public required string Username { get; set; }
    public string? FirstName { get; set; }
    public string? LastName { get; set; }
    public string? Bio { get; set; }
    public string[] Affiliations { get; set; } = [];
    public string? ContactEmail { get; set; }

    /// <summary>E.164, such as +15551234567.</summary>
    public string? ContactPhone { get; set; }

    /// <summary>Identity at the sign-in provider, unique.</summary>
    public string? OauthUid { get; set; }

    /// <summary>Salted hash; null where the user has no password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Free-form settings of the user's pages.</summary>
    public JsonElement? Preferences { get; set; }

    public bool IsBot { get; set; }

    /// <summary>From then on the user is refused (UTC).</summary>
    public DateTime? ExpirationDate { get; set; }

    /// <summary>Names of roles; see <see cref="Role"/>.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>Personal entries beyond those of the roles; see <see cref="Acl"/>.</summary>
    public string[] Acls { get; set; } = [];
}

/// <summary>A token by which a program acts for its owner. The secret is kept only as a hash.</summary>
public sealed class ApiToken : DirectoryRow
{
    /// <summary>Name of the token on the wire; not the secret.</summary>
    public Guid PublicId { get; set; }

    /// <summary>SHA-256 of the secret, unique.</summary>
    public required byte[] SecretHash { get; set; }

    public required string Name { get; set; }

    /// <summary>Owner.</summary>
    public int CreatedById { get; set; }

    public string[] Acls { get; set; } = [];
}

/// <summary>A link that signs its user in once.</summary>
public sealed class SignInLink : DirectoryRow
{
    public required byte[] SecretHash { get; set; }
    public int UserId { get; set; }
    public DateTime ExpiresAt { get; set; }
    public DateTime? UsedAt { get; set; }
}

/// <summary>An invitation to join, sent by e-mail.</summary>
public sealed class Invitation : DirectoryRow
{
    /// <summary>SHA-256 of the link's secret.</summary>
    public required byte[] SecretHash { get; set; }

    public required string RoleId { get; set; }
    public int[] GroupIds { get; set; } = [];
    public int[] StreamIds { get; set; } = [];
    public bool[] AdminForGroups { get; set; } = [];
    public bool[] CanSaveToGroups { get; set; } = [];
    public bool[] CanSharePhotometryForGroups { get; set; } = [];
    public required string UserEmail { get; set; }
    public int InvitedById { get; set; }
    public bool Used { get; set; }
    public DateTime? UserExpirationDate { get; set; }
}
