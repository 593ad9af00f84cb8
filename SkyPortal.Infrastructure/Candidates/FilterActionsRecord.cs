using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>What follows for an object that passes a filter, as far as its reader may know.</summary>
/// <param name="Autosave">Whether it is saved at all.</param>
/// <param name="GroupIds">Groups to which it is saved.</param>
/// <param name="SaverId">In whose name; null for nobody's.</param>
/// <param name="IgnoreGroupIds">It is not saved where it is saved to one of these already.</param>
/// <param name="IgnoreRejected">It is not saved where a member of the filter's group rejected it.</param>
/// <param name="Comment">Comment made at the save.</param>
/// <param name="Annotate">Whether the values of the filter's annotations are kept.</param>
/// <param name="NotifyUserIds">Who is told of its first passing.</param>
/// <param name="SetById">Who set it; null where nobody did, or the user is gone.</param>
/// <param name="StoppedGroupIds">Those of the groups that are not saved to any more, because who set it may not.</param>
/// <param name="Modified">When it was set (UTC); null where it never was.</param>
public sealed record FilterActionsRecord(
    bool Autosave, int[] GroupIds, int? SaverId, int[] IgnoreGroupIds, bool IgnoreRejected, string? Comment, bool Annotate, int[] NotifyUserIds,
    int? SetById, int[] StoppedGroupIds, DateTime? Modified);

/// <summary>Somebody who can be chosen on the page of a filter.</summary>
/// <param name="GroupIds">Groups of the choice of which the person is a member.</param>
public sealed record FilterPerson(int Id, string Username, int[] GroupIds);

/// <summary>What a person may choose of for a filter: groups to which they may save, and members of the filter's group.</summary>
public sealed record FilterChoices(IReadOnlyList<(int Id, string Name)> SaveGroups, IReadOnlyList<(int Id, string Name)> Groups, IReadOnlyList<FilterPerson> People);

/// <summary>Reads what follows for an object that passes a filter.</summary>
public sealed class GetFilterActions(Contexts contexts)
{
    private const int MostPeople = 1_000;

    /// <summary>Reads it; where it was never set, what holds then.</summary>
    /// <exception cref="Domain.Refusal">The filter is not there for this viewer.</exception>
    public async Task<FilterActionsRecord> HandleAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        var actions = await db.Set<FilterActions>().AsNoTracking().SingleOrDefaultAsync(row => row.FilterId == filterId, ct);
        if (actions is null)
        {
            return new FilterActionsRecord(filter.Autosave, [filter.GroupId], null, [], false, null, true, [], null, [], null);
        }

        int[] named = [.. actions.GroupIds, .. actions.IgnoreGroupIds];
        var known = await db.Set<Group>().Where(group => named.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
        var stopped = actions.GroupIds.Except(await MayStillSaveAsync(contexts, filter, actions, ct));
        return new FilterActionsRecord(
            filter.Autosave,
            [.. actions.GroupIds.Intersect(known)],
            actions.SaverId,
            [.. actions.IgnoreGroupIds.Intersect(known)],
            actions.IgnoreRejected,
            actions.Comment,
            actions.Annotate,
            actions.NotifyUserIds,
            actions.SetById,
            [.. stopped.Intersect(known)],
            actions.Modified);
    }

    /// <summary>What the viewer may choose of.</summary>
    /// <exception cref="Domain.Refusal">The filter is not there for this viewer.</exception>
    public async Task<FilterChoices> ChoicesAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var filter = await db.Set<Filter>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        var groups = await db.Set<Group>()
            .Where(group => viewer.GroupIds.Contains(group.Id) || group.Id == filter.GroupId || (viewer.SeesAll && !group.SingleUserGroup))
            .OrderBy(group => group.Name)
            .Select(group => new { group.Id, group.Name })
            .ToListAsync(ct);
        var ids = groups.Select(group => group.Id).ToList();
        var people = await db.Set<GroupUser>()
            .Where(member => member.GroupId == filter.GroupId)
            .Join(db.Set<User>(), member => member.UserId, user => user.Id, (member, user) => new { user.Id, user.Username })
            .OrderBy(user => user.Username)
            .Take(MostPeople)
            .Select(user => new FilterPerson(
                user.Id, user.Username, db.Set<GroupUser>().Where(other => other.UserId == user.Id && ids.Contains(other.GroupId)).Select(other => other.GroupId).ToArray()))
            .ToListAsync(ct);
        return new FilterChoices(
            [.. groups.Where(group => viewer.SeesAll || viewer.SaveGroupIds.Contains(group.Id)).Select(group => (group.Id, group.Name))],
            [.. groups.Select(group => (group.Id, group.Name))],
            people);
    }

    // The same rule as the ingest's, which reads it in one statement for all filters.
    private static async Task<IReadOnlyList<int>> MayStillSaveAsync(Contexts contexts, Filter filter, FilterActions actions, CancellationToken ct)
    {
        var all = await Alerts.ReadIngestActions.HandleAsync(contexts.DataSource, filter.Id, ct);
        return all.TryGetValue(filter.Id, out var rights) ? rights.GroupIds : [.. actions.GroupIds.Where(id => id == filter.GroupId)];
    }
}
