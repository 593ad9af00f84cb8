using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>What a replay did.</summary>
/// <param name="Taken">Packets that are in the archive now.</param>
/// <param name="Left">Packets that still cannot be taken; their reasons are brought up to date.</param>
public sealed record ReplayReport(int Taken, int Left);

/// <summary>
/// Takes set-aside packets in after a repair, the way they would have come. System administrators only. A packet that meanwhile
/// came another way counts as taken.
/// </summary>
public sealed class ReplaySetAside(Contexts contexts, FileStore files, ReadSubscriptions subscriptions, SchemaRegistries registries, TakeMessages take, TakeMailbox mailbox)
{
    private const int BatchPackets = 200;

    /// <summary>Replays one packet, or all that wait of a subscription.</summary>
    /// <exception cref="Refusal">There is no such subscription or packet, or what they need is not there now; what was replayed before stays so.</exception>
    public async Task<ReplayReport> HandleAsync(Viewer viewer, int subscriptionId, long? packetId, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        var subscription = await subscriptions.OneAsync(subscriptionId, ct) ?? throw Subscriptions.Unknown(subscriptionId);
        registries.AskAgain(subscription);
        return await ReplayAsync(viewer, row => row.SubscriptionId == subscriptionId, packetId, StreamEvents.Subject(subscriptionId), messages => OutcomesAsync(subscription, messages, ct), ct);
    }

    /// <summary>Replays one packet of a broker's mailbox, or all that wait of it, for the filters that are mapped to it now.</summary>
    /// <exception cref="Refusal">There is no such broker or packet, or no filter is mapped; what was replayed before stays so.</exception>
    public async Task<ReplayReport> OfBrokerAsync(Viewer viewer, int brokerId, long? packetId, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        return await ReplayAsync(
            viewer,
            row => row.BrokerId == brokerId,
            packetId,
            StreamEvents.BrokerSubject(brokerId),
            async messages => [.. (await mailbox.AgainAsync(brokerId, [.. messages.Select(message => message.Value)], ct)).Zip(messages)
                .Select(pair => new IngestOutcome(pair.Second.Name, pair.First is null ? IngestOutcomeKind.Accepted : IngestOutcomeKind.Rejected, pair.First))],
            ct);
    }

    private async Task<ReplayReport> ReplayAsync(
        Viewer viewer, Expression<Func<SetAsidePacket, bool>> isMeant, long? packetId, string subject, Func<List<StreamMessage>, Task<IReadOnlyList<IngestOutcome>>> outcomes, CancellationToken ct)
    {
        var (taken, left, after) = (0, 0, 0L);
        while (true)
        {
            await using var db = contexts.For(viewer);
            var rows = await db.Set<SetAsidePacket>().Where(isMeant)
                .Where(row => row.State == SetAsideStates.Waiting && row.Id > after && (packetId == null || row.Id == packetId))
                .OrderBy(row => row.Id).Take(BatchPackets).ToListAsync(ct);
            if (rows.Count == 0)
            {
                return packetId is not null && taken + left == 0 ? throw Refusal.NotFound("This packet does not wait any more.") : new ReplayReport(taken, left);
            }

            var now = await ReplayAsync(db, viewer, subject, rows, outcomes, ct);
            (taken, left, after) = (taken + now, left + rows.Count - now, rows[^1].Id);
        }
    }

    private async Task<int> ReplayAsync(
        SkyPortalContext db, Viewer viewer, string subject, List<SetAsidePacket> rows, Func<List<StreamMessage>, Task<IReadOnlyList<IngestOutcome>>> outcomes, CancellationToken ct)
    {
        var messages = new List<StreamMessage>(rows.Count);
        var found = new List<SetAsidePacket>(rows.Count);
        foreach (var row in rows)
        {
            if (await files.GetAsync(row.FileHash, ct) is { } value)
            {
                found.Add(row);
                messages.Add(new StreamMessage(new PartitionId(row.Topic, row.Partition), row.Offset, row.KeyHash is { } key ? await files.GetAsync(key, ct) : default, value));
            }
            else
            {
                row.Reason = "Its bytes are missing from the file store.";
            }
        }

        var taken = messages.Count == 0 ? 0 : Note(viewer, found, await outcomes(messages));
        db.Record(StreamEvents.Settled, subject, payload: new { Replayed = taken, Left = rows.Count - taken });
        await db.SaveChangesAsync(ct);
        return taken;
    }

    private async Task<IReadOnlyList<IngestOutcome>> OutcomesAsync(SubscriptionDescriptor subscription, List<StreamMessage> messages, CancellationToken ct)
    {
        try
        {
            return await take.OutcomesAsync(subscription, messages, ct);
        }
        catch (StreamUnavailableException error)
        {
            throw new Refusal(RefusalKind.Conflict, $"{error.Message} Try again later.", error);
        }
    }

    private static int Note(Viewer viewer, List<SetAsidePacket> rows, IReadOnlyList<IngestOutcome> outcomes)
    {
        var taken = 0;
        foreach (var (row, outcome) in rows.Zip(outcomes))
        {
            if (outcome.Kind == IngestOutcomeKind.Rejected)
            {
                row.Reason = SetAsidePackets.Text(outcome.Reason ?? "");
                continue;
            }

            (row.State, row.ClosedById) = (SetAsideStates.Replayed, viewer.UserId);
            taken++;
        }

        return taken;
    }
}

/// <summary>Decides that set-aside packets are not needed, or takes that back. System administrators only. Their bytes stay.</summary>
public sealed class DismissSetAside(Contexts contexts)
{
    /// <summary>Dismisses one packet, or all that wait of a subscription; answers how many.</summary>
    public Task<int> HandleAsync(Viewer viewer, int subscriptionId, long? packetId, CancellationToken ct) =>
        MoveAsync(viewer, row => row.SubscriptionId == subscriptionId, StreamEvents.Subject(subscriptionId), packetId, SetAsideStates.Waiting, SetAsideStates.Dismissed, ct);

    /// <summary>Lets dismissed packets wait again; answers how many.</summary>
    public Task<int> UndoAsync(Viewer viewer, int subscriptionId, long? packetId, CancellationToken ct) =>
        MoveAsync(viewer, row => row.SubscriptionId == subscriptionId, StreamEvents.Subject(subscriptionId), packetId, SetAsideStates.Dismissed, SetAsideStates.Waiting, ct);

    /// <summary>Dismisses one packet, or all that wait of a broker's mailbox; answers how many.</summary>
    public Task<int> OfBrokerAsync(Viewer viewer, int brokerId, long? packetId, CancellationToken ct) =>
        MoveAsync(viewer, row => row.BrokerId == brokerId, StreamEvents.BrokerSubject(brokerId), packetId, SetAsideStates.Waiting, SetAsideStates.Dismissed, ct);

    /// <summary>Lets dismissed packets of a broker's mailbox wait again; answers how many.</summary>
    public Task<int> UndoOfBrokerAsync(Viewer viewer, int brokerId, long? packetId, CancellationToken ct) =>
        MoveAsync(viewer, row => row.BrokerId == brokerId, StreamEvents.BrokerSubject(brokerId), packetId, SetAsideStates.Dismissed, SetAsideStates.Waiting, ct);

    private async Task<int> MoveAsync(Viewer viewer, Expression<Func<SetAsidePacket, bool>> isMeant, string subject, long? packetId, string from, string to, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (now, closer) = (db.UtcNow, to == SetAsideStates.Waiting ? null : viewer.UserId);
        var moved = await db.Allowed<SetAsidePacket>(AccessMode.Update)
            .Where(isMeant).Where(row => row.State == from && (packetId == null || row.Id == packetId))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, to).SetProperty(row => row.ClosedById, closer).SetProperty(row => row.Modified, now), ct);
        if (moved > 0)
        {
            db.Record(StreamEvents.Settled, subject, payload: new { State = to, Packets = moved });
            await db.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return moved;
    }
}
