using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>What is to follow for an object that passes a filter; see <see cref="FilterActionsRecord"/>.</summary>
public sealed record NewFilterActions
{
    public bool Autosave { get; init; }

    /// <summary>Groups to save to; null for the filter's own.</summary>
    public int[]? GroupIds { get; init; }

    public int? SaverId { get; init; }
    public int[] IgnoreGroupIds { get; init; } = [];
    public bool IgnoreRejected { get; init; }
    public string? Comment { get; init; }
    public bool Annotate { get; init; } = true;
    public int[] NotifyUserIds { get; init; } = [];
}

/// <summary>Sets what follows for an object that passes a filter, instead of what was set before. The next batch of packets goes by it.</summary>
public sealed class SetFilterActions(Contexts contexts)
{
    private const int Most = 100;

    /// <summary>Sets it in the viewer's name, whose rights it depends on from then on.</summary>
    /// <exception cref="Refusal">
    /// The filter is not there for this viewer or not theirs to change; a group to which they may not save; a saver who is not a member
    /// of all of these groups; a group of the conditions that is not theirs; somebody to be told who may not see the filter.
    /// </exception>
    public async Task HandleAsync(Viewer viewer, int filterId, NewFilterActions request, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var setter = viewer.UserId ?? throw Refusal.Forbidden("Only a user may set what follows from a filter.");
        await using var db = contexts.For(viewer);
        await using var transaction = await db.BeginAccessChangeAsync(ct);
        var filter = await db.Set<Filter>().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        ActivateFilterVersion.DemandAdmin(viewer, filter);
        var groups = Distinct("group_ids", request.GroupIds ?? [filter.GroupId]);
        var ignored = Distinct("ignore_group_ids", request.IgnoreGroupIds);
        var told = Distinct("notify_user_ids", request.NotifyUserIds);
        await CheckGroupsAsync(db, request.Autosave, groups, ignored, ct);
        await CheckPeopleAsync(db, filter, request.SaverId, groups, told, ct);
        var actions = await db.Set<FilterActions>().SingleOrDefaultAsync(row => row.FilterId == filterId, ct);
        if (actions is null)
        {
            actions = new FilterActions { FilterId = filterId };
            db.Add(actions);
        }

        (actions.GroupIds, actions.SaverId, actions.IgnoreGroupIds, actions.IgnoreRejected) = (groups, request.SaverId, ignored, request.IgnoreRejected);
        (actions.Comment, actions.Annotate, actions.NotifyUserIds, actions.SetById) = (Comment(viewer, request.Comment), request.Annotate, told, setter);
        (filter.Autosave, filter.Altdata) = (request.Autosave, ChangeFilter.WithAutosave(filter.Altdata, request.Autosave));
        db.Record("filter.actions_set", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId], new { request.Autosave, request.Annotate });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task CheckGroupsAsync(SkyPortalContext db, bool saves, int[] groups, int[] ignored, CancellationToken ct)
    {
        if (saves && groups.Length == 0)
        {
            throw Refusal.Invalid("Invalid/missing parameters: group_ids: At least one group is needed to save to");
        }

        var viewer = db.Viewer;
        int[] named = [.. groups, .. ignored];
        var known = viewer.SeesAll ? await db.Set<Group>().Where(group => named.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct) : viewer.GroupIds;
        foreach (var (field, id) in groups.Select(id => ("group_ids", id)).Concat(ignored.Select(id => ("ignore_group_ids", id))))
        {
            if (!known.Contains(id))
            {
                throw Refusal.Invalid($"Invalid/missing parameters: {field}: Group {id} is not one of yours");
            }
        }

        if (!viewer.SeesAll && groups.Except(viewer.SaveGroupIds).Select(id => (int?)id).FirstOrDefault() is { } other)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: group_ids: You may not save to group {other}");
        }
    }

    private static async Task CheckPeopleAsync(SkyPortalContext db, Filter filter, int? saver, int[] groups, int[] told, CancellationToken ct)
    {
        if (saver is { } name && await db.Set<GroupUser>().CountAsync(member => member.UserId == name && groups.Contains(member.GroupId), ct) < groups.Length)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: saver_id: User {name} is not a member of each of the groups that are saved to");
        }

        var members = await db.Set<GroupUser>().Where(member => member.GroupId == filter.GroupId && told.Contains(member.UserId)).Select(member => member.UserId).ToListAsync(ct);
        if (told.Except(members).Select(id => (int?)id).FirstOrDefault() is { } stranger)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: notify_user_ids: User {stranger} is not a member of the filter's group");
        }
    }

    private static string? Comment(Viewer viewer, string? comment)
    {
        switch (comment?.Trim())
        {
            case null or "":
                return null;
            case { Length: > FilterActions.CommentLength }:
                throw Refusal.Invalid($"Invalid/missing parameters: comment: String should have at most {FilterActions.CommentLength} characters");
            case var words:
                viewer.Demand(Acl.Comment);
                return words;
        }
    }

    private static int[] Distinct(string field, int[] ids) => ids.Length <= Most
        ? [.. ids.Distinct().Order()]
        : throw Refusal.Invalid($"Invalid/missing parameters: {field}: List should have at most {Most} items");
}
