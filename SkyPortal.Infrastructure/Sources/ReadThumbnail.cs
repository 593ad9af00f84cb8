using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Reads what is known of a picture; the picture itself is drawn by the alerts.</summary>
public sealed class ReadThumbnail(Contexts contexts)
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
}
