using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Candidates.Expressions;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>A test that this node has claimed.</summary>
public sealed record ClaimedFilterTest(long Id, int FilterId, int RequesterId, int Attempt);

/// <summary>Works off the queue of tests. Any number of nodes may do so at once: each test is claimed once.</summary>
public sealed class RunFilterTests(Contexts contexts, ReadViewer viewers, TryFilter tryFilter, ILogger<RunFilterTests> logger)
{
    // A test whose node died twice is not tried a third time.
    private const int MostAttempts = 3;

    /// <summary>How long a node may be silent before another takes its test over.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenNews = TimeSpan.FromMilliseconds(400);

    /// <summary>Claims the test that has waited longest; null where nothing waits.</summary>
    public async Task<ClaimedFilterTest?> ClaimAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (now, silentSince) = (db.UtcNow, db.UtcNow - Silence);
        var found = await db.Set<FilterTest>().FromSql($"""
            select * from filter_tests
            where state = 'queued' or state = 'running' and heartbeat_at < {silentSince}
            order by id limit 1 for update skip locked
            """).IgnoreQueryFilters().ToListAsync(ct);
        if (found is not [var test])
        {
            return null;
        }

        (test.State, test.HeartbeatAt, test.Progress) = (FilterTestStates.Running, now, 0);
        test.Attempts++;
        if (test.Attempts > MostAttempts)
        {
            (test.State, test.FinishedAt, test.Error) = (FilterTestStates.Failed, now, "It was given up: the nodes that worked on it stopped.");
        }

        db.Record($"filter_test.{test.State}", test.FilterId.ToString(CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return test.State == FilterTestStates.Running ? new ClaimedFilterTest(test.Id, test.FilterId, test.RequesterId, test.Attempts) : null;
    }

    /// <summary>Runs a claimed test to an end; where the node stops, it goes back into the queue.</summary>
    public async Task RunAsync(ClaimedFilterTest claimed, CancellationToken ct)
    {
        using var withdrawn = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(withdrawn.Token, ct);
        try
        {
            var progress = new NewsOf(this, claimed, withdrawn);
            var watch = Stopwatch.StartNew();
            var result = await TestAsync(claimed, progress.TellAsync, either.Token);
            await EndAsync(claimed, test => (test.State, test.Progress, test.Result) =
                (FilterTestStates.Done, 1, JsonSerializer.SerializeToElement(result with { Seconds = Math.Round(watch.Elapsed.TotalSeconds, 3) }, FilterTests.Stored)));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await EndAsync(claimed, test => (test.State, test.Attempts) = (FilterTestStates.Queued, test.Attempts - 1));
        }
        catch (OperationCanceledException) when (withdrawn.IsCancellationRequested)
        {
            // Whoever withdrew it wrote so.
        }
        catch (Exception error) when (error is Refusal or FilterSyntaxException)
        {
            await FailAsync(claimed, error.Message);
        }
        catch (Exception error)
        {
            logger.LogError(error, "The test {Id} of filter {Filter} failed", claimed.Id, claimed.FilterId);
            await FailAsync(claimed, "This failed on the server; its log says why.");
        }
    }

    /// <summary>Rights are those of now, not those of the time when the test was asked for.</summary>
    private async Task<TrialResult> TestAsync(ClaimedFilterTest claimed, Func<double, Task> tell, CancellationToken ct)
    {
        var answer = await viewers.ByUserAsync(claimed.RequesterId, ct);
        if (answer.Viewer is not { } viewer || answer.Expired || !viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden("Who asked may not upload data any more.");
        }

        await using var db = contexts.For(viewer);
        var test = await db.Set<FilterTest>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == claimed.Id, ct) ?? throw Refusal.Forbidden("Who asked may not see the filter any more.");
        return await tryFilter.HandleAsync(viewer, claimed.FilterId, test.Expression, test.OtherExpression, test.FirstNight, test.LastNight, tell, ct);
    }

    private async Task<bool> TellAsync(ClaimedFilterTest claimed, double progress, CancellationToken ct)
    {
        // Progress is news for open pages and no part of the record of what happened, so it makes no outbox event.
        await using var command = contexts.DataSource.CreateCommand("""
            with told as (
                update filter_tests set progress = $3, heartbeat_at = $4 where id = $1 and attempts = $2 and state = 'running' returning filter_id)
            select pg_notify('skyportal', '0 filter_test.progress ' || filter_id) from told
            """);
        command.Parameters.AddWithValue(claimed.Id);
        command.Parameters.AddWithValue(claimed.Attempt);
        command.Parameters.AddWithValue(progress);
        command.Parameters.AddWithValue(contexts.Clock.GetUtcNow().UtcDateTime);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct);
    }

    private Task FailAsync(ClaimedFilterTest claimed, string reason) => EndAsync(claimed, test => (test.State, test.Error) = (FilterTestStates.Failed, reason));

    // What was withdrawn or taken over in the meantime stays as it is.
    private async Task EndAsync(ClaimedFilterTest claimed, Action<FilterTest> end)
    {
        await using var db = contexts.For(Viewer.System);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"select 1 from filter_tests where id = {claimed.Id} for update", CancellationToken.None);
        var test = await db.Set<FilterTest>().SingleOrDefaultAsync(row => row.Id == claimed.Id && row.State == FilterTestStates.Running && row.Attempts == claimed.Attempt, CancellationToken.None);
        if (test is null)
        {
            return;
        }

        end(test);
        test.FinishedAt = FilterTestStates.IsTerminal(test.State) ? db.UtcNow : null;
        db.Record($"filter_test.{test.State}", test.FilterId.ToString(CultureInfo.InvariantCulture));
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>Tells how far a test is, not too often, and learns whether it was withdrawn.</summary>
    private sealed class NewsOf(RunFilterTests owner, ClaimedFilterTest claimed, CancellationTokenSource withdrawn)
    {
        private long _told = owner.Clock.GetTimestamp();

        public async Task TellAsync(double progress)
        {
            if (owner.Clock.GetElapsedTime(_told) < BetweenNews)
            {
                return;
            }

            _told = owner.Clock.GetTimestamp();
            if (!await owner.TellAsync(claimed, progress, CancellationToken.None))
            {
                await withdrawn.CancelAsync();
            }
        }
    }

    private TimeProvider Clock => contexts.Clock;
}
