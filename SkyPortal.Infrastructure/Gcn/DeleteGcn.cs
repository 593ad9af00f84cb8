using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Gcn;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Gcn;

/// <summary>Deletes an event with its sky maps. For administrators.</summary>
public sealed class DeleteGcnEvent(Contexts contexts)
{
    /// <summary>Deletes it; refuses one that is not there.</summary>
    public async Task HandleAsync(Viewer viewer, DateTime dateobs, CancellationToken ct)
    {
        viewer.Demand(Acl.SystemAdmin);
        var time = GcnEvent.WholeSecond(dateobs);
        await using var db = contexts.For(viewer);
        var known = await db.Set<GcnEvent>().FirstOrDefaultAsync(row => row.Dateobs == time, ct) ?? throw Refusal.NotFound("GCN event not found");
        db.Remove(known);
        db.Record("gcnevent.deleted", PostGcnEvent.Subject(time), known.GroupIds, new { known.Id });
        await db.SaveChangesAsync(ct);
    }
}

/// <summary>Deletes a sky map of an event. For who posted it.</summary>
public sealed class DeleteLocalization(Contexts contexts)
{
    /// <summary>Deletes it; refuses one that is not there or not the viewer's.</summary>
    public async Task HandleAsync(Viewer viewer, DateTime dateobs, string name, CancellationToken ct)
    {
        var time = GcnEvent.WholeSecond(dateobs);
        await using var db = contexts.For(viewer);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var gone = await db.Allowed<Localization>(AccessMode.Delete)
            .Where(row => row.Name == name && db.Set<GcnEvent>().Any(known => known.Id == row.EventId && known.Dateobs == time)).ExecuteDeleteAsync(ct);
        if (gone == 0)
        {
            throw Refusal.NotFound("Localization not found");
        }

        var groups = await db.Set<GcnEvent>().Where(known => known.Dateobs == time).Select(known => known.GroupIds).FirstAsync(ct);
        db.Record("gcnevent.changed", PostGcnEvent.Subject(time), groups, new { deleted = name });
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }
}
