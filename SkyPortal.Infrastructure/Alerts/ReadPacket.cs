using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Where an archived packet lies and how it is framed.</summary>
public sealed record ArchivedPacket(string Survey, long AlertId, int Programme, string PackHash, long PackOffset, int PackLength, string Framing);

/// <summary>Reads archived packets: their bytes as they came, or decoded.</summary>
public sealed class ReadPacket(Contexts contexts, FileStore files, ReadIngestDirectory readDirectory)
{
    private readonly ConcurrentDictionary<string, AvroSchema> _schemas = new();

    /// <summary>
    /// The original bytes of a packet. They are given only to who may read every programme of which the packet tells, its
    /// history included.
    /// </summary>
    /// <exception cref="Refusal">There is no such packet for this viewer, or it tells of more than they may read.</exception>
    public async Task<byte[]> HandleAsync(Viewer viewer, string survey, long alertId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var archived = await db.Set<Alert>().AsNoTracking()
            .Where(alert => alert.Survey == survey && alert.AlertId == alertId)
            .Select(alert => new ArchivedPacket(
                alert.Survey, alert.AlertId, alert.Programme, alert.PackHash, alert.PackOffset, alert.PackLength, alert.Framing))
            .FirstOrDefaultAsync(ct)
            ?? throw Refusal.NotFound($"There is no alert {alertId} of {survey}.");
        return (await WholeAsync(viewer, [archived], ct))[0]
            ?? throw Refusal.Forbidden("The packet also holds measurements of programmes whose streams you do not have; its photometry on the source page leaves them out.");
    }

    /// <summary>The original bytes of packets that the viewer was found to read, in order; null for those that tell of more than they may read.</summary>
    internal async Task<IReadOnlyList<byte[]?>> WholeAsync(Viewer viewer, IReadOnlyList<ArchivedPacket> archived, CancellationToken ct)
    {
        var streams = viewer.SeesAll ? null : (await readDirectory.HandleAsync(ct)).Streams;
        var whole = new byte[]?[archived.Count];
        await Parallel.ForAsync(0, archived.Count, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, async (i, cancel) =>
        {
            var bytes = await BytesAsync(archived[i], cancel);
            whole[i] = streams is null || IsSeenWhole(viewer, streams, archived[i], await DecodeAsync(archived[i].Framing, bytes, cancel)) ? bytes : null;
        });
        return whole;
    }

    /// <summary>A packet decoded. The caller has checked access.</summary>
    /// <exception cref="Refusal">The pack is not in the file store.</exception>
    internal async Task<PacketRecord> OpenAsync(ArchivedPacket archived, CancellationToken ct) =>
        await DecodeAsync(archived.Framing, await BytesAsync(archived, ct), ct);

    private async Task<byte[]> BytesAsync(ArchivedPacket archived, CancellationToken ct) =>
        await files.GetAsync(archived.PackHash, archived.PackOffset, archived.PackLength, ct)
        ?? throw Refusal.NotFound($"The packet of alert {archived.AlertId} of {archived.Survey} is missing from the files of this site.");

    private async Task<PacketRecord> DecodeAsync(string framing, byte[] bytes, CancellationToken ct)
    {
        if (PacketFraming.SchemaOf(framing) is not var (address, header))
        {
            return AvroContainer.Read(bytes).Records[0];
        }

        if (!_schemas.TryGetValue(address, out var schema))
        {
            var text = await files.GetAsync(address, ct) ?? throw Refusal.NotFound($"The schema {address} of the packet is missing from the files of this site.");
            schema = _schemas.GetOrAdd(address, AvroSchema.Parse(text));
        }

        return AvroReader.ReadDatum(schema, bytes.AsSpan(header));
    }

    /// <summary>Whether a viewer who may read a packet may read all of which it tells.</summary>
    internal static bool IsSeenWhole(Viewer viewer, StreamRules streams, ArchivedPacket archived, PacketRecord packet) => PacketHistory.IsSeenWhole(
        packet, programme => programme == archived.Programme || streams.StreamsOf(archived.Survey, programme).Intersect(viewer.StreamIds).Any());
}
