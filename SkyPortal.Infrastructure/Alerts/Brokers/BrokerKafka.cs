using System.Text.Json.Nodes;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

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
    /// <summary>Servers of SCiMMA's cluster Hopskotch.</summary>
    public const string Hopskotch = "kafka.scimma.org:9092";

    /// <summary>Servers of ANTARES.</summary>
    public const string Antares = "kafka.antares.noirlab.edu:9092";

    /// <summary>The cluster as a broker's settings name it; null where they name none.</summary>
    public static BrokerKafka? Of(IBroker client, BrokerConfig config) => client.About.Classname switch
    {
        "AMPELBROKER" => Read(config, "scimma", Hopskotch, StreamSecurity.SaslSsl),
        "ANTARESBROKER" => Read(config, "antares", Antares, StreamSecurity.SaslSsl, "PLAIN"),
        "FINKBROKER" => Read(config, "fink", null, StreamSecurity.SaslPlaintext),
        _ => null,
    };

    /// <summary>Reads it from a block of settings; null where it names no server.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="block">Name of the block.</param>
    /// <param name="defaultServers">Servers where none are named; null for none.</param>
    /// <param name="securityWithPassword">How servers that ask for a password are reached where the block does not say.</param>
    /// <param name="mechanism">SASL mechanism where the block does not say.</param>
    public static BrokerKafka? Read(BrokerConfig config, string block, string? defaultServers, string securityWithPassword, string mechanism = "SCRAM-SHA-512")
    {
        var servers = config.Text($"{block}.servers") ?? (config.Text($"{block}.host") is { } host ? $"{host}:{config.Text($"{block}.port") ?? "9092"}" : defaultServers);
        if (servers is null)
        {
            return null;
        }

        var (username, topics) = (config.Text($"{block}.username"), (config.Altdata[block] as JsonObject)?["topics"] as JsonArray);
        return new BrokerKafka(
            servers,
            config.Text($"{block}.group_id") ?? (username is null ? "skyportal" : $"{username}-skyportal"),
            topics is null ? [] : [.. topics.Select(topic => $"{topic}".Trim()).Where(topic => topic.Length > 0)],
            username is null ? StreamSecurity.Plaintext : config.Text($"{block}.security") ?? securityWithPassword,
            username is null ? null : config.Text($"{block}.sasl_mechanism") ?? mechanism,
            username,
            username is null ? null : config.Text($"{block}.password"));
    }

    /// <summary>The cluster as a consumer needs it.</summary>
    internal SubscriptionDescriptor Describe(string name) => new()
    {
        Id = 0, Name = name, StreamName = "", Brokers = Servers, Topics = Topics, ConsumerGroup = Group, Security = Security, Mechanism = Mechanism, Username = Username, Password = Password,
        Framing = StreamFramings.Container, Modified = default, RewindNumber = 0,
    };

    /// <summary>Keeps the password out of logs.</summary>
    public override string ToString() => Servers;
}
