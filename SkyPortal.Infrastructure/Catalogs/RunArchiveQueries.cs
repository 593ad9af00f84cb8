using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>A query that this node has claimed.</summary>
public sealed record ClaimedArchiveQuery(long Id, string ObjId, string Archive, int RequesterId, int[] GroupIds, int Attempt);

/// <summary>Works off the queue of archive queries. Any number of nodes may do so at once: each query is claimed once.</summary>
public sealed class RunArchiveQueries(Contexts contexts, Archives archives, ReadViewer viewers, StoreArchivePoints store, ILogger<RunArchiveQueries> logger)
{
    /// <summary>Attempts after which a query that keeps failing is given up.</summary>
    public const int MostAttempts = 4;

    /// <summary>How long a node may be silent before another takes its query over.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    /// <summary>Claims the query that has waited longest; null where nothing waits.</summary>
    public async Task<ClaimedArchiveQuery?> ClaimAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (now, silentSince) = (db.UtcNow, db.UtcNow - Silence);
        // ix_archive_queries_next_attempt_at serves it.
        var found = await db.Set<ArchiveQuery>().FromSql($"""
            select * from archive_queries
            where state = 'queued' and next_attempt_at <= {now} or state = 'running' and heartbeat_at < {silentSince}
            order by next_attempt_at, id limit 1 for update skip locked
            """).IgnoreQueryFilters().ToListAsync(ct);
        if (found is not [var query])
        {
            return null;
        }

        query.State = ArchiveStates.Running;
        query.Attempts++;
        query.HeartbeatAt = now;
        query.Progress = 0;
        query.Stage = "asking";
        query.Error = null;
        db.Record("archive.running", Archives.Subject + query.ObjId, query.GroupIds, new { query.Archive });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new ClaimedArchiveQuery(query.Id, query.ObjId, query.Archive, query.RequesterId, query.GroupIds, query.Attempts);
    }

    /// <summary>Tells that a query is worked on, and how far it is; false where it was withdrawn or taken over.</summary>
    /// <param name="claimed">The query.</param>
    /// <param name="progress">How far, 0 to 1; null to leave it.</param>
    /// <param name="stage">What is being done; null to leave it.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<bool> TellAsync(ClaimedArchiveQuery claimed, double? progress, string? stage, CancellationToken ct)
    {
        // Progress is news for open pages and no part of the record of what happened, so it makes no outbox event.
        await using var command = contexts.DataSource.CreateCommand("""
            with told as (
                update archive_queries set progress = coalesce($3, progress), stage = coalesce($4, stage), heartbeat_at = $5
                where id = $1 and attempts = $2 and state = 'running' returning obj_id)
            select case when $4 is null then null else pg_notify('skyportal', '0 archive.progress ' || $6 || left(obj_id, 500)) end from told
            """);
        command.Parameters.AddWithValue(claimed.Id);
        command.Parameters.AddWithValue(claimed.Attempt);
        command.Parameters.Add(new Npgsql.NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Double, Value = (object?)progress ?? DBNull.Value });
        command.Parameters.Add(new Npgsql.NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)stage ?? DBNull.Value });
        command.Parameters.AddWithValue(contexts.Clock.GetUtcNow().UtcDateTime);
        command.Parameters.AddWithValue(Archives.Subject);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct);
    }

    /// <summary>Runs a claimed query to an end, or back into the queue where the archive may answer later.</summary>
    /// <param name="claimed">The query.</param>
    /// <param name="withdrawn">Cancelled when the query was withdrawn.</param>
    /// <param name="ct">Cancelled when the node stops; the query goes back into the queue.</param>
    public async Task RunAsync(ClaimedArchiveQuery claimed, CancellationToken withdrawn, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(withdrawn, ct);
        try
        {
            var (found, added) = await FetchAsync(claimed, either.Token);
            await EndAsync(claimed, query => (query.State, query.Found, query.Added, query.Progress, query.Stage) = (ArchiveStates.Done, found, added, 1, null));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await EndAsync(claimed, query => (query.State, query.Stage, query.Attempts) = (ArchiveStates.Queued, "waiting", query.Attempts - 1));
        }
        catch (OperationCanceledException) when (withdrawn.IsCancellationRequested)
        {
            // Whoever withdrew it wrote so.
        }
        catch (OutsideException error) when (error.MayPass && claimed.Attempt < MostAttempts)
        {
            // Archives share servers: where one that failed others is left alone, this query did not cause it and is told only when it goes on.
            var isLeftAlone = error.Failure == OutsideFailure.CircuitOpen;
            var next = contexts.Clock.GetUtcNow().UtcDateTime + (FirstPause * Math.Pow(2, claimed.Attempt - 1));
            await EndAsync(claimed, query =>
            {
                (query.State, query.Progress, query.NextAttemptAt) = (ArchiveStates.Queued, 0, next);
                query.Error = isLeftAlone ? $"{error.Service.Title} did not answer lately." : error.Message;
                query.Stage = string.Create(CultureInfo.InvariantCulture, $"the next try is at {next:HH:mm} UTC{(isLeftAlone ? null : $", after {claimed.Attempt} of {MostAttempts}")}");
            });
        }
        catch (Exception error) when (error is OutsideException or Refusal)
        {
            await FailAsync(claimed, error.Message);
        }
        catch (Exception error)
        {
            logger.LogError(error, "The query {Id} of the archive {Archive} failed", claimed.Id, claimed.Archive);
            await FailAsync(claimed, "This failed on the server; its log says why.");
        }
    }

    private async Task<(int Found, int Added)> FetchAsync(ClaimedArchiveQuery claimed, CancellationToken ct)
    {
        var archive = archives.Find(claimed.Archive) ?? throw Refusal.Invalid($"There is no archive {claimed.Archive} on this site any more.");
        var answer = await viewers.ByUserAsync(claimed.RequesterId, ct);
        if (answer.Viewer is not { } viewer || answer.Expired || !viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden("Who asked may not upload data any more.");
        }

        // Rights are those of now: what was chosen and is no longer the viewer's is left out.
        int[] groups = viewer.SeesAll ? claimed.GroupIds : [.. claimed.GroupIds.Intersect(viewer.GroupIds)];
        if (groups.Length == 0 && claimed.GroupIds.Length > 0)
        {
            throw Refusal.Forbidden("Who asked is no longer in any of the groups that were chosen.");
        }

        var ask = await AskAsync(viewer, claimed, ct) ?? throw Refusal.Forbidden($"Who asked may not see {claimed.ObjId} any more.");
        var points = (await archive.FetchAsync(ask, ct)).Where(point => point.IsUsable).ToList();
        if (points.Count == 0)
        {
            return (0, 0);
        }

        await ask.Tell(0.8, $"storing {points.Count} points");
        return (points.Count, await store.HandleAsync(viewer, claimed.ObjId, points, groups, ct));
    }

    private async Task<ArchiveAsk?> AskAsync(Viewer viewer, ClaimedArchiveQuery claimed, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var obj = await db.Set<Obj>().Where(row => row.Id == claimed.ObjId).Select(row => new { row.Ra, row.Dec, row.Alias, row.TnsName }).SingleOrDefaultAsync(ct);
        if (obj is not { Ra: { } ra, Dec: { } dec })
        {
            return null;
        }

        string[] names = [claimed.ObjId, .. obj.Alias ?? [], .. obj.TnsName is { } tns ? [tns] : Array.Empty<string>()];
        return new ArchiveAsk(viewer, claimed.ObjId, new SkyPosition(ra, dec), names, async (progress, stage) =>
        {
            if (!await TellAsync(claimed, progress, stage, ct))
            {
                throw new OperationCanceledException("The query was withdrawn.", new CancellationToken(canceled: true));
            }
        });
    }

    private Task FailAsync(ClaimedArchiveQuery claimed, string reason) =>
        EndAsync(claimed, query => (query.State, query.Error, query.Stage) = (ArchiveStates.Failed, reason, null));

    // What was withdrawn or taken over in the meantime stays as it is.
    private async Task EndAsync(ClaimedArchiveQuery claimed, Action<ArchiveQuery> end)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"select 1 from archive_queries where id = {claimed.Id} for update", CancellationToken.None);
        var query = await db.Set<ArchiveQuery>().SingleOrDefaultAsync(row => row.Id == claimed.Id && row.State == ArchiveStates.Running && row.Attempts == claimed.Attempt, CancellationToken.None);
        if (query is null)
        {
            return;
        }

        end(query);
        query.FinishedAt = ArchiveStates.IsTerminal(query.State) ? db.UtcNow : null;
        db.Record($"archive.{query.State}", Archives.Subject + query.ObjId, query.GroupIds, new { query.Archive, query.Found, query.Added, query.Error });
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
