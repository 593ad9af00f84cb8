using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>What a consumer works with.</summary>
public sealed class ConsumeStreams(
    IPacketSources sources, TakeMessages take, ReportStanding report, StreamSettings settings, TimeProvider clock, ILogger<ConsumeStream> logger)
{
    /// <summary>A consumer of this node, not running yet.</summary>
    public ConsumeStream Of(SubscriptionDescriptor subscription) => new(subscription, sources, take, report, settings, clock, logger);
}

/// <summary>
/// This node's share of a subscription: takes messages in batches, a few batches at a time, and commits to Kafka what the database
/// has committed, never more. After a crash, a rebalance or a rewind some messages come again; the archive knows them.
/// </summary>
public sealed class ConsumeStream : IPartitionHolder
{
    private const int BatchPackets = 200;
    private const long BatchBytes = 30L << 20;

    // One decides while two are written, as in the ingest.
    private const int BatchesAtOnce = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan CommitEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    // Before the brokers take a member for dead that does not poll.
    private static readonly TimeSpan FullForLong = TimeSpan.FromSeconds(20);

    private readonly IPacketSources _sources;
    private readonly TakeMessages _take;
    private readonly ReportStanding _report;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OffsetLedger _ledger;
    private readonly List<Task> _running = [];
    private readonly List<StreamMessage> _spill = [];
    private readonly HashSet<PartitionId> _settled = [];
    private readonly HashSet<PartitionId> _rewound = [];
    private readonly List<PartitionStanding> _released = [];
    private readonly HashSet<PartitionId> _unplaced = [];
    private IPacketSource _source = null!;
    private volatile SubscriptionDescriptor _subscription;
    private volatile string? _waitsFor;
    private volatile string? _rewindFault;
    private bool _isMember;
    private bool _isHeld;
    private int _settledNumber;
    private long _committedAt;
    private long _reportedAt;

    internal ConsumeStream(
        SubscriptionDescriptor subscription, IPacketSources sources, TakeMessages take, ReportStanding report, StreamSettings settings, TimeProvider clock, ILogger logger)
    {
        (_subscription, _sources, _take, _report, _node, _clock, _logger) = (subscription, sources, take, report, settings.NodeName, clock, logger);
        _ledger = new OffsetLedger(clock);
    }

    /// <summary>Tells of a rewind that was asked for meanwhile.</summary>
    public void Tell(SubscriptionDescriptor subscription) => _subscription = subscription;

    /// <summary>Consumes until it is told to stop; then the batches under way end, their offsets are committed and the group is left.</summary>
    /// <exception cref="StreamUnavailableException">The group cannot be joined.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var abandon = new CancellationTokenSource();
        using var source = _source = _sources.Open(_subscription, this);
        try
        {
            while (!ct.IsCancellationRequested)
            {
                await RoundAsync(abandon.Token);
                await HousekeepAsync(ct);
            }
        }
        finally
        {
            await LeaveAsync(abandon);
        }
    }

    void IPartitionHolder.Assigned(IReadOnlyList<PartitionId> partitions)
    {
        _isMember = true;
        _settled.ExceptWith(partitions);
        _unplaced.UnionWith(partitions);
        _ledger.Assign(partitions);
    }

    void IPartitionHolder.Revoked(IReadOnlyList<PartitionId> partitions)
    {
        // What ends in time need not come again on the next holder.
        _ledger.AwaitIdle(partitions, HandOver);
        var offsets = _ledger.ToCommit(partitions);
        if (_source.Commit(offsets))
        {
            _ledger.Committed(offsets);
        }

        Forget(partitions);
    }

    void IPartitionHolder.Lost(IReadOnlyList<PartitionId> partitions) => Forget(partitions);

    private void Forget(IReadOnlyList<PartitionId> partitions)
    {
        _released.AddRange(_ledger.Drop(partitions));
        _unplaced.ExceptWith(partitions);
        _settled.ExceptWith(partitions);
        _spill.RemoveAll(message => partitions.Contains(message.Partition));
        StreamMeters.Gone(_subscription.Name, partitions);
    }

    /// <summary>Starts one batch, or waits for room.</summary>
    private async Task RoundAsync(CancellationToken abandon)
    {
        if (!await HasRoomAsync())
        {
            // Memory is bounded: nothing more is taken, yet the group is served, so that it does not take this node for dead.
            await Task.Run(() => _source.Hold(true), CancellationToken.None);
            _spill.AddRange(await Task.Run(() => _source.Poll(0, 0, Patience), CancellationToken.None));
            _isHeld = true;
            return;
        }

        if (_isHeld)
        {
            _isHeld = false;
            await Task.Run(() => _source.Hold(false), CancellationToken.None);
        }

        var polled = await Task.Run(() => _source.Poll(BatchPackets, BatchBytes, Patience), CancellationToken.None);
        await PlaceAsync();
        await RewindAsync(abandon);
        List<StreamMessage> messages = [.. _spill, .. polled];
        _spill.Clear();
        messages.RemoveAll(message => _rewound.Contains(message.Partition));
        _rewound.Clear();
        var batch = _ledger.Begin(messages);
        if (batch.Messages.Count > 0)
        {
            _running.Add(Task.Run(() => TakeAsync(batch, abandon), CancellationToken.None));
        }
    }

    // So that a partition without new messages shows where it stands, too.
    private async Task PlaceAsync()
    {
        if (_unplaced.Count > 0)
        {
            _ledger.Place(await Task.Run(() => _source.CommittedOf(_unplaced), CancellationToken.None));
            _unplaced.Clear();
        }
    }

    /// <summary>Whether another batch may start, waiting for that a while.</summary>
    private async Task<bool> HasRoomAsync()
    {
        var started = _clock.GetTimestamp();
        while (true)
        {
            foreach (var ended in _running.Where(task => task.IsCompleted).ToList())
            {
                _running.Remove(ended);
                await ended;
            }

            if (_running.Count < BatchesAtOnce)
            {
                return true;
            }

            if (_isHeld || _clock.GetElapsedTime(started) > FullForLong || _waitsFor is not null)
            {
                return false;
            }

            await Task.WhenAny([.. _running, Task.Delay(CommitEvery, _clock)]);
            if (_clock.GetElapsedTime(_committedAt) > CommitEvery)
            {
                await HousekeepAsync(CancellationToken.None);
            }
        }
    }

    /// <summary>Takes a batch, however long it takes.</summary>
    private async Task TakeAsync(PacketBatch batch, CancellationToken abandon)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await _take.HandleAsync(_subscription, batch.Messages, abandon);
                _waitsFor = null;
                _ledger.Finish(batch);
                return;
            }
            catch (StreamUnavailableException later)
            {
                _waitsFor = later.Message;
                _logger.LogDebug("{Name} waits: {Reason}", _subscription.Name, later.Message);
                await Task.Delay(Pause(attempt), _clock, abandon).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (abandon.IsCancellationRequested)
            {
                // It comes again on whoever holds the partition next.
            }

            if (abandon.IsCancellationRequested || !_ledger.Holds(batch))
            {
                return;
            }
        }
    }

    private static TimeSpan Pause(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 500 * Math.Pow(2, Math.Min(attempt, 10))));

    /// <summary>Does the rewinds that partitions held have before them. What fails is tried again in the next round.</summary>
    private async Task RewindAsync(CancellationToken ct)
    {
        var subscription = _subscription;
        if (_settledNumber != subscription.RewindNumber)
        {
            _settled.Clear();
            _settledNumber = subscription.RewindNumber;
        }

        var open = _ledger.Held.Where(partition => !_settled.Contains(partition)).ToList();
        if (open.Count == 0)
        {
            return;
        }

        if (subscription.RewindTo is not { } time)
        {
            _settled.UnionWith(open);
            return;
        }

        try
        {
            _settled.UnionWith(await _report.RewoundAsync(subscription.Id, subscription.RewindNumber, open, ct));
            var due = open.Where(partition => !_settled.Contains(partition)).ToList();
            if (due.Count > 0)
            {
                await RewindAsync(subscription, due, time, ct);
            }

            _rewindFault = null;
        }
        catch (Exception error) when (error is StreamUnavailableException or TimeoutException || DatabaseFault.Is(error))
        {
            _rewindFault = $"The rewind to {time:yyyy-MM-dd HH:mm:ss} UTC is not done yet: {(error is StreamUnavailableException ? error.Message : "the database does not answer.")}";
        }
    }

    private async Task RewindAsync(SubscriptionDescriptor subscription, List<PartitionId> due, DateTime time, CancellationToken ct)
    {
        var done = await Task.Run(
            () =>
            {
                var sought = _source.OffsetsAt(due, time).Where(_source.Seek).ToList();
                foreach (var offset in sought)
                {
                    _ledger.Rewind(offset);
                    _rewound.Add(offset.Partition);
                }

                // The group goes on from there, too, if this node ends now.
                return _source.Commit(sought) ? sought : [];
            },
            ct);
        await _report.RewindAsync(subscription.Id, _node, subscription.RewindNumber, done, ct);
        _settled.UnionWith(done.Select(offset => offset.Partition));
        _logger.LogInformation("{Name}: {Count} partitions were rewound to {Time:O}", subscription.Name, done.Count, time);
    }

    /// <summary>Commits and reports when it is time.</summary>
    private async Task HousekeepAsync(CancellationToken ct)
    {
        if (_clock.GetElapsedTime(_committedAt) >= CommitEvery)
        {
            _committedAt = _clock.GetTimestamp();
            await Task.Run(Commit, CancellationToken.None);
        }

        if (_clock.GetElapsedTime(_reportedAt) < ReportEvery)
        {
            return;
        }

        _reportedAt = _clock.GetTimestamp();
        try
        {
            await ReportAsync(ct);
        }
        catch (Exception error) when (DatabaseFault.Is(error) || error is TimeoutException)
        {
            _logger.LogWarning("The standing of {Name} could not be written: {Reason}", _subscription.Name, error.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void Commit()
    {
        var offsets = _ledger.ToCommit();
        if (_source.Commit(offsets))
        {
            _ledger.Committed(offsets);
        }
    }

    private async Task ReportAsync(CancellationToken ct)
    {
        var subscription = _subscription;
        var fault = _source.Fault;
        var waits = _waitsFor ?? _rewindFault;
        var state = fault is not null ? StreamStates.Failing : waits is not null ? StreamStates.Waiting : _isMember ? StreamStates.Consuming : StreamStates.Joining;
        await _report.MemberAsync(subscription, _node, state, fault ?? waits, ct);
        if (_released.Count > 0)
        {
            // One that came and went twice has two entries.
            var released = _released.GroupBy(standing => standing.Partition).Select(group => group.Last() with { NewPackets = group.Sum(one => one.NewPackets), PacketsPerSecond = 0 }).ToList();
            await _report.PartitionsAsync(subscription.Id, _node, [.. released.Select(standing => new PartitionReport(standing, null))], ct);
            await _report.ReleaseAsync(subscription.Id, _node, [.. released.Select(standing => standing.Partition)], ct);
            _released.Clear();
        }

        var reports = _ledger.Standings().Select(standing => new PartitionReport(standing, _source.EndOf(standing.Partition))).ToList();
        foreach (var report in reports)
        {
            StreamMeters.Stands(subscription.Name, report.Standing.Partition, report.EndOffset - report.Standing.NextOffset, report.Standing.LastPacketAt);
        }

        await _report.PartitionsAsync(subscription.Id, _node, reports, ct);
    }

    private async Task LeaveAsync(CancellationTokenSource abandon)
    {
        await Task.WhenAny(Task.WhenAll(_running), Task.Delay(Drain, _clock));
        await abandon.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Run(_source.Close, CancellationToken.None);
        StreamMeters.Gone(_subscription.Name, _ledger.Held);
        try
        {
            await ReportAsync(CancellationToken.None);
            await _report.LeaveAsync(_subscription.Id, _node, CancellationToken.None);
        }
        catch (Exception error) when (DatabaseFault.Is(error) || error is TimeoutException)
        {
            _logger.LogInformation("Leaving {Name} could not be noted: {Reason}", _subscription.Name, error.Message);
        }
    }
}
