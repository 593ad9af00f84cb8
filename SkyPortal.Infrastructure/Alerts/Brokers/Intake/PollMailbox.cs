using Microsoft.Extensions.Logging;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>Takes the messages that a broker keeps for this site. They are acknowledged only after the database has committed what they say.</summary>
public sealed class PollMailbox(TakeBrokerAlerts take, FileStore files, ILogger<PollMailbox> logger)
{
    private const int MostRounds = 20;

    /// <summary>Takes what waits, a batch at a time; answers what came of it, for people.</summary>
    public async Task<string> HandleAsync(OpenedBroker broker, IBrokerMailbox client, IReadOnlyList<MappedFilter> filters, int limit, PollHold hold, CancellationToken ct)
    {
        var meant = filters.Where(filter => BrokerTopics.IsFor(client, broker.Ask.Config, filter, null, [])).ToList();
        var (messages, bad, candidates, points) = (0, 0, 0, 0);
        for (var round = 0; round < MostRounds; round++)
        {
            var pulled = await client.PullAsync(broker.Ask, limit, ct);
            if (pulled.Count == 0)
            {
                break;
            }

            var alerts = new List<(MailboxMessage Message, PassedAlert Alert)>();
            foreach (var message in pulled)
            {
                try
                {
                    var alert = PacketAlerts.OfContainer(message.Value);
                    alerts.Add((message, new PassedAlert(alert, [.. meant.Select(filter => new BrokerPassing(filter, null))])));
                }
                catch (PacketFormatException error)
                {
                    await KeepAsync(broker, message, error.Message, ct);
                    bad++;
                }
            }

            foreach (var taken in await TakeAsync(broker, alerts, ct))
            {
                (candidates, points) = (candidates + taken.Candidates, points + taken.Points);
            }

            messages += pulled.Count;
            await client.AcknowledgeAsync(broker.Ask, [.. pulled.Select(message => message.Ticket)], ct);
            await hold.KeepAsync(ct);
        }

        return PollNotes.Of("message", messages, candidates, points) + (bad > 0 ? $" {bad} could not be read; their bytes are kept, and the log names them." : "");
    }

    // One alert that the database refuses must not hold up the others for ever.
    private async Task<IReadOnlyList<TakenAlerts>> TakeAsync(OpenedBroker broker, List<(MailboxMessage Message, PassedAlert Alert)> alerts, CancellationToken ct)
    {
        try
        {
            return [await take.HandleAsync([.. alerts.Select(pair => pair.Alert)], ct)];
        }
        catch (Exception error) when (DatabaseFault.IsAboutData(error))
        {
            var taken = new List<TakenAlerts>();
            foreach (var (message, alert) in alerts)
            {
                try
                {
                    taken.Add(await take.HandleAsync([alert], ct));
                }
                catch (Exception one) when (DatabaseFault.IsAboutData(one))
                {
                    await KeepAsync(broker, message, $"the database refuses it: {one.Message}", ct);
                }
            }

            return taken;
        }
    }

    private async Task KeepAsync(OpenedBroker broker, MailboxMessage message, string reason, CancellationToken ct) =>
        logger.LogWarning("Message {Message} of {Broker} was not taken: {Reason}. Its bytes are kept under {Address}", message.Name, broker.Name, reason, await files.PutAsync(message.Value, ct));
}

/// <summary>What came of a poll, for people.</summary>
internal static class PollNotes
{
    public static string Of(string what, int count, int candidates, int points) =>
        FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}, {candidates} new candidate{(candidates == 1 ? "" : "s")}, {points} new measurement{(points == 1 ? "" : "s")}.");
}
