using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.TestSupport;

namespace SkyPortal.TestServer;

/// <summary>
/// A Kafka cluster on loopback ports, that of librdkafka itself: it speaks the real protocol to any process, keeps messages in
/// memory (5 MiB a partition, then it drops the oldest) and knows neither SASL nor offsets by time.
/// </summary>
public sealed partial class MockKafka : IDisposable
{
    private const int ProducerType = 0;
    private readonly IntPtr _handle;
    private readonly IntPtr _cluster;
    private readonly IProducer<byte[]?, byte[]> _producer;

    private MockKafka(int brokers)
    {
        var error = new byte[512];
        var configuration = NewConfiguration();
        // It would complain of having no brokers before it is some.
        _ = Set(configuration, "log_level", "2", error, (nuint)error.Length);
        _handle = New(ProducerType, configuration, error, (nuint)error.Length);
        if (_handle == IntPtr.Zero)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        }

        _cluster = NewCluster(_handle, brokers);
        Brokers = Marshal.PtrToStringUTF8(Bootstraps(_cluster))!;
        _producer = new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig { BootstrapServers = Brokers, LingerMs = 5, MessageMaxBytes = 64 << 20 }).Build();
    }

    /// <summary>Bootstrap servers.</summary>
    public string Brokers { get; }

    /// <summary>Starts one; skips the test where librdkafka is not installed.</summary>
    public static MockKafka Start(int brokers = 1) =>
        KafkaLibrary.IsAvailable ? new MockKafka(brokers) : throw new SkipTestException("No librdkafka: install the package librdkafka1.");

    /// <summary>Makes a topic.</summary>
    public void CreateTopic(string topic, int partitions)
    {
        var code = CreateTopic(_cluster, topic, partitions, 1);
        if (code != 0)
        {
            throw new InvalidOperationException($"The topic {topic} could not be made: {code}.");
        }
    }

    /// <summary>Puts messages into partitions in turn; returns when the brokers have them.</summary>
    public Task ProduceAsync(string topic, int partitions, IEnumerable<byte[]> values) =>
        Task.WhenAll(values.Select((value, i) => ProduceAsync(topic, i % partitions, value)).ToList());

    /// <summary>Puts one message into a partition; answers its offset.</summary>
    public async Task<long> ProduceAsync(string topic, int partition, byte[] value, byte[]? key = null) =>
        (await _producer.ProduceAsync(new TopicPartition(topic, partition), new Message<byte[]?, byte[]> { Key = key, Value = value })).Offset.Value;

    /// <summary>What a consumer group has committed, by partition; those without are left out.</summary>
    public IReadOnlyDictionary<int, long> Committed(string group, string topic, int partitions)
    {
        using var reader = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Brokers, GroupId = group }).Build();
        return reader.Committed(Enumerable.Range(0, partitions).Select(partition => new TopicPartition(topic, partition)), TimeSpan.FromSeconds(20))
            .Where(place => place.Offset.Value >= 0)
            .ToDictionary(place => place.Partition.Value, place => place.Offset.Value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _producer.Dispose();
        DestroyCluster(_cluster);
        Destroy(_handle);
    }

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_conf_new")]
    private static partial IntPtr NewConfiguration();

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(IntPtr configuration, string name, string value, byte[] error, nuint errorSize);

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_new")]
    private static partial IntPtr New(int type, IntPtr configuration, byte[] error, nuint errorSize);

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_destroy")]
    private static partial void Destroy(IntPtr handle);

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_mock_cluster_new")]
    private static partial IntPtr NewCluster(IntPtr handle, int brokers);

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_mock_cluster_destroy")]
    private static partial void DestroyCluster(IntPtr cluster);

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    private static partial IntPtr Bootstraps(IntPtr cluster);

    [LibraryImport("librdkafka.so.1", EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateTopic(IntPtr cluster, string topic, int partitions, int replicas);
}
