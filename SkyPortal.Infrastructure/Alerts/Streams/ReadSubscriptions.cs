using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts.Streams;

/// <summary>Reads subscriptions with their passwords opened, for the consumers of this node and for replays. One statement.</summary>
public sealed class ReadSubscriptions(Contexts contexts, SealedSecrets secrets)
{
    /// <summary>Purpose under which passwords of brokers are sealed.</summary>
    internal const string Purpose = "kafka";

    /// <summary>Those that are to be consumed; one of a broker rests while the broker is inactive.</summary>
    public async Task<IReadOnlyList<SubscriptionDescriptor>> ActiveAsync(CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        return await DescribeAsync(db, db.Set<StreamSubscription>().Where(row => row.Active && (row.BrokerId == null || db.Set<Broker>().Any(broker => broker.Id == row.BrokerId && broker.Active))), ct);
    }

    /// <summary>One; null where there is none.</summary>
    public async Task<SubscriptionDescriptor?> OneAsync(int id, CancellationToken ct)
    {
        await using var db = contexts.For(Viewer.System);
        return (await DescribeAsync(db, db.Set<StreamSubscription>().Where(row => row.Id == id), ct)).SingleOrDefault();
    }

    private async Task<IReadOnlyList<SubscriptionDescriptor>> DescribeAsync(SkyPortalContext db, IQueryable<StreamSubscription> rows, CancellationToken ct)
    {
        var found = await rows.AsNoTracking()
            .Join(db.Set<AlertStream>(), row => row.StreamId, stream => stream.Id, (row, stream) => new { Row = row, stream.Name })
            .OrderBy(pair => pair.Row.Id)
            .ToListAsync(ct);
        return [.. found.Select(pair => Describe(pair.Row, pair.Name))];
    }

    private SubscriptionDescriptor Describe(StreamSubscription row, string streamName)
    {
        var password = row.SealedPassword is { } shut ? secrets.Open(Purpose, shut) : null;
        return new SubscriptionDescriptor
        {
            Id = row.Id, Name = row.Name, StreamName = streamName, BrokerId = row.BrokerId, Brokers = row.Brokers, Topics = row.Topics, ConsumerGroup = row.ConsumerGroup,
            Security = row.Security, Mechanism = row.Mechanism, Username = row.Username, Password = password,
            IsPasswordShut = row.SealedPassword is not null && password is null, Framing = row.Framing, RegistryAddress = row.RegistryAddress,
            SchemaFolder = row.SchemaFolder, Modified = row.Modified, RewindNumber = row.RewindNumber, RewindTo = row.RewindTo,
        };
    }
}
