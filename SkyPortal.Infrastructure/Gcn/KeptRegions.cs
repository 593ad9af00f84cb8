using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>Credible regions that were worked out, as long as there is room for them; the oldest goes first. Safe for concurrent use.</summary>
/// <param name="mostRanges">Most ranges of all regions together.</param>
internal sealed class KeptRegions(int mostRanges = KeptRegions.UsualRanges)
{
    private const int UsualRanges = 2_000_000;

    // What a region takes besides its ranges, in ranges: many small ones are bounded as well.
    private const int Overhead = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<(int MapId, double Probability), SkyRegion> _regions = [];
    private readonly Queue<(int MapId, double Probability)> _byAge = new();
    private int _ranges;

    /// <summary>A region; null where it is not kept.</summary>
    public SkyRegion? Find(int mapId, double probability)
    {
        lock (_gate)
        {
            return _regions.GetValueOrDefault((mapId, probability));
        }
    }

    /// <summary>Keeps a region.</summary>
    public void Add(int mapId, double probability, SkyRegion region)
    {
        var weight = region.Ranges.Length + Overhead;
        lock (_gate)
        {
            if (weight > mostRanges || !_regions.TryAdd((mapId, probability), region))
            {
                return;
            }

            _byAge.Enqueue((mapId, probability));
            for (_ranges += weight; _ranges > mostRanges;)
            {
                _regions.Remove(_byAge.Dequeue(), out var oldest);
                _ranges -= oldest!.Ranges.Length + Overhead;
            }
        }
    }
}
