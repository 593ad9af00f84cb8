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
        var ownerId = userId ?? viewer.UserId ?? throw Refusal.Invalid("Invalid/missing parameters: user_id: Field required");
        if (ownerId != viewer.UserId && !viewer.SeesAll)
        {
            throw Refusal.Forbidden("Only a system administrator may create a token for another user.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        await TokenRules.CheckAclsAsync(db, viewer, ownerId, acls, ct);
        var owner = await db.Set<User>().AsNoTracking().SingleAsync(user => user.Id == ownerId, ct);
        if (!viewer.SeesAll && !Role.Permissions(owner.Roles, owner.Acls).Contains(Acl.SystemAdmin)
            && await db.Set<ApiToken>().AnyAsync(token => token.CreatedById == ownerId, ct))
        {
            throw Refusal.Invalid("You have reached the maximum number of tokens allowed for your account type.");
        }

        var checkedName = await TokenRules.CheckNameAsync(db, name, ct);
        var secret = Secrets.NewToken();
        var row = new ApiToken
        {
            PublicId = Guid.NewGuid(),
            SecretHash = Secrets.Hash(secret),
            Name = checkedName,
            CreatedById = ownerId,
            Acls = [.. acls.Distinct()],
        };
        db.Add(row);
        db.Record(AccessEvents.TokenCreated, AccessEvents.Subject(ownerId), payload: new { row.Name, row.Acls });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return secret;
    }
}
