namespace SkyPortal.TestServer;

/// <summary>What each simulated service answers where a test tells nothing else. Add an entry per service that a node may call.</summary>
internal static class SimulatedServices
{
    private static readonly Dictionary<string, Func<SimulatedRequest, SimulatedReply?>> ByName = new(StringComparer.Ordinal);

    /// <summary>The answer; null where the service or the path is not known.</summary>
    public static SimulatedReply? Answer(SimulatedRequest request) => ByName.GetValueOrDefault(request.Service)?.Invoke(request) ?? SimulatedSky.Answer(request);
}
