using SkyPortal.Domain.Access;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Facilities;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>An allocation on which somebody may ask.</summary>
/// <param name="AllocationId">The allocation.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Title">Instrument and principal investigator, for people.</param>
/// <param name="Form">What a request must say.</param>
/// <param name="MayDelete">Whether requests can be withdrawn.</param>
public sealed record FollowupChoice(int AllocationId, int GroupId, string Title, RequestForm Form, bool MayDelete);

/// <summary>Reads on which allocations the viewer may ask.</summary>
public sealed class ReadFollowupChoices(ReadAllocations allocations, FacilityClasses classes)
{
    /// <summary>Those whose facility this site can tell of requests, by telescope and instrument.</summary>
    public async Task<IReadOnlyList<FollowupChoice>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        var rows = await allocations.HandleAsync(viewer, new AllocationSearch(null, ForPlans: false, "submit"), ct);
        return [.. rows.Select(row => new FollowupChoice(
            row.Id,
            row.GroupId,
            string.IsNullOrWhiteSpace(row.Pi) ? row.Instrument!.Name : $"{row.Instrument!.Name}, {row.Pi}",
            classes.Find(row.Instrument!.ApiClassname)!.FormOf(row.Instrument.Filters),
            classes.Find(row.Instrument.ApiClassname) is IFacilityDeletes))];
    }
}
