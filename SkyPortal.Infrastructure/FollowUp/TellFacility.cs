using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>Work that this node has begun.</summary>
/// <param name="Id">The request.</param>
/// <param name="Attempt">Number of the attempt; who began a later one takes over.</param>
public sealed record BegunFollowup(int Id, int Attempt);

/// <summary>What became of it.</summary>
/// <param name="Status">Status of the request now.</param>
/// <param name="Error">Why the facility could not be told; null where it was.</param>
public sealed record FollowupOutcome(string Status, string? Error);

/// <summary>
/// Tells facilities what is left to be told of requests. Any number of nodes may do so at once: each piece of work is begun by one,
/// and taken over where that one fell silent.
/// </summary>
public sealed class TellFacility(Contexts contexts, FacilityClasses classes, ReadViewer viewers, ILogger<TellFacility> logger)
{
    /// <summary>Tries after which work that keeps failing is given up.</summary>
    public const int MostTries = 6;

    /// <summary>How long a node may be silent before another takes its work over; longer than any telling takes.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    /// <summary>Begins the work that has waited longest; null where none waits.</summary>
    public async Task<BegunFollowup?> ClaimAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (now, silentSince) = (db.UtcNow, db.UtcNow - Silence);
        // ix_followup_requests_next_attempt_at serves it.
        var found = await db.Set<FollowupRequest>().FromSql($"""
            select * from followup_requests
            where work is not null and next_attempt_at <= {now} and (begun_at is null or begun_at < {silentSince})
            order by next_attempt_at, id limit 1 for update skip locked
            """).IgnoreQueryFilters().ToListAsync(ct);
        if (found is not [var request])
        {
            return null;
        }

        (request.BegunAt, request.Attempts, request.Tries) = (now, request.Attempts + 1, request.Tries + 1);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new BegunFollowup(request.Id, request.Attempts);
    }

    /// <summary>Does begun work.</summary>
    /// <param name="begun">The work.</param>
    /// <param name="somebodyWaits">Whether somebody waits for what becomes of it: then a failure is told and not tried again.</param>
    /// <param name="ct">Cancelled when the node stops; the work waits for another then.</param>
    public async Task<FollowupOutcome> RunAsync(BegunFollowup begun, bool somebodyWaits, CancellationToken ct)
    {
        FacilityOrder? order = null;
        var tries = 0;
        var wasTold = true;
        try
        {
            var (request, facility, known) = await ReadAsync(begun, ct) ?? throw new FacilityException("It was taken back.", mayPass: false);
            (order, tries, wasTold) = (known, request.Tries, request.ToldAt is not null);
            var answer = await DoAsync(facility, order, request, ct);
            return await EndAsync(begun, order, row =>
            {
                row.Status = Cut(answer.Refusal is { } reason ? Refused(row.Work) + reason : answer.Status);
                if (row.Work == FollowupWork.Delete && answer.Refusal is null)
                {
                    (row.ToldAt, row.RemoteIds) = (null, []);
                }

                Unmark(row, isHeard: answer.Refusal is null, wasTold);
                row.TakeBack();
            }, null, answer.RemoteId);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await EndAsync(begun, order, row => (row.BegunAt, row.NextAttemptAt, row.Tries) = (null, contexts.Clock.GetUtcNow().UtcDateTime, row.Tries - 1), null);
            throw;
        }
        catch (FacilityException error) when (!somebodyWaits && error.MayPass && tries < MostTries)
        {
            var next = contexts.Clock.GetUtcNow().UtcDateTime + (FirstPause * Math.Pow(2, tries - 1));
            return await EndAsync(begun, order, row =>
            {
                Unmark(row, error.MayHaveHeard, wasTold);
                (row.BegunAt, row.NextAttemptAt) = (null, next);
                row.WorkError = Cut(string.Create(CultureInfo.InvariantCulture, $"{error.Message} It is tried again at {next:HH:mm} UTC, after {tries} of {MostTries}."));
            }, error.Message);
        }
        catch (FacilityException error)
        {
            return await FailAsync(begun, order, error.Message, row => Unmark(row, error.MayHaveHeard, wasTold));
        }
        catch (Exception error)
        {
            logger.LogError(error, "Follow-up request {Id} could not be told to its facility", begun.Id);
            return await FailAsync(begun, order, "This failed on the server; its log says why.");
        }
    }

    private async Task<FacilityAnswer> DoAsync(IFacility facility, FacilityOrder order, FollowupRequest request, CancellationToken ct)
    {
        switch (request.Work)
        {
            case FollowupWork.Submit:
                await MarkAsync(request, ct);
                return await facility.SubmitAsync(order, ct);
            case FollowupWork.Update when facility is IFacilityUpdates updates:
                await MarkAsync(request, ct);
                return await updates.UpdateAsync(order, ct);
            // What it was never told of needs no withdrawing.
            case FollowupWork.Delete when request.ToldAt is null:
                return new FacilityAnswer(FollowupStatus.Deleted);
            case FollowupWork.Delete when facility is IFacilityDeletes deletes:
                return await deletes.DeleteAsync(order, ct);
            default:
                throw new FacilityException("The facility cannot be told of this.", mayPass: false) { MayHaveHeard = false };
        }
    }

    // Before it is told, so that a node that dies in between leaves it known.
    private async Task MarkAsync(FollowupRequest request, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var now = db.UtcNow;
        var marked = await db.Set<FollowupRequest>()
            .Where(row => row.Id == request.Id && row.Attempts == request.Attempts)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ToldAt, row => (DateTime?)(row.ToldAt ?? now)), ct);
        if (marked == 0)
        {
            throw new FacilityException("It was taken back.", mayPass: false) { MayHaveHeard = false };
        }
    }

    private static void Unmark(FollowupRequest row, bool isHeard, bool wasTold)
    {
        if (!isHeard && !wasTold)
        {
            row.ToldAt = null;
        }
    }

    private static string Refused(string? work) => work switch
    {
        FollowupWork.Update => FollowupStatus.FailedToUpdate,
        FollowupWork.Delete => FollowupStatus.FailedToDelete,
        _ => FollowupStatus.Rejected,
    };

    private async Task<(FollowupRequest Request, IFacility Facility, FacilityOrder Order)?> ReadAsync(BegunFollowup begun, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var found = await (
            from request in db.Set<FollowupRequest>().AsNoTracking()
            join allocation in db.Set<Allocation>().AsNoTracking() on request.AllocationId equals allocation.Id
            join instrument in db.Set<Instrument>().AsNoTracking() on allocation.InstrumentId equals instrument.Id
            join obj in db.Set<Obj>().AsNoTracking() on request.ObjId equals obj.Id
            where request.Id == begun.Id && request.Attempts == begun.Attempt && request.Work != null
            select new { request, allocation, instrument, obj.Ra, obj.Dec }).SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        var facility = classes.Find(found.instrument.ApiClassname) ?? throw new FacilityException($"This site cannot submit requests to {found.instrument.ApiClassname}.", mayPass: false);
        var initiator = found.request.LastModifiedById is { } user ? (await viewers.ByUserAsync(user, ct)).Viewer : null;
        var name = found.request.RequesterId is { } asker ? await db.Set<User>().Where(row => row.Id == asker).Select(row => row.Username).SingleOrDefaultAsync(ct) : null;
        var order = new FacilityOrder(
            begun.Id, initiator ?? Viewer.Nobody, found.request.ObjId, found.Ra, found.Dec, found.allocation.Id, found.request.Payload, classes.Open(found.allocation.SealedAltdata))
        {
            InstrumentName = found.instrument.Name,
            RequesterName = name ?? "somebody who is gone",
            Comment = found.request.Comment,
            Words = facility.FormOf(found.instrument.Filters).Words(found.request.Payload),
            RemoteIds = found.request.RemoteIds,
            Key = found.request.WorkKey,
        };
        return (found.request, facility, order);
    }

    private Task<FollowupOutcome> FailAsync(BegunFollowup begun, FacilityOrder? order, string reason, Action<FollowupRequest>? also = null) => EndAsync(begun, order, row =>
    {
        also?.Invoke(row);
        row.Status = Cut((row.Work switch { FollowupWork.Update => FollowupStatus.FailedToUpdate, FollowupWork.Delete => FollowupStatus.FailedToDelete, _ => FollowupStatus.FailedToSubmit }) + reason);
        row.TakeBack();
    }, reason);

    // What was taken back or taken over in the meantime stays as it is; what was said, and the name that the facility gave, is kept all the same.
    private async Task<FollowupOutcome> EndAsync(BegunFollowup begun, FacilityOrder? order, Action<FollowupRequest> end, string? error, string? remoteId = null)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"select 1 from followup_requests where id = {begun.Id} for update", CancellationToken.None);
        var request = await db.Set<FollowupRequest>().SingleOrDefaultAsync(row => row.Id == begun.Id, CancellationToken.None);
        db.AddRange((order?.Transactions ?? []).Select(said => new FacilityTransaction
        {
            FollowupRequestId = request?.Id,
            InitiatorId = order?.Initiator.UserId,
            Request = JsonElement.Parse(said.Request.ToJsonString()),
            Response = JsonElement.Parse(said.Response.ToJsonString()),
        }));
        if (request is not null && remoteId is not null && !request.RemoteIds.Contains(remoteId))
        {
            request.RemoteIds = [.. request.RemoteIds, remoteId];
        }

        if (request is { Work: not null } && request.Attempts == begun.Attempt)
        {
            end(request);
            var groupId = await db.Set<Allocation>().Where(row => row.Id == request.AllocationId).Select(row => row.GroupId).SingleAsync(CancellationToken.None);
            db.Record("followup.told", request.ObjId, [groupId], new { request = request.Id, request.Status });
        }

        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return new FollowupOutcome(request?.Status ?? FollowupStatus.Deleted, error);
    }

    private static string Cut(string text) => text.Length <= FollowupRequest.TextLength ? text : text[..FollowupRequest.TextLength];
}
