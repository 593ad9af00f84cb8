using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Gives a user roles and personal entries.</summary>
public sealed class GrantRights(Contexts contexts)
{
    /// <summary>
    /// Adds to what the user has. System administrators may give anybody anything; others may change only themselves, and give
    /// nothing that they do not hold. Refuses unknown names, all of them listed.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, int userId, IReadOnlyCollection<string> roles, IReadOnlyCollection<string> acls, CancellationToken ct)
    {
        if (roles.Where(role => Role.Find(role) is null).ToList() is { Count: > 0 } unknownRoles)
        {
            throw Refusal.Invalid("Invalid role_id(s): " + string.Join(", ", unknownRoles));
        }

        if (acls.Where(acl => !Acl.All.Contains(acl)).ToList() is { Count: > 0 } unknownAcls)
        {
            throw Refusal.Invalid("Invalid acl_id(s): " + string.Join(", ", unknownAcls));
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var user = await UserRights.ReadAsync(db, viewer, userId, ct);
        if (Role.Permissions(roles, acls).FirstOrDefault(acl => !viewer.Has(acl)) is { } missing)
        {
            throw Refusal.Invalid($"Insufficient permissions: you may not give \"{missing}\", which you do not have.");
        }

        user.Roles = [.. user.Roles.Union(roles)];
        user.Acls = [.. user.Acls.Union(acls)];
        db.Record(AccessEvents.UserRights, AccessEvents.Subject(userId), payload: new { user.Roles, user.Acls });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Takes a role or a personal entry from a user.</summary>
public sealed class RevokeRights(Contexts contexts)
{
    /// <summary>Exactly one of role and entry is given. Refuses what the user does not have, and to leave the site without an administrator.</summary>
    public async Task HandleAsync(Viewer viewer, int userId, string? role, string? acl, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var user = await UserRights.ReadAsync(db, viewer, userId, ct);
        if (role is not null && !user.Roles.Contains(role))
        {
            throw Refusal.Invalid("User does not have specified role.");
        }

        if (acl is not null && !user.Acls.Contains(acl))
        {
            throw Refusal.Invalid(Acl.All.Contains(acl) ? "User does not have specified ACL." : "Invalid acl_id");
        }

        if (role == Role.SuperAdmin)
        {
            await UserRights.RefuseLastAdministratorAsync(db, user, ct);
        }

        user.Roles = [.. user.Roles.Where(held => held != role)];
        user.Acls = [.. user.Acls.Where(held => held != acl)];
        db.Record(AccessEvents.UserRights, AccessEvents.Subject(userId), payload: new { user.Roles, user.Acls });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Rules that the verbs over rights share.</summary>
internal static class UserRights
{
    /// <summary>The user, to be changed; refuses unknown ones and, for anybody but a system administrator, others.</summary>
    public static async Task<User> ReadAsync(SkyPortalContext db, Viewer viewer, int userId, CancellationToken ct)
    {
        var user = await db.Set<User>().SingleOrDefaultAsync(row => row.Id == userId, ct) ?? throw Refusal.Invalid("Invalid user_id");
        return viewer.SeesAll || viewer.UserId == userId
            ? user
            : throw Refusal.Invalid("Insufficient permissions: only a system administrator may change the rights of another user.");
    }

    /// <summary>Refuses where the user is the only one with the role of the highest administrators.</summary>
    public static async Task RefuseLastAdministratorAsync(SkyPortalContext db, User user, CancellationToken ct)
    {
        if (user.Roles.Contains(Role.SuperAdmin) && !await db.Set<User>().AnyAsync(other => other.Id != user.Id && other.Roles.Contains(Role.SuperAdmin), ct))
        {
            throw Refusal.Invalid("At least one user must keep the role Super admin.");
        }
    }
}
