using Confluent.Kafka;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>A subscription in the terms of librdkafka.</summary>
public static class KafkaSettings
{
    // Bounds what is fetched ahead, whatever the number of partitions.
    private const int QueuedKilobytes = 32 << 10;
    private const int FetchBytes = 16 << 20;

    /// <summary>Configuration of the consumer. The offsets are committed by the platform alone, after the database has committed.</summary>
    public static ConsumerConfig Of(SubscriptionDescriptor subscription, StreamSettings settings)
    {
        var session = settings.SessionMilliseconds;
        var config = new ConsumerConfig
        {
            BootstrapServers = subscription.Brokers,
            GroupId = subscription.ConsumerGroup,
            ClientId = $"skyportal-{settings.NodeName}",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            // What the brokers no longer hold is skipped, what they hold is not.
            AutoOffsetReset = AutoOffsetReset.Earliest,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.RoundRobin,
            SessionTimeoutMs = session,
            HeartbeatIntervalMs = Math.Max(100, session / 10),
            TopicMetadataRefreshIntervalMs = settings.TopicsMilliseconds,
            QueuedMaxMessagesKbytes = QueuedKilobytes,
            FetchMaxBytes = FetchBytes,
            FetchWaitMaxMs = 100,
            SocketKeepaliveEnable = true,
            ReconnectBackoffMaxMs = 10_000,
            StatisticsIntervalMs = 2000,
        };
        return Reach(config, subscription, settings);
    }

    /// <summary>Configuration of a client that only asks.</summary>
    public static ClientConfig Access(SubscriptionDescriptor subscription, StreamSettings settings) =>
        Reach(new ClientConfig { BootstrapServers = subscription.Brokers, ClientId = $"skyportal-{settings.NodeName}" }, subscription, settings);

    private static T Reach<T>(T config, SubscriptionDescriptor subscription, StreamSettings settings)
        where T : ClientConfig
    {
        config.SecurityProtocol = Protocol(subscription.Security);
        if (config.SecurityProtocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl && settings.CertificateAuthorities is { } authorities)
        {
            config.SslCaLocation = authorities;
        }

        if (StreamSecurity.HasSasl(subscription.Security))
        {
            config.SaslMechanism = Mechanism(subscription.Mechanism);
            config.SaslUsername = subscription.Username;
            config.SaslPassword = subscription.Password;
        }

        return config;
    }

    private static SecurityProtocol Protocol(string security) => security switch
    {
        StreamSecurity.Plaintext => SecurityProtocol.Plaintext,
        StreamSecurity.Ssl => SecurityProtocol.Ssl,
        StreamSecurity.SaslPlaintext => SecurityProtocol.SaslPlaintext,
        StreamSecurity.SaslSsl => SecurityProtocol.SaslSsl,
        _ => throw new StreamUnavailableException($"'{security}' is no way to reach brokers."),
    };

    private static SaslMechanism Mechanism(string? mechanism) => mechanism switch
    {
        "PLAIN" => SaslMechanism.Plain,
        "SCRAM-SHA-256" => SaslMechanism.ScramSha256,
        "SCRAM-SHA-512" => SaslMechanism.ScramSha512,
        _ => throw new StreamUnavailableException($"'{mechanism}' is no SASL mechanism that is known here."),
    };
}
