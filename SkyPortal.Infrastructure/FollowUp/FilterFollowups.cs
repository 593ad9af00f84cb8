using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What is to be asked of a facility for what passes a filter.</summary>
/// <param name="AllocationId">On whose time; an allocation of the filter's group.</param>
/// <param name="Payload">Values of the facility's form without its days; what is left out gets its default.</param>
public sealed record NewFilterFollowup(int AllocationId, JsonObject Payload)
{
    /// <summary>Whether requests are made.</summary>
    public bool Active { get; init; } = true;

    /// <summary>Days for which each request is good.</summary>
    public int ValidityDays { get; init; } = 7;

    /// <summary>When none is made.</summary>
    public FollowupConstraints Constraints { get; init; } = new();

    /// <summary>Comment on each request; null for none.</summary>
    public string? Comment { get; init; }
}

/// <summary>That an object's request was not made.</summary>
public sealed record FailedFollowup(string ObjId, string State, string? Reason, DateTime At);

/// <summary>What is asked of a facility for what passes a filter, and what became of it, as far as its reader may know.</summary>
/// <param name="Active">Whether requests are made.</param>
/// <param name="SetById">In whose name, and on whose rights; null where the user is gone.</param>
/// <param name="Counts">How many objects by what became of them; see <see cref="AutoFollowupStates"/>.</param>
/// <param name="LastFailures">Those for which there is no request, or whose facility could not be told; the newest first.</param>
public sealed record FilterFollowupRecord(
    bool Active, int AllocationId, JsonElement Payload, int ValidityDays, JsonElement Constraints, string? Comment, int? SetById, DateTime Modified,
    IReadOnlyDictionary<string, int> Counts, IReadOnlyList<FailedFollowup> LastFailures);

/// <summary>Reads the automatic follow-up of a filter; five statements.</summary>
public sealed class GetFilterFollowup(Contexts contexts)
{
    private const int MostFailures = 10;

    /// <summary>It; null where there is none for the viewer.</summary>
    /// <exception cref="Refusal">The filter is not there for this viewer.</exception>
    public async Task<FilterFollowupRecord?> HandleAsync(Viewer viewer, int filterId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        if (!await db.Set<Filter>().AnyAsync(row => row.Id == filterId, ct))
        {
            throw GetFilter.NotThere(filterId);
        }

        if (await db.Set<FilterFollowup>().AsNoTracking().SingleOrDefaultAsync(row => row.FilterId == filterId, ct) is not { } row)
        {
            return null;
        }

        var counts = await db.Set<AutoFollowup>().Where(one => one.FilterId == filterId).GroupBy(one => one.State).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        var untold = await db.Set<FollowupRequest>()
            .Where(request => request.FilterId == filterId && (request.WorkError != null || request.Status.StartsWith(FollowupStatus.FailedToSubmit) || request.Status.StartsWith(FollowupStatus.Rejected)))
            .OrderByDescending(request => request.Modified).Take(MostFailures)
            .Select(request => new FailedFollowup(request.ObjId, request.Status, request.WorkError, request.Modified)).ToListAsync(ct);
        var unmade = await db.Set<AutoFollowup>().Where(one => one.FilterId == filterId && one.State == AutoFollowupStates.Failed)
            .OrderByDescending(one => one.Modified).Take(MostFailures).Select(one => new FailedFollowup(one.ObjId, one.State, one.Reason, one.Modified)).ToListAsync(ct);
        return new FilterFollowupRecord(
            row.Active, row.AllocationId, row.Payload, row.ValidityDays, row.Constraints, row.Comment, row.SetById, row.Modified, counts,
            [.. untold.Concat(unmade).OrderByDescending(one => one.At).Take(MostFailures)]);
    }
}

/// <summary>Sets what is asked of a facility for what passes a filter, instead of what was set before. Administrators of the filter's group.</summary>
public sealed class SetFilterFollowup(Contexts contexts, FacilityClasses classes)
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Sets it in the viewer's name, whose rights it depends on from then on; null ends it.</summary>
    /// <exception cref="Refusal">The filter is not there for this viewer or not theirs to change; an allocation of another group; a value that is wrong.</exception>
    public async Task HandleAsync(Viewer viewer, int filterId, NewFilterFollowup? wanted, CancellationToken ct)
    {
        viewer.RequireUploadData();
        var setter = viewer.UserId ?? throw Refusal.Forbidden("Only a user may set what follows from a filter.");
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select 1 from filters where id = {filterId} for no key update", ct);
        var filter = await db.Set<Filter>().SingleOrDefaultAsync(row => row.Id == filterId, ct) ?? throw GetFilter.NotThere(filterId);
        ActivateFilterVersion.DemandAdmin(viewer, filter);
        var known = await db.Set<FilterFollowup>().SingleOrDefaultAsync(row => row.FilterId == filterId, ct);
        if (wanted is null)
        {
            db.RemoveRange(known is null ? [] : [known]);
        }
        else
        {
            await CheckNamedAsync(db, wanted.Constraints, ct);
            var payload = await PayloadAsync(db, filter, wanted, ct);
            known ??= db.Add(new FilterFollowup { FilterId = filterId }).Entity;
            (known.Active, known.AllocationId, known.Payload, known.ValidityDays) = (wanted.Active, wanted.AllocationId, payload, wanted.ValidityDays);
            (known.Constraints, known.Comment, known.SetById) = (JsonSerializer.SerializeToElement(wanted.Constraints, Names), Comment(wanted.Comment), setter);
        }

        filter.Altdata = ChangeFilter.WithSwitch(filter.Altdata, Alerts.BrokerFilters.BrokerAltdata.AutoFollowup, wanted?.Active ?? false);
        db.Record("filter.followup_set", filterId.ToString(CultureInfo.InvariantCulture), [filter.GroupId], new { wanted?.Active, wanted?.AllocationId });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// Switches what was set, within the caller's transaction; nothing where nothing was. Who switches it on does so in their own name.
    /// </summary>
    internal static async Task SwitchAsync(SkyPortalContext db, Filter filter, bool on, CancellationToken ct)
    {
        var (now, user) = (db.UtcNow, db.Viewer.UserId);
        var switched = await db.Allowed<FilterFollowup>(AccessMode.Update).Where(row => row.FilterId == filter.Id && row.Active != on)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Active, on).SetProperty(row => row.SetById, row => on ? user : row.SetById).SetProperty(row => row.Modified, now), ct);
        if (switched > 0)
        {
            db.Record("filter.followup_set", filter.Id.ToString(CultureInfo.InvariantCulture), [filter.GroupId], new { Active = on });
        }
    }

    /// <summary>Conditions as they are kept.</summary>
    public static FollowupConstraints Read(JsonElement constraints) => constraints.ValueKind == JsonValueKind.Object ? constraints.Deserialize<FollowupConstraints>(Names) ?? new() : new();

    // A condition tells the filter's group of what it names, so that who sets it must know that.
    private static async Task CheckNamedAsync(SkyPortalContext db, FollowupConstraints conditions, CancellationToken ct)
    {
        foreach (var (field, named) in new[] { ("source_group_ids", conditions.SourceGroupIds), ("ignore_source_group_ids", conditions.IgnoreSourceGroupIds) })
        {
            var known = await db.Set<Group>().Where(group => named.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
            if (named.Except(db.Viewer.SeesAll ? known : known.Intersect(db.Viewer.GroupIds)).Select(id => (int?)id).FirstOrDefault() is { } stranger)
            {
                throw Wrong("constraints", $"{field}: You are not a member of a group with ID: {stranger}");
            }
        }

        var allocations = await db.Set<Allocation>().Where(row => conditions.IgnoreAllocationIds.Contains(row.Id)).Select(row => row.Id).ToListAsync(ct);
        if (conditions.IgnoreAllocationIds.Except(allocations).Select(id => (int?)id).FirstOrDefault() is { } missing)
        {
            throw Wrong("constraints", $"ignore_allocation_ids: Cannot find an allocation with ID: {missing}");
        }
    }

    private async Task<JsonElement> PayloadAsync(SkyPortalContext db, Filter filter, NewFilterFollowup wanted, CancellationToken ct)
    {
        var instrument = await (
            from allocation in db.Set<Allocation>()
            join camera in db.Set<Instrument>() on allocation.InstrumentId equals camera.Id
            where allocation.Id == wanted.AllocationId && allocation.GroupId == filter.GroupId
            select new { camera.Name, camera.ApiClassname, camera.Filters }).SingleOrDefaultAsync(ct)
            ?? throw Wrong("allocation_id", $"The filter's group has no allocation with ID: {wanted.AllocationId}");
        var facility = classes.Find(instrument.ApiClassname) ?? throw Wrong("allocation_id", $"This site cannot submit requests for {instrument.Name}");
        var form = facility.FormOf(instrument.Filters);
        if (wanted.ValidityDays is < 1 or > FilterFollowup.MostDays)
        {
            throw Wrong("validity_days", $"Input should be between 1 and {FilterFollowup.MostDays}");
        }

        if (form.Fields.FirstOrDefault(field => field.Kind == RequestFieldKind.Day && wanted.Payload.ContainsKey(field.Name)) is { } day)
        {
            throw Wrong("payload", $"{day.Name}: It is set when a request is made");
        }

        var filled = form.Filled(wanted.Payload, DateOnly.FromDateTime(db.UtcNow));
        if (form.Fault(filled) is { } fault)
        {
            throw Wrong("payload", fault);
        }

        foreach (var field in form.Fields.Where(field => field.Kind == RequestFieldKind.Day))
        {
            filled.Remove(field.Name);
        }

        return StoreFollowup.Element(filled);
    }

    private static string? Comment(string? comment) => comment?.Trim() switch
    {
        null or "" => null,
        { Length: > FollowupRequest.TextLength } => throw Wrong("comment", $"String should have at most {FollowupRequest.TextLength} characters"),
        var words => words,
    };

    private static Refusal Wrong(string field, string reason) => Refusal.Invalid($"Invalid/missing parameters: {field}: {reason}");
}
