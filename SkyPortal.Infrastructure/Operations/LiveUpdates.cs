using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>News that something happened; what it is must be read by whoever may see it.</summary>
/// <param name="EventId">Key of the outbox row; 0 for <see cref="Resumed"/>.</param>
/// <param name="Kind">Kind of the event, such as source.saved.</param>
/// <param name="Subject">Which thing it happened to; at most 500 characters of it.</param>
public sealed record LiveUpdate(long EventId, string Kind, string Subject)
{
    /// <summary>Told to everybody after the connection was lost for a while: news may have been missed, so read again.</summary>
    public static LiveUpdate Resumed { get; } = new(0, "live.resumed", "");
}

/// <summary>
/// Hears of every committed event on the channel <c>skyportal</c> by one connection per node, and tells those in this process who
/// asked. Reads nothing itself. Safe for concurrent use.
/// </summary>
public sealed class LiveUpdates(NpgsqlDataSource dataSource, TimeProvider clock, ILogger<LiveUpdates> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();

    /// <summary>
    /// Calls <paramref name="handle"/> for every update that <paramref name="wanted"/> accepts, and for
    /// <see cref="LiveUpdate.Resumed"/>, until the subscription is disposed. It is called on the listening thread and must return at once.
    /// </summary>
    public IDisposable Subscribe(Func<LiveUpdate, bool> wanted, Action<LiveUpdate> handle)
    {
        var subscription = new Subscription(this, wanted, handle);
        _subscriptions[subscription] = 0;
        return subscription;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var first = true; !stoppingToken.IsCancellationRequested; first = false)
        {
            try
            {
                await ListenAsync(resumed: !first, stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or IOException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Live updates lost the database ({Reason}); trying again", error.Message);
                await Task.Delay(RetryAfter, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(bool resumed, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        connection.Notification += (_, notification) =>
        {
            if (Parse(notification.Payload) is { } update)
            {
                Tell(update);
            }
        };
        await ExecuteAsync(connection, "listen skyportal", ct);
        if (resumed)
        {
            Tell(LiveUpdate.Resumed);
        }

        while (true)
        {
            // A silent connection may be a dead one: asking anything finds out.
            if (!await connection.WaitAsync(ProbeEvery, ct))
            {
                await ExecuteAsync(connection, "select 1", ct);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static LiveUpdate? Parse(string payload) =>
        payload.Split(' ', 3) is [var id, var kind, var subject] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var eventId)
            ? new LiveUpdate(eventId, kind, subject)
            : null;

    private void Tell(LiveUpdate update)
    {
        foreach (var subscription in _subscriptions.Keys)
        {
            try
            {
                if (update == LiveUpdate.Resumed || subscription.Wanted(update))
                {
                    subscription.Handle(update);
                }
            }
            catch (Exception error)
            {
                logger.LogError(error, "A listener to {Kind} failed", update.Kind);
            }
        }
    }

    private sealed class Subscription(LiveUpdates owner, Func<LiveUpdate, bool> wanted, Action<LiveUpdate> handle) : IDisposable
    {
        public Func<LiveUpdate, bool> Wanted => wanted;

        public Action<LiveUpdate> Handle => handle;

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}
