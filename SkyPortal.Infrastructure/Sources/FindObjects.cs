using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>A hit of the quick search.</summary>
/// <param name="OtherName">Name at the Transient Name Server, or an alias, by which it may have been found; null where there is none.</param>
public sealed record FoundObject(string Id, string? OtherName);

/// <summary>Finds objects by the beginning of a name, in one statement.</summary>
public sealed class FindObjects(Contexts contexts)
{
    /// <summary>
    /// Objects that the viewer may see whose name, TNS name (with or without SN or AT) or alias begins with the text, whatever its
    /// case; exact names first.
    /// </summary>
    public async Task<IReadOnlyList<FoundObject>> HandleAsync(Viewer viewer, string text, int limit, CancellationToken ct)
    {
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
        return [.. rows.Select(row => new FoundObject(row.Id, row.TnsName ?? row.Alias?.FirstOrDefault()))];
    }
}
