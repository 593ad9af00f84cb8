using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Which statistics count, by times (UTC); null for no bound.</summary>
public sealed record PhotStatWindow(
    DateTime? CreatedFrom,
    DateTime? CreatedUntil,
    DateTime? UpdatedFrom,
    DateTime? UpdatedUntil,
    DateTime? RecomputedFrom,
    DateTime? RecomputedUntil);

/// <summary>Makes, recomputes and removes stored statistics by hand; for administrators.</summary>
public sealed class RefreshPhotStats(Contexts contexts, UpdatePhotStats updateStats)
{
    /// <summary>Makes the statistics of an object that has none.</summary>
    public async Task CreateAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await DemandAsync(viewer, objId, ct);
        await using var db = contexts.For(viewer);
        if (await db.Set<PhotStat>().AnyAsync(stat => stat.ObjId == objId, ct))
        {
            throw Refusal.Invalid($"PhotStat for object {objId} already exists.");
        }

        await ComputeAsync([objId], ct);
    }

    /// <summary>Recomputes the statistics of an object.</summary>
    public async Task RecomputeAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await DemandAsync(viewer, objId, ct);
        await ComputeAsync([objId], ct);
    }

    /// <summary>Removes the statistics of an object.</summary>
    public async Task DeleteAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await DemandAsync(viewer, objId, ct);
        await using var db = contexts.For(viewer);
        if (await db.Allowed<PhotStat>(AccessMode.Delete).Where(stat => stat.ObjId == objId).ExecuteDeleteAsync(ct) == 0)
        {
            throw Refusal.Invalid($"No PhotStat for object {objId}.");
        }
    }

    /// <summary>Number of objects whose statistics lie in the window, and number of those without any.</summary>
    public async Task<(int With, int Without)> CountAsync(Viewer viewer, PhotStatWindow window, CancellationToken ct)
    {
        Demand(viewer);
        await using var db = contexts.For(viewer);
        var without = await db.Set<Obj>().CountAsync(obj => !db.Set<PhotStat>().Any(stat => stat.ObjId == obj.Id), ct);
        return (await Within(db.Set<PhotStat>(), window).CountAsync(ct), without);
    }

    /// <summary>
    /// Computes a page of the objects that have no statistics yet and were made in the window, or of those whose statistics lie in
    /// it; answers how many there were in all.
    /// </summary>
    public async Task<int> PageAsync(Viewer viewer, bool missing, PhotStatWindow window, int pageNumber, int numPerPage, CancellationToken ct)
    {
        Demand(viewer);
        await using var db = contexts.For(viewer);
        var objects = missing
            ? db.Set<Obj>().Where(obj => !db.Set<PhotStat>().Any(stat => stat.ObjId == obj.Id)
                && (window.CreatedFrom == null || obj.CreatedAt >= window.CreatedFrom) && (window.CreatedUntil == null || obj.CreatedAt <= window.CreatedUntil)).Select(obj => obj.Id)
            : Within(db.Set<PhotStat>(), window).Select(stat => stat.ObjId);
        var total = await objects.CountAsync(ct);
        await ComputeAsync(await objects.Order().Skip((int)Math.Min((long)(pageNumber - 1) * numPerPage, int.MaxValue)).Take(numPerPage).ToListAsync(ct), ct);
        return total;
    }

    private static IQueryable<PhotStat> Within(IQueryable<PhotStat> stats, PhotStatWindow window) => stats.Where(
        stat => (window.CreatedFrom == null || stat.CreatedAt >= window.CreatedFrom)
            && (window.CreatedUntil == null || stat.CreatedAt <= window.CreatedUntil)
            && (window.UpdatedFrom == null || stat.LastUpdate >= window.UpdatedFrom)
            && (window.UpdatedUntil == null || stat.LastUpdate <= window.UpdatedUntil)
            && (window.RecomputedFrom == null || stat.LastFullUpdate >= window.RecomputedFrom)
            && (window.RecomputedUntil == null || stat.LastFullUpdate <= window.RecomputedUntil));

    private static void Demand(Viewer viewer)
    {
        if (!viewer.SeesAll)
        {
            throw Refusal.Forbidden("Only administrators refresh statistics.");
        }
    }

    private async Task DemandAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        Demand(viewer);
        await using var db = contexts.For(viewer);
        if (!await db.Set<Obj>().AnyAsync(obj => obj.Id == objId, ct))
        {
            throw Refusal.Invalid($"Invalid object ID: {objId}");
        }
    }

    private async Task ComputeAsync(IReadOnlyCollection<string> objIds, CancellationToken ct)
    {
        await using var connection = await contexts.DataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await updateStats.HandleAsync(connection, transaction, objIds, ct);
        await transaction.CommitAsync(ct);
    }
}
