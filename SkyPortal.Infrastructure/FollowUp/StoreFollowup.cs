using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>A request to be made.</summary>
/// <param name="ObjId">The object.</param>
/// <param name="AllocationId">On whose time.</param>
/// <param name="Payload">Values of the facility's form; what is left out gets its default.</param>
public sealed record NewFollowup(string ObjId, int AllocationId, JsonObject Payload)
{
    /// <summary>Status until the facility is told; null for the usual one.</summary>
    public string? Status { get; init; }

    /// <summary>Groups for which it is asked.</summary>
    public int[] TargetGroupIds { get; init; } = [];

    /// <summary>When it is not to be made.</summary>
    public FollowupConstraints Constraints { get; init; } = new();

    /// <summary>
    /// As whom conditions are looked at, other than saves to groups and requests on allocations that they name; null for who makes the request.
    /// </summary>
    public Viewer? ConditionsSeenBy { get; init; }

    /// <summary>Comment; null for none.</summary>
    public string? Comment { get; init; }

    /// <summary>Filter for which it is made automatically; null for a person's own.</summary>
    public int? FilterId { get; init; }

    /// <summary>Days for which it is good where the payload names none; null as the form has it.</summary>
    public int? Days { get; init; }
}

/// <summary>Checks a request and stores it, with what is to be told to its facility, within the transaction of who makes it.</summary>
public sealed class StoreFollowup(FacilityClasses classes)
{
    internal const int MostGroups = 100;
    private const string Opening = "Error submitting follow-up request:";
    private const int LongestPayload = 50_000;

    /// <summary>The request as stored, or why a condition was against it.</summary>
    /// <param name="db">A context of the viewer, in a transaction.</param>
    /// <param name="wanted">The request.</param>
    /// <param name="isBegun">Whether the caller tells the facility at once.</param>
    /// <param name="ct">Cancels it.</param>
    internal async Task<(FollowupRequest? Request, string? Ignored)> HandleAsync(SkyPortalContext db, NewFollowup wanted, bool isBegun, CancellationToken ct)
    {
        var obj = await db.Set<Obj>().Where(row => row.Id == wanted.ObjId).Select(row => new { row.Id, row.Ra, row.Dec }).SingleOrDefaultAsync(ct)
            ?? throw Wrong($"Cannot find object with ID {wanted.ObjId}.");
        var allocation = await db.Set<Allocation>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == wanted.AllocationId, ct)
            ?? throw Wrong($"Cannot find an allocation with ID: {wanted.AllocationId}.");
        // Who asks twice at the same time is told of the first request.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('followup', {allocation.Id}))", ct);
        var place = obj is { Ra: { } ra, Dec: { } dec } ? new SkyPosition(ra, dec) : (SkyPosition?)null;
        if (await CheckFollowupConstraints.HandleAsync(db, obj.Id, place, allocation.Id, wanted.Constraints, wanted.ConditionsSeenBy, ct) is { } ignored)
        {
            return (null, ignored);
        }

        CheckValidity(db, allocation, wanted);
        var request = new FollowupRequest
        {
            ObjId = obj.Id,
            AllocationId = allocation.Id,
            RequesterId = db.Viewer.UserId,
            LastModifiedById = db.Viewer.UserId,
            Payload = await PayloadAsync(db, allocation, wanted.Payload, wanted.Days, ct),
            Status = Text("status", wanted.Status) ?? FollowupStatus.Pending,
            Comment = Text("comment", wanted.Comment),
            TargetGroupIds = await GroupsAsync(db, wanted.TargetGroupIds, ct),
            FilterId = wanted.FilterId,
        };
        request.Begin(FollowupWork.Submit, db.UtcNow, isBegun);
        db.Add(request);
        await db.SaveChangesAsync(ct);
        db.Record("followup.asked", obj.Id, [allocation.GroupId], new { request = request.Id, allocation = allocation.Id, filter = wanted.FilterId });
        db.Record(FollowupEvents.Queued, $"{request.Id}", [allocation.GroupId]);
        await db.SaveChangesAsync(ct);
        return (request, null);
    }

    /// <summary>The filled payload; refused where it is not what the facility's form says.</summary>
    internal async Task<JsonElement> PayloadAsync(SkyPortalContext db, Allocation allocation, JsonObject payload, int? days, CancellationToken ct)
    {
        var (_, form) = await FacilityAsync(db, allocation.InstrumentId, ct);
        var filled = form.Filled(payload, DateOnly.FromDateTime(db.UtcNow), days);
        if (form.Fault(filled) is { } fault)
        {
            throw Wrong($"payload: {fault}.");
        }

        return Element(filled);
    }

    /// <summary>The plug-in of an instrument, and its form for it; refused where there is none.</summary>
    internal async Task<(IFacility Facility, RequestForm Form)> FacilityAsync(SkyPortalContext db, int instrumentId, CancellationToken ct)
    {
        var instrument = await db.Set<Instrument>().Where(row => row.Id == instrumentId).Select(row => new { row.Name, row.ApiClassname, row.Filters }).SingleAsync(ct);
        return classes.Find(instrument.ApiClassname) is { } facility
            ? (facility, facility.FormOf(instrument.Filters))
            : throw Wrong(instrument.ApiClassname is null ? $"Instrument {instrument.Name} has no remote API." : $"This site cannot submit requests to {instrument.ApiClassname}.");
    }

    /// <summary>A payload as it is kept; refused where it is too long.</summary>
    internal static JsonElement Element(JsonObject payload)
    {
        var text = payload.ToJsonString();
        return text.Length <= LongestPayload ? JsonElement.Parse(text) : throw Wrong($"payload: it is longer than {LongestPayload} characters.");
    }

    /// <summary>The groups without repetitions; refused where one is not the viewer's to know.</summary>
    internal static async Task<int[]> GroupsAsync(SkyPortalContext db, int[] groupIds, CancellationToken ct)
    {
        int[] wanted = groupIds.Length <= MostGroups ? [.. groupIds.Distinct().Order()] : throw Wrong($"target_group_ids: List should have at most {MostGroups} items.");
        var known = wanted.Length == 0 ? [] : await db.Set<Group>().Where(group => wanted.Contains(group.Id)).Select(group => group.Id).ToListAsync(ct);
        return wanted.Except(known).Select(id => (int?)id).FirstOrDefault() is { } stranger ? throw Wrong($"target_group_ids: Cannot find a group with ID: {stranger}.") : wanted;
    }

    /// <summary>A short text; refused where it is longer.</summary>
    internal static string? Text(string field, string? text) => text is null or { Length: <= FollowupRequest.TextLength }
        ? text
        : throw Wrong($"{field}: String should have at most {FollowupRequest.TextLength} characters.");

    internal static void CheckValidity(SkyPortalContext db, Allocation allocation, NewFollowup wanted)
    {
        var start = wanted.Payload["start_date"] is { } from ? RequestForm.TimeOf(from) ?? throw Wrong("payload: start_date: Input should be a date, such as 2026-03-01.") : db.UtcNow;
        var end = wanted.Payload["end_date"] is { } to ? RequestForm.TimeOf(to) ?? throw Wrong("payload: end_date: Input should be a date, such as 2026-03-01.") : start.AddDays(wanted.Days ?? 0);
        if (!ValidityRanges.Hold(allocation.ValidityRanges, start, end))
        {
            throw Wrong($"payload: start_date and end_date are outside validity ranges of allocation {allocation.Id}.");
        }
    }

    internal static Refusal Wrong(string reason) => Refusal.Invalid($"{Opening} {reason}");
}

/// <summary>Events of requests that jobs hear of.</summary>
public static class FollowupEvents
{
    /// <summary>Something is to be told to a facility.</summary>
    public const string Queued = "followupqueue.queued";

    /// <summary>An object passed a filter with automatic follow-up.</summary>
    public const string Passed = "followupqueue.passed";
}
