using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What came of making a request.</summary>
/// <param name="Id">Its key; null where a condition was against it.</param>
/// <param name="Status">Its status; null where there is none.</param>
/// <param name="Ignored">Which condition was against it; null where none was.</param>
public sealed record MadeFollowup(int? Id, string? Status, string? Ignored);

/// <summary>Makes a request: it is stored first and its facility is told then.</summary>
public sealed class MakeFollowup(Contexts contexts, StoreFollowup store, TellFacility tell)
{
    /// <summary>Makes it.</summary>
    /// <exception cref="Refusal">It cannot be made; or the facility could not be told, and the request stays with a status that says so.</exception>
    public async Task<MadeFollowup> HandleAsync(Viewer viewer, NewFollowup wanted, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (request, ignored) = await store.HandleAsync(db, wanted, isBegun: true, ct);
        if (request is null)
        {
            return new MadeFollowup(null, null, ignored);
        }

        await transaction.CommitAsync(ct);
        // Who hangs up does not stop it.
        var outcome = await tell.RunAsync(new BegunFollowup(request.Id, request.Attempts), somebodyWaits: true, CancellationToken.None);
        return outcome.Error is { } error ? throw StoreFollowup.Wrong(error) : new MadeFollowup(request.Id, outcome.Status, null);
    }
}

/// <summary>Changes of a request; null leaves it.</summary>
public sealed record FollowupChanges
{
    /// <summary>The object of the request, which cannot be changed.</summary>
    public string? ObjId { get; init; }

    /// <summary>Its allocation, which cannot be changed.</summary>
    public int? AllocationId { get; init; }

    public JsonObject? Payload { get; init; }

    /// <summary>A status, which is written as it is; the facility is not told of anything then.</summary>
    public string? Status { get; init; }

    public int[]? TargetGroupIds { get; init; }
}

/// <summary>Changes a request and tells its facility, unless a status is given. What it never took is submitted anew.</summary>
public sealed class ChangeFollowup(Contexts contexts, StoreFollowup store, TellFacility tell)
{
    /// <summary>Changes it and returns its status.</summary>
    /// <exception cref="Refusal">There is none for the viewer; a value is wrong; its facility takes no changes, or could not be told.</exception>
    public async Task<string> HandleAsync(Viewer viewer, int id, FollowupChanges changes, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (request, allocation) = await FollowupRules.FindAsync(db, id, ct);
        FollowupRules.Same("obj_id", request.ObjId, changes.ObjId);
        FollowupRules.Same("allocation_id", $"{request.AllocationId}", changes.AllocationId is { } other ? $"{other}" : null);
        request.TargetGroupIds = changes.TargetGroupIds is { } groups ? await StoreFollowup.GroupsAsync(db, groups, ct) : request.TargetGroupIds;
        request.LastModifiedById = viewer.UserId;
        if (changes.Status is { } status)
        {
            request.Payload = changes.Payload is { } given ? StoreFollowup.Element(given) : request.Payload;
            request.Status = StoreFollowup.Text("status", status)!;
            request.TakeBack();
        }
        else
        {
            await BeginAsync(db, request, allocation, changes.Payload ?? [], ct);
        }

        db.Record("followup.changed", request.ObjId, [allocation.GroupId], new { request = request.Id, request.Status });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        if (request.Work is null)
        {
            return request.Status;
        }

        var outcome = await tell.RunAsync(new BegunFollowup(request.Id, request.Attempts), somebodyWaits: true, CancellationToken.None);
        return outcome.Error is { } error ? throw StoreFollowup.Wrong(error) : outcome.Status;
    }

    private async Task BeginAsync(SkyPortalContext db, FollowupRequest request, Allocation allocation, JsonObject payload, CancellationToken ct)
    {
        FollowupRules.DemandAtRest(db, request);
        var (facility, _) = await store.FacilityAsync(db, allocation.InstrumentId, ct);
        var isNew = request.ToldAt is null || FollowupStatus.IsUnsubmitted(request.Status);
        if (!isNew && facility is not IFacilityUpdates)
        {
            throw Refusal.Invalid("The facility of this request takes no changes.");
        }

        StoreFollowup.CheckValidity(db, allocation, new NewFollowup(request.ObjId, allocation.Id, payload));
        request.Payload = await store.PayloadAsync(db, allocation, payload, null, ct);
        request.Begin(isNew ? FollowupWork.Submit : FollowupWork.Update, db.UtcNow, isBegun: true);
    }
}

/// <summary>Withdraws a request. It stays, with a status that says so.</summary>
public sealed class DeleteFollowup(Contexts contexts, StoreFollowup store, TellFacility tell)
{
    /// <summary>Withdraws it and returns its status.</summary>
    /// <exception cref="Refusal">There is none for the viewer; its facility lets nothing be withdrawn, or could not be told.</exception>
    public async Task<string> HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (request, allocation) = await FollowupRules.FindAsync(db, id, ct);
        FollowupRules.DemandAtRest(db, request);
        var (facility, _) = await store.FacilityAsync(db, allocation.InstrumentId, ct);
        if (facility is not IFacilityDeletes)
        {
            throw Refusal.Invalid("The facility of this request lets nothing be withdrawn.");
        }

        request.LastModifiedById = viewer.UserId;
        request.Begin(FollowupWork.Delete, db.UtcNow, isBegun: true);
        db.Record("followup.deleted", request.ObjId, [allocation.GroupId], new { request = request.Id });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        var outcome = await tell.RunAsync(new BegunFollowup(request.Id, request.Attempts), somebodyWaits: true, CancellationToken.None);
        return outcome.Error is { } error ? throw Refusal.Invalid($"Error deleting follow-up request: {error}") : outcome.Status;
    }
}

/// <summary>Comments on a request.</summary>
public sealed class CommentOnFollowup(Contexts contexts)
{
    /// <summary>Sets the comment; none where it is blank or "None".</summary>
    public async Task HandleAsync(Viewer viewer, int id, string? comment, CancellationToken ct)
    {
        viewer.RequireUploadData();
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (request, allocation) = await FollowupRules.FindAsync(db, id, ct);
        request.Comment = string.IsNullOrWhiteSpace(comment) || comment == "None" ? null : StoreFollowup.Text("comment", comment);
        db.Record("followup.commented", request.ObjId, [allocation.GroupId], new { request = request.Id });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>Watches a request, or watches it no more.</summary>
public sealed class WatchFollowup(Contexts contexts)
{
    /// <summary>Begins or ends it.</summary>
    /// <exception cref="Refusal">There is none for the viewer; or it is so already.</exception>
    public async Task HandleAsync(Viewer viewer, int id, bool watches, CancellationToken ct)
    {
        var user = viewer.UserId ?? throw Refusal.Forbidden("Only a user may watch a request.");
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (!await db.Set<FollowupRequest>().AnyAsync(row => row.Id == id, ct))
        {
            throw FollowupRules.NotThere(id);
        }

        // Who asks twice at the same time is told of the first.
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended('followup-watch', {id}))", ct);
        var known = await db.Set<FollowupWatcher>().SingleOrDefaultAsync(row => row.FollowupRequestId == id && row.UserId == user, ct);
        if (watches == (known is not null))
        {
            throw Refusal.Invalid(watches ? $"You watch follow-up request {id} already." : $"You do not watch follow-up request {id}.");
        }

        if (known is null)
        {
            db.Add(new FollowupWatcher { FollowupRequestId = id, UserId = user });
        }
        else
        {
            db.Remove(known);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}

/// <summary>What the verbs of requests share.</summary>
internal static class FollowupRules
{
    /// <summary>The request, held until the transaction ends, and its allocation.</summary>
    public static async Task<(FollowupRequest Request, Allocation Allocation)> FindAsync(SkyPortalContext db, int id, CancellationToken ct)
    {
        var allowed = await db.Allowed<FollowupRequest>(AccessMode.Update).AnyAsync(row => row.Id == id, ct);
        if (!allowed)
        {
            throw NotThere(id);
        }

        await db.Database.ExecuteSqlAsync($"select 1 from followup_requests where id = {id} for update", ct);
        var request = await db.Set<FollowupRequest>().SingleOrDefaultAsync(row => row.Id == id, ct) ?? throw NotThere(id);
        return (request, await db.Set<Allocation>().AsNoTracking().SingleAsync(row => row.Id == request.AllocationId, ct));
    }

    public static Refusal NotThere(int id) => Refusal.Invalid($"Could not retrieve followup request with ID: {id}.");

    /// <summary>Refuses while the facility is being told.</summary>
    public static void DemandAtRest(SkyPortalContext db, FollowupRequest request)
    {
        if (request.Work is not null && request.BegunAt > db.UtcNow - TellFacility.Silence)
        {
            throw Refusal.Conflict($"The facility is being told of follow-up request {request.Id}: try again in a moment.");
        }
    }

    /// <summary>Refuses another value than what is there.</summary>
    public static void Same(string field, string known, string? given)
    {
        if (given is not null && given != known)
        {
            throw Refusal.Invalid($"Invalid/missing parameters: {field}: It cannot be changed");
        }
    }
}
