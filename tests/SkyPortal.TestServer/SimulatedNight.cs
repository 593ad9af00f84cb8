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

    /// <summary>Makes objects with nothing but a position that passed the group's filter an hour ago.</summary>
    public async Task AddBareCandidatesAsync(int groupId, int count)
    {
        await using var command = node.Contexts.DataSource.CreateCommand("""
            with made as (
                insert into objs (id, ra, dec, internal_key, group_ids, transient, varstar, is_roid, "offset", created_at, modified)
                select 'bare' || lpad(i::text, 4, '0'), i, i / 10.0, gen_random_uuid(), array[$1], true, false, false, 0, now(), now() from generate_series(1, $2) i
                returning id)
            insert into candidates (obj_id, filter_id, passed_at, created_at, modified)
            select made.id, f.id, now() - interval '1 hour', now(), now() from made, filters f where f.group_id = $1
            """);
        command.Parameters.AddWithValue(groupId);
        command.Parameters.AddWithValue(count);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Makes objects with a light curve of twenty points each that passed the group's filter within the last hours, the first the latest.</summary>
    public async Task AddMeasuredCandidatesAsync(int groupId, int count)
    {
        await using var command = node.Contexts.DataSource.CreateCommand("""
            with made as (
                insert into objs (id, ra, dec, internal_key, group_ids, transient, varstar, is_roid, "offset", created_at, modified)
                select 'seen' || lpad(i::text, 4, '0'), i, i / 10.0, gen_random_uuid(), array[$1], true, false, false, 0, now(), now() from generate_series(1, $2) i
                returning id, ra),
            telescope as (insert into telescopes (name, nickname, robotic, fixed_location, created_at, modified) values ('measured', 'measured', false, true, now(), now()) returning id),
            instrument as (insert into instruments (name, type, telescope_id, filters, has_fields, created_at, modified)
                select 'measured', 'imager', id, array['ztfg', 'ztfr'], false, now(), now() from telescope returning id),
            passed as (
                insert into candidates (obj_id, filter_id, passed_at, created_at, modified)
                select made.id, f.id, now() - made.ra * interval '1 minute', now(), now() from made, filters f where f.group_id = $1)
            insert into photometry (obj_id, instrument_id, filter, mjd, flux, fluxerr, origin, upload_id, owner_id, group_ids, stream_ids, dedup_hash, created_at, modified)
            select made.id, instrument.id, (array['ztfg', 'ztfr'])[1 + j % 2], extract(epoch from now()) / 86400 + 40587 - 20 + j, case when j > 4 then 60 + 10 * j + made.ra end, 3, 'None',
                   gen_random_uuid(), 1, array[$1], '{}', made.ra::bigint * 100 + j, now(), now()
            from made, instrument, generate_series(1, 20) j
            """);
        command.Parameters.AddWithValue(groupId);
        command.Parameters.AddWithValue(count);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Takes in the packets of a folder; returns how many were accepted.</summary>
    public async Task<int> IngestFolderAsync(string folder) =>
        await Ingest(PacketFiles.ReadAsync([folder], CancellationToken.None)).CountAsync(outcome => outcome.Kind == IngestOutcomeKind.Accepted);

    private IAsyncEnumerable<IngestOutcome> Ingest(IAsyncEnumerable<AlertPacket> packets) =>
        node.Services.GetRequiredService<IngestAlerts>().HandleAsync(Stream, packets, null, CancellationToken.None);
}
