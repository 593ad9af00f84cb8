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
