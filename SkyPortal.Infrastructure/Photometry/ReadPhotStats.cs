using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>
/// The statistics of objects as a viewer may know them. Who may not see every point behind stored statistics gets those of the
/// points that they may see, times of change included, and nothing where there are none.
/// </summary>
public sealed class ReadPhotStats(Contexts contexts)
{
    // ix_photometry_obj_id_dedup_hash serves it.
    private const string PointsSql =
        $"select {PhotStatSamples.Columns} from photometry point where {PhotometryAccess.Predicate} and point.obj_id = any($5)";

    private const string NewestSql =
        $"select max(point.created_at) from photometry point where {PhotometryAccess.Predicate} and point.obj_id = $5";

    /// <summary>Statistics by object; objects that the viewer may not see or that have none are absent. Two statements at most.</summary>
    public async Task<IReadOnlyDictionary<string, PhotStatRecord>> ForAsync(Viewer viewer, IReadOnlyCollection<string> objIds, CancellationToken ct)
    {
        if (objIds.Count == 0)
        {
            return new Dictionary<string, PhotStatRecord>();
        }

        var wanted = objIds.ToArray();
        await using var db = contexts.For(viewer);
        var stored = await db.Set<PhotStat>().AsNoTracking().Where(stat => wanted.Contains(stat.ObjId)).ToListAsync(ct);
        var partial = stored.Where(stat => !PhotStatVisibility.CoversAll(stat.Visibility, viewer)).ToList();
        if (partial.Count > 0)
        {
            var visible = await RecomputeAsync(viewer, partial, ct);
            stored.RemoveAll(partial.Contains);
            stored.AddRange(visible);
        }

        return stored.ToDictionary(stat => stat.ObjId, PhotStatRecord.Of, StringComparer.Ordinal);
    }

    /// <summary>The statistics of one object with the time of its newest point; null where it has none or may not be seen.</summary>
    public async Task<PhotStatRecord?> OneAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        if (!(await ForAsync(viewer, [objId], ct)).TryGetValue(objId, out var record))
        {
            return null;
        }

        await using var command = contexts.DataSource.CreateCommand(NewestSql);
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(objId);
        return record with { LastPhotAddTime = await command.ExecuteScalarAsync(ct) as DateTime? };
    }

    private async Task<List<PhotStat>> RecomputeAsync(Viewer viewer, List<PhotStat> partial, CancellationToken ct)
    {
        var curves = partial.ToDictionary(stat => stat.ObjId, _ => new List<(StatSample Sample, DateTime CreatedAt)>(), StringComparer.Ordinal);
        await using var command = contexts.DataSource.CreateCommand(PointsSql);
        command.AddViewer(viewer);
        command.Parameters.AddWithValue(curves.Keys.ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (objId, sample, createdAt) = await PhotStatSamples.ReadAsync(reader, ct);
            curves[objId].Add((sample, createdAt));
        }

        return partial.Where(stat => curves[stat.ObjId].Count > 0).Select(stat =>
        {
            var curve = curves[stat.ObjId];
            var visible = ComputePhotStats.Of(stat.ObjId, curve.Select(point => point.Sample));
            var newest = curve.Max(point => point.CreatedAt);
            visible.Id = stat.Id;
            visible.LastUpdate = newest;
            visible.LastFullUpdate = newest;
            visible.CreatedAt = curve.Min(point => point.CreatedAt);
            visible.Modified = newest;
            return visible;
        }).ToList();
    }
}
