using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts.Brokers.Intake;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>A subscription as administrators see it: without its password.</summary>
public sealed record SubscriptionRecord(
    int Id, string Name, int StreamId, string StreamName, string Brokers, string[] Topics, string ConsumerGroup, string Security, string? Mechanism, string? Username,
    bool HasPassword, string Framing, string? RegistryAddress, string? SchemaFolder, bool Active, int RewindNumber, DateTime? RewindTo, DateTime? RewindAskedAt)
{
    /// <summary>Broker whose messages these are; null where they are packets of the survey itself.</summary>
    public int? BrokerId { get; init; }

    /// <summary>Its name.</summary>
    public string? BrokerName { get; init; }

    /// <summary>Nodes that told of themselves lately.</summary>
    public IReadOnlyList<MemberRecord> Members { get; init; } = [];

    /// <summary>Partitions that somebody holds, or held within two days.</summary>
    public IReadOnlyList<PartitionRecord> Partitions { get; init; } = [];

    /// <summary>Set-aside packets that wait.</summary>
    public int Waiting { get; init; }

    /// <summary>Messages that are still to be taken, as far as it is known.</summary>
    public long? Lag => Partitions.Any(partition => partition.Lag is not null) ? Partitions.Sum(partition => partition.Lag ?? 0) : null;

    public double PacketsPerSecond => Partitions.Sum(partition => partition.PacketsPerSecond);

    public long Packets => Partitions.Sum(partition => partition.Packets);

    public DateTime? LastPacketAt => Partitions.Max(partition => partition.LastPacketAt);

    /// <summary>Partitions that have the last rewind still before them.</summary>
    public int ToRewind => Partitions.Count(partition => partition.RewindNumber < RewindNumber);
}

/// <summary>A node of a subscription.</summary>
/// <param name="IsSilent">Whether it has not told of itself for a while.</param>
public sealed record MemberRecord(string Node, string State, string? Fault, DateTime HeardAt, bool IsSilent);

/// <summary>A partition of a subscription.</summary>
public sealed record PartitionRecord(
    string Topic, int Partition, string? Node, long? NextOffset, long? EndOffset, long Packets, double PacketsPerSecond, DateTime? LastPacketAt, int RewindNumber)
{
    /// <summary>Messages that are still to be taken.</summary>
    public long? Lag => EndOffset - NextOffset is { } lag ? Math.Max(0, lag) : null;
}

/// <summary>A set-aside packet.</summary>
public sealed record SetAsideRecord(
    long Id, int? SubscriptionId, string Topic, int Partition, long Offset, string Reason, int Bytes, string State, string? ClosedBy, DateTime CreatedAt)
{
    /// <summary>Broker whose mailbox held it; null where it came by a subscription.</summary>
    public int? BrokerId { get; init; }

    /// <summary>Its name.</summary>
    public string? BrokerName { get; init; }
}

/// <summary>A broker of whose mailbox packets were set aside.</summary>
/// <param name="BrokerId">Its key.</param>
/// <param name="Name">Its name.</param>
/// <param name="Waiting">How many wait.</param>
public sealed record MailboxRecord(int BrokerId, string Name, int Waiting);

/// <summary>Some set-aside packets and how many there are in all.</summary>
public sealed record SetAsidePage(IReadOnlyList<SetAsideRecord> Packets, int Total);

/// <summary>A stream that takes packets.</summary>
public sealed record StreamChoice(int Id, string Name);

/// <summary>Reads how the streams of the site stand. System administrators only.</summary>
public sealed class ReadStreams(Contexts contexts, FileStore files)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Shown = TimeSpan.FromDays(2);

    /// <summary>Every subscription by name. Four statements.</summary>
    public async Task<IReadOnlyList<SubscriptionRecord>> HandleAsync(Viewer viewer, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var (silent, old) = (db.UtcNow - Silence, db.UtcNow - Shown);
        var rows = await db.Set<StreamSubscription>().AsNoTracking()
            .Join(db.Set<AlertStream>(), row => row.StreamId, stream => stream.Id, (row, stream) => new { row, stream })
            .OrderBy(pair => pair.row.Name)
            .Select(pair => new SubscriptionRecord(
                pair.row.Id, pair.row.Name, pair.row.StreamId, pair.stream.Name, pair.row.Brokers, pair.row.Topics, pair.row.ConsumerGroup, pair.row.Security, pair.row.Mechanism,
                pair.row.Username, pair.row.SealedPassword != null, pair.row.Framing, pair.row.RegistryAddress, pair.row.SchemaFolder, pair.row.Active, pair.row.RewindNumber,
                pair.row.RewindTo, pair.row.RewindAskedAt)
            {
                BrokerId = pair.row.BrokerId,
                BrokerName = db.Set<Broker>().Where(broker => broker.Id == pair.row.BrokerId).Select(broker => broker.Name).FirstOrDefault(),
            })
            .ToListAsync(ct);
        var members = (await db.Set<StreamMember>().AsNoTracking().OrderBy(row => row.Node).ToListAsync(ct)).ToLookup(row => row.SubscriptionId);
        var partitions = (await db.Set<StreamPartition>().AsNoTracking().Where(row => row.Node != null || row.Modified > old)
            .OrderByDescending(row => row.Topic).ThenBy(row => row.Partition).ToListAsync(ct)).ToLookup(row => row.SubscriptionId);
        var waiting = await db.Set<SetAsidePacket>().Where(row => row.State == SetAsideStates.Waiting && row.SubscriptionId != null)
            .GroupBy(row => row.SubscriptionId!.Value).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(pair => pair.Key, pair => pair.Count, ct);
        return [.. rows.Select(row => row with
        {
            Members = [.. members[row.Id].Select(one => new MemberRecord(one.Node, one.State, one.Fault, one.Modified, one.Modified < silent))],
            Partitions = [.. partitions[row.Id].Select(one => new PartitionRecord(
                one.Topic, one.Partition, one.Node, one.NextOffset, one.EndOffset, one.Packets, one.PacketsPerSecond, one.LastPacketAt, one.RewindNumber))],
            Waiting = waiting.GetValueOrDefault(row.Id),
        })];
    }

    /// <summary>Brokers of whose mailboxes packets were set aside, by name. One statement.</summary>
    public async Task<IReadOnlyList<MailboxRecord>> MailboxesAsync(Viewer viewer, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        return await db.Set<Broker>().Where(broker => db.Set<SetAsidePacket>().Any(row => row.BrokerId == broker.Id)).OrderBy(broker => broker.Name)
            .Select(broker => new MailboxRecord(broker.Id, broker.Name, db.Set<SetAsidePacket>().Count(row => row.BrokerId == broker.Id && row.State == SetAsideStates.Waiting))).ToListAsync(ct);
    }

    /// <summary>Set-aside packets of a state, newest first: of a subscription, of a broker's mailbox, or all where neither is given. Two statements.</summary>
    public async Task<SetAsidePage> SetAsideAsync(Viewer viewer, int? subscriptionId, int? brokerId, string state, int skip, int take, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var rows = db.Set<SetAsidePacket>().AsNoTracking().Where(row => row.State == state && (subscriptionId == null || row.SubscriptionId == subscriptionId) && (brokerId == null || row.BrokerId == brokerId));
        var packets = await rows.OrderByDescending(row => row.Id).Skip(skip).Take(take)
            .Select(row => new SetAsideRecord(
                row.Id, row.SubscriptionId, row.Topic, row.Partition, row.Offset, row.Reason, row.Bytes, row.State,
                db.Set<User>().Where(user => user.Id == row.ClosedById).Select(user => user.Username).FirstOrDefault(), row.CreatedAt)
            {
                BrokerId = row.BrokerId,
                BrokerName = db.Set<Broker>().Where(broker => broker.Id == row.BrokerId).Select(broker => broker.Name).FirstOrDefault(),
            })
            .ToListAsync(ct);
        return new SetAsidePage(packets, await rows.CountAsync(ct));
    }

    /// <summary>Streams to which a subscription may belong. One statement.</summary>
    public async Task<IReadOnlyList<StreamChoice>> ChoicesAsync(Viewer viewer, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var streams = await db.Set<AlertStream>().AsNoTracking().OrderBy(row => row.Name).Select(row => new { row.Id, row.Name, row.Altdata }).ToListAsync(ct);
        return [.. streams.Where(row => StreamRule.Read(row.Id, row.Name, row.Altdata?.GetRawText())?.Survey is not null).Select(row => new StreamChoice(row.Id, row.Name))];
    }

    /// <summary>Brokers whose messages can be read.</summary>
    public async Task<IReadOnlyList<StreamChoice>> BrokersAsync(Viewer viewer, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        var classnames = MessageReaders.All.Select(reader => reader.Classname).ToArray();
        return await db.Set<Broker>().AsNoTracking().Where(row => classnames.Contains(row.BrokerClassname)).OrderBy(row => row.Name).Select(row => new StreamChoice(row.Id, row.Name)).ToListAsync(ct);
    }

    /// <summary>The bytes of a set-aside packet; null where there are none.</summary>
    public async Task<byte[]?> BytesAsync(Viewer viewer, long packetId, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        await using var db = contexts.For(viewer);
        return await db.Set<SetAsidePacket>().Where(row => row.Id == packetId).Select(row => row.FileHash).SingleOrDefaultAsync(ct) is { } address
            ? await files.GetAsync(address, ct)
            : null;
    }
}
