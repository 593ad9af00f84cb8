using System.Text.Json;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>The points of an object as its statistics need them, and who may see them.</summary>
internal sealed class StatCurve
{
    private readonly List<StatSample> _samples = [];
    private readonly Dictionary<string, PhotStatVisibility> _visibilities = new(StringComparer.Ordinal);
    private (int[] Groups, int[] Streams) _last;

    /// <summary>Whether it has no point.</summary>
    public bool IsEmpty => _samples.Count == 0;

    /// <summary>Adds points.</summary>
    public void Add(IEnumerable<PhotometryPoint> points)
    {
        foreach (var point in points)
        {
            Add(PhotStatSamples.Of(point), point.GroupIds, point.StreamIds);
        }
    }

    /// <summary>Adds a point.</summary>
    public void Add(StatSample sample, int[] groups, int[] streams)
    {
        _samples.Add(sample);
        // Most points of an object are seen by the same people.
        if (_last.Groups is { } last && last.AsSpan().SequenceEqual(groups) && _last.Streams.AsSpan().SequenceEqual(streams))
        {
            return;
        }

        _last = (groups, streams);
        var visibility = new PhotStatVisibility(groups, streams);
        _visibilities.TryAdd(visibility.Key, visibility);
    }

    /// <summary>Computes the statistics; their times are not set.</summary>
    public PhotStat Stat(string objId)
    {
        var stat = ComputePhotStats.Of(objId, _samples);
        stat.Visibility = JsonSerializer.SerializeToElement(_visibilities.Values);
        return stat;
    }
}
