using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Draws a picture from the cut-out of an archived alert.</summary>
public interface IAlertThumbnails
{
    /// <summary>The PNG, or null where the alert or its cut-out is gone.</summary>
    /// <param name="alertId">The survey's number of the detection.</param>
    /// <param name="type">new, ref or sub.</param>
    Task<byte[]?> DrawAsync(long alertId, string type, CancellationToken ct);
}

/// <summary>For a site without an alert archive.</summary>
internal sealed class NoAlertThumbnails : IAlertThumbnails
{
    public Task<byte[]?> DrawAsync(long alertId, string type, CancellationToken ct) => Task.FromResult<byte[]?>(null);
}

/// <summary>Reads a picture that this site serves.</summary>
public sealed class ReadThumbnail(Contexts contexts, FileStore files, IAlertThumbnails alerts)
{
    /// <summary>The row; null where the viewer sees none such.</summary>
    public async Task<ThumbnailRecord?> RowAsync(Viewer viewer, long thumbnailId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Thumbnail>().AsNoTracking().SingleOrDefaultAsync(picture => picture.Id == thumbnailId, ct);
        return row is null
            ? null
            : new ThumbnailRecord(
                row.Id,
                row.CreatedAt,
                row.Modified,
                row.Type,
                row.FileHash is null ? null : ThumbnailRecord.Address(row.Id)[1..],
                row.RemoteUrl ?? ThumbnailRecord.Address(row.Id),
                row.Origin,
                row.Survey,
                row.ObjId,
                row.IsGrayscale);
    }

    /// <summary>The PNG, uploaded or drawn; null where the viewer sees none such.</summary>
    public async Task<byte[]?> BytesAsync(Viewer viewer, long thumbnailId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var row = await db.Set<Thumbnail>().AsNoTracking()
            .Where(picture => picture.Id == thumbnailId)
            .Select(picture => new { picture.FileHash, picture.AlertId, picture.Type })
            .SingleOrDefaultAsync(ct);
        return row switch
        {
            { FileHash: { } address } => await files.GetAsync(address, ct),
            { AlertId: { } alertId } => await alerts.DrawAsync(alertId, row.Type, ct),
            _ => null,
        };
    }
}
