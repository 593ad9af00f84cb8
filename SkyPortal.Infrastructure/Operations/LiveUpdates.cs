using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>That something happened somewhere on the site.</summary>
/// <param name="Id">Id of the outbox event; 0 where the node has missed some and everything may have changed.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Subject">To what.</param>
public sealed record LiveNote(long Id, string Kind, string Subject);

/// <summary>
/// Hears of every committed outbox event, on one connection per node, and tells the pages of this node. It tells that something
/// changed and never what: who is told reads again with their own rights.
/// </summary>
public sealed class LiveUpdates(Contexts contexts, ILogger<LiveUpdates> logger) : BackgroundService
{
    /// <summary>Kind of the note after a lost connection: anything may have changed meanwhile.</summary>
    public const string Missed = "access.missed";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();

    /// <summary>Calls back for each note that matters, until the answer is disposed. The call must not block.</summary>
    public IDisposable Subscribe(Func<LiveNote, bool> matters, Action<LiveNote> tell)
    {
        var subscription = new Subscription(this, matters, tell);
        _subscriptions[subscription] = 0;
        return subscription;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var first = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await contexts.DataSource.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, note) => Tell(note.Payload);
                await using (var listen = new NpgsqlCommand("listen skyportal", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                if (!first)
                {
                    Tell($"0 {Missed} all");
                }

                first = false;
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException)
            {
                logger.LogWarning("Live updates lost the database: {Reason}", error.Message);
                await Task.Delay(Pause, contexts.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Tell(string payload)
    {
        var parts = payload.Split(' ', 3);
        if (parts.Length < 3 || !long.TryParse(parts[0], CultureInfo.InvariantCulture, out var id))
        {
            return;
        }

        var note = new LiveNote(id, parts[1], parts[2]);
        foreach (var subscription in _subscriptions.Keys)
        {
            try
            {
                if (subscription.Matters(note))
                {
                    subscription.Tell(note);
                }
            }
            catch (Exception error)
            {
                // One page must not silence the others.
                logger.LogError(error, "A page failed on {Kind}", note.Kind);
            }
        }
    }

    private sealed record Subscription(LiveUpdates Owner, Func<LiveNote, bool> Matters, Action<LiveNote> Tell) : IDisposable
    {
        public void Dispose() => Owner._subscriptions.TryRemove(this, out _);
    }
}
