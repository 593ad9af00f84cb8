namespace SkyPortal.Domain.Access;

/// <summary>
/// On whose behalf something is read or written: the one input, besides the row itself, of every access decision.
/// Immutable; a change of rights makes a new viewer.
/// </summary>
public sealed record Viewer
{
    /// <summary>User id; null for nobody and for the system itself.</summary>
    public int? UserId { get; init; }

    /// <summary>User name; "system" for the platform's own jobs.</summary>
    public string Username { get; init; } = "";

    /// <summary>Site-wide entries: of the token where one was used, else of the user.</summary>
    public IReadOnlySet<string> Acls { get; init; } = new HashSet<string>();

    /// <summary>Groups whose rows may be read.</summary>
    public int[] GroupIds { get; init; } = [];

    /// <summary>Groups of which the user is an administrator.</summary>
    public int[] AdminGroupIds { get; init; } = [];

    /// <summary>Groups to which the user may save sources.</summary>
    public int[] SaveGroupIds { get; init; } = [];

    /// <summary>Streams whose photometry may be read.</summary>
    public int[] StreamIds { get; init; } = [];

    /// <summary>The user's single-user group, where there is one.</summary>
    public int? OwnGroupId { get; init; }

    /// <summary>Token by which the request was made; null for a browser session.</summary>
    public int? TokenId { get; init; }

    /// <summary>True for the platform's own jobs.</summary>
    public bool IsSystem { get; init; }

    /// <summary>Whether row policies are passed: the system itself and holders of System admin.</summary>
    public bool SeesAll => IsSystem || Acls.Contains(Acl.SystemAdmin);

    /// <summary>Whether somebody is signed in, or the system acts.</summary>
    public bool IsAuthenticated => IsSystem || UserId is not null;

    /// <summary>Whether another is the same user by the same way with the same rights.</summary>
    public bool HasRightsOf(Viewer? other) => other is not null
        && (UserId, Username, OwnGroupId, TokenId, IsSystem) == (other.UserId, other.Username, other.OwnGroupId, other.TokenId, other.IsSystem)
        && Acls.SetEquals(other.Acls) && Same(GroupIds, other.GroupIds) && Same(AdminGroupIds, other.AdminGroupIds)
        && Same(SaveGroupIds, other.SaveGroupIds) && Same(StreamIds, other.StreamIds);

    private static bool Same(int[] one, int[] other) => one.Order().SequenceEqual(other.Order());

    /// <summary>Whether the entry is held; System admin holds all.</summary>
    public bool Has(string acl) => SeesAll || Acls.Contains(acl);

    /// <summary>Refuses who does not hold the entry; for verbs, which pages call without passing a route.</summary>
    /// <exception cref="Refusal">It is not held.</exception>
    public void Demand(string acl)
    {
        if (!Has(acl))
        {
            throw Refusal.Forbidden($"This needs the permission \"{acl}\".");
        }
    }

    /// <summary>Nobody: sees no row that is not public.</summary>
    public static Viewer Nobody { get; } = new();

    /// <summary>The platform's own jobs.</summary>
    public static Viewer System { get; } = new() { IsSystem = true, Username = "system" };
}
