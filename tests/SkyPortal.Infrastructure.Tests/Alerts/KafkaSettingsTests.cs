using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using SkyPortal.Domain;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Alerts;

/// <summary>What a subscription means to the Kafka client, and which subscriptions are refused.</summary>
public sealed class KafkaSettingsTests
{
    private static readonly SubscriptionDraft Draft = new()
    {
        Name = "ZTF", StreamId = 1, Brokers = " a.example.org:9092 , [::1]:9093,", Topics = ["^ztf_[0-9]{8}_programid1$", " ", "other"], ConsumerGroup = "group",
    };

    [Theory]
    [InlineData(StreamSecurity.Plaintext, null, SecurityProtocol.Plaintext, null)]
    [InlineData(StreamSecurity.Ssl, null, SecurityProtocol.Ssl, null)]
    [InlineData(StreamSecurity.SaslPlaintext, "PLAIN", SecurityProtocol.SaslPlaintext, SaslMechanism.Plain)]
    [InlineData(StreamSecurity.SaslSsl, "SCRAM-SHA-256", SecurityProtocol.SaslSsl, SaslMechanism.ScramSha256)]
    [InlineData(StreamSecurity.SaslSsl, "SCRAM-SHA-512", SecurityProtocol.SaslSsl, SaslMechanism.ScramSha512)]
    public void Of_EverySecurity_IsThatOfTheClient(string security, string? mechanism, SecurityProtocol protocol, SaslMechanism? expected)
    {
        var config = KafkaSettings.Of(Descriptor(security, mechanism), Settings());

        Assert.Equal(protocol, config.SecurityProtocol);
        Assert.Equal(expected, config.SaslMechanism);
        Assert.Equal(expected is null ? null : "scanner", config.SaslUsername);
        Assert.Equal(expected is null ? null : "secret", config.SaslPassword);
        Assert.Equal(("a.example.org:9092", "group"), (config.BootstrapServers, config.GroupId));
    }

    [Fact]
    public void Of_Any_LeavesTheOffsetsToThePlatform()
    {
        var config = KafkaSettings.Of(Descriptor(StreamSecurity.Plaintext, null), Settings(("Streams:SessionSeconds", "6"), ("Streams:TopicsSeconds", "5"), ("Streams:NodeName", "n1")));

        Assert.Equal((false, false, AutoOffsetReset.Earliest), (config.EnableAutoCommit, config.EnableAutoOffsetStore, config.AutoOffsetReset));
        Assert.Equal((6000, 600, 5000, "skyportal-n1"), (config.SessionTimeoutMs, config.HeartbeatIntervalMs, config.TopicMetadataRefreshIntervalMs, config.ClientId));
        Assert.True(config.QueuedMaxMessagesKbytes <= 64 << 10);
    }

    [Fact]
    public void Settings_NoNumber_IsRefusedByName() =>
        Assert.Contains("Streams:SessionSeconds", Assert.Throws<InvalidOperationException>(() => Settings(("Streams:SessionSeconds", "soon")).SessionMilliseconds).Message, StringComparison.Ordinal);

    [Fact]
    public void Check_BlanksAndWhatDoesNotBelong_AreTakenAway()
    {
        var plain = SubscriptionRules.Check(Draft with { Username = "nobody", Password = "secret", RegistryAddress = "http://a", Mechanism = "PLAIN" });

        Assert.Equal("a.example.org:9092,[::1]:9093", plain.Brokers);
        Assert.Equal(["^ztf_[0-9]{8}_programid1$", "other"], plain.Topics);
        Assert.Equal((null, null, null, null), (plain.Username, plain.Password, plain.RegistryAddress, plain.Mechanism));
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Brokers", "nowhere")]
    [InlineData("Brokers", "host:99999")]
    [InlineData("Brokers", "http://host:1")]
    [InlineData("Topics", "two words")]
    [InlineData("Topics", "^(")]
    [InlineData("Topics", "^ztf_\\d+$")]
    [InlineData("Topics", "")]
    [InlineData("Consumer group", " ")]
    [InlineData("Security", "open")]
    [InlineData("Mechanism", "GSSAPI")]
    [InlineData("User name", "")]
    [InlineData("Framing", "xml")]
    [InlineData("Schemas")]
    [InlineData("Registry", "ftp://registry")]
    [InlineData("Registry", "http://user:word@registry")]
    [InlineData("Schema folder", "relative/folder")]
    public void Check_SomethingWrong_NamesTheField(string field, string value = "")
    {
        var sasl = Draft with { Security = StreamSecurity.SaslSsl, Mechanism = "PLAIN", Username = "scanner", Password = "secret" };
        var framed = Draft with { Framing = StreamFramings.Confluent };
        var draft = field switch
        {
            "Name" => Draft with { Name = value },
            "Brokers" => Draft with { Brokers = value },
            "Topics" => Draft with { Topics = [value] },
            "Consumer group" => Draft with { ConsumerGroup = value },
            "Security" => Draft with { Security = value },
            "Mechanism" => sasl with { Mechanism = value },
            "User name" => sasl with { Username = value },
            "Framing" => Draft with { Framing = value },
            "Registry" => framed with { RegistryAddress = value },
            "Schema folder" => framed with { SchemaFolder = value },
            _ => framed,
        };

        var refusal = Assert.Throws<Refusal>(() => SubscriptionRules.Check(draft));

        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.StartsWith(field + ":", refusal.Message, StringComparison.Ordinal);
    }

    private static SubscriptionDescriptor Descriptor(string security, string? mechanism) => new()
    {
        Id = 1, Name = "ZTF", StreamName = "ZTF Public", Brokers = "a.example.org:9092", Topics = ["ztf"], ConsumerGroup = "group", Security = security, Mechanism = mechanism,
        Username = mechanism is null ? null : "scanner", Password = mechanism is null ? null : "secret", Framing = StreamFramings.Container, Modified = default, RewindNumber = 0,
    };

    private static StreamSettings Settings(params (string Name, string Value)[] values) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Name, pair => (string?)pair.Value)).Build());
}
