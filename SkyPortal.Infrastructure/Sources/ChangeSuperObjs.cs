using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Ties objects together as one thing in nature. <see cref="DeleteSuperObj"/> is its inverse.</summary>
public sealed class CreateSuperObj(Contexts contexts)
{
    /// <summary>Makes one and returns its id; refuses a blank name and objects that the viewer does not see.</summary>
    public async Task<int> HandleAsync(Viewer viewer, string? name, string[] objIds, bool isRoid, CancellationToken ct)
    {
        SuperObjRules.CheckName(name);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var wanted = await SuperObjRules.KnownAsync(db, objIds, ct);
        var super = new SuperObj { Name = name, IsRoid = isRoid, CreatedById = viewer.UserId };
        db.Add(super);
        await db.SaveChangesAsync(ct);
        SuperObjRules.Add(db, super.Id, wanted);
        await SuperObjRules.RecordAsync(db, super, wanted, ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return super.Id;
    }
}

/// <summary>A change of a super-object; null where something stays as it is.</summary>
/// <param name="ObjIds">All of its objects, as far as the viewer sees them.</param>
public sealed record SuperObjChange(string? Name, bool? IsRoid, string[]? ObjIds, string[]? AddObjIds, string[]? RemoveObjIds);

/// <summary>Renames a super-object, or changes what it ties together.</summary>
public sealed class ChangeSuperObj(Contexts contexts)
{
    /// <summary>
    /// Changes what is given. Objects that the viewer does not see stay. Refuses a whole list together with additions or removals,
    /// and a super-object that is not there for the viewer.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, int id, SuperObjChange change, CancellationToken ct)
    {
        if (change.ObjIds is not null && (change.AddObjIds is not null || change.RemoveObjIds is not null))
        {
            throw Refusal.Invalid("Invalid/missing parameters: obj_ids: it cannot be combined with add_obj_ids or remove_obj_ids");
        }

        SuperObjRules.CheckName(change.Name);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var super = await db.Set<SuperObj>().FromSql($"select * from super_objs where id = {id} for update").SingleOrDefaultAsync(ct)
            ?? throw Refusal.Invalid($"Cannot find super-object with ID {id}.");
        var members = await db.Set<SuperObjMember>().Where(member => member.SuperObjId == id).ToListAsync(ct);
        var before = members.Select(member => member.ObjId).ToArray();
        var wanted = await SuperObjRules.KnownAsync(db, change.ObjIds ?? change.AddObjIds ?? [], ct);
        var gone = change.ObjIds is not null ? [.. before.Except(wanted)] : change.RemoveObjIds ?? [];
        super.Name = change.Name ?? super.Name;
        super.IsRoid = change.IsRoid ?? super.IsRoid;
        SuperObjRules.Add(db, id, [.. wanted.Except(before)]);
        db.RemoveRange(members.Where(member => gone.Contains(member.ObjId)));
        await SuperObjRules.RecordAsync(db, super, [.. before.Union(wanted)], ct);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Takes a super-object apart; its objects stay. For administrators, as the policy says.</summary>
public sealed class DeleteSuperObj(Contexts contexts)
{
    /// <summary>Deletes; refuses one that is not there.</summary>
    public async Task HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var super = await db.Allowed<SuperObj>(AccessMode.Delete).SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find super-object with ID {id}.");
        var members = await db.Set<SuperObjMember>().Where(member => member.SuperObjId == id).Select(member => member.ObjId).ToArrayAsync(ct);
        db.Remove(super);
        await SuperObjRules.RecordAsync(db, super, members, ct);
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>What holds for every super-object.</summary>
internal static class SuperObjRules
{
    private const int MostObjs = 1000;

    public static void CheckName(string? name)
    {
        if (name is not null && (string.IsNullOrWhiteSpace(name) || name.Length > 250))
        {
            throw Refusal.Invalid("Invalid/missing parameters: name: it must not be blank, and may have 250 characters");
        }
    }

    /// <summary>The distinct names; refuses those of objects that the viewer does not see.</summary>
    public static async Task<string[]> KnownAsync(SkyPortalContext db, string[] objIds, CancellationToken ct)
    {
        var wanted = objIds.Distinct(StringComparer.Ordinal).ToArray();
        if (wanted.Length > MostObjs)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: obj_ids: a super-object has at most {MostObjs} objects");
        }

        var known = await db.Set<Obj>().Where(obj => wanted.Contains(obj.Id)).Select(obj => obj.Id).ToArrayAsync(ct);
        return wanted.Except(known).ToArray() is { Length: > 0 } missing
            ? throw Refusal.Invalid($"Could not load Objs: {string.Join(", ", missing.Take(20))}")
            : wanted;
    }

    public static void Add(SkyPortalContext db, int superObjId, string[] objIds) =>
        db.AddRange(objIds.Select(objId => new SuperObjMember { SuperObjId = superObjId, ObjId = objId }));

    /// <summary>One event for each object, for those who know it.</summary>
    public static async Task RecordAsync(SkyPortalContext db, SuperObj super, string[] objIds, CancellationToken ct)
    {
        var known = await db.Set<Obj>().Where(obj => objIds.Contains(obj.Id)).Select(obj => new { obj.Id, obj.GroupIds }).ToListAsync(ct);
        foreach (var obj in known)
        {
            db.Record("source.tied", obj.Id, obj.GroupIds, new { superObjId = super.Id });
        }
    }
}
