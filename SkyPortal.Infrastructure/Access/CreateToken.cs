using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Makes a token and returns its secret, which is never shown again.</summary>
public sealed class CreateToken(Contexts contexts)
{
    /// <summary>
    /// Makes a token for the viewer, or for another user where the viewer is a system administrator. Refuses entries that the
    /// owner does not have, a second token of somebody who is not an administrator, and a taken name.
    /// </summary>
    public async Task<string> HandleAsync(Viewer viewer, string name, IReadOnlyCollection<string> acls, int? userId, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Refusal.Invalid("Invalid/missing parameters: name: Field required");
        }

        var ownerId = userId ?? viewer.UserId ?? throw Refusal.Invalid("Invalid/missing parameters: user_id: Field required");
        if (ownerId != viewer.UserId && !viewer.SeesAll)
        {
            throw Refusal.Forbidden("Only a system administrator may create a token for another user.");
        }

        await using var db = contexts.For(Viewer.System);
        var owner = await db.Set<User>().AsNoTracking().SingleOrDefaultAsync(user => user.Id == ownerId, ct)
            ?? throw Refusal.Invalid($"Invalid user_id: {ownerId}");
        var permitted = Role.Permissions(owner.Roles, owner.Acls);
        // A token must not make a stronger one: what its holder lacks cannot be granted by it.
        if (acls.Any(acl => !permitted.Contains(acl)) || (viewer.TokenId is not null && acls.Any(acl => !viewer.Has(acl))))
        {
            throw Refusal.Invalid("User has attempted to grant token ACLs they do not have access to.");
        }

        if (!permitted.Contains(Acl.SystemAdmin) && !viewer.SeesAll && await db.Set<ApiToken>().AnyAsync(token => token.CreatedById == ownerId, ct))
        {
            throw Refusal.Invalid("You have reached the maximum number of tokens allowed for your account type.");
        }

        if (await db.Set<ApiToken>().AnyAsync(token => token.Name == name, ct))
        {
            throw Refusal.Invalid("Duplicate token name.");
        }

        var secret = Secrets.NewToken();
        var row = new ApiToken
        {
            PublicId = Guid.NewGuid(),
            SecretHash = Secrets.Hash(secret),
            Name = name,
            CreatedById = ownerId,
            Acls = [.. acls.Distinct()],
        };
        db.Add(row);
        db.Record("token.created", ownerId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        return secret;
    }
}
