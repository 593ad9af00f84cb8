using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>An admission request as on the wire.</summary>
public sealed record AdmissionRequestRow(int Id, int UserId, int GroupId, string Status, DateTime CreatedAt, DateTime Modified, UserRow User);

/// <summary>Lists admission requests: one's own, and those for groups that one administers.</summary>
public sealed class ListAdmissionRequests(Contexts contexts)
{
    /// <summary>Requests by age, optionally of one group or by one id.</summary>
    public async Task<IReadOnlyList<AdmissionRequestRow>> HandleAsync(Viewer viewer, int? groupId, int? requestId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var rows = await db.Set<GroupAdmissionRequest>().AsNoTracking()
            .Where(request => (groupId == null || request.GroupId == groupId) && (requestId == null || request.Id == requestId))
            .OrderBy(request => request.Id)
            .Join(db.Set<User>(), request => request.UserId, user => user.Id, (request, user) => new { request, user })
            .ToListAsync(ct);
        return [.. rows.Select(row => new AdmissionRequestRow(
            row.request.Id, row.request.UserId, row.request.GroupId, row.request.Status, row.request.CreatedAt, row.request.Modified, new UserRow(row.user)))];
    }
}

/// <summary>Asks to join a group.</summary>
public sealed class RequestAdmission(Contexts contexts)
{
    /// <summary>
    /// Returns the request's id. Where the group accepts everybody, the viewer is a member at once. Refuses requests on behalf of
    /// others, single-user and unknown groups, members, a second pending request, and who lacks one of the group's streams.
    /// </summary>
    public async Task<int> HandleAsync(Viewer viewer, int groupId, int userId, CancellationToken ct)
    {
        bool listed;
        await using (var own = contexts.For(viewer))
        {
            listed = await own.Set<Group>().AnyAsync(group => group.Id == groupId && !group.SingleUserGroup, ct);
        }

        if (!listed)
        {
            throw Refusal.Invalid("Invalid group ID");
        }

        if (userId != viewer.UserId)
        {
            throw Refusal.Invalid("Group admission request cannot be made on behalf of others.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        if (await db.Set<GroupUser>().AnyAsync(member => member.GroupId == groupId && member.UserId == userId, ct))
        {
            throw Refusal.Invalid("User is already a member of group.");
        }

        if (await db.Set<GroupAdmissionRequest>().AnyAsync(request => request.GroupId == groupId && request.UserId == userId && request.Status == "pending", ct))
        {
            throw Refusal.Invalid("User has already requested admission to this group.");
        }

        if (await Membership.MissingStreamAsync(db, groupId, [userId], ct) is not null)
        {
            throw Refusal.Invalid("User does not have sufficient stream access to join this group.");
        }

        var accepts = await db.Set<Group>().AnyAsync(group => group.Id == groupId && group.AutoAcceptRequests, ct);
        var row = new GroupAdmissionRequest { UserId = userId, GroupId = groupId, Status = accepts ? "accepted" : "pending" };
        db.Add(row);
        if (accepts)
        {
            db.Add(new GroupUser { GroupId = groupId, UserId = userId });
            db.Record(AccessEvents.MemberAdded, AccessEvents.Subject(userId), [groupId], new { GroupId = groupId, Admin = false });
        }

        db.Record(AccessEvents.RequestMade, AccessEvents.Subject(userId), [groupId], new { GroupId = groupId, row.Status });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return row.Id;
    }
}

/// <summary>Accepts or declines an admission request. Accepting does not add the member: the administrator does, with its flags.</summary>
public sealed class DecideAdmission(Contexts contexts)
{
    /// <summary>Refuses who may not upload data (403) or does not administer the group, and unknown states.</summary>
    public async Task HandleAsync(Viewer viewer, int requestId, string status, CancellationToken ct)
    {
        viewer.RequireUploadData();
        if (status is not ("pending" or "accepted" or "declined"))
        {
            throw Refusal.Invalid("Invalid status: it is one of pending, accepted, declined.");
        }

        await using var db = contexts.For(viewer.AsSystem());
        var request = await db.Set<GroupAdmissionRequest>().SingleOrDefaultAsync(row => row.Id == requestId, ct);
        if (request is null || !viewer.Administers(request.GroupId))
        {
            throw Refusal.Invalid("Insufficient permissions: group admission request status can only be changed by group admins.");
        }

        request.Status = status;
        db.Record(AccessEvents.RequestDecided, AccessEvents.Subject(request.UserId), [request.GroupId], new { request.GroupId, request.Status });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Withdraws an admission request.</summary>
public sealed class WithdrawAdmission(Contexts contexts)
{
    /// <summary>Refuses anybody but the requester and system administrators.</summary>
    public async Task HandleAsync(Viewer viewer, int requestId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var request = await db.Set<GroupAdmissionRequest>().SingleOrDefaultAsync(row => row.Id == requestId, ct);
        if (request is null || !(viewer.SeesAll || request.UserId == viewer.UserId))
        {
            throw Refusal.Invalid("Insufficient permissions: only the requester can delete a group admission request.");
        }

        db.Remove(request);
        db.Record(AccessEvents.RequestWithdrawn, AccessEvents.Subject(request.UserId), [request.GroupId], new { request.GroupId });
        await db.SaveChangesAsync(ct);
    }
}
