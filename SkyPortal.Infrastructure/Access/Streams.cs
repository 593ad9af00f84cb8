using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Access;

/// <summary>Makes a stream. System administrators only.</summary>
public sealed class CreateStream(Contexts contexts)
{
    /// <summary>Returns the stream's id; refuses a blank or taken name.</summary>
    public async Task<int> HandleAsync(Viewer viewer, string name, JsonElement? altdata, bool autoJoin, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var stream = new AlertStream { Name = await StreamNames.CheckAsync(db, viewer, name, null, ct), Altdata = altdata, AutoJoin = autoJoin };
        db.Add(stream);
        await db.SaveChangesAsync(ct);
        db.Record(AccessEvents.StreamCreated, AccessEvents.Subject(stream.Id), payload: new { stream.Name });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return stream.Id;
    }
}

/// <summary>Changes a stream. System administrators only.</summary>
public sealed class UpdateStream(Contexts contexts)
{
    /// <summary>Altdata is set where <paramref name="setsAltdata"/> says so; a null <paramref name="autoJoin"/> leaves it.</summary>
    public async Task HandleAsync(
        Viewer viewer, int streamId, string name, bool setsAltdata, JsonElement? altdata, bool? autoJoin, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var checkedName = await StreamNames.CheckAsync(db, viewer, name, streamId, ct);
        var stream = await db.Set<AlertStream>().SingleOrDefaultAsync(row => row.Id == streamId, ct)
            ?? throw Refusal.Invalid($"Could not retrieve stream with ID {streamId}.");
        stream.Name = checkedName;
        stream.Altdata = setsAltdata ? altdata : stream.Altdata;
        stream.AutoJoin = autoJoin ?? stream.AutoJoin;
        db.Record(AccessEvents.StreamUpdated, AccessEvents.Subject(streamId), payload: new { stream.Name, stream.AutoJoin });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Deletes a stream with its filters; nothing stays shared with it. System administrators only.</summary>
public sealed class DeleteStream(Contexts contexts)
{
    /// <summary>Refuses an unknown stream.</summary>
    public async Task HandleAsync(Viewer viewer, int streamId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var stream = viewer.SeesAll ? await db.Set<AlertStream>().SingleOrDefaultAsync(row => row.Id == streamId, ct) : null;
        if (stream is null)
        {
            throw Refusal.Invalid($"Could not retrieve stream with ID {streamId}.");
        }

        var users = await db.Set<StreamUser>().Where(right => right.StreamId == streamId).Select(right => right.UserId).ToListAsync(ct);
        await RevokeReferences.ToStreamAsync(db, streamId, ct);
        await FilterRemovals.OfStreamAsync(db, streamId, ct);
        db.Remove(stream);
        foreach (var user in users)
        {
            db.Record(AccessEvents.StreamUserRemoved, AccessEvents.Subject(user), payload: new { StreamId = streamId });
        }

        db.Record(AccessEvents.StreamDeleted, AccessEvents.Subject(streamId), payload: new { stream.Name });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Gives a user a stream.</summary>
public sealed class AddStreamUser(Contexts contexts)
{
    /// <summary>Allowed to system administrators, and to anybody for himself where the stream is open to all.</summary>
    public async Task HandleAsync(Viewer viewer, int streamId, int userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var autoJoin = await db.Set<AlertStream>().Where(stream => stream.Id == streamId).Select(stream => (bool?)stream.AutoJoin).SingleOrDefaultAsync(ct);
        if (!viewer.SeesAll && !(viewer.UserId == userId && autoJoin == true))
        {
            throw Refusal.Invalid("Insufficient permissions: only a system administrator may give access to this stream.");
        }

        if (autoJoin is null)
        {
            throw Refusal.Invalid($"Could not retrieve stream with ID {streamId}.");
        }

        if (!await db.Set<User>().AnyAsync(user => user.Id == userId, ct))
        {
            throw Refusal.Invalid($"Invalid user_id: there is no user with ID {userId}.");
        }

        if (await db.Set<StreamUser>().AnyAsync(right => right.StreamId == streamId && right.UserId == userId, ct))
        {
            throw Refusal.Invalid("Specified user already has access to this stream.");
        }

        db.Add(new StreamUser { StreamId = streamId, UserId = userId });
        db.Record(AccessEvents.StreamUserAdded, AccessEvents.Subject(userId), payload: new { StreamId = streamId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Takes a stream from a user. System administrators only.</summary>
public sealed class RemoveStreamUser(Contexts contexts)
{
    /// <summary>Refuses while the user is a member of a group that needs the stream.</summary>
    public async Task HandleAsync(Viewer viewer, int streamId, int userId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var right = viewer.SeesAll
            ? await db.Set<StreamUser>().SingleOrDefaultAsync(
                row => row.StreamId == streamId && row.UserId == userId
                    && !db.Set<GroupStream>().Any(use => use.StreamId == streamId
                        && db.Set<GroupUser>().Any(member => member.GroupId == use.GroupId && member.UserId == userId)),
                ct)
            : null;
        if (right is null)
        {
            throw Refusal.Invalid("Stream user does not exist.");
        }

        db.Remove(right);
        db.Record(AccessEvents.StreamUserRemoved, AccessEvents.Subject(userId), payload: new { StreamId = streamId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Lets a group use a stream.</summary>
public sealed class AddGroupStream(Contexts contexts)
{
    /// <summary>Refuses who does not administer the group, streams that he may not read, and (403) while a member lacks the stream.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, int streamId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        await Membership.RequireGroupAsync(db, viewer, groupId, ct);
        if (!(viewer.SeesAll || viewer.StreamIds.Contains(streamId)) || !await db.Set<AlertStream>().AnyAsync(stream => stream.Id == streamId, ct))
        {
            throw Refusal.Invalid($"Could not retrieve stream with ID {streamId}.");
        }

        if (await db.Set<GroupStream>().AnyAsync(use => use.GroupId == groupId && use.StreamId == streamId, ct))
        {
            throw Refusal.Invalid("Specified stream is already associated with this group.");
        }

        if (await db.Set<GroupUser>().AnyAsync(
            member => member.GroupId == groupId && !db.Set<StreamUser>().Any(right => right.StreamId == streamId && right.UserId == member.UserId), ct))
        {
            throw Refusal.Forbidden($"Not all users have stream access with ID {streamId}");
        }

        db.Add(new GroupStream { GroupId = groupId, StreamId = streamId });
        db.Record(AccessEvents.GroupStreamAdded, AccessEvents.Subject(groupId), [groupId], new { StreamId = streamId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Ends a group's use of a stream.</summary>
public sealed class RemoveGroupStream(Contexts contexts)
{
    /// <summary>Refuses while a filter of the group needs the stream, and who may not upload data (403) or does not administer the group.</summary>
    public async Task HandleAsync(Viewer viewer, int groupId, int streamId, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var use = viewer.Administers(groupId)
            ? await db.Set<GroupStream>().SingleOrDefaultAsync(
                row => row.GroupId == groupId && row.StreamId == streamId
                    && !db.Set<Filter>().Any(filter => filter.GroupId == groupId && filter.StreamId == streamId),
                ct)
            : null;
        if (use is null)
        {
            throw Refusal.Invalid($"No stream IDs with ID {streamId} accessible.");
        }

        db.Remove(use);
        db.Record(AccessEvents.GroupStreamRemoved, AccessEvents.Subject(groupId), [groupId], new { StreamId = streamId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Rules for the names of streams.</summary>
internal static class StreamNames
{
    /// <summary>The trimmed name; refuses who is not a system administrator, and a blank, overlong or taken name.</summary>
    public static async Task<string> CheckAsync(SkyPortalContext db, Viewer viewer, string? name, int? exceptId, CancellationToken ct)
    {
        if (!viewer.SeesAll)
        {
            throw Refusal.Forbidden("Insufficient permissions: only a system administrator may change streams.");
        }

        var trimmed = name?.Trim();
        if (trimmed is not { Length: > 0 and <= 200 })
        {
            throw Refusal.Invalid("Invalid/missing parameters: name: 1 to 200 characters are needed");
        }

        return await db.Set<AlertStream>().AnyAsync(stream => stream.Name == trimmed && stream.Id != exceptId, ct)
            ? throw Refusal.Invalid($"Stream with name {trimmed} already exists.")
            : trimmed;
    }
}
