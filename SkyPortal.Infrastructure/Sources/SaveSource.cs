using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A wish to save an object to groups.</summary>
/// <param name="ObjId">Name of the object.</param>
/// <param name="Values">Columns of the object; all are used where it is new, of a known one only a redshift, for its history.</param>
/// <param name="GroupIds">Groups; null for all to which the viewer may save.</param>
public sealed record SaveRequest(string ObjId, ObjChanges Values, int[]? GroupIds = null)
{
    /// <summary>Do not save to the group that is the key where the object is already saved to one of the groups of the value.</summary>
    public IReadOnlyDictionary<int, int[]> IgnoreIfInGroups { get; init; } = new Dictionary<int, int[]>();

    /// <summary>Who counts as the saver to a group; for administrators.</summary>
    public IReadOnlyDictionary<int, int> SaverPerGroup { get; init; } = new Dictionary<int, int>();
}

/// <summary>What a save did.</summary>
/// <param name="SavedToGroups">Groups to which the object is now saved by this request, also where it was before.</param>
/// <param name="Warnings">What was not done as asked.</param>
public sealed record SaveResult(IReadOnlyList<int> SavedToGroups, IReadOnlyList<string> Warnings);

/// <summary>Saves an object to groups, making it where it is new. <see cref="UnsaveSource"/> is its inverse.</summary>
public sealed class SaveSource(Contexts contexts)
{
    // A save that is active already keeps its saver; one that was undone is taken up by the new saver and keeps its time. Who takes
    // back their own unsaving gives it back to who had saved it.
    private const string SaveSql = """
        insert into sources as s (obj_id, group_id, saved_by_id, saved_at, active, requested, created_at, modified)
        select @obj, g, u, @now, true, false, @now, @now from unnest(@groups, @savers) as wanted (g, u)
        on conflict (obj_id, group_id) do update
            set active = true, requested = false, saved_by_id = case when s.unsaved_by_id = @viewer and excluded.saved_by_id = @viewer then s.saved_by_id else excluded.saved_by_id end,
                unsaved_by_id = null, unsaved_at = null, modified = excluded.modified
            where not s.active
        returning s.group_id
        """;

    /// <summary>
    /// Saves. Refuses a name with characters other than letters, digits and - _ ; : + . ; a new object without a position;
    /// and groups to which the viewer may not save.
    /// </summary>
    public async Task<SaveResult> HandleAsync(Viewer viewer, SaveRequest request, CancellationToken ct) =>
        (await HandleAsync(viewer, [request], ct))[0];

    /// <summary>Saves several objects, all or none; the results are in the order of the requests.</summary>
    public async Task<IReadOnlyList<SaveResult>> HandleAsync(Viewer viewer, IReadOnlyList<SaveRequest> requests, CancellationToken ct)
    {
        // The groups are checked; the objects may be known to other groups only, and are then shared with these.
        await using var db = contexts.For(Viewer.System);
        db.Viewer = Viewer.System with { UserId = viewer.UserId };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var results = await WithinAsync(db, viewer, requests, ct);
        await transaction.CommitAsync(ct);
        return results;
    }

    /// <summary>The same within a transaction of the caller, whose context writes as the system in the viewer's name.</summary>
    internal static async Task<IReadOnlyList<SaveResult>> WithinAsync(SkyPortalContext db, Viewer viewer, IReadOnlyList<SaveRequest> requests, CancellationToken ct)
    {
        viewer.Demand(Acl.UploadData);
        foreach (var request in requests)
        {
            CheckName(request.ObjId);
        }

        var known = await KnownGroupsAsync(db, viewer, requests, ct);
        var plans = new List<Plan>();
        foreach (var request in requests)
        {
            var groups = CheckGroups(viewer, request, known);
            var warnings = new List<string>();
            plans.Add(new Plan(request, groups, await SaversAsync(db, viewer, request, groups, warnings, ct), warnings));
        }

        var results = new Dictionary<Plan, SaveResult>();
        // In order of names, so that two people who save the same objects cannot wait for each other.
        foreach (var plan in plans.OrderBy(plan => plan.Request.ObjId, StringComparer.Ordinal))
        {
            results[plan] = await SaveOneAsync(db, viewer, plan, ct);
            db.ChangeTracker.Clear();
        }

        return [.. plans.Select(plan => results[plan])];
    }

    private static async Task<SaveResult> SaveOneAsync(SkyPortalContext db, Viewer viewer, Plan plan, CancellationToken ct)
    {
        var (request, groups) = (plan.Request, plan.Groups);
        var obj = await db.Set<Obj>().FromSql($"select * from objs where id = {request.ObjId} for update").SingleOrDefaultAsync(ct);
        var isNew = obj is null;
        if (isNew || !Sees(viewer, obj!))
        {
            RequirePosition(request.Values);
        }

        var target = isNew ? groups : await NotIgnoredAsync(db, request, groups, ct);
        if (isNew)
        {
            obj = new Obj { Id = request.ObjId, CreatedById = viewer.UserId, GroupIds = target, InternalKey = Guid.NewGuid() };
            request.Values.ApplyTo(obj, viewer.UserId, db.UtcNow);
            db.Add(obj);
        }
        else
        {
            request.Values.NoteRedshift(obj!, viewer.UserId, db.UtcNow);
            obj!.GroupIds = target.Except(obj.GroupIds).Any() ? [.. obj.GroupIds.Union(target)] : obj.GroupIds;
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Conflict($"{request.ObjId} was being made at the same time; save it again.");
        }

        var fresh = await SaveAsync(db, request.ObjId, target, plan.Savers, ct);
        if (fresh.Length > 0 || isNew)
        {
            db.Record("source.saved", request.ObjId, fresh, new { groupIds = fresh, isNew });
            await db.SaveChangesAsync(ct);
        }

        return new SaveResult(target, plan.Warnings);
    }

    private static void CheckName(string objId)
    {
        if (objId.Contains(' ', StringComparison.Ordinal))
        {
            throw Refusal.Invalid("No spaces allowed in source ID");
        }

        if (!ObjNames.AreLettersRight(objId))
        {
            throw Refusal.Invalid("Only letters, numbers, and - _ ; : + . are allowed in source ID");
        }

        if (ObjNames.IsUnreachable(objId))
        {
            throw Refusal.Invalid($"Invalid source ID: {objId} means something else in the addresses of sources");
        }
    }

    private static void RequirePosition(ObjChanges values)
    {
        if (values.RaDegrees is null)
        {
            throw Refusal.Invalid("RA must not be null for a new Obj");
        }

        if (values.DecDegrees is null)
        {
            throw Refusal.Invalid("Declination must not be null for a new Obj");
        }
    }

    private static bool Sees(Viewer viewer, Obj obj) =>
        viewer.SeesAll || obj.GroupIds.Intersect(viewer.GroupIds).Any() || (obj.CreatedById is not null && obj.CreatedById == viewer.UserId);

    private static async Task<int[]> KnownGroupsAsync(SkyPortalContext db, Viewer viewer, IReadOnlyList<SaveRequest> requests, CancellationToken ct)
    {
        if (!viewer.SeesAll)
        {
            return viewer.GroupIds;
        }

        var named = requests.SelectMany(request => request.GroupIds ?? viewer.SaveGroupIds).Distinct().ToArray();
        return await db.Set<Domain.Access.Group>().Where(group => named.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct);
    }

    private static int[] CheckGroups(Viewer viewer, SaveRequest request, int[] known)
    {
        var groups = (request.GroupIds ?? viewer.SaveGroupIds).Distinct().Order().ToArray();
        if (groups.Length == 0)
        {
            throw Refusal.Invalid("Invalid group_ids field. Please specify at least one valid group ID that you belong to.");
        }

        foreach (var id in groups)
        {
            if (!known.Contains(id))
            {
                throw Refusal.Invalid($"Cannot find group_id {id}. Please remove and try again.");
            }

            if (!viewer.SeesAll && !viewer.SaveGroupIds.Contains(id))
            {
                throw Refusal.Invalid($"User does not have power to save to group with ID {id}.");
            }
        }

        if (request.IgnoreIfInGroups.Keys.Concat(request.SaverPerGroup.Keys).Where(id => !groups.Contains(id)).Select(id => (int?)id).FirstOrDefault() is { } stray)
        {
            throw Refusal.Invalid($"Group {stray} of ignore_if_in_group_ids or saver_per_group_id is not among group_ids.");
        }

        return groups;
    }

    private static async Task<Dictionary<int, int?>> SaversAsync(
        SkyPortalContext db, Viewer viewer, SaveRequest request, int[] groups, List<string> warnings, CancellationToken ct)
    {
        var savers = groups.ToDictionary(id => id, _ => viewer.UserId);
        if (request.SaverPerGroup.Count == 0)
        {
            return savers;
        }

        if (!viewer.SeesAll)
        {
            throw Refusal.Invalid("Only a system administrator may use saver_per_group_id.");
        }

        var wanted = request.SaverPerGroup.Keys.ToArray();
        var members = await db.Set<GroupUser>().Where(member => wanted.Contains(member.GroupId)).Select(member => new { member.GroupId, member.UserId }).ToListAsync(ct);
        foreach (var (groupId, userId) in request.SaverPerGroup)
        {
            if (members.Any(member => member.GroupId == groupId && member.UserId == userId))
            {
                savers[groupId] = userId;
            }
            else
            {
                warnings.Add($"User {userId} is not a member of group {groupId}; saved in your name.");
            }
        }

        return savers;
    }

    private static async Task<int[]> NotIgnoredAsync(SkyPortalContext db, SaveRequest request, int[] groups, CancellationToken ct)
    {
        if (request.IgnoreIfInGroups.Count == 0)
        {
            return groups;
        }

        var active = await db.Set<Source>().Where(source => source.ObjId == request.ObjId && source.Active).Select(source => source.GroupId).ToListAsync(ct);
        return [.. groups.Where(id => !request.IgnoreIfInGroups.TryGetValue(id, out var others) || !others.Intersect(active).Any())];
    }

    private static async Task<int[]> SaveAsync(SkyPortalContext db, string objId, int[] groups, Dictionary<int, int?> savers, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(SaveSql, (NpgsqlConnection)db.Database.GetDbConnection())
            .With("obj", objId)
            .With("groups", groups)
            .With("savers", groups.Select(id => savers[id]).ToArray())
            .With("viewer", db.Viewer.UserId ?? 0)
            .With("now", db.UtcNow);
        return [.. await command.ReadAllAsync(reader => reader.GetInt32(0), ct)];
    }

    private sealed record Plan(SaveRequest Request, int[] Groups, Dictionary<int, int?> Savers, List<string> Warnings);
}
