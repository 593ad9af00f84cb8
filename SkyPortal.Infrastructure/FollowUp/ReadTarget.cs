using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>An object to observe.</summary>
/// <param name="Position">Null where it is not known.</param>
/// <param name="IsRoid">Whether it moves among the stars.</param>
public sealed record Target(string ObjId, SkyPosition? Position, bool IsRoid)
{
    /// <summary>The position, which must be known.</summary>
    /// <exception cref="Refusal">It is not.</exception>
    public SkyPosition Place => Position ?? throw Refusal.Invalid($"{ObjId} has no position.");
}

/// <summary>Reads where an object stands; one statement.</summary>
public sealed class ReadTarget(Contexts contexts)
{
    /// <summary>The object; null where the viewer sees none such.</summary>
    public async Task<Target?> HandleAsync(Viewer viewer, string objId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Obj>().AsNoTracking().Where(obj => obj.Id == objId)
            .Select(obj => new { obj.Id, obj.Ra, obj.Dec, obj.IsRoid }).SingleOrDefaultAsync(ct);
        return row is null
            ? null
            : new Target(row.Id, row is { Ra: { } ra, Dec: { } dec } && SkyPosition.TryCreate(ra, dec, out var position, out _) ? position : null, row.IsRoid == true);
    }
}
