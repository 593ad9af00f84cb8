using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Finds or makes the user behind somebody whom the provider has signed in.</summary>
public sealed class SignInWithProvider(Contexts contexts, OidcSettings settings, AcceptInvitation acceptInvitation)
{
    /// <summary>
    /// Returns the user's id. A known user is signed in whatever invitation came along; an unknown one joins by the invitation, or by
    /// configuration with the default role; anybody else is refused (403), as are expired users.
    /// </summary>
    public async Task<int> HandleAsync(OidcIdentity identity, string? inviteToken, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var known = await db.Set<User>().Where(user => user.OauthUid == identity.Uid).Select(user => new { user.Id, user.ExpirationDate }).SingleOrDefaultAsync(ct);
        if (known is not null)
        {
            return known.ExpirationDate <= db.UtcNow ? throw Refusal.Forbidden("The account has expired.") : known.Id;
        }

        var newcomer = new NewIdentity(identity.PreferredName ?? identity.Email ?? identity.Uid)
        {
            FirstName = identity.FirstName,
            LastName = identity.LastName,
            Email = identity.Email,
            OauthUid = identity.Uid,
        };
        if (inviteToken is not null)
        {
            return await acceptInvitation.HandleAsync(inviteToken, newcomer, ct);
        }

        if (!settings.CreateUsers)
        {
            throw Refusal.Forbidden("You have no account here: ask for an invitation.");
        }

        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var userId = await CreateUser.InsertAsync(
            db,
            new NewUser(await Usernames.FreeAsync(db, newcomer.Username, ct))
            {
                FirstName = newcomer.FirstName,
                LastName = newcomer.LastName,
                ContactEmail = newcomer.Email,
                OauthUid = newcomer.OauthUid,
                Roles = [Role.FullUser],
            },
            ct);
        await transaction.CommitAsync(ct);
        return userId;
    }
}

/// <summary>Lets an administrator act as another user.</summary>
public sealed class BecomeUser(Contexts contexts)
{
    /// <summary>
    /// Records who became whom. Refuses tokens, who lacks the permission, and becoming somebody who may do more than oneself.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, int userId, CancellationToken ct)
    {
        if (viewer.TokenId is not null || !viewer.Has(Acl.BecomeUser))
        {
            throw Refusal.Invalid("Insufficient permissions");
        }

        await using var db = contexts.For(viewer.AsSystem());
        var user = await db.Set<User>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == userId, ct) ?? throw Refusal.Invalid($"Invalid user ID: {userId}");
        if (Role.Permissions(user.Roles, user.Acls).Any(acl => !viewer.Has(acl)))
        {
            throw Refusal.Invalid("Insufficient permissions");
        }

        db.Record(AccessEvents.UserImpersonated, AccessEvents.Subject(userId));
        await db.SaveChangesAsync(ct);
    }
}
