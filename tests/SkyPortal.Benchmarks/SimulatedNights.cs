using SkyPortal.Jobs.Alerts.Demo;
using SkyPortal.TestSupport;

namespace SkyPortal.Benchmarks;

/// <summary>Packets of the size and the layout of ZTF's, as many as a benchmark needs.</summary>
internal static class SimulatedNights
{
    /// <summary>At least so many packets of the night that begins at an MJD; the same objects come again every night.</summary>
    public static List<SimulatedPacket> Make(int packets, double nightMjd)
    {
        var settings = DemoSettings.Read(ProductData.Folder);
        // Bogus detections come once, and what is too faint does not come at all: three packets for two objects, about.
        var times = 1 + (packets / settings.Objects.Values.Sum());
        var night = settings with { Objects = settings.Objects.ToDictionary(pair => pair.Key, pair => pair.Value * times) };
        return new SimulatedAlerts().Of(night, nightMjd).Take(packets).ToList();
    }
}
