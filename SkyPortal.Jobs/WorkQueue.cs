using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Jobs;

/// <summary>Rings when a note came that matters, and whoever waits goes on. Rings while nobody waits count as one.</summary>
internal sealed class Bell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly IDisposable _news;

    /// <summary>Listens until it is disposed.</summary>
    public Bell(LiveUpdates updates, Func<LiveNote, bool> matters) => _news = updates.Subscribe(note => note.Kind == LiveUpdates.Missed || matters(note), _ => Ring());

    /// <inheritdoc/>
    public void Dispose()
    {
        _news.Dispose();
        _rung.Dispose();
    }

    /// <summary>Waits for a ring, or so long.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken ct) => _rung.WaitAsync(longest, ct);

    private void Ring()
    {
        try
        {
            if (_rung.CurrentCount == 0)
            {
                _rung.Release();
            }
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // It rang already, or nobody waits any more.
        }
    }
}

/// <summary>Works a queue of the database off: at once when something is queued, and again when a pause is over. A failure of the queue itself is told and passes.</summary>
/// <param name="updates">Tells what is queued.</param>
/// <param name="clock">The clock of pauses.</param>
/// <param name="logger">Told of failures.</param>
/// <param name="lookAgain">Longest pause.</param>
/// <param name="failure">What did not work, for the log.</param>
internal sealed class WorkQueue(LiveUpdates updates, TimeProvider clock, ILogger logger, TimeSpan lookAgain, string failure)
{
    /// <summary>Works until it is cancelled.</summary>
    /// <param name="isQueued">Whether a note tells of work.</param>
    /// <param name="claim">Claims a piece of work; null where there is none.</param>
    /// <param name="run">Does it.</param>
    /// <param name="ct">Cancelled when the node stops.</param>
    public Task DrainAsync<T>(Func<LiveNote, bool> isQueued, Func<CancellationToken, Task<T?>> claim, Func<T, CancellationToken, Task> run, CancellationToken ct)
        where T : class => DrainAsync(
            isQueued,
            async cancel =>
            {
                if (await claim(cancel) is not { } claimed)
                {
                    return false;
                }

                await run(claimed, cancel);
                return true;
            },
            ct);

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="isQueued">Whether a note tells of work.</param>
    /// <param name="work">Claims and does a piece; false where there was none.</param>
    /// <param name="ct">Cancelled when the node stops.</param>
    public async Task DrainAsync(Func<LiveNote, bool> isQueued, Func<CancellationToken, Task<bool>> work, CancellationToken ct)
    {
        using var bell = new Bell(updates, isQueued);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (!await work(ct))
                {
                    await bell.WaitAsync(lookAgain, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "{Failure}", failure);
                await Task.Delay(lookAgain, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
