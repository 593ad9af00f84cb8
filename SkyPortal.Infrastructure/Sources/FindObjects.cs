using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A hit of the quick search.</summary>
/// <param name="OtherName">Name at the Transient Name Server, or an alias, by which it may have been found, or how far it is; null where there is none.</param>
public sealed record FoundObject(string Id, string? OtherName);

/// <summary>
/// Finds objects by the beginning of a name or by a position, in one statement; where no name fits, one more looks into the comments.
/// </summary>
public sealed class FindObjects(Contexts contexts)
{
    private const double ConeRadiusDegrees = 10 / 3600.0;

    // Index objs (healpix): a few ranges, then the exact separation. So small a cone holds few objects.
    private const string ConeSql = $"""
        select o.id, o.ra, o.dec
        from unnest(@starts, @ends) as cone (first, past) join objs o on o.healpix >= cone.first and o.healpix < cone.past
        where {ViewerSql.SeesObj}
        limit 1000
        """;

    private const int LeastCommentLength = 4;

    private const string CommentSql = $"""
        select c.obj_id, max(c.created_at) as newest,
               (array_agg(substr(c.text, greatest(1, strpos(lower(c.text), lower(@text)) - 20), 60) order by c.created_at desc))[1]
        from comments c join objs o on o.id = c.obj_id
        where strpos(lower(c.text), lower(@text)) > 0 and (@sees_all or c.group_ids && @viewer_groups) and {ViewerSql.SeesObj}
        group by c.obj_id order by newest desc limit @most
        """;

    /// <summary>
    /// Objects that the viewer may see whose name, TNS name (with or without SN or AT) or alias begins with the text, whatever its
    /// case, exact names first; or, where the text is a position (ICRS), that lie within 10 arcseconds of it, nearest first;
    /// or, where there is no such name, that have a comment with the text, the newest first.
    /// </summary>
    public async Task<IReadOnlyList<FoundObject>> HandleAsync(Viewer viewer, string text, int limit, CancellationToken ct)
    {
        if (SkyPosition.TryParse(text.Trim(), out var center))
        {
            return await AroundAsync(viewer, center, limit, ct);
        }

        await using var db = contexts.For(viewer);
        var pattern = text.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
        var rows = await db.Set<Obj>().AsNoTracking()
            .Where(obj => EF.Functions.ILike(obj.Id, pattern)
                || EF.Functions.ILike(obj.TnsName!, pattern)
                || EF.Functions.ILike(obj.TnsName!, "SN " + pattern)
                || EF.Functions.ILike(obj.TnsName!, "AT " + pattern)
                || obj.Alias!.Any(alias => EF.Functions.ILike(alias, pattern)))
            .OrderBy(obj => obj.Id.Length).ThenBy(obj => obj.Id)
            .Select(obj => new { obj.Id, obj.TnsName, obj.Alias })
            .Take(limit)
            .ToListAsync(ct);
        return rows.Count == 0 && text.Trim().Length >= LeastCommentLength
            ? await CommentedAsync(viewer, text.Trim(), limit, ct)
            : [.. rows.Select(row => new FoundObject(row.Id, row.TnsName ?? row.Alias?.FirstOrDefault()))];
    }

    private async Task<IReadOnlyList<FoundObject>> CommentedAsync(Viewer viewer, string text, int limit, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(CommentSql).WithViewer(viewer).With("text", text).With("most", limit);
        return await command.ReadAllAsync(reader => new FoundObject(reader.GetString(0), $"“{reader.GetString(2).Trim()}”"), ct);
    }

    private async Task<IReadOnlyList<FoundObject>> AroundAsync(Viewer viewer, SkyPosition center, int limit, CancellationToken ct)
    {
        var ranges = Healpix.ConeToRanges(center, ConeRadiusDegrees);
        await using var command = contexts.DataSource.CreateCommand(ConeSql)
            .WithViewer(viewer)
            .With("starts", ranges.Select(range => range.Start).ToArray())
            .With("ends", ranges.Select(range => range.End).ToArray());
        var rows = await command.ReadAllAsync(
            reader => (Id: reader.GetString(0), Arcsec: center.SeparationDegrees(new SkyPosition(reader.GetDouble(1), reader.GetDouble(2))) * 3600), ct);
        return [.. rows.Where(row => row.Arcsec <= ConeRadiusDegrees * 3600).OrderBy(row => row.Arcsec).Take(limit)
            .Select(row => new FoundObject(row.Id, string.Create(CultureInfo.InvariantCulture, $"{row.Arcsec:0.0}″ away")))];
    }
}
