namespace SkyPortal.Domain.Alerts;

/// <summary>
/// What the site reads from a Kafka cluster: topics of one survey, consumed as one consumer group by all nodes together. The
/// password is sealed and leaves the database only towards the brokers.
/// </summary>
public sealed class StreamSubscription : DirectoryRow
{
    /// <summary>Name for people, unique.</summary>
    public required string Name { get; set; }

    /// <summary>Stream whose survey the packets are of.</summary>
    public int StreamId { get; set; }

    /// <summary>Broker whose messages these are; null where they are packets of the survey itself.</summary>
    public int? BrokerId { get; set; }

    /// <summary>Whether it is the one that the broker's own settings ask for, and follows them.</summary>
    public bool IsOfBroker { get; set; }

    /// <summary>Bootstrap servers, host:port, separated by commas.</summary>
    public required string Brokers { get; set; }

    /// <summary>Topics; one that begins with ^ is a pattern (POSIX extended).</summary>
    public string[] Topics { get; set; } = [];

    /// <summary>Consumer group, which all nodes share.</summary>
    public required string ConsumerGroup { get; set; }

    /// <summary>How the brokers are reached; one of <see cref="StreamSecurity"/>.</summary>
    public string Security { get; set; } = StreamSecurity.Plaintext;

    /// <summary>SASL mechanism; null where there is no SASL.</summary>
    public string? Mechanism { get; set; }

    /// <summary>SASL user name; null where there is no SASL.</summary>
    public string? Username { get; set; }

    /// <summary>SASL password, sealed; null where there is no SASL.</summary>
    public string? SealedPassword { get; set; }

    /// <summary>How a message holds its packet; one of <see cref="StreamFramings"/>.</summary>
    public string Framing { get; set; } = StreamFramings.Container;

    /// <summary>Base address of the schema registry; null where there is none.</summary>
    public string? RegistryAddress { get; set; }

    /// <summary>Folder with schemas by version, the same path on every node; null where there is none.</summary>
    public string? SchemaFolder { get; set; }

    /// <summary>Whether the nodes consume it.</summary>
    public bool Active { get; set; }

    /// <summary>Counts the rewinds; a partition that has done fewer has one before it. The place of beginning is the first.</summary>
    public int RewindNumber { get; set; }

    /// <summary>UTC time of messages to which the last rewind goes; null where there was none.</summary>
    public DateTime? RewindTo { get; set; }

    /// <summary>When the last rewind was asked for (UTC).</summary>
    public DateTime? RewindAskedAt { get; set; }
}

/// <summary>How brokers are reached.</summary>
public static class StreamSecurity
{
    public const string Plaintext = "plaintext";
    public const string Ssl = "ssl";
    public const string SaslPlaintext = "sasl_plaintext";
    public const string SaslSsl = "sasl_ssl";

    /// <summary>Every way.</summary>
    public static IReadOnlyList<string> All { get; } = [Plaintext, Ssl, SaslPlaintext, SaslSsl];

    /// <summary>SASL mechanisms with a user name and a password.</summary>
    public static IReadOnlyList<string> Mechanisms { get; } = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

    /// <summary>Whether it asks for a user name and a password.</summary>
    public static bool HasSasl(string security) => security is SaslPlaintext or SaslSsl;
}

/// <summary>How a message holds its packet.</summary>
public static class StreamFramings
{
    /// <summary>An Avro object container, as ZTF sends them.</summary>
    public const string Container = "container";

    /// <summary>A schema id before the record, as Rubin sends them.</summary>
    public const string Confluent = "confluent";

    /// <summary>The record as the value and its schema as the key, as Fink sends them.</summary>
    public const string Keyed = "keyed";

    /// <summary>JSON, as Lasair sends it; only brokers do.</summary>
    public const string Json = "json";

    /// <summary>BSON under zlib, as ANTARES sends it; only brokers do.</summary>
    public const string Bson = "bson";

    /// <summary>Every framing of packets.</summary>
    public static IReadOnlyList<string> All { get; } = [Container, Confluent, Keyed];
}

/// <summary>A node that consumes a subscription, as it last told.</summary>
public sealed class StreamMember : DirectoryRow
{
    public int SubscriptionId { get; set; }

    /// <summary>Name of the node.</summary>
    public required string Node { get; set; }

    /// <summary>One of <see cref="StreamStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>What is wrong, for people; null where nothing is. It holds no secrets.</summary>
    public string? Fault { get; set; }
}

/// <summary>States of a member.</summary>
public static class StreamStates
{
    /// <summary>It connects and waits for its share of the partitions.</summary>
    public const string Joining = "joining";

    /// <summary>It takes packets.</summary>
    public const string Consuming = "consuming";

    /// <summary>It waits for something that packets need: the database, the schema registry, the disk.</summary>
    public const string Waiting = "waiting";

    /// <summary>The brokers cannot be reached or refuse it.</summary>
    public const string Failing = "failing";
}

/// <summary>A partition of a topic of a subscription.</summary>
public sealed class StreamPartition : DataRow
{
    public int SubscriptionId { get; set; }

    public required string Topic { get; set; }

    /// <summary>Number of the partition within its topic, from 0.</summary>
    public int Partition { get; set; }

    /// <summary>Node that holds it; null while none does.</summary>
    public string? Node { get; set; }

    /// <summary>Offset of the next packet to take: all before it are in the database or set aside. Null before the first.</summary>
    public long? NextOffset { get; set; }

    /// <summary>Offset behind the newest message; null before it is known.</summary>
    public long? EndOffset { get; set; }

    /// <summary>Packets taken since the row was made, set aside ones included.</summary>
    public long Packets { get; set; }

    /// <summary>Packets per second, over the last half minute.</summary>
    public double PacketsPerSecond { get; set; }

    /// <summary>When the last packet was taken (UTC).</summary>
    public DateTime? LastPacketAt { get; set; }

    /// <summary>Number of the last rewind that it has done.</summary>
    public int RewindNumber { get; set; }
}

/// <summary>A packet that could not be taken. It never stops its partition; its bytes wait in the file store.</summary>
public sealed class SetAsidePacket : DataRow
{
    /// <summary>Subscription that it came by; null where it came by a broker's mailbox.</summary>
    public int? SubscriptionId { get; set; }

    /// <summary>Broker whose mailbox held it; null where it came by a subscription.</summary>
    public int? BrokerId { get; set; }

    /// <summary>Its topic, or the name of the mailbox.</summary>
    public required string Topic { get; set; }

    /// <summary>0 for a mailbox.</summary>
    public int Partition { get; set; }

    /// <summary>Its offset; of a mailbox a number that follows from its name there.</summary>
    public long Offset { get; set; }

    /// <summary>Why it could not be taken, for people.</summary>
    public required string Reason { get; set; }

    /// <summary>Address of its bytes in the file store.</summary>
    public required string FileHash { get; set; }

    /// <summary>Address of its key in the file store, where the key is needed to read it.</summary>
    public string? KeyHash { get; set; }

    /// <summary>Number of its bytes.</summary>
    public int Bytes { get; set; }

    /// <summary>One of <see cref="SetAsideStates"/>.</summary>
    public string State { get; set; } = SetAsideStates.Waiting;

    /// <summary>Who replayed or dismissed it; null while it waits.</summary>
    public int? ClosedById { get; set; }
}

/// <summary>What became of a packet that was set aside.</summary>
public static class SetAsideStates
{
    /// <summary>Nothing yet.</summary>
    public const string Waiting = "waiting";

    /// <summary>It was taken in after all.</summary>
    public const string Replayed = "replayed";

    /// <summary>Somebody decided that it is not needed.</summary>
    public const string Dismissed = "dismissed";
}
