using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>
/// Makes the requests of objects that passed filters with automatic follow-up, one for each object and allocation. What was noted of a
/// passing and the request that comes of it are of one transaction, so that a node that stops loses none and makes none twice.
/// </summary>
public sealed class MakeAutoFollowups(Contexts contexts, ReadViewer readViewer, StoreFollowup store, ILogger<MakeAutoFollowups> logger)
{
    /// <summary>Makes the request that has waited longest; false where none waits. Nodes share the rows. What cannot be made holds up no other.</summary>
    public async Task<bool> HandleAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // ix_auto_followups_waiting serves it.
        var found = await db.Set<AutoFollowup>().FromSql($"""
            select * from auto_followups where state = 'waiting' order by id limit 1 for update skip locked
            """).IgnoreQueryFilters().ToListAsync(ct);
        if (found is not [var waiting])
        {
            return false;
        }

        try
        {
            await MakeAsync(db, waiting, ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            if (error is not Refusal)
            {
                logger.LogError(error, "What passing {Id} asks for could not be made", waiting.Id);
            }

            await transaction.RollbackAsync(CancellationToken.None);
            await FailAsync(waiting.Id, error is Refusal ? error.Message : "This failed on the server; its log says why.");
            return true;
        }
    }

    private async Task MakeAsync(SkyPortalContext db, AutoFollowup waiting, CancellationToken ct)
    {
        var wish = await db.Set<FilterFollowup>().AsNoTracking().SingleOrDefaultAsync(row => row.FilterId == waiting.FilterId, ct);
        var group = await db.Set<Filter>().Where(row => row.Id == waiting.FilterId).Select(row => row.GroupId).SingleAsync(ct);
        if (wish is not { Active: true } || wish.AllocationId != waiting.AllocationId)
        {
            (waiting.State, waiting.Reason) = (AutoFollowupStates.Ignored, "It was switched off, or another allocation was chosen.");
        }
        else
        {
            await AskAsync(db, waiting, wish, group, ct);
        }

        db.Viewer = Viewer.System;
        db.Record("filter.followup_made", $"{waiting.FilterId}", [group], new { waiting.ObjId, waiting.State });
        await db.SaveChangesAsync(ct);
    }

    // Where another node took it meanwhile, that one has the word.
    private async Task FailAsync(long id, string reason)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var found = await db.Set<AutoFollowup>().FromSql($"""
            select * from auto_followups where id = {id} and state = 'waiting' for update
            """).IgnoreQueryFilters().ToListAsync(CancellationToken.None);
        if (found is [var failed])
        {
            (failed.State, failed.Reason) = (AutoFollowupStates.Failed, reason);
            var group = await db.Set<Filter>().Where(row => row.Id == failed.FilterId).Select(row => row.GroupId).SingleAsync(CancellationToken.None);
            db.Record("filter.followup_made", $"{failed.FilterId}", [group], new { failed.ObjId, failed.State });
            await db.SaveChangesAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    // The rights are those that who set it has now.
    private async Task AskAsync(SkyPortalContext db, AutoFollowup waiting, FilterFollowup wish, int group, CancellationToken ct)
    {
        var answer = wish.SetById is { } user ? await readViewer.ByUserAsync(user, ct) : null;
        if (answer is not { Viewer: { } setter, Expired: false } || !setter.Has(Acl.UploadData))
        {
            (waiting.State, waiting.Reason) = (AutoFollowupStates.Failed, "Who set this may not ask for observations any more.");
            return;
        }

        var streams = await db.Set<GroupStream>().Where(row => row.GroupId == group).Select(row => row.StreamId).ToArrayAsync(ct);
        db.Viewer = setter;
        var wanted = new NewFollowup(waiting.ObjId, waiting.AllocationId, JsonObject.Create(wish.Payload) ?? [])
        {
            TargetGroupIds = [group],
            Constraints = SetFilterFollowup.Read(wish.Constraints),
            ConditionsSeenBy = MemberOf(group, streams, setter),
            Comment = wish.Comment,
            FilterId = waiting.FilterId,
            Days = wish.ValidityDays,
        };
        var (request, ignored) = await store.HandleAsync(db, wanted, isBegun: false, ct);
        (waiting.State, waiting.Reason, waiting.FollowupRequestId) = (request is null ? AutoFollowupStates.Ignored : AutoFollowupStates.Asked, ignored, request?.Id);
    }

    // Members of the group learn from what was not asked for, so that no condition may see more than the group does.
    private static Viewer MemberOf(int group, int[] streams, Viewer setter) => new()
    {
        GroupIds = setter.SeesAll || setter.GroupIds.Contains(group) ? [group] : [],
        StreamIds = setter.SeesAll ? streams : [.. streams.Intersect(setter.StreamIds)],
    };
}
