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
    internal static VisiblePacket Of(Viewer viewer, StreamRules streams, AlertRow alert, DecodedAlert decoded)
    {
        bool Sees(int programme) => viewer.SeesAll || programme == alert.Programme || streams.StreamsOf(alert.Survey, programme).Intersect(viewer.StreamIds).Any();
        var visible = PacketHistory.Cut(decoded.Packet, Sees);
        return new VisiblePacket(
            alert,
            visible,
            [.. decoded.Photometry.Where(point => Sees(point.Programme)).OrderBy(point => point.Mjd)],
            ReferenceEquals(visible, decoded.Packet));
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
