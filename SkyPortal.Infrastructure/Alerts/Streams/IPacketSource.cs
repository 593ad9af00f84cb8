namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>A partition of a topic.</summary>
public readonly record struct PartitionId(string Topic, int Partition);

/// <summary>A place in a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">Offset of the message that comes next.</param>
public readonly record struct PartitionOffset(PartitionId Partition, long Offset);

/// <summary>A message of a stream.</summary>
/// <param name="Partition">Where it lies.</param>
/// <param name="Offset">Where in the partition.</param>
/// <param name="Key">Its key; empty where it has none.</param>
/// <param name="Value">Its value; empty where it has none.</param>
public sealed record StreamMessage(PartitionId Partition, long Offset, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)
{
    /// <summary>Topic, partition and offset.</summary>
    public string Name => FormattableString.Invariant($"{Partition.Topic}/{Partition.Partition}/{Offset}");
}

/// <summary>Who is told of partitions that come and go. Called only from within <see cref="IPacketSource.Poll"/> and <see cref="IPacketSource.Close"/>.</summary>
public interface IPartitionHolder
{
    /// <summary>These partitions are this node's from now on.</summary>
    void Assigned(IReadOnlyList<PartitionId> partitions);

    /// <summary>These go to others when the call returns; until then their offsets may still be committed.</summary>
    void Revoked(IReadOnlyList<PartitionId> partitions);

    /// <summary>These are others' already; nothing of them may be committed.</summary>
    void Lost(IReadOnlyList<PartitionId> partitions);
}

/// <summary>
/// One member of a consumer group. All that follows a message is the same as in a replay from files; only this differs. Its calls
/// block, and one is made at a time.
/// </summary>
public interface IPacketSource : IDisposable
{
    /// <summary>What is wrong with the way to the brokers, for people; null where nothing is.</summary>
    string? Fault { get; }

    /// <summary>Messages as they come: the first is waited for, the others are taken while there are any. Serves the group besides.</summary>
    /// <param name="most">Most messages; 0 only serves the group, and answers messages only where some came all the same.</param>
    /// <param name="mostBytes">Bytes after which it ends.</param>
    /// <param name="patience">How long the first is waited for.</param>
    IReadOnlyList<StreamMessage> Poll(int most, long mostBytes, TimeSpan patience);

    /// <summary>Keeps with the brokers where the group goes on; false where they would not now, because the group is changing.</summary>
    bool Commit(IReadOnlyCollection<PartitionOffset> offsets);

    /// <summary>Stops or resumes the flow of all partitions held.</summary>
    void Hold(bool on);

    /// <summary>Goes on elsewhere; false where the partition is not ready for it yet.</summary>
    bool Seek(PartitionOffset offset);

    /// <summary>Offsets of the first messages at or after a time; the end where there are none.</summary>
    /// <exception cref="StreamUnavailableException">The brokers did not answer.</exception>
    IReadOnlyList<PartitionOffset> OffsetsAt(IReadOnlyCollection<PartitionId> partitions, DateTime utc);

    /// <summary>Where the group goes on in some partitions; those without a committed offset are left out, and all where the brokers do not answer.</summary>
    IReadOnlyList<PartitionOffset> CommittedOf(IReadOnlyCollection<PartitionId> partitions);

    /// <summary>Offset behind the newest message, as far as it is known here.</summary>
    long? EndOf(PartitionId partition);

    /// <summary>Leaves the group; its partitions are revoked first.</summary>
    void Close();
}

/// <summary>Opens sources.</summary>
public interface IPacketSources
{
    /// <summary>Why this node can open none, with what to do about it; null where it can.</summary>
    string? Obstacle { get; }

    /// <summary>Joins the consumer group of a subscription.</summary>
    /// <exception cref="StreamUnavailableException">The configuration is refused.</exception>
    IPacketSource Open(SubscriptionDescriptor subscription, IPartitionHolder holder);
}

/// <summary>A stream cannot be read now. The message may be shown to people and holds no secrets.</summary>
public sealed class StreamUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the brokers refused the user name or the password.</summary>
    public bool RefusesCredentials { get; init; }
}

/// <summary>A subscription with its password opened, for the consumer alone.</summary>
public sealed record SubscriptionDescriptor
{
    public required int Id { get; init; }
    public required string Name { get; init; }
    public required string StreamName { get; init; }

    /// <summary>Broker whose messages these are; null where they are packets of the survey itself.</summary>
    public int? BrokerId { get; init; }

    public required string Brokers { get; init; }
    public required IReadOnlyList<string> Topics { get; init; }
    public required string ConsumerGroup { get; init; }
    public required string Security { get; init; }
    public string? Mechanism { get; init; }
    public string? Username { get; init; }
    public string? Password { get; init; }

    /// <summary>Whether there is a password that the site's keys do not open.</summary>
    public bool IsPasswordShut { get; init; }

    public required string Framing { get; init; }
    public string? RegistryAddress { get; init; }
    public string? SchemaFolder { get; init; }

    /// <summary>When the row was last changed (UTC).</summary>
    public required DateTime Modified { get; init; }

    public required int RewindNumber { get; init; }
    public DateTime? RewindTo { get; init; }

    /// <summary>Keeps the password out of logs.</summary>
    public override string ToString() => $"subscription {Id} {Name}";
}
