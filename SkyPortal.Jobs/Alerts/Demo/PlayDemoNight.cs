using Microsoft.Extensions.Logging;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Jobs.Alerts.Demo;

/// <summary>Replays the simulated night through the same ingest as a survey's packets. What was played before changes nothing.</summary>
public sealed class PlayDemoNight(Contexts contexts, DemoSite site, DemoScanners scanners, IngestAlerts ingest, ILogger<PlayDemoNight> logger)
{
    /// <summary>Plays the last night that has ended, at so many packets per second; 0 is as fast as it goes. Returns how many were accepted.</summary>
    public async Task<int> HandleAsync(string seedDirectory, double packetsPerSecond, CancellationToken ct)
    {
        await site.HandleAsync(ct);
        var settings = DemoSettings.Read(seedDirectory);
        var night = SimulatedAlerts.LastFinishedMjd(settings, Mjd.DaysOf(contexts.Clock.GetUtcNow().UtcDateTime));
        var accepted = 0;
        var shown = new Dictionary<string, SimulatedObject>();
        foreach (var visit in new SimulatedAlerts().Of(settings, night).Chunk(packetsPerSecond > 0 ? (int)Math.Ceiling(packetsPerSecond) : int.MaxValue))
        {
            if (packetsPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(visit.Length / packetsPerSecond), contexts.Clock, ct);
            }

            accepted += await IngestAsync(visit, ct);
            foreach (var packet in visit)
            {
                shown[packet.Object.Name] = packet.Object;
            }
        }

        await scanners.HandleAsync([.. shown.Values], ct);
        return accepted;
    }

    private async Task<int> IngestAsync(IReadOnlyList<SimulatedPacket> packets, CancellationToken ct)
    {
        var accepted = 0;
        var bytes = packets.Select(packet => new AlertPacket(packet.Name, packet.Bytes)).ToAsyncEnumerable();
        await foreach (var outcome in ingest.HandleAsync("ZTF Public", bytes, null, ct))
        {
            accepted += outcome.Kind == IngestOutcomeKind.Accepted ? 1 : 0;
            if (outcome.Kind == IngestOutcomeKind.Rejected)
            {
                logger.LogWarning("A packet of the demonstration was rejected: {Name}: {Reason}", outcome.Name, outcome.Reason);
            }
        }

        return accepted;
    }
}
