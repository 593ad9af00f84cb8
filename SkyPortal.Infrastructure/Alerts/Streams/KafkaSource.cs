using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Opens consumers of Kafka.</summary>
public sealed class KafkaSources(StreamSettings settings, TimeProvider clock, ILogger<KafkaSources> logger) : IPacketSources
{
    /// <inheritdoc/>
    public string? Obstacle => KafkaLibrary.IsAvailable ? null : KafkaLibrary.HowToInstall;

    /// <inheritdoc/>
    public IPacketSource Open(SubscriptionDescriptor subscription, IPartitionHolder holder)
    {
        if (Obstacle is { } obstacle)
        {
            throw new StreamUnavailableException(obstacle);
        }

        try
        {
            return new KafkaSource(KafkaSettings.Of(subscription, settings), subscription.Topics, holder, clock, logger);
        }
        catch (Exception error) when (error is KafkaException or ArgumentException or InvalidOperationException)
        {
            throw new StreamUnavailableException($"The Kafka client refuses the configuration: {error.Message}", error);
        }
    }
}

/// <summary>A consumer of Kafka.</summary>
internal sealed class KafkaSource : IPacketSource
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);

    // Of packets that come one by one a few make a batch.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly List<StreamMessage> _gathered = [];
    private bool _isLeaving;
    private bool _isRebalanced;
    private string? _refused;
    private volatile string? _fault;
    private volatile bool _isAboutRights;

    public KafkaSource(ConsumerConfig config, IReadOnlyList<string> topics, IPartitionHolder holder, TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        _consumer = new ConsumerBuilder<byte[], byte[]>(config)
            .SetPartitionsAssignedHandler((_, partitions) => Rebalanced(() => holder.Assigned([.. partitions.Select(IdOf)])))
            .SetPartitionsRevokedHandler((_, partitions) => Rebalanced(() => Leave([.. partitions.Select(partition => IdOf(partition.TopicPartition))], holder.Revoked)))
            .SetPartitionsLostHandler((_, partitions) => Rebalanced(() => Leave([.. partitions.Select(partition => IdOf(partition.TopicPartition))], holder.Lost)))
            .SetErrorHandler((_, error) => Failed(error))
            .SetStatisticsHandler((_, json) => Look(json))
            .SetLogHandler((_, entry) => logger.LogDebug("{Message}", entry.Message))
            .Build();
        _consumer.Subscribe(topics);
    }

    public string? Fault => _fault ?? _refused;

    public IReadOnlyList<StreamMessage> Poll(int most, long mostBytes, TimeSpan patience)
    {
        _gathered.Clear();
        _isRebalanced = false;
        var started = _clock.GetTimestamp();
        long bytes = 0;
        do
        {
            var wait = _gathered.Count == 0 ? patience : Linger - _clock.GetElapsedTime(started);
            if (Next(wait > TimeSpan.Zero ? wait : TimeSpan.Zero) is not { } message)
            {
                break;
            }

            if (_gathered.Count == 0)
            {
                started = _clock.GetTimestamp();
            }

            _gathered.Add(message);
            bytes += message.Value.Length;
        }
        while (_gathered.Count < most && bytes < mostBytes && !_isRebalanced);
        return [.. _gathered];
    }

    public bool Commit(IReadOnlyCollection<PartitionOffset> offsets)
    {
        if (offsets.Count == 0)
        {
            return true;
        }

        try
        {
            _consumer.Commit(offsets.Select(Place));
            return true;
        }
        catch (KafkaException error)
        {
            _logger.LogDebug("Offsets were not committed now: {Reason}", error.Error.Reason);
            return false;
        }
    }

    public void Hold(bool on)
    {
        try
        {
            if (on)
            {
                _consumer.Pause(_consumer.Assignment);
            }
            else
            {
                _consumer.Resume(_consumer.Assignment);
            }
        }
        catch (KafkaException error)
        {
            _logger.LogDebug("The flow was not {What}: {Reason}", on ? "stopped" : "resumed", error.Error.Reason);
        }
    }

    public bool Seek(PartitionOffset offset)
    {
        try
        {
            _consumer.Seek(Place(offset));
            return true;
        }
        catch (KafkaException error)
        {
            _logger.LogDebug("Partition {Partition} is not ready to be rewound: {Reason}", offset.Partition, error.Error.Reason);
            return false;
        }
    }

    public IReadOnlyList<PartitionOffset> OffsetsAt(IReadOnlyCollection<PartitionId> partitions, DateTime utc)
    {
        try
        {
            var time = new Timestamp(utc, TimestampType.CreateTime);
            return [.. _consumer.OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(PlaceOf(partition), time)), Answer)
                .Select(found => new PartitionOffset(
                    IdOf(found.TopicPartition),
                    found.Offset.Value >= 0 ? found.Offset.Value : _consumer.QueryWatermarkOffsets(found.TopicPartition, Answer).High.Value))];
        }
        catch (KafkaException error)
        {
            throw new StreamUnavailableException($"The brokers did not tell the offsets of {utc:yyyy-MM-dd HH:mm:ss} UTC: {error.Error.Reason}", error);
        }
    }

    public IReadOnlyList<PartitionOffset> CommittedOf(IReadOnlyCollection<PartitionId> partitions)
    {
        try
        {
            return [.. _consumer.Committed(partitions.Select(PlaceOf), Answer)
                .Where(place => place.Offset.Value >= 0).Select(place => new PartitionOffset(IdOf(place.TopicPartition), place.Offset.Value))];
        }
        catch (KafkaException error)
        {
            _logger.LogDebug("The brokers did not tell where the group goes on: {Reason}", error.Error.Reason);
            return [];
        }
    }

    public long? EndOf(PartitionId partition)
    {
        try
        {
            return _consumer.GetWatermarkOffsets(PlaceOf(partition)).High is { Value: >= 0 } end ? end.Value : null;
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    public void Close()
    {
        if (_isLeaving)
        {
            return;
        }

        _isLeaving = true;
        try
        {
            _consumer.Close();
        }
        catch (KafkaException error)
        {
            _logger.LogInformation("The group was not left in order: {Reason}", error.Error.Reason);
        }
    }

    public void Dispose() => _consumer.Dispose();

    private StreamMessage? Next(TimeSpan wait)
    {
        try
        {
            if (_consumer.Consume(wait) is not { Message: { } message } result)
            {
                return null;
            }

            (_fault, _refused) = (null, null);
            return new StreamMessage(IdOf(result.TopicPartition), result.Offset.Value, message.Key, message.Value);
        }
        catch (ConsumeException error)
        {
            _refused = PlainOf(error.Error, _logger);
            return null;
        }
    }

    private void Rebalanced(Action tell)
    {
        _isRebalanced = true;
        _refused = null;
        tell();
    }

    // What was gathered of a partition that goes is the next holder's.
    private void Leave(IReadOnlyList<PartitionId> partitions, Action<IReadOnlyList<PartitionId>> tell)
    {
        _gathered.RemoveAll(message => partitions.Contains(message.Partition));
        tell(partitions);
    }

    private void Failed(Error error)
    {
        var isAboutRights = error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed;
        // After refusing, brokers also count as unreachable; that they refuse is what helps.
        if (isAboutRights || !_isAboutRights || _fault is null)
        {
            (_fault, _isAboutRights) = (PlainOf(error, _logger), isAboutRights);
        }
    }

    private static string PlainOf(Error error, ILogger logger)
    {
        logger.LogDebug("Kafka: {Code} {Reason}", error.Code, error.Reason);
        return error.Code switch
        {
            ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed => $"The brokers refuse the user name or the password: {error.Reason}",
            ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve => $"The brokers cannot be reached: {error.Reason}",
            ErrorCode.Local_Ssl => $"The encrypted connection failed: {error.Reason}",
            ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
                $"The brokers do not allow it: {error.Reason}",
            _ => error.Reason,
        };
    }

    // A broker that is up takes back what was said of it.
    private void Look(string json)
    {
        if (_fault is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(json);
        if (document.RootElement.TryGetProperty("brokers", out var brokers)
            && brokers.EnumerateObject().Any(broker => broker.Value.TryGetProperty("state", out var state) && state.GetString() == "UP"))
        {
            _fault = null;
        }
    }

    private static TopicPartition PlaceOf(PartitionId partition) => new(partition.Topic, partition.Partition);

    private static TopicPartitionOffset Place(PartitionOffset offset) => new(PlaceOf(offset.Partition), offset.Offset);

    private static PartitionId IdOf(TopicPartition partition) => new(partition.Topic, partition.Partition.Value);
}
