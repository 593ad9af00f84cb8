using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Intake;

/// <summary>What became of packets of a mailbox.</summary>
/// <param name="Faults">Of each, in their order, why it cannot be taken; null where it was.</param>
/// <param name="Candidates">New candidates.</param>
/// <param name="Points">New measurements.</param>
internal sealed record TakenPackets(IReadOnlyList<string?> Faults, int Candidates, int Points);

/// <summary>Takes packets of a broker's mailbox, when they come and when they are replayed.</summary>
public sealed class TakeMailbox(Contexts contexts, OpenBroker open, ReadMappedFilters readFilters, TakeBrokerAlerts take)
{
    /// <summary>Takes packets for filters that are mapped to the broker. One that cannot be taken does not hold up the others.</summary>
    internal async Task<TakenPackets> HandleAsync(OpenedBroker broker, IReadOnlyList<MappedFilter> filters, IReadOnlyList<ReadOnlyMemory<byte>> packets, CancellationToken ct)
    {
        var passings = filters.Where(filter => BrokerTopics.IsFor(broker.Client, broker.Ask.Config, filter, null, [])).Select(filter => new BrokerPassing(filter, null)).ToList();
        var faults = new string?[packets.Count];
        var alerts = new List<(int At, PassedAlert Alert)>();
        for (var at = 0; at < packets.Count; at++)
        {
            try
            {
                alerts.Add((at, new PassedAlert(PacketAlerts.OfContainer(packets[at]), passings)));
            }
            catch (PacketFormatException error)
            {
                faults[at] = error.Message;
            }
        }

        var (candidates, points) = (0, 0);
        foreach (var taken in await TakeAsync(alerts, faults, ct))
        {
            (candidates, points) = (candidates + taken.Candidates, points + taken.Points);
        }

        return new TakenPackets(faults, candidates, points);
    }

    /// <summary>Takes packets that were set aside, for the filters that are mapped to the broker now; answers why each cannot be, null where it was.</summary>
    /// <exception cref="Refusal">The broker is gone, its settings cannot be read, or no filter is mapped to it.</exception>
    internal async Task<IReadOnlyList<string?>> AgainAsync(int brokerId, IReadOnlyList<ReadOnlyMemory<byte>> packets, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        var row = await db.Set<Broker>().AsNoTracking().SingleOrDefaultAsync(one => one.Id == brokerId, ct) ?? throw OpenBroker.Missing(brokerId);
        var broker = open.Open(row, Viewer.System, BrokerScope.All, $"set-aside packets of {row.Name}");
        var filters = await readFilters.HandleAsync(broker.Client, broker.Ask.Config, ct);
        return filters.Count > 0
            ? (await HandleAsync(broker, filters, packets, ct)).Faults
            : throw Refusal.Conflict($"No active filter is mapped to {row.Name}: its packets would make nothing.");
    }

    // One alert that the database refuses must not hold up the others for ever.
    private async Task<IReadOnlyList<TakenAlerts>> TakeAsync(List<(int At, PassedAlert Alert)> alerts, string?[] faults, CancellationToken ct)
    {
        try
        {
            return [await take.HandleAsync([.. alerts.Select(pair => pair.Alert)], ct)];
        }
        catch (Exception error) when (DatabaseFault.IsAboutData(error))
        {
            var taken = new List<TakenAlerts>();
            foreach (var (at, alert) in alerts)
            {
                try
                {
                    taken.Add(await take.HandleAsync([alert], ct));
                }
                catch (Exception one) when (DatabaseFault.IsAboutData(one))
                {
                    faults[at] = $"The database refuses it: {DatabaseFault.Answer(one)?.MessageText ?? one.Message}.";
                }
            }

            return taken;
        }
    }
}
