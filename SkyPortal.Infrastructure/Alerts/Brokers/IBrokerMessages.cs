using SkyPortal.Infrastructure.Alerts.Streams;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>A broker that keeps whole packets of ZTF for those who subscribed, until they say that they have them.</summary>
public interface IBrokerMailbox : IBroker
{
    /// <summary>How long to wait between two times unless the site says otherwise.</summary>
    TimeSpan PollInterval { get; }

    /// <summary>Whether it is set up with a subscription.</summary>
    bool HasMailbox(BrokerConfig config);

    /// <summary>Messages that wait, each with the ticket by which it is acknowledged; empty where none do.</summary>
    /// <exception cref="Outside.OutsideException">It did not answer, or not what can be read.</exception>
    Task<IReadOnlyList<MailboxMessage>> PullAsync(BrokerAsk ask, int limit, CancellationToken ct);

    /// <summary>Tells that messages are safe here; the broker does not give them again.</summary>
    /// <exception cref="Outside.OutsideException">It did not answer; they come again.</exception>
    Task AcknowledgeAsync(BrokerAsk ask, IReadOnlyList<string> tickets, CancellationToken ct);
}

/// <summary>A message of a mailbox.</summary>
/// <param name="Ticket">By which it is acknowledged.</param>
/// <param name="Name">The broker's name of it, for reports.</param>
/// <param name="Value">The packet, an Avro container.</param>
public sealed record MailboxMessage(string Ticket, string Name, ReadOnlyMemory<byte> Value);

/// <summary>A broker whose alerts come as messages of a Kafka cluster.</summary>
public interface IBrokerMessages : IBroker
{
    /// <summary>The Kafka cluster as the broker's settings name it; null where they name none.</summary>
    BrokerKafka? Kafka(BrokerConfig config);
}

/// <summary>A Kafka cluster as it stands in the settings of a broker.</summary>
/// <param name="Servers">host:port, separated by commas.</param>
/// <param name="Group">Consumer group.</param>
/// <param name="Topics">Topics.</param>
/// <param name="Security">How it is reached.</param>
/// <param name="Mechanism">SASL mechanism; null without SASL.</param>
/// <param name="Username">User name; null without SASL.</param>
/// <param name="Password">Password; null without SASL.</param>
public sealed record BrokerKafka(string Servers, string Group, IReadOnlyList<string> Topics, string Security, string? Mechanism, string? Username, string? Password)
{
    /// <summary>Reads it from a block of settings; null where it names no server.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="block">Name of the block.</param>
    /// <param name="defaultServers">Servers where none are named; null for none.</param>
    /// <param name="securityWithPassword">How servers that ask for a password are reached where the block does not say.</param>
    public static BrokerKafka? Read(BrokerConfig config, string block, string? defaultServers, string securityWithPassword)
    {
        var servers = config.Text($"{block}.servers") ?? (config.Text($"{block}.host") is { } host ? $"{host}:{config.Text($"{block}.port") ?? "9092"}" : defaultServers);
        if (servers is null)
        {
            return null;
        }

        var (username, topics) = (config.Text($"{block}.username"), (config.Altdata[block] as System.Text.Json.Nodes.JsonObject)?["topics"] as System.Text.Json.Nodes.JsonArray);
        return new BrokerKafka(
            servers,
            config.Text($"{block}.group_id") ?? (username is null ? "skyportal" : $"{username}-skyportal"),
            topics is null ? [] : [.. topics.Select(topic => $"{topic}".Trim()).Where(topic => topic.Length > 0)],
            username is null ? Domain.Alerts.StreamSecurity.Plaintext : config.Text($"{block}.security") ?? securityWithPassword,
            username is null ? null : config.Text($"{block}.sasl_mechanism") ?? "SCRAM-SHA-512",
            username,
            username is null ? null : config.Text($"{block}.password"));
    }

    /// <summary>The cluster as a consumer needs it.</summary>
    internal SubscriptionDescriptor Describe(string name) => new()
    {
        Id = 0, Name = name, StreamName = "", Brokers = Servers, Topics = Topics, ConsumerGroup = Group, Security = Security, Mechanism = Mechanism, Username = Username, Password = Password,
        Framing = Domain.Alerts.StreamFramings.Container, Modified = default, RewindNumber = 0,
    };

    /// <summary>Keeps the password out of logs.</summary>
    public override string ToString() => Servers;
}
