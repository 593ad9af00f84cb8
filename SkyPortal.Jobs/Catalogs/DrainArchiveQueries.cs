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
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken ct)
    {
        using var asked = new SemaphoreSlim(0, 1);
        using var news = updates.Subscribe(note => note.Kind is "archive.queued" or LiveUpdates.Missed, _ =>
        {
            if (asked.CurrentCount == 0)
            {
                asked.Release();
            }
        });
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await run.ClaimAsync(ct) is { } claimed)
                {
                    await RunAsync(claimed, ct);
                }
                else
                {
                    await asked.WaitAsync(LookAgain, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "The queue of archive queries could not be read");
                await Task.Delay(LookAgain, contexts.Clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(ClaimedArchiveQuery claimed, CancellationToken ct)
    {
        using var withdrawn = new CancellationTokenSource();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var look = new SemaphoreSlim(0, 1);
        using var news = updates.Subscribe(
            note => note.Kind == LiveUpdates.Missed || (note.Kind == "archive.cancelled" && note.Subject == Archives.Subject + claimed.ObjId),
            _ =>
            {
                if (look.CurrentCount == 0)
                {
                    look.Release();
                }
            });
        var watching = WatchAsync(claimed, look, withdrawn, over.Token);
        await run.RunAsync(claimed, withdrawn.Token, ct);
        await over.CancelAsync();
        await watching;
    }

    // Tells that the query is alive, and learns whether it was withdrawn.
    private async Task WatchAsync(ClaimedArchiveQuery claimed, SemaphoreSlim look, CancellationTokenSource withdrawn, CancellationToken over)
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
