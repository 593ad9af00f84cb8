using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Shares points and spectra with more groups.</summary>
public sealed class ShareData(Contexts contexts, UpdatePhotStats updateStats)
{
    private const int MostRows = 10_000;

    private const string WidenSql = """
        update photometry point
        set group_ids = (select array_agg(distinct id order by id) from unnest(point.group_ids || $2) as id), modified = $3
        where point.id = any($1) and not point.group_ids @> $2
        """;

    /// <summary>
    /// Adds the groups to the rows, all or none. A point is shared by its owner, by administrators, and by who may share photometry
    /// in a group that holds it, these only with their own groups; a spectrum by its owner. Refuses unknown groups and rows that are
    /// missing or not the viewer's to share.
    /// </summary>
    public async Task HandleAsync(Viewer viewer, int[] groupIds, long[] photometryIds, long[] spectrumIds, CancellationToken ct)
    {
        if (photometryIds.Length == 0 && spectrumIds.Length == 0)
        {
            throw Refusal.Invalid("One of either photometryIDs or spectrumIDs must be provided.");
        }

        if (photometryIds.Length > MostRows || spectrumIds.Length > MostRows)
        {
            throw Refusal.Invalid($"At most {MostRows} rows are shared at once.");
        }

        await using var readable = contexts.For(viewer);
        var groups = groupIds.Distinct().Order().ToArray();
        var known = await readable.Set<Group>().Where(group => groups.Contains(group.Id)).Select(group => group.Id).ToArrayAsync(ct);
        if (groups.Except(known).Select(id => (int?)id).FirstOrDefault() is { } unknown)
        {
            throw Refusal.Invalid($"Cannot find group with ID {unknown}.");
        }

        var points = await PointsAsync(readable, groups, [.. photometryIds.Distinct()], ct);
        var spectra = await SpectraAsync(readable, [.. spectrumIds.Distinct()], ct);
        // What may be shared is checked above; a point of others is not the viewer's to change otherwise.
        await using var db = contexts.For(viewer.AsSystem());
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (points.Count > 0)
        {
            var (connection, raw) = transaction.Raw();
            await using var command = new Npgsql.NpgsqlCommand(WidenSql, connection, raw);
            command.Parameters.AddWithValue(points.Keys.ToArray());
            command.Parameters.AddWithValue(groups);
            command.Parameters.AddWithValue(db.UtcNow);
            await command.ExecuteNonQueryAsync(ct);
            // Statistics hold who sees the points behind them.
            await updateStats.HandleAsync(connection, raw, points.Values.ToHashSet(StringComparer.Ordinal), ct);
        }

        // Whoever else adds groups waits: this writes the whole list of them.
        foreach (var spectrum in await db.Set<Spectrum>().FromSql($"select * from spectra where id = any({spectra}) order by id for update").ToListAsync(ct))
        {
            spectrum.GroupIds = [.. spectrum.GroupIds.Union(groups).Order()];
            db.Record("spectrum.edited", spectrum.ObjId, spectrum.GroupIds, new { id = spectrum.Id, sharedWith = groups });
        }

        foreach (var shared in points.GroupBy(point => point.Value, point => point.Key))
        {
            db.Record("photometry.shared", shared.Key, groups, new { count = shared.Count(), sharedWith = groups });
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    // Objects of the points that the viewer may share, by point.
    private static async Task<Dictionary<long, string>> PointsAsync(SkyPortalContext db, int[] groups, long[] ids, CancellationToken ct)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var viewer = db.Viewer;
        var sharing = await db.Set<GroupUser>().Where(member => member.UserId == viewer.UserId && member.CanSharePhotometry).Select(member => member.GroupId).ToArrayAsync(ct);
        var within = groups.All(viewer.GroupIds.Contains);
        var rows = await db.Set<PhotometryPoint>().AsNoTracking().Where(point => ids.Contains(point.Id))
            .Select(point => new { point.Id, point.ObjId, point.OwnerId, point.GroupIds }).ToListAsync(ct);
        var allowed = rows.Where(row => viewer.SeesAll || row.OwnerId == viewer.UserId || (within && row.GroupIds.Intersect(sharing).Any())).ToDictionary(row => row.Id, row => row.ObjId);
        var refused = ids.Except(allowed.Keys).ToArray();
        return refused.Length > 0 ? throw Refusal.Invalid($"Cannot share photometry with ID {refused[0]}: it is missing, or not yours to share.") : allowed;
    }

    private static async Task<long[]> SpectraAsync(SkyPortalContext db, long[] ids, CancellationToken ct)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var allowed = await db.Allowed<Spectrum>(AccessMode.Update).Where(row => ids.Contains(row.Id) && db.Set<Obj>().Any(obj => obj.Id == row.ObjId)).Select(row => row.Id).ToArrayAsync(ct);
        var refused = ids.Except(allowed).ToArray();
        return refused.Length > 0 ? throw Refusal.Invalid($"Cannot share spectrum with ID {refused[0]}: it is missing, or not yours to share.") : allowed;
    }
}
