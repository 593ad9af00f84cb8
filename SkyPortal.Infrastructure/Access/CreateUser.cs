using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>A user to be made.</summary>
public sealed record NewUser(string Username)
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string[] Affiliations { get; init; } = [];
    public string? ContactEmail { get; init; }
    public string? ContactPhone { get; init; }
    public string? OauthUid { get; init; }

    /// <summary>Names of roles; empty for the default role.</summary>
    public string[] Roles { get; init; } = [];

    /// <summary>Groups to join, and whether as an administrator; the sitewide group is joined in any case.</summary>
    public IReadOnlyList<(int GroupId, bool Admin)> Groups { get; init; } = [];

    public DateTime? ExpirationDate { get; init; }

    /// <summary>What <see cref="Passwords"/> keeps of a password; null for none.</summary>
    public string? PasswordHash { get; init; }
}

/// <summary>Makes a user with its single-user group, its memberships and the streams of the groups that it joins.</summary>
public sealed class CreateUser(Contexts contexts)
{
    /// <summary>Makes the user and returns its id; refuses a taken name, an unknown role or group, and groups that the viewer does not manage.</summary>
    public async Task<int> HandleAsync(Viewer viewer, NewUser request, CancellationToken ct)
    {
        if (!viewer.Has(Acl.ManageUsers))
        {
            throw Refusal.Forbidden("Only who manages users may add one.");
        }

        var roles = request.Roles.Length == 0 ? [Role.FullUser] : request.Roles;
        if (roles.FirstOrDefault(role => Role.Find(role) is null) is { } unknown)
        {
            throw Refusal.Invalid("Invalid role_id(s): " + unknown);
        }

        if (!viewer.SeesAll && Role.Permissions(roles, []).FirstOrDefault(acl => !viewer.Acls.Contains(acl)) is { } missing)
        {
            throw Refusal.Forbidden($"You may not give the permission \"{missing}\", which you do not have.");
        }

        // The rows of another person's memberships are not the viewer's to write one by one; the rights were checked above.
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        foreach (var (groupId, _) in request.Groups)
        {
            var known = await db.Set<Group>().Where(group => group.Id == groupId && !group.SingleUserGroup).Select(group => (bool?)group.Sitewide).SingleOrDefaultAsync(ct);
            if (known is null || (known == false && !viewer.Administers(groupId)))
            {
                throw Refusal.Invalid($"Group with ID {groupId} is not accessible.");
            }
        }

        var userId = await InsertAsync(db, request with { Roles = roles }, ct);
        await transaction.CommitAsync(ct);
        return userId;
    }

    /// <summary>Makes the user in the context's transaction, whose viewer is the system; the rights were checked by the caller.</summary>
    internal static async Task<int> InsertAsync(SkyPortalContext db, NewUser request, CancellationToken ct)
    {
        var username = Usernames.Check(request.Username);
        if (await db.Set<User>().AnyAsync(user => user.Username == username, ct) || await db.Set<Group>().AnyAsync(group => group.Name == username, ct))
        {
            throw Refusal.Invalid($"Username {username} already exists.");
        }

        if (request.OauthUid is { } uid && await db.Set<User>().AnyAsync(user => user.OauthUid == uid, ct))
        {
            throw Refusal.Invalid("Invalid oauth_uid: another user has it.");
        }

        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        var wanted = request.Groups.DistinctBy(group => group.GroupId).Where(group => group.GroupId != sitewide).ToList();
        var user = new User
        {
            Username = username,
            FirstName = request.FirstName,
            LastName = request.LastName,
            Affiliations = request.Affiliations,
            ContactEmail = ContactRules.Email(request.ContactEmail),
            ContactPhone = ContactRules.Phone(request.ContactPhone),
            OauthUid = request.OauthUid,
            ExpirationDate = request.ExpirationDate,
            Roles = request.Roles,
            PasswordHash = request.PasswordHash,
        };
        var own = new Group { Name = username, SingleUserGroup = true };
        db.AddRange(user, own);
        await db.SaveChangesAsync(ct);
        db.Add(new GroupUser { GroupId = own.Id, UserId = user.Id });
        db.AddRange(wanted.Append((GroupId: sitewide, Admin: false))
            .Select(group => new GroupUser { GroupId = group.GroupId, UserId = user.Id, Admin = group.Admin }));
        var joined = wanted.Select(group => group.GroupId).Append(sitewide).ToArray();
        var streams = await db.Set<GroupStream>().Where(use => joined.Contains(use.GroupId)).Select(use => use.StreamId).Distinct().ToListAsync(ct);
        db.AddRange(streams.Select(stream => new StreamUser { StreamId = stream, UserId = user.Id }));
        db.Record(AccessEvents.UserCreated, AccessEvents.Subject(user.Id), joined, new { user.Username, user.Roles });
        await db.SaveChangesAsync(ct);
        return user.Id;
    }
}
