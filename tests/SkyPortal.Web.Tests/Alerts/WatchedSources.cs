using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Infrastructure.Alerts.Streams;

namespace SkyPortal.Web.Tests.Alerts;

/// <summary>
/// Sources of Kafka that note what they gave and what was committed, tell offsets by time, which the cluster of the tests cannot,
/// and may lose their commits, as a crash between the database and Kafka does.
/// </summary>
internal sealed class WatchedSources(IPacketSources inner) : IPacketSources
{
    private readonly ConcurrentQueue<(PartitionId Partition, long Offset)> _given = new();
    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>Messages given out, in their order.</summary>
    public IReadOnlyList<(PartitionId Partition, long Offset)> Given => [.. _given];

    /// <summary>Commits of partitions that were not held.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    /// <summary>Whether commits are lost.</summary>
    public bool LosesCommits { get; init; }

    /// <summary>Offset of the first message at or after a time.</summary>
    public Func<DateTime, long>? OffsetAt { get; init; }

    public string? Obstacle => inner.Obstacle;

    public IPacketSource Open(SubscriptionDescriptor subscription, IPartitionHolder holder)
    {
        var watched = new Source(this, holder);
        watched.Inner = inner.Open(subscription, watched);
        return watched;
    }

    /// <summary>Puts them where a node's own would be.</summary>
    /// <param name="services">Services of the node.</param>
    /// <param name="losesCommits">Whether commits are lost.</param>
    /// <param name="offsetAt">Offset of the first message at or after a time.</param>
    public static void Into(IServiceCollection services, bool losesCommits, Func<DateTime, long> offsetAt) => services.AddSingleton<IPacketSources>(
        provider => new WatchedSources(ActivatorUtilities.CreateInstance<KafkaSources>(provider)) { LosesCommits = losesCommits, OffsetAt = offsetAt });

    private sealed class Source(WatchedSources owner, IPartitionHolder holder) : IPacketSource, IPartitionHolder
    {
        private readonly ConcurrentDictionary<PartitionId, bool> _held = new();

        public IPacketSource Inner { get; set; } = null!;

        public string? Fault => Inner.Fault;

        public IReadOnlyList<StreamMessage> Poll(int most, long mostBytes, TimeSpan patience)
        {
            var messages = Inner.Poll(most, mostBytes, patience);
            foreach (var message in messages)
            {
                owner._given.Enqueue((message.Partition, message.Offset));
            }

            return messages;
        }

        public bool Commit(IReadOnlyCollection<PartitionOffset> offsets)
        {
            foreach (var offset in offsets.Where(offset => !_held.ContainsKey(offset.Partition)))
            {
                owner._faults.Enqueue($"{offset} was committed without being held");
            }

            return !owner.LosesCommits && Inner.Commit(offsets);
        }

        public void Hold(bool on) => Inner.Hold(on);

        public bool Seek(PartitionOffset offset) => Inner.Seek(offset);

        public IReadOnlyList<PartitionOffset> OffsetsAt(IReadOnlyCollection<PartitionId> partitions, DateTime utc) => owner.OffsetAt is { } at
            ? [.. partitions.Select(partition => new PartitionOffset(partition, at(utc)))]
            : Inner.OffsetsAt(partitions, utc);

        public IReadOnlyList<PartitionOffset> CommittedOf(IReadOnlyCollection<PartitionId> partitions) => Inner.CommittedOf(partitions);

        public long? EndOf(PartitionId partition) => Inner.EndOf(partition);

        public void Close() => Inner.Close();

        public void Dispose() => Inner.Dispose();

        public void Assigned(IReadOnlyList<PartitionId> partitions)
        {
            foreach (var partition in partitions)
            {
                _held[partition] = true;
            }

            holder.Assigned(partitions);
        }

        public void Revoked(IReadOnlyList<PartitionId> partitions)
        {
            holder.Revoked(partitions);
            Drop(partitions);
        }

        public void Lost(IReadOnlyList<PartitionId> partitions)
        {
            Drop(partitions);
            holder.Lost(partitions);
        }

        private void Drop(IReadOnlyList<PartitionId> partitions)
        {
            foreach (var partition in partitions)
            {
                _held.TryRemove(partition, out _);
            }
        }
    }
}
