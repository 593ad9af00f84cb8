using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Values of an allocation; null stays as it is.</summary>
public sealed record AllocationValues
{
    public string? Pi { get; init; }
    public string? ProposalId { get; init; }

    /// <summary>A list of {start_date, end_date}.</summary>
    public JsonElement? ValidityRanges { get; init; }
    public double? HoursAllocated { get; init; }
    public int[]? DefaultShareGroupIds { get; init; }
    public string[]? Types { get; init; }
    public int? GroupId { get; init; }
    public int? InstrumentId { get; init; }

    /// <summary>What the facility wants to know of who asks; laid over what is kept.</summary>
    public JsonObject? Altdata { get; init; }

    /// <summary>Users who look after it; none where it is not said.</summary>
    public int[] AdminIds { get; init; } = [];
}

/// <summary>Adds an allocation or changes one.</summary>
public sealed class SaveAllocation(Contexts contexts, FacilityClasses classes)
{
    private const int Most = 100;
    private const int Longest = 500;
    private const double MostHours = 1e6;

    /// <summary>Saves and answers the key.</summary>
    /// <param name="viewer">Who saves: a member of the group who manages allocations.</param>
    /// <param name="id">Allocation to change; null to add one, which needs group, instrument and hours.</param>
    /// <param name="values">Values.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<int> HandleAsync(Viewer viewer, int? id, AllocationValues values, CancellationToken ct)
    {
        viewer.Demand(Acl.ManageAllocations);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (id is { } changed)
        {
            // Settings are laid over what is kept: who saves at the same time waits.
            await db.Database.ExecuteSqlAsync($"select 1 from allocations where id = {changed} for update", ct);
        }

        var allocation = id is null
            ? new Allocation()
            : await db.Allowed<Allocation>(AccessMode.Update).SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw NotThere(id.Value);
        var instrumentBefore = allocation.InstrumentId;
        Apply(allocation, values);
        await CheckAsync(db, allocation, values, ct);
        var kept = Kept(allocation);
        if (values.Altdata is not null || (kept is not null && allocation.InstrumentId != instrumentBefore))
        {
            // What is kept must do for another instrument, too.
            var classname = await db.Set<Instrument>().Where(row => row.Id == allocation.InstrumentId).Select(row => row.ApiClassname).SingleAsync(ct);
            allocation.SealedAltdata = classes.Seal(classes.Merge(classname, kept, values.Altdata ?? []));
        }

        if (id is null)
        {
            db.Add(allocation);
        }

        await db.SaveChangesAsync(ct);
        await db.Allowed<AllocationUser>(AccessMode.Delete).Where(row => row.AllocationId == allocation.Id && !values.AdminIds.Contains(row.UserId)).ExecuteDeleteAsync(ct);
        var known = await db.Set<AllocationUser>().Where(row => row.AllocationId == allocation.Id).Select(row => row.UserId).ToListAsync(ct);
        db.AddRange(values.AdminIds.Distinct().Except(known).Select(user => new AllocationUser { AllocationId = allocation.Id, UserId = user }));
        db.Record("allocation.saved", allocation.Id.ToString(CultureInfo.InvariantCulture), [allocation.GroupId]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return allocation.Id;
    }

    internal static Refusal NotThere(int id) => Refusal.Invalid($"Cannot find an allocation with ID: {id}.");

    private static void Apply(Allocation allocation, AllocationValues values)
    {
        allocation.Pi = values.Pi ?? allocation.Pi;
        allocation.ProposalId = values.ProposalId ?? allocation.ProposalId;
        allocation.ValidityRanges = values.ValidityRanges is { } ranges ? ranges.GetArrayLength() == 0 ? null : ranges : allocation.ValidityRanges;
        allocation.HoursAllocated = values.HoursAllocated ?? allocation.HoursAllocated;
        allocation.DefaultShareGroupIds = values.DefaultShareGroupIds ?? allocation.DefaultShareGroupIds;
        allocation.Types = values.Types ?? allocation.Types;
        allocation.GroupId = values.GroupId ?? allocation.GroupId;
        allocation.InstrumentId = values.InstrumentId ?? allocation.InstrumentId;
    }

    private static async Task CheckAsync(SkyPortalContext db, Allocation allocation, AllocationValues values, CancellationToken ct)
    {
        var viewer = db.Viewer;
        Require(allocation.Pi is null or { Length: <= Longest }, "pi", $"String should have at most {Longest} characters");
        Require(allocation.ProposalId is null or { Length: <= Longest }, "proposal_id", $"String should have at most {Longest} characters");
        Require(allocation.HoursAllocated is >= 0 and <= MostHours, "hours_allocated", "Input should be a number of hours, 0 or more");
        Require(allocation.Types is { Length: > 0 } && allocation.Types.Length <= Most && allocation.Types.All(AllocationTypes.All.Contains), "types", $"Input should be some of {string.Join(", ", AllocationTypes.All.Select(type => $"'{type}'"))}");
        Require(await db.Set<Instrument>().AnyAsync(row => row.Id == allocation.InstrumentId, ct), "instrument_id", $"Cannot find an instrument with ID: {allocation.InstrumentId}");
        Require(
            viewer.SeesAll ? await db.Set<Group>().AnyAsync(row => row.Id == allocation.GroupId, ct) : viewer.GroupIds.Contains(allocation.GroupId),
            "group_id",
            $"Group {allocation.GroupId} is not one of yours");
        Require(values.AdminIds.Length <= Most, "allocation_admin_ids", $"List should have at most {Most} items");
        Require(values.DefaultShareGroupIds is null or { Length: <= Most }, "default_share_group_ids", $"List should have at most {Most} items");
        foreach (var group in values.DefaultShareGroupIds ?? [])
        {
            Require(await db.Set<Group>().AnyAsync(row => row.Id == group, ct), "default_share_group_ids", $"Cannot find a group with ID: {group}");
        }

        var users = await db.Set<User>().Where(row => values.AdminIds.Contains(row.Id)).Select(row => row.Id).ToListAsync(ct);
        Require(values.AdminIds.All(users.Contains), "allocation_admin_ids", $"Cannot find a user with ID: {values.AdminIds.FirstOrDefault(user => !users.Contains(user))}");
        if (values.ValidityRanges is { } ranges)
        {
            Require(ValidityRanges.Fault(ranges) is null, "validity_ranges", ValidityRanges.Fault(ranges) ?? "");
        }
    }

    private JsonObject? Kept(Allocation allocation)
    {
        try
        {
            return classes.Open(allocation.SealedAltdata);
        }
        catch (FacilityException)
        {
            // What cannot be read is entered anew.
            return null;
        }
    }

    private static void Require(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {field}: {reason}");
        }
    }
}

/// <summary>Removes an allocation with its requests.</summary>
public sealed class DeleteAllocation(Contexts contexts)
{
    /// <summary>Removes it.</summary>
    public async Task HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        viewer.Demand(Acl.ManageAllocations);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var groupId = await db.Allowed<Allocation>(AccessMode.Delete).Where(row => row.Id == id).Select(row => (int?)row.GroupId).SingleOrDefaultAsync(ct) ?? throw SaveAllocation.NotThere(id);
        await db.Allowed<Allocation>(AccessMode.Delete).Where(row => row.Id == id).ExecuteDeleteAsync(ct);
        db.Record("allocation.deleted", id.ToString(CultureInfo.InvariantCulture), [groupId]);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
