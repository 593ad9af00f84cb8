using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Adds a user to a group.</summary>
public sealed class AddGroupMember(Contexts contexts)
{
    /// <summary>
    /// Refuses who is not an administrator of the group, single-user groups, unknown users and members; and (403) who may not upload
    /// data, and a user who lacks one of the group's streams.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, int groupId, int userId, bool admin, bool canSave, bool canSharePhotometry, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        await Membership.RequireGroupAsync(db, viewer, groupId, ct);
        if (!await db.Set<User>().AnyAsync(user => user.Id == userId, ct))
        {
            throw Refusal.Invalid($"Invalid userID: there is no user with ID {userId}.");
        }

        if (await db.Set<GroupUser>().AnyAsync(member => member.GroupId == groupId && member.UserId == userId, ct))
        {
            throw Refusal.Invalid($"User {userId} is already a member of group {groupId}.");
        }

        if (await Membership.MissingStreamAsync(db, groupId, [userId], ct) is { } missing)
        {
            throw Refusal.Forbidden($"User {missing.UserId} does not have stream access with ID {missing.StreamId}.");
        }

        db.Add(new GroupUser { GroupId = groupId, UserId = userId, Admin = admin, CanSave = canSave, CanSharePhotometry = canSharePhotometry });
        db.Record(
            AccessEvents.MemberAdded, AccessEvents.Subject(userId), [groupId], new { GroupId = groupId, Admin = admin, CanSave = canSave, CanSharePhotometry = canSharePhotometry });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Adds the members of other groups to a group, as plain members.</summary>
public sealed class AddMembersFromGroups(Contexts contexts)
{
    /// <summary>Who is a member already is left as is. Refuses who may not upload data (403), groups that the viewer cannot see, and all where one lacks a stream.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, IReadOnlyCollection<int> fromGroupIds, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using (var own = contexts.For(viewer))
        {
            var readable = await own.Set<Group>().Where(group => fromGroupIds.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
            if (fromGroupIds.Except(readable).Order().ToList() is { Count: > 0 } hidden)
            {
                throw Refusal.Invalid($"Invalid fromGroupIDs: group with ID {string.Join(", ", hidden)} is not accessible.");
            }
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        await Membership.RequireGroupAsync(db, viewer, groupId, ct);
        var users = await db.Set<GroupUser>()
            .Where(member => fromGroupIds.Contains(member.GroupId)
                && !db.Set<GroupUser>().Any(there => there.GroupId == groupId && there.UserId == member.UserId))
            .Select(member => member.UserId)
            .Distinct()
            .ToListAsync(ct);
        if (await Membership.MissingStreamAsync(db, groupId, users, ct) is { } missing)
        {
            throw Refusal.Invalid($"User {missing.UserId} does not have stream access with ID {missing.StreamId}.");
        }

        foreach (var userId in users)
        {
            db.Add(new GroupUser { GroupId = groupId, UserId = userId });
            db.Record(AccessEvents.MemberAdded, AccessEvents.Subject(userId), [groupId], new { GroupId = groupId, Admin = false });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Changes what a member may do in a group.</summary>
public sealed class UpdateGroupMember(Contexts contexts)
{
    /// <summary>Null leaves a flag as it is. Refuses who may not upload data (403) or is not an administrator of the group.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, int userId, bool? admin, bool? canSave, bool? canSharePhotometry, CancellationToken ct)
    {
        viewer.RequireUploadData();
        if (admin is null && canSave is null && canSharePhotometry is null)
        {
            throw Refusal.Invalid("Missing required parameter: at least one of admin, canSave, or canSharePhotometry");
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var member = viewer.Administers(groupId)
            ? await db.Set<GroupUser>().SingleOrDefaultAsync(row => row.GroupId == groupId && row.UserId == userId, ct)
            : null;
        if (member is null)
        {
            throw Refusal.Invalid($"User {userId} is not a member of group {groupId}.");
        }

        member.Admin = admin ?? member.Admin;
        member.CanSave = canSave ?? member.CanSave;
        member.CanSharePhotometry = canSharePhotometry ?? member.CanSharePhotometry;
        db.Record(
            AccessEvents.MemberUpdated,
            AccessEvents.Subject(userId),
            [groupId],
            new { GroupId = groupId, member.Admin, member.CanSave, member.CanSharePhotometry });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Takes a user out of a group; anybody may leave.</summary>
public sealed class RemoveGroupMember(Contexts contexts)
{
    /// <summary>Refuses (403) single-user groups and who is neither an administrator of the group nor the member.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, int userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        if (await db.Set<Group>().AnyAsync(group => group.Id == groupId && group.SingleUserGroup, ct))
        {
            throw Refusal.Forbidden("Cannot delete users from single user groups.");
        }

        var member = viewer.Administers(groupId) || viewer.UserId == userId
            ? await db.Set<GroupUser>().SingleOrDefaultAsync(row => row.GroupId == groupId && row.UserId == userId, ct)
            : null;
        if (member is null)
        {
            throw Refusal.Forbidden("GroupUser does not exist.");
        }

        db.Remove(member);
        db.Record(AccessEvents.MemberRemoved, AccessEvents.Subject(userId), [groupId], new { GroupId = groupId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Rules that the verbs over memberships share.</summary>
internal static class Membership
{
    /// <summary>Refuses a group that the viewer does not administer, and single-user groups.</summary>
    public static async Task RequireGroupAsync(SkyPortalContext db, Viewer viewer, int groupId, CancellationToken ct)
    {
        var single = viewer.Administers(groupId)
            ? await db.Set<Group>().Where(group => group.Id == groupId).Select(group => (bool?)group.SingleUserGroup).SingleOrDefaultAsync(ct)
            : null;
        if (single is null)
        {
            throw Refusal.Invalid($"Group with ID {groupId} is not accessible.");
        }

        if (single.Value)
        {
            throw Refusal.Invalid($"Group with ID {groupId} cannot be changed. It is a single user group.");
        }
    }

    /// <summary>The first of the users who lacks a stream of the group, with that stream; null where all have all.</summary>
    public static async Task<(int UserId, int StreamId)?> MissingStreamAsync(
        SkyPortalContext db, int groupId, IReadOnlyCollection<int> userIds, CancellationToken ct)
    {
        var missing = await db.Set<User>()
            .Where(user => userIds.Contains(user.Id))
            .SelectMany(
                user => db.Set<GroupStream>().Where(use => use.GroupId == groupId
                    && !db.Set<StreamUser>().Any(right => right.StreamId == use.StreamId && right.UserId == user.Id)),
                (user, use) => new { UserId = user.Id, use.StreamId })
            .OrderBy(pair => pair.UserId).ThenBy(pair => pair.StreamId)
            .FirstOrDefaultAsync(ct);
        return missing is null ? null : (missing.UserId, missing.StreamId);
    }
}
