using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>What tagging did.</summary>
/// <param name="Id">The tag.</param>
/// <param name="IsNew">Whether the object did not have it before.</param>
/// <param name="AddedGroupIds">Groups that see it from now on.</param>
public sealed record TaggedObject(long Id, bool IsNew, int[] AddedGroupIds);

/// <summary>Puts a word of the vocabulary on an object, for groups. <see cref="UntagObject"/> is its inverse.</summary>
public sealed class TagObject(Contexts contexts)
{
    /// <summary>
    /// Tags, or shows a tag that is there to more groups; to the sitewide group where none is named. Groups that are not the
    /// viewer's are left out. Refuses unknown words, objects and groups (not found), and where no group is left (forbidden).
    /// </summary>
    public async Task<TaggedObject> HandleAsync(Viewer viewer, int optionId, string objId, int[]? groupIds, CancellationToken ct)
    {
        var userId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may tag.");
        await using var readable = contexts.For(viewer);
        var word = await readable.Set<ObjTagOption>().Where(option => option.Id == optionId).Select(option => option.Name).SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound($"Cannot find tag with ID {optionId}.");
        if (!await readable.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.NotFound($"Cannot find object with ID {objId}.");
        }

        var groups = await GroupsAsync(readable, groupIds, ct);
        // A tag that only other groups see is one and the same row, and not the viewer's to read.
        await using var db = contexts.For(Viewer.System with { UserId = userId });
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({objId}, 7201332))", ct);
        var tag = await db.Set<ObjTag>().SingleOrDefaultAsync(row => row.ObjId == objId && row.ObjtagoptionId == optionId, ct);
        var added = groups.Except(tag?.GroupIds ?? []).ToArray();
        // Whether other groups have the tag is not the viewer's to know.
        var isNew = tag is null || !(viewer.SeesAll || tag.GroupIds.Intersect(viewer.GroupIds).Any());
        if (tag is null)
        {
            tag = new ObjTag { ObjId = objId, ObjtagoptionId = optionId, AuthorId = userId, GroupIds = groups };
            db.Add(tag);
        }
        else if (added.Length == 0)
        {
            return new TaggedObject(tag.Id, false, []);
        }
        else
        {
            tag.GroupIds = [.. tag.GroupIds.Union(added).Order()];
        }

        db.Record("source.tagged", objId, added, new { tag = word, groupIds = added, tagged = true });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new TaggedObject(tag.Id, isNew, added);
    }

    private static async Task<int[]> GroupsAsync(SkyPortalContext db, int[]? groupIds, CancellationToken ct)
    {
        if (groupIds is null or [])
        {
            return [await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct)];
        }

        var wanted = groupIds.Distinct().Order().ToArray();
        var known = await db.Set<Group>().Where(group => wanted.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct);
        if (wanted.Except(known).Select(id => (int?)id).FirstOrDefault() is { } unknown)
        {
            throw Refusal.NotFound($"Cannot find group with ID {unknown}.");
        }

        var own = db.Viewer.SeesAll ? wanted : [.. wanted.Intersect(db.Viewer.GroupIds)];
        return own.Length > 0 ? own : throw Refusal.Forbidden("You do not have access to any of the specified groups.");
    }
}

/// <summary>Takes a tag from an object, for the viewer's groups.</summary>
public sealed class UntagObject(Contexts contexts)
{
    /// <summary>
    /// Hides the tag from the named groups of the viewer (all of them where none is named), and removes it where nobody sees it any
    /// more; returns which. Refuses a tag that the viewer does not see (not found), and groups of others (forbidden).
    /// </summary>
    public async Task<int[]> HandleAsync(Viewer viewer, long tagId, int[]? groupIds, CancellationToken ct)
    {
        if (groupIds is [])
        {
            throw Refusal.Invalid("Invalid/missing parameters: group_ids: it must name a group");
        }

        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var tag = await db.Set<ObjTag>().FromSql($"select * from obj_tags where id = {tagId} for update").SingleOrDefaultAsync(ct)
            ?? throw Refusal.NotFound($"Cannot find tag association with ID {tagId}.");
        var word = await db.Set<ObjTagOption>().Where(option => option.Id == tag.ObjtagoptionId).Select(option => option.Name).SingleAsync(ct);
        var own = viewer.SeesAll ? tag.GroupIds : [.. tag.GroupIds.Intersect(viewer.GroupIds)];
        var gone = groupIds is null ? own : [.. own.Intersect(groupIds)];
        if (gone.Length == 0)
        {
            throw Refusal.Forbidden("You do not have access to any of the specified groups.");
        }

        db.Record("source.tagged", tag.ObjId, gone, new { tag = word, groupIds = gone, tagged = false });
        var left = tag.GroupIds.Except(gone).ToArray();
        if (left.Length == 0)
        {
            db.Remove(tag);
        }
        else
        {
            // Whoever hides a tag from their groups may not read it afterwards; that they may is checked above.
            db.Viewer = Viewer.System with { UserId = viewer.UserId };
            tag.GroupIds = left;
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return gone;
    }
}
