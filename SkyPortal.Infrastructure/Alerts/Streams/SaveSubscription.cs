using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>What is told of subscriptions.</summary>
public static class StreamEvents
{
    /// <summary>How their kinds begin.</summary>
    public const string Prefix = "stream.";

    public const string Created = "stream.created";
    public const string Changed = "stream.changed";
    public const string Deleted = "stream.deleted";
    public const string Rewound = "stream.rewound";

    /// <summary>Packets were set aside.</summary>
    public const string SetAside = "stream.setaside";

    /// <summary>Set-aside packets were replayed or dismissed.</summary>
    public const string Settled = "stream.settled";

    /// <summary>Subject of events of a subscription.</summary>
    public static string Subject(int id) => string.Create(CultureInfo.InvariantCulture, $"subscription {id}");

    /// <summary>Subject of events of a broker's mailbox.</summary>
    public static string BrokerSubject(int id) => string.Create(CultureInfo.InvariantCulture, $"broker {id}");
}

/// <summary>Makes or changes a subscription. System administrators only. The running consumers follow within seconds.</summary>
public sealed class SaveSubscription(Contexts contexts, SealedSecrets secrets)
{
    /// <summary>Returns its id.</summary>
    /// <param name="viewer">Who.</param>
    /// <param name="id">Which; null for a new one.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="beginAt">UTC time of the first message that a new one takes; null for the oldest that the brokers hold. Later topics are taken whole.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="Refusal">The draft cannot be, or clashes with another.</exception>
    public async Task<int> HandleAsync(Viewer viewer, int? id, SubscriptionDraft draft, DateTime? beginAt, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        draft = SubscriptionRules.Check(draft);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var row = id is null ? null : await db.Set<StreamSubscription>().SingleOrDefaultAsync(one => one.Id == id, ct) ?? throw Subscriptions.Unknown(id.Value);
        await CheckAgainstOthersAsync(db, id, draft, ct);
        draft = draft with { Framing = await FramingAsync(db, draft, ct) };
        var isNew = row is null;
        if (row is null)
        {
            row = new StreamSubscription { Name = draft.Name, Brokers = draft.Brokers, ConsumerGroup = draft.ConsumerGroup };
            db.Add(row);
            if (beginAt is { } time)
            {
                (row.RewindNumber, row.RewindTo, row.RewindAskedAt) = (1, RewindSubscription.Check(time), db.UtcNow);
            }
        }

        Write(row, draft);
        await db.SaveChangesAsync(ct);
        db.Record(isNew ? StreamEvents.Created : StreamEvents.Changed, StreamEvents.Subject(row.Id), payload: new { row.Name, row.Brokers, row.Topics, row.ConsumerGroup, row.Active });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return row.Id;
    }

    private void Write(StreamSubscription row, SubscriptionDraft draft)
    {
        var hasSasl = StreamSecurity.HasSasl(draft.Security);
        // A password given for one server must not be sent to another.
        if (hasSasl && draft.Password is null && (row.SealedPassword is null || row.Brokers != draft.Brokers || row.Username != draft.Username))
        {
            throw Refusal.Invalid(row.SealedPassword is null ? "Password: the brokers ask for one." : "Password: enter it again, because the brokers or the user name changed.");
        }

        row.SealedPassword = !hasSasl ? null : draft.Password is { } password ? secrets.Seal(ReadSubscriptions.Purpose, password) : row.SealedPassword;
        (row.Name, row.StreamId, row.BrokerId) = (draft.Name, draft.StreamId, draft.BrokerId);
        (row.Brokers, row.Topics, row.ConsumerGroup) = (draft.Brokers, [.. draft.Topics], draft.ConsumerGroup);
        (row.Security, row.Mechanism, row.Username) = (draft.Security, draft.Mechanism, draft.Username);
        (row.Framing, row.RegistryAddress, row.SchemaFolder, row.Active) = (draft.Framing, draft.RegistryAddress, draft.SchemaFolder, draft.Active);
    }

    private static async Task<string> FramingAsync(SkyPortalContext db, SubscriptionDraft draft, CancellationToken ct)
    {
        if (draft.BrokerId is not { } brokerId)
        {
            return draft.Framing;
        }

        var broker = await db.Set<Broker>().Where(row => row.Id == brokerId).Select(row => new { row.Name, row.BrokerClassname }).SingleOrDefaultAsync(ct)
            ?? throw Refusal.Invalid($"Broker: there is no broker {brokerId}.");
        return MessageReaders.Find(broker.BrokerClassname)?.Framing ?? throw Refusal.Invalid($"Broker: messages of {broker.Name} are not read here.");
    }

    private static async Task CheckAgainstOthersAsync(SkyPortalContext db, int? id, SubscriptionDraft draft, CancellationToken ct)
    {
        var stream = await db.Set<AlertStream>().SingleOrDefaultAsync(row => row.Id == draft.StreamId, ct);
        if (stream is null || StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText())?.Survey is null)
        {
            throw Refusal.Invalid("Stream: choose a stream that takes packets.");
        }

        if (await db.Set<StreamSubscription>().AnyAsync(row => row.Id != id && row.Name == draft.Name, ct))
        {
            throw Refusal.Conflict($"There is another subscription named {draft.Name}.");
        }

        // Two subscriptions in one group would take partitions from each other.
        if (await db.Set<StreamSubscription>().AnyAsync(row => row.Id != id && row.Brokers == draft.Brokers && row.ConsumerGroup == draft.ConsumerGroup, ct))
        {
            throw Refusal.Conflict($"Another subscription uses the consumer group {draft.ConsumerGroup} at these brokers; give each its own.");
        }
    }
}

/// <summary>What verbs of subscriptions share.</summary>
internal static class Subscriptions
{
    public static Refusal Unknown(int id) => Refusal.NotFound(string.Create(CultureInfo.InvariantCulture, $"There is no subscription {id}."));
}

/// <summary>Starts or stops the consumers of a subscription. System administrators only.</summary>
public sealed class SetSubscriptionActive(Contexts contexts)
{
    /// <summary>Does it; where it is so already nothing happens.</summary>
    public async Task HandleAsync(Viewer viewer, int id, bool active, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var row = await db.Set<StreamSubscription>().SingleOrDefaultAsync(one => one.Id == id, ct) ?? throw Subscriptions.Unknown(id);
        if (row.Active == active)
        {
            return;
        }

        row.Active = active;
        db.Record(StreamEvents.Changed, StreamEvents.Subject(id), payload: new { row.Name, row.Active });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Deletes a subscription with its set-aside packets; what was taken in stays. System administrators only.</summary>
public sealed class DeleteSubscription(Contexts contexts)
{
    /// <summary>Does it.</summary>
    public async Task HandleAsync(Viewer viewer, int id, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var row = await db.Set<StreamSubscription>().SingleOrDefaultAsync(one => one.Id == id, ct) ?? throw Subscriptions.Unknown(id);
        db.Remove(row);
        db.Record(StreamEvents.Deleted, StreamEvents.Subject(id), payload: new { row.Name });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>
/// Asks that a subscription be taken again from a time on. Every node that holds a partition does it, and each partition once,
/// also one that nobody holds now. System administrators only.
/// </summary>
public sealed class RewindSubscription(Contexts contexts)
{
    private static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Asks for it.</summary>
    /// <param name="viewer">Who.</param>
    /// <param name="id">Which.</param>
    /// <param name="toUtc">UTC time of the first message to take.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task HandleAsync(Viewer viewer, int id, DateTime toUtc, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var row = await db.Set<StreamSubscription>().SingleOrDefaultAsync(one => one.Id == id, ct) ?? throw Subscriptions.Unknown(id);
        row.RewindNumber++;
        (row.RewindTo, row.RewindAskedAt) = (Check(toUtc), db.UtcNow);
        db.Record(StreamEvents.Rewound, StreamEvents.Subject(id), payload: new { row.Name, row.RewindTo });
        await db.SaveChangesAsync(ct);
    }

    internal static DateTime Check(DateTime utc) => utc >= Earliest && utc.Year < 2100
        ? DateTime.SpecifyKind(utc, DateTimeKind.Utc)
        : throw Refusal.Invalid("Time: give a UTC time from 2000 on.");
}
