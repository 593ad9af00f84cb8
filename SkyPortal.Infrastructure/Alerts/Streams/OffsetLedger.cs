namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>
/// What of each partition is under way, done and committed. Batches end in any order; an offset is offered for commit only when
/// everything before it is done. What belongs to a partition that went, or was rewound, is forgotten. Safe for concurrent use.
/// </summary>
internal sealed class OffsetLedger(TimeProvider clock)
{
    private readonly object _lock = new();
    private readonly Dictionary<PartitionId, PartitionTrack> _tracks = [];

    /// <summary>Partitions held.</summary>
    public IReadOnlyList<PartitionId> Held
    {
        get
        {
            lock (_lock)
            {
                return [.. _tracks.Keys];
            }
        }
    }

    /// <summary>Starts afresh with a partition; where it goes on is not known yet.</summary>
    public void Assign(IEnumerable<PartitionId> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                _tracks[partition] = new PartitionTrack();
            }
        }
    }

    /// <summary>Forgets partitions and answers how they stood; what of them is under way ends without an effect here.</summary>
    public IReadOnlyList<PartitionStanding> Drop(IReadOnlyCollection<PartitionId> partitions)
    {
        lock (_lock)
        {
            var last = Standings(partitions);
            foreach (var partition in partitions)
            {
                _tracks.Remove(partition);
            }

            return last;
        }
    }

    /// <summary>Notes where a partition goes on, where that is not known yet.</summary>
    public void Place(IEnumerable<PartitionOffset> offsets)
    {
        lock (_lock)
        {
            foreach (var offset in offsets)
            {
                if (_tracks.TryGetValue(offset.Partition, out var track))
                {
                    track.Next ??= offset.Offset;
                    track.Committed ??= offset.Offset;
                }
            }
        }
    }

    /// <summary>Goes on elsewhere in a partition; what of it is under way counts no more.</summary>
    public void Rewind(PartitionOffset to)
    {
        lock (_lock)
        {
            if (_tracks.TryGetValue(to.Partition, out var track))
            {
                _tracks[to.Partition] = new PartitionTrack { Next = to.Offset, Committed = to.Offset, NewPackets = track.NewPackets, LastPacketAt = track.LastPacketAt, Rate = track.Rate };
            }
        }
    }

    /// <summary>Notes that messages are under way. Of a partition that is not held they are left out; the rest is answered.</summary>
    public PacketBatch Begin(IReadOnlyList<StreamMessage> messages)
    {
        lock (_lock)
        {
            var kept = messages.Where(message => _tracks.ContainsKey(message.Partition)).ToList();
            var slots = kept.GroupBy(message => message.Partition).Select(group =>
            {
                var slot = new Slot(_tracks[group.Key], group.Max(message => message.Offset) + 1, group.Count());
                slot.Track.UnderWay.Enqueue(slot);
                slot.Track.Next ??= group.Min(message => message.Offset);
                return slot;
            }).ToList();
            return new PacketBatch(kept, slots);
        }
    }

    /// <summary>Notes that a batch is in the database, or set aside.</summary>
    public void Finish(PacketBatch batch)
    {
        lock (_lock)
        {
            foreach (var slot in batch.Slots)
            {
                slot.IsDone = true;
                var track = slot.Track;
                track.NewPackets += slot.Packets;
                track.HasFinished = true;
                track.LastPacketAt = clock.GetUtcNow().UtcDateTime;
                track.Rate.Add(clock.GetTimestamp(), slot.Packets, clock);
                while (track.UnderWay.TryPeek(out var first) && first.IsDone)
                {
                    track.Next = track.UnderWay.Dequeue().NextOffset;
                }
            }

            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until nothing of these partitions is under way; false where that takes longer than the limit.</summary>
    public bool AwaitIdle(IReadOnlyCollection<PartitionId> partitions, TimeSpan limit)
    {
        lock (_lock)
        {
            var started = clock.GetTimestamp();
            while (partitions.Any(partition => _tracks.TryGetValue(partition, out var track) && track.UnderWay.Count > 0))
            {
                var left = limit - clock.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(_lock, left);
            }

            return true;
        }
    }

    /// <summary>Whether any of a batch still counts here.</summary>
    public bool Holds(PacketBatch batch)
    {
        lock (_lock)
        {
            return batch.Slots.Any(slot => _tracks.ContainsValue(slot.Track));
        }
    }

    /// <summary>Offsets that the database has passed and the brokers do not know of.</summary>
    public IReadOnlyList<PartitionOffset> ToCommit(IReadOnlyCollection<PartitionId>? of = null)
    {
        lock (_lock)
        {
            return [.. _tracks
                .Where(pair => (of is null || of.Contains(pair.Key)) && pair.Value is { Next: not null, HasFinished: true } track && track.Next != track.Committed)
                .Select(pair => new PartitionOffset(pair.Key, pair.Value.Next!.Value))];
        }
    }

    /// <summary>Notes that the brokers know.</summary>
    public void Committed(IEnumerable<PartitionOffset> offsets)
    {
        lock (_lock)
        {
            foreach (var offset in offsets)
            {
                if (_tracks.TryGetValue(offset.Partition, out var track))
                {
                    track.Committed = offset.Offset;
                }
            }
        }
    }

    /// <summary>How partitions stand; all that are held where none are named. What was counted is counted once.</summary>
    public IReadOnlyList<PartitionStanding> Standings(IReadOnlyCollection<PartitionId>? of = null)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            return [.. _tracks.Where(pair => of is null || of.Contains(pair.Key)).Select(pair => new PartitionStanding(
                pair.Key, pair.Value.Next, pair.Value.TakePackets(), pair.Value.Rate.PerSecond(now, clock), pair.Value.LastPacketAt))];
        }
    }

    /// <summary>Some messages of one partition in a batch.</summary>
    internal sealed class Slot(PartitionTrack track, long nextOffset, int packets)
    {
        public PartitionTrack Track => track;

        public long NextOffset => nextOffset;

        public int Packets => packets;

        public bool IsDone { get; set; }
    }

    internal sealed class PartitionTrack
    {
        public Queue<Slot> UnderWay { get; } = new();

        public long? Next { get; set; }

        public long? Committed { get; set; }

        public long NewPackets { get; set; }

        public DateTime? LastPacketAt { get; set; }

        public RateWindow Rate { get; init; } = new();

        public bool HasFinished { get; set; }

        /// <summary>Packets since the last call.</summary>
        public long TakePackets()
        {
            var more = NewPackets;
            NewPackets = 0;
            return more;
        }
    }
}

/// <summary>Messages that are taken in together.</summary>
internal sealed record PacketBatch(IReadOnlyList<StreamMessage> Messages, IReadOnlyList<OffsetLedger.Slot> Slots);

/// <summary>How a partition stands on this node.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">Offset up to which the database has everything.</param>
/// <param name="NewPackets">Packets since the last report.</param>
/// <param name="PacketsPerSecond">Over the last half minute.</param>
/// <param name="LastPacketAt">UTC.</param>
internal readonly record struct PartitionStanding(PartitionId Partition, long? NextOffset, long NewPackets, double PacketsPerSecond, DateTime? LastPacketAt);

/// <summary>Packets per second over the last half minute.</summary>
internal sealed class RateWindow
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);
    private readonly Queue<(long At, int Packets)> _entries = new();
    private long _sum;
    private long? _since;

    public void Add(long at, int packets, TimeProvider clock)
    {
        _since ??= at;
        _entries.Enqueue((at, packets));
        _sum += packets;
        Forget(at, clock);
    }

    public double PerSecond(long now, TimeProvider clock)
    {
        Forget(now, clock);
        if (_since is not { } since || _sum == 0)
        {
            return 0;
        }

        var seconds = Math.Clamp(clock.GetElapsedTime(since, now).TotalSeconds, 1, Length.TotalSeconds);
        return _sum / seconds;
    }

    private void Forget(long now, TimeProvider clock)
    {
        while (_entries.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At, now) > Length)
        {
            _sum -= _entries.Dequeue().Packets;
        }
    }
}
