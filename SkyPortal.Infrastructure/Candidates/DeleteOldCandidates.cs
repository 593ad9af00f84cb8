using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>What a removal of old candidates did.</summary>
/// <param name="Deleted">Objects deleted; none in a dry run.</param>
/// <param name="Remaining">Objects that are old enough and still there.</param>
public sealed record OldCandidatesResult(int Deleted, int Remaining);

/// <summary>
/// Deletes objects that passed filters long ago, that no group keeps and of which no facility may hold a request, with all that hangs on them; for system administrators.
/// </summary>
public sealed class DeleteOldCandidates(Contexts contexts, CandidateTotals totals)
{
    private const string IsOld = """
        exists (select 1 from candidates c where c.obj_id = o.id)
          and not exists (select 1 from candidates c where c.obj_id = o.id and c.passed_at >= @cutoff)
          and not exists (select 1 from sources s where s.obj_id = o.id and s.active)
          and not exists (select 1 from followup_requests f where f.obj_id = o.id and f.status <> 'deleted')
        """;

    /// <summary>
    /// Deletes at most <paramref name="batchSize"/> (1 to 10,000) of the objects whose newest passing is
    /// <paramref name="maxAgeMonths"/> (from 1) old, those made first before others.
    /// </summary>
    public async Task<OldCandidatesResult> HandleAsync(Viewer viewer, int maxAgeMonths, int batchSize, bool isDryRun, CancellationToken ct)
    {
        if (!viewer.SeesAll)
        {
            throw Refusal.Forbidden("Only a system administrator may delete candidates in bulk.");
        }

        await using var db = contexts.For(viewer);
        if (maxAgeMonths is < 1 or > 1200)
        {
            throw Refusal.Invalid("maxAgeMonths must be 1 to 1200.");
        }

        if (batchSize is < 1 or > 10_000)
        {
            throw Refusal.Invalid("batchSize must be 1 to 10000.");
        }

        var cutoff = db.UtcNow.AddMonths(-maxAgeMonths);
        if (isDryRun)
        {
            return new OldCandidatesResult(0, await CountAsync(cutoff, ct));
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked first and tried again by the delete, so that what is saved or passes meanwhile is kept.
        var ids = await LockAsync((NpgsqlConnection)db.Database.GetDbConnection(), cutoff, batchSize, ct);
        var deleted = await db.Allowed<Obj>(AccessMode.Delete)
            .Where(obj => ids.Contains(obj.Id)
                && !db.Set<FollowupRequest>().Any(request => request.ObjId == obj.Id && request.Status != FollowupStatus.Deleted)
                && !db.Set<Source>().Any(source => source.ObjId == obj.Id && source.Active)
                && !db.Set<Domain.Candidates.Candidate>().Any(candidate => candidate.ObjId == obj.Id && candidate.PassedAt >= cutoff))
            .ExecuteDeleteAsync(ct);
        if (deleted > 0)
        {
            db.Record("candidate.deleted_in_bulk", "", [], new { deleted, cutoff, objIds = ids });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        totals.Forget();
        return new OldCandidatesResult(deleted, await CountAsync(cutoff, ct));
    }

    private static async Task<List<string>> LockAsync(NpgsqlConnection connection, DateTime cutoff, int batchSize, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select o.id from objs o where {IsOld} order by o.created_at, o.id limit @batch for update of o skip locked", connection)
            .With("cutoff", cutoff).With("batch", batchSize);
        return await command.ReadAllAsync(reader => reader.GetString(0), ct);
    }

    private async Task<int> CountAsync(DateTime cutoff, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand($"select count(*)::int from objs o where {IsOld}").With("cutoff", cutoff);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }
}
