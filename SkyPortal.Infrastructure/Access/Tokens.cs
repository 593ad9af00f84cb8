using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>An entry of a token, with the times at which the site's entries were made.</summary>
public sealed record AclRow(string Id, DateTime CreatedAt, DateTime Modified);

/// <summary>A token as on the wire; its id is public and not the secret.</summary>
public sealed record TokenRow(
    string Id, string Name, int CreatedById, UserRow CreatedBy, IReadOnlyList<AclRow> Acls, DateTime CreatedAt, DateTime Modified);

/// <summary>Lists tokens: one's own, or anybody's for a system administrator.</summary>
public sealed class ListTokens(Contexts contexts, ListRoles roles)
{
    /// <summary>Tokens by age, optionally of one owner.</summary>
    public async Task<IReadOnlyList<TokenRow>> HandleAsync(Viewer viewer, int? userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var made = await roles.MadeAtAsync(ct);
        var tokens = await db.Set<ApiToken>().AsNoTracking()
            .Where(token => userId == null || token.CreatedById == userId)
            .OrderBy(token => token.Id)
            .Join(db.Set<User>(), token => token.CreatedById, user => user.Id, (token, user) => new { token, user })
            .ToListAsync(ct);
        return [.. tokens.Select(row => new TokenRow(
            row.token.PublicId.ToString("D"),
            row.token.Name,
            row.token.CreatedById,
            new UserRow(row.user),
            [.. row.token.Acls.Select(acl => new AclRow(acl, made, made))],
            row.token.CreatedAt,
            row.token.Modified))];
    }
}

/// <summary>Changes a token's name, entries or owner.</summary>
public sealed class UpdateToken(Contexts contexts)
{
    /// <summary>
    /// The token is named by its public id or its secret; null leaves a value. Refuses other people's tokens, an empty or unknown
    /// list of entries, entries that the owner or the calling token lacks, and a taken name; only a system administrator gives a
    /// token to somebody else.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, string tokenId, string? name, IReadOnlyCollection<string>? acls, int? userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var token = await TokenRules.FindAsync(db, viewer, tokenId, ct);
        var formerOwner = token.CreatedById;
        if (userId is { } ownerId && ownerId != token.CreatedById)
        {
            token.CreatedById = viewer.SeesAll ? ownerId : throw Refusal.Forbidden("Only a system administrator may give a token to another user.");
        }

        var kept = acls ?? token.Acls;
        if (acls is { Count: 0 })
        {
            throw Refusal.Invalid("Invalid acls: at least one is needed.");
        }

        await TokenRules.CheckAclsAsync(db, viewer, token.CreatedById, kept, ct);
        token.Acls = [.. kept.Distinct()];
        if (name is not null && name != token.Name)
        {
            token.Name = await TokenRules.CheckNameAsync(db, name, ct);
        }

        db.Record(AccessEvents.TokenUpdated, AccessEvents.Subject(formerOwner), payload: new { token.Name, token.Acls, Owner = token.CreatedById });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Deletes a token; it is refused from then on.</summary>
public sealed class DeleteToken(Contexts contexts)
{
    /// <summary>The token is named by its public id or its secret. Refuses other people's tokens.</summary>
    public async Task HandleAsync(Viewer viewer, string tokenId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        var token = await TokenRules.FindAsync(db, viewer, tokenId, ct);
        db.Remove(token);
        db.Record(AccessEvents.TokenDeleted, AccessEvents.Subject(token.CreatedById), payload: new { token.Name });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Rules that the verbs over tokens share.</summary>
internal static class TokenRules
{
    /// <summary>The token by public id or secret, where the viewer owns it or is a system administrator.</summary>
    public static async Task<ApiToken> FindAsync(SkyPortalContext db, Viewer viewer, string tokenId, CancellationToken ct)
    {
        var hash = Secrets.Hash(tokenId);
        var isPublic = Guid.TryParse(tokenId, out var publicId);
        var token = await db.Set<ApiToken>().SingleOrDefaultAsync(row => row.SecretHash == hash || (isPublic && row.PublicId == publicId), ct);
        return token is not null && (viewer.SeesAll || token.CreatedById == viewer.UserId)
            ? token
            : throw Refusal.Invalid("Either the specified token does not exist, or you do not have the necessary permissions to change it.");
    }

    /// <summary>Refuses unknown entries, entries that the owner lacks, and a token that makes a stronger one than it is.</summary>
    public static async Task CheckAclsAsync(SkyPortalContext db, Viewer viewer, int ownerId, IReadOnlyCollection<string> acls, CancellationToken ct)
    {
        if (acls.Where(acl => !Acl.All.Contains(acl)).ToList() is { Count: > 0 } unknown)
        {
            throw Refusal.Invalid("Invalid acls: " + string.Join(", ", unknown));
        }

        var owner = await db.Set<User>().AsNoTracking().SingleOrDefaultAsync(user => user.Id == ownerId, ct)
            ?? throw Refusal.Invalid($"Invalid user_id: {ownerId}");
        var permitted = Role.Permissions(owner.Roles, owner.Acls);
        // A token must not make a stronger one: what its holder lacks cannot be granted by it.
        if (acls.Any(acl => !permitted.Contains(acl)) || (viewer.TokenId is not null && acls.Any(acl => !viewer.Has(acl))))
        {
            throw Refusal.Invalid("User has attempted to grant token ACLs they do not have access to.");
        }
    }

    /// <summary>The trimmed name; refuses a blank, overlong or taken one.</summary>
    public static async Task<string> CheckNameAsync(SkyPortalContext db, string? name, CancellationToken ct)
    {
        var trimmed = name?.Trim();
        if (trimmed is not { Length: > 0 and <= 200 })
        {
            throw Refusal.Invalid("Invalid/missing parameters: name: 1 to 200 characters are needed");
        }

        return await db.Set<ApiToken>().AnyAsync(token => token.Name == trimmed, ct) ? throw Refusal.Invalid("Duplicate token name.") : trimmed;
    }
}
