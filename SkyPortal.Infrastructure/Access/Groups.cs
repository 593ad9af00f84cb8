using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>What is said of a new group.</summary>
/// <param name="AdminIds">Users who become its administrators.</param>
public sealed record NewGroup(string Name, string? Nickname, string? Description, bool AutoAcceptRequests, IReadOnlyCollection<int> AdminIds);

/// <summary>Makes a group.</summary>
public sealed class CreateGroup(Contexts contexts)
{
    /// <summary>
    /// Returns the group's id. Who makes it in a browser becomes its administrator; a program names the administrators itself, and
    /// must be among them unless it acts for a system administrator. Refuses (403) who may not upload data, a blank or taken name and
    /// unknown users.
    /// </summary>
    public async Task<int> HandleAsync(Viewer viewer, NewGroup request, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var name = GroupNames.Check(request.Name, request.Nickname);
        var admins = request.AdminIds.ToHashSet();
        if (viewer.TokenId is null && viewer.UserId is { } self)
        {
            admins.Add(self);
        }

        if (admins.Count > 0 && !viewer.SeesAll && !(viewer.UserId is { } founder && admins.Contains(founder)))
        {
            throw Refusal.Invalid("Insufficient permissions: whoever names administrators of a new group must be one of them.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        await GroupNames.RefuseTakenAsync(db, name, request.Nickname, null, ct);
        var known = await db.Set<User>().Where(user => admins.Contains(user.Id)).Select(user => user.Id).ToListAsync(ct);
        if (admins.Except(known).Order().ToList() is { Count: > 0 } unknown)
        {
            throw Refusal.Invalid($"Invalid group_admins: there is no user with ID {string.Join(", ", unknown)}.");
        }

        var group = new Group
        {
            Name = name,
            Nickname = request.Nickname,
            Description = request.Description,
            AutoAcceptRequests = request.AutoAcceptRequests,
        };
        db.Add(group);
        await db.SaveChangesAsync(ct);
        foreach (var admin in admins)
        {
            db.Add(new GroupUser { GroupId = group.Id, UserId = admin, Admin = true });
            db.Record(AccessEvents.MemberAdded, AccessEvents.Subject(admin), [group.Id], new { GroupId = group.Id, Admin = true });
        }

        db.Record(AccessEvents.GroupCreated, AccessEvents.Subject(group.Id), [group.Id], new { group.Name });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return group.Id;
    }
}

/// <summary>What changes of a group; null leaves a flag as it is, the texts are set as they are.</summary>
public sealed record GroupChanges(string Name)
{
    /// <summary>Whether <see cref="Nickname"/> is set.</summary>
    public bool SetsNickname { get; init; }
    public string? Nickname { get; init; }

    /// <summary>Whether <see cref="Description"/> is set.</summary>
    public bool SetsDescription { get; init; }
    public string? Description { get; init; }
    public bool? Private { get; init; }
    public bool? AutoAcceptRequests { get; init; }
}

/// <summary>Changes a group.</summary>
public sealed class UpdateGroup(Contexts contexts)
{
    /// <summary>Refuses who may not upload data (403) or is not an administrator of the group, and a blank or taken name.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, GroupChanges changes, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var name = GroupNames.Check(changes.Name, changes.Nickname);
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var group = viewer.Administers(groupId) ? await db.Set<Group>().SingleOrDefaultAsync(row => row.Id == groupId, ct) : null;
        if (group is null)
        {
            throw Refusal.Invalid($"Cannot find Group with id {groupId}");
        }

        if (group.SingleUserGroup && name != group.Name)
        {
            throw Refusal.Invalid("Invalid name: a single user group is named after its user.");
        }

        await GroupNames.RefuseTakenAsync(db, name, changes.SetsNickname ? changes.Nickname : null, groupId, ct);
        group.Name = name;
        group.Nickname = changes.SetsNickname ? changes.Nickname : group.Nickname;
        group.Description = changes.SetsDescription ? changes.Description : group.Description;
        group.Private = changes.Private ?? group.Private;
        group.AutoAcceptRequests = changes.AutoAcceptRequests ?? group.AutoAcceptRequests;
        db.Record(AccessEvents.GroupUpdated, AccessEvents.Subject(groupId), [groupId], new { group.Name, group.Private, group.AutoAcceptRequests });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Deletes a group with its filters, memberships and saved sources; nothing stays shared with it.</summary>
public sealed class DeleteGroup(Contexts contexts)
{
    /// <summary>Refuses (403) who may not upload data or is not an administrator of the group, the sitewide group and single-user groups.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var group = viewer.Administers(groupId)
            ? await db.Set<Group>().SingleOrDefaultAsync(row => row.Id == groupId && !row.Sitewide && !row.SingleUserGroup, ct)
            : null;
        if (group is null)
        {
            throw Refusal.Forbidden($"Cannot find Group with id {groupId}");
        }

        await RemoveAsync(db, group, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Removes the group in the context's transaction and tells every member.</summary>
    internal static async Task RemoveAsync(SkyPortalContext db, Group group, CancellationToken ct)
    {
        var members = await db.Set<GroupUser>().Where(member => member.GroupId == group.Id).Select(member => member.UserId).ToListAsync(ct);
        await RevokeReferences.ToGroupAsync(db, group.Id, ct);
        await FilterRemovals.OfGroupAsync(db, group.Id, ct);
        db.Remove(group);
        foreach (var member in members)
        {
            db.Record(AccessEvents.MemberRemoved, AccessEvents.Subject(member), payload: new { GroupId = group.Id });
        }

        db.Record(AccessEvents.GroupDeleted, AccessEvents.Subject(group.Id), payload: new { group.Name });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Rules for the names of groups.</summary>
internal static class GroupNames
{
    /// <summary>The trimmed name; refuses a blank or overlong one.</summary>
    public static string Check(string? name, string? nickname)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw Refusal.Invalid("Missing required parameter: `name`");
        }

        return name.Trim().Length <= 200 && nickname is not { Length: > 200 }
            ? name.Trim()
            : throw Refusal.Invalid("Invalid name: a group's name and nickname have at most 200 characters.");
    }

    /// <summary>Refuses a name or nickname that another group has.</summary>
    public static async Task RefuseTakenAsync(SkyPortalContext db, string name, string? nickname, int? exceptId, CancellationToken ct)
    {
        if (await db.Set<Group>().AnyAsync(group => group.Name == name && group.Id != exceptId, ct))
        {
            throw Refusal.Invalid($"Group with name {name} already exists. Please select a new one.");
        }

        if (nickname is not null && await db.Set<Group>().AnyAsync(group => group.Nickname == nickname && group.Id != exceptId, ct))
        {
            throw Refusal.Invalid($"Group with nickname {nickname} already exists. Please select a new one.");
        }
    }
}
