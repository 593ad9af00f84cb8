using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Catalogs;

/// <summary>Runs queued archive queries, a few at a time, as soon as they are asked and again when their pause is over.</summary>
public sealed class DrainArchiveQueries(RunArchiveQueries run, LiveUpdates updates, Contexts contexts, ILogger<DrainArchiveQueries> logger) : BackgroundService
{
    private const int AtOnce = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = new WorkQueue(updates, contexts.Clock, logger, LookAgain, "The queue of archive queries could not be read");
        return Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => queue.DrainAsync(note => note.Kind == "archive.queued", run.ClaimAsync, RunAsync, stoppingToken)));
    }

    private async Task RunAsync(ClaimedArchiveQuery claimed, CancellationToken ct)
    {
        using var withdrawn = new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var look = new Bell(updates, note => note.Kind == "archive.cancelled" && note.Subject == Archives.Subject + claimed.ObjId);
        var watching = WatchAsync(claimed, look, withdrawn, over.Token);
        await run.RunAsync(claimed, withdrawn.Token, ct);
        await over.CancelAsync();
        await watching;
    }

    // Tells that the query is alive, and learns whether it was withdrawn.
    private async Task WatchAsync(ClaimedArchiveQuery claimed, Bell look, CancellationTokenSource withdrawn, CancellationToken over)
    {
        try
        {
            while (await run.TellAsync(claimed, null, null, over))
            {
                await look.WaitAsync(Heartbeat, over);
            }

            await withdrawn.CancelAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It came to its end.
        }
        catch (Npgsql.NpgsqlException error)
        {
            logger.LogWarning("The heartbeat of archive query {Id} failed: {Reason}", claimed.Id, error.Message);
        }
    }
}
