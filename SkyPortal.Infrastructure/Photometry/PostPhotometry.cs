using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What an upload became.</summary>
/// <param name="Ids">Keys of the points, in the order of the rows.</param>
/// <param name="UploadId">By which the upload can be undone.</param>
public sealed record PhotometryUploaded(IReadOnlyList<long> Ids, Guid UploadId);

/// <summary>Uploads new points, all or none.</summary>
public sealed class PostPhotometry(Contexts contexts, PhotometryWriter writer, UpdatePhotStats updateStats)
{
    private const int MostNamed = 20;

    /// <summary>Uploads; refuses anything that is wrong, and any point that is there already or twice in the upload.</summary>
    /// <param name="viewer">Who uploads; becomes the owner.</param>
    /// <param name="body">Columns as sent.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<PhotometryUploaded> HandleAsync(Viewer viewer, JsonElement body, CancellationToken ct)
    {
        Demand(viewer);
        await using var db = contexts.For(viewer);
        var uploadId = Guid.NewGuid();
        var upload = await PhotometryIntake.ReadAsync(db, body, uploadId, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = transaction.Raw();
        var written = await writer.WriteAsync(connection, raw, upload.Points, ct);
        var duplicates = upload.Points.Select((point, row) => (point, row)).Where(item => written[item.row].Outcome == PhotometryOutcome.Duplicate).ToList();
        if (duplicates.Count > 0)
        {
            var named = string.Join("; ", duplicates.Take(MostNamed).Select(item => FormattableString.Invariant($"row {item.row}: {item.point.ObjId} at MJD {item.point.Mjd}")));
            throw Refusal.Invalid($"The following photometry already exists in the database: {named}{(duplicates.Count > MostNamed ? $" and {duplicates.Count - MostNamed} more" : "")}.");
        }

        await PhotometryIntake.KeepUploadAsync(db, transaction, uploadId, upload.Points, ct);
        await updateStats.HandleAsync(connection, raw, upload.Points, written, ct);
        db.RecordPhotometry("photometry.added", upload.Points);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new PhotometryUploaded([.. written.Select(point => point.Id)], uploadId);
    }

    internal static void Demand(Viewer viewer)
    {
        if (!viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden("Only who may upload data may post photometry.");
        }
    }
}
