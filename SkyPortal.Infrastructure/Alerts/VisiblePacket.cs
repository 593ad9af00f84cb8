using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What a viewer may see of a packet whose own measurement they may read.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Packet">The packet without history of programmes whose streams the viewer does not have.</param>
/// <param name="Measurements">Its measurements as points, without those of such programmes; in order of time.</param>
/// <param name="IsWhole">Whether nothing was left out, so that the original may be had too.</param>
public sealed record VisiblePacket(AlertRow Alert, PacketRecord Packet, IReadOnlyList<AlertMeasurement> Measurements, bool IsWhole)
{
    private static readonly string[] History = ["prv_candidates", "fp_hists"];

    internal static VisiblePacket Of(Viewer viewer, StreamRules streams, AlertRow alert, DecodedAlert decoded)
    {
        bool Sees(long? programme) => viewer.SeesAll || programme is null || programme == alert.Programme || streams.StreamsOf(alert.Survey, (int)programme).Intersect(viewer.StreamIds).Any();
        var packet = decoded.Packet;
        object?[]? values = null;
        foreach (var field in History)
        {
            var index = packet.Layout.IndexOf(field);
            if (index >= 0 && packet.Values[index] is object?[] items && !Array.TrueForAll(items, item => item is not PacketRecord record || Sees(record.Integer("programid"))))
            {
                values ??= (object?[])packet.Values.Clone();
                values[index] = Array.FindAll(items, item => item is not PacketRecord record || Sees(record.Integer("programid")));
            }
        }

        return new VisiblePacket(
            alert,
            values is null ? packet : new PacketRecord(packet.Layout, values),
            [.. decoded.Photometry.Where(point => Sees(point.Programme)).OrderBy(point => point.Mjd)],
            values is null);
    }
}

/// <summary>Opens the packets of alerts, as far as the viewer may see them.</summary>
public sealed class OpenPackets(ReadPacket packets, ReadIngestDirectory readDirectory)
{
    /// <summary>The packets of alerts that the viewer was found to read, in their order; null where one is missing from the file store.</summary>
    public async Task<IReadOnlyList<VisiblePacket?>> HandleAsync(Viewer viewer, IReadOnlyList<AlertRow> alerts, CancellationToken ct)
    {
        if (alerts.Count == 0)
        {
            return [];
        }

        var streams = (await readDirectory.HandleAsync(ct)).Streams;
        var opened = new VisiblePacket?[alerts.Count];
        await Parallel.ForAsync(0, alerts.Count, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, async (i, cancel) =>
        {
            try
            {
                opened[i] = VisiblePacket.Of(viewer, streams, alerts[i], AlertDecoder.Of(await packets.OpenAsync(alerts[i].Archived, cancel)));
            }
            catch (Refusal)
            {
                // One that is missing must not take its neighbours along.
            }
        });
        return opened;
    }
}
