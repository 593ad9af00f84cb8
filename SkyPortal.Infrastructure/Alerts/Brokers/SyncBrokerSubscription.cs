using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Alerts.Streams;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers;

/// <summary>
/// Keeps the subscription that a broker's settings ask for: where they name a Kafka cluster with topics there is one, and it follows them.
/// It is consumed while the broker is active.
/// </summary>
public sealed class SyncBrokerSubscription(SealedSecrets secrets)
{
    /// <summary>Makes, changes or removes it, within the transaction in which the broker is written; the broker has its key.</summary>
    /// <exception cref="Refusal">The settings of the cluster cannot be, or another subscription has its consumer group.</exception>
    public async Task HandleAsync(SkyPortalContext db, Broker broker, IBroker client, BrokerConfig config, CancellationToken ct)
    {
        var row = await db.Set<StreamSubscription>().SingleOrDefaultAsync(one => one.BrokerId == broker.Id && one.IsOfBroker, ct);
        if (MessageReaders.Find(client.About.Classname) is not { } reader || BrokerKafka.Of(client, config) is not { Topics.Count: > 0 } cluster || await StreamAsync(db, client, config, ct) is not { } stream)
        {
            if (row is not null)
            {
                db.Remove(row);
                db.Record(StreamEvents.Deleted, StreamEvents.Subject(row.Id), payload: new { row.Name });
            }

            return;
        }

        var draft = Check(new SubscriptionDraft
        {
            Name = broker.Name.Length > 100 ? broker.Name[..100] : broker.Name, StreamId = stream, BrokerId = broker.Id, Brokers = cluster.Servers, Topics = cluster.Topics, ConsumerGroup = cluster.Group,
            Security = cluster.Security, Mechanism = cluster.Mechanism, Username = cluster.Username,
        });
        if (await db.Set<StreamSubscription>().AnyAsync(one => !(one.BrokerId == broker.Id && one.IsOfBroker) && (one.Name == draft.Name || (one.Brokers == draft.Brokers && one.ConsumerGroup == draft.ConsumerGroup)), ct))
        {
            throw Refusal.Invalid($"Invalid broker configuration: another subscription is named {draft.Name} or uses the consumer group {draft.ConsumerGroup} at these servers.");
        }

        var isNew = row is null;
        if (row is null)
        {
            row = new StreamSubscription { Name = draft.Name, Brokers = draft.Brokers, ConsumerGroup = draft.ConsumerGroup, BrokerId = broker.Id, IsOfBroker = true, Active = true };
            db.Add(row);
        }

        (row.Name, row.StreamId, row.Brokers, row.Topics, row.ConsumerGroup) = (draft.Name, draft.StreamId, draft.Brokers, [.. draft.Topics], draft.ConsumerGroup);
        (row.Security, row.Mechanism, row.Username, row.Framing) = (draft.Security, draft.Mechanism, draft.Username, reader.Framing);
        row.SealedPassword = cluster.Password is { Length: > 0 } password && StreamSecurity.HasSasl(draft.Security) ? secrets.Seal(ReadSubscriptions.Purpose, password) : null;
        await db.SaveChangesAsync(ct);
        db.Record(isNew ? StreamEvents.Created : StreamEvents.Changed, StreamEvents.Subject(row.Id), payload: new { row.Name, row.Brokers, row.Topics, row.ConsumerGroup, row.Active });
    }

    private static SubscriptionDraft Check(SubscriptionDraft draft)
    {
        try
        {
            return SubscriptionRules.Check(draft);
        }
        catch (Refusal refusal)
        {
            throw Refusal.Invalid($"Invalid broker configuration: {refusal.Message}");
        }
    }

    private static async Task<int?> StreamAsync(SkyPortalContext db, IBroker client, BrokerConfig config, CancellationToken ct)
    {
        var surveys = client.Surveys(config);
        var streams = await db.Set<AlertStream>().AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Name, row.Altdata }).ToListAsync(ct);
        return streams.FirstOrDefault(row => StreamRule.Read(row.Id, row.Name, row.Altdata?.GetRawText())?.Survey is { } survey && surveys.Contains(survey))?.Id;
    }
}
