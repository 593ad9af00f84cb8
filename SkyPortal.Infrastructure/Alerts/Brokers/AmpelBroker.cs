using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// AMPEL (Nordin et al. 2019): reports on Rubin's transients as messages of the Hopskotch cluster of SCiMMA. It is not searched; what it
/// finds comes by itself, with classes, hosts and features, from which a filter chooses by tags.
/// </summary>
public sealed class AmpelBroker(AskKafka kafka) : IBroker
{
    private static readonly OutsideService Cluster = new("Scimma", "AMPEL (Hopskotch)", null);

    /// <inheritdoc/>
    public BrokerAbout About { get; } = new("AMPELBROKER", "AMPEL", ["LSST"], new BrokerForm(
        new BrokerField("scimma", "SCiMMA", "object")
        {
            IsRequired = true,
            Fields =
            [
                new BrokerField("servers", "Kafka servers") { Default = BrokerKafka.Hopskotch },
                new BrokerField("username", "User name") { Help = "Of a credential made at SCiMMA's page for Hopskotch." },
                new BrokerField("password", "Password") { IsSecret = true },
                new BrokerField("group_id", "Consumer group") { Help = "Begins with the user name." },
                new BrokerField("topics", "Topics", "array") { Help = "ampel.lsst.extragalactic-transients, ampel.lsst.extragalactic-infants" },
                new BrokerField("security", "Security") { Choices = [StreamSecurity.SaslSsl, StreamSecurity.SaslPlaintext], Help = "sasl_ssl where nothing is chosen." },
                new BrokerField("sasl_mechanism", "Mechanism") { Choices = StreamSecurity.Mechanisms, Help = "SCRAM-SHA-512 where nothing is chosen." },
                BrokerFields.FilterIds,
                BrokerFields.TopicFilterIds,
            ],
        }))
    {
        FilterKind = "tags",
        NeedsAccount = true,
        HasMessages = true,
    };

    /// <inheritdoc/>
    public async Task TestAsync(BrokerAsk ask, CancellationToken ct)
    {
        var cluster = BrokerKafka.Of(this, ask.Config)!;
        if (cluster.Username is { } username && !cluster.Group.StartsWith(username, StringComparison.Ordinal))
        {
            throw new OutsideException(Cluster, OutsideFailure.NotConfigured, "The consumer group must begin with the user name.");
        }

        IReadOnlyList<string> topics;
        try
        {
            topics = await kafka.TopicsAsync(cluster.Describe(ask.Config.Name), ct);
        }
        catch (StreamUnavailableException error)
        {
            throw error.RefusesCredentials
                ? new OutsideException(Cluster, OutsideFailure.Refused, error.Message, error) { Status = 401 }
                : new OutsideException(Cluster, OutsideFailure.Unreachable, error.Message, error);
        }

        if (cluster.Topics.FirstOrDefault(topic => !topic.StartsWith('^') && !topics.Contains(topic)) is { } missing)
        {
            throw new OutsideException(Cluster, OutsideFailure.NotConfigured, $"There is no topic {missing} that this account may read.");
        }
    }
}
