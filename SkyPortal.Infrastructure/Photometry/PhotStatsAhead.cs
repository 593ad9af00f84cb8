using SkyPortal.Domain.Photometry;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>
/// Statistics from the points of an upload alone, computed while the points are on their way to the table. They hold for an
/// object that had no points before, where every point of the upload is new.
/// </summary>
internal sealed class PhotStatsAhead
{
    // A smaller upload is done sooner than a second thread begins.
    private const int WorthItsThread = 10_000;

    private readonly Task<Dictionary<string, PhotStat>> _stats;

    private PhotStatsAhead(IReadOnlyList<PhotometryPoint> points) => _stats = Task.Run(() => Compute(points));

    /// <summary>Begins, or answers null where the upload is small.</summary>
    public static PhotStatsAhead? Of(IReadOnlyList<PhotometryPoint> points) => points.Count < WorthItsThread ? null : new PhotStatsAhead(points);

    /// <summary>The statistics by object; their times are not set.</summary>
    public Task<Dictionary<string, PhotStat>> TakeAsync() => _stats;

    private static Dictionary<string, PhotStat> Compute(IReadOnlyList<PhotometryPoint> points)
    {
        var curves = new Dictionary<string, StatCurve>(StringComparer.Ordinal);
        foreach (var point in points)
        {
            if (!curves.TryGetValue(point.ObjId, out var curve))
            {
                curves.Add(point.ObjId, curve = new StatCurve());
            }

            curve.Add(PhotStatSamples.Of(point), point.GroupIds, point.StreamIds);
        }

        return curves.ToDictionary(curve => curve.Key, curve => curve.Value.Stat(curve.Key), StringComparer.Ordinal);
    }
}
