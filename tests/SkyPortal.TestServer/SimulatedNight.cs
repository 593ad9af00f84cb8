using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Jobs.Alerts.Demo;

namespace SkyPortal.TestServer;

/// <summary>A group that scans, and packets of a simulated night for its filters.</summary>
public sealed class SimulatedNight(TestNode node)
{
    private const string Stream = "ZTF Partnership";
    private readonly IReadOnlyList<SimulatedPacket> _packets =
    [
        .. new SimulatedAlerts().Of(
            new DemoSettings(7, 1, new Dictionary<SimulatedKind, int> { [SimulatedKind.SupernovaIa] = 6, [SimulatedKind.SupernovaIi] = 4, [SimulatedKind.Agn] = 3, [SimulatedKind.Bogus] = 3 }, 0),
            Math.Floor((node.Contexts.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalDays + 40587) - 1),
    ];

    /// <summary>Names of the objects, in the order of their packets.</summary>
    public IReadOnlyList<string> ObjIds => [.. _packets.Select(packet => packet.Object.Name).Distinct()];

    /// <summary>Makes a group that uses the stream, with one filter that lets everything pass; returns both ids.</summary>
    public async Task<(int GroupId, int FilterId)> GroupAsync(string name)
    {
        await using var db = node.Contexts.For(Viewer.System);
        var stream = await db.Set<AlertStream>().Where(row => row.Name == Stream).Select(row => row.Id).SingleAsync();
        var group = new Group { Name = name };
        db.Add(group);
        await db.SaveChangesAsync();
        db.Add(new GroupStream { GroupId = group.Id, StreamId = stream });
        await db.SaveChangesAsync();
        var filter = await node.Services.GetRequiredService<CreateFilter>().HandleAsync(
            Viewer.System,
            new NewFilter("everything", stream, group.Id)
            {
                Expression = "mag < 25",
                Annotations = new Dictionary<string, string> { ["drb"] = "drb", ["mag"] = "mag", ["age"] = "age_days" },
            },
            CancellationToken.None);
        return (group.Id, filter);
    }

    /// <summary>Takes in some of the packets; all must be accepted.</summary>
    public async Task IngestAsync(int skip, int take)
    {
        var packets = _packets.Skip(skip).Take(take).Select(packet => new AlertPacket(packet.Name, packet.Bytes)).ToAsyncEnumerable();
        await foreach (var outcome in Ingest(packets))
        {
            if (outcome.Kind != IngestOutcomeKind.Accepted)
            {
                throw new InvalidOperationException($"{outcome.Name} was not accepted: {outcome.Reason}");
            }
        }
    }

    /// <summary>Takes in the packets of a folder; returns how many were accepted.</summary>
    public async Task<int> IngestFolderAsync(string folder) =>
        await Ingest(PacketFiles.ReadAsync([folder], CancellationToken.None)).CountAsync(outcome => outcome.Kind == IngestOutcomeKind.Accepted);

    private IAsyncEnumerable<IngestOutcome> Ingest(IAsyncEnumerable<AlertPacket> packets) =>
        node.Services.GetRequiredService<IngestAlerts>().HandleAsync(Stream, packets, null, CancellationToken.None);
}
