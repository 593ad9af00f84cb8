using SkyPortal.Domain.Alerts;

namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>Layouts of the surveys' packets, so that filters can be checked without a packet at hand.</summary>
public static class KnownLayouts
{
    /// <summary>ZTF alerts, schema 4.02.</summary>
    public static PacketLayout Ztf => ZtfLayouts.Alert;

    /// <summary>Rubin (LSST) alerts, schema 11.0.</summary>
    public static PacketLayout Lsst => LsstLayouts.Alert;
}
