using SkyPortal.Infrastructure.Alerts.Streams;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>
/// Takes the messages that a broker keeps for this site. They are acknowledged only after the database has committed what they say, or they
/// were set aside.
/// </summary>
public sealed class PollMailbox(TakeMailbox take, SetAsidePackets setAside)
{
    private const int MostRounds = 20;

    /// <summary>Takes what waits, a batch at a time; answers what came of it, for people.</summary>
    public async Task<string> HandleAsync(OpenedBroker broker, IBrokerMailbox client, IReadOnlyList<MappedFilter> filters, int limit, PollHold hold, CancellationToken ct)
    {
        var (messages, bad, candidates, points) = (0, 0, 0, 0);
        for (var round = 0; round < MostRounds; round++)
        {
            var pulled = await client.PullAsync(broker.Ask, limit, ct);
            if (pulled.Count == 0)
            {
                break;
            }

            var taken = await take.HandleAsync(broker, filters, [.. pulled.Select(message => message.Value)], ct);
            var refused = pulled.Zip(taken.Faults).Where(pair => pair.Second is not null).Select(pair => (pair.First, pair.Second!)).ToList();
            await setAside.OfMailboxAsync(broker.Id, broker.Ask.Config.Text("subscription") ?? "mailbox", refused, ct);
            (messages, bad, candidates, points) = (messages + pulled.Count, bad + refused.Count, candidates + taken.Candidates, points + taken.Points);
            await client.AcknowledgeAsync(broker.Ask, [.. pulled.Select(message => message.Ticket)], ct);
            await hold.KeepAsync(ct);
        }

        return PollNotes.Of("message", messages, candidates, points) + (bad > 0 ? $" {bad} could not be taken and {(bad == 1 ? "is" : "are")} set aside on the page Streams." : "");
    }
}

/// <summary>What came of a poll, for people.</summary>
internal static class PollNotes
{
    public static string Of(string what, int count, int candidates, int points) =>
        FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}, {candidates} new candidate{(candidates == 1 ? "" : "s")}, {points} new measurement{(points == 1 ? "" : "s")}.");
}
