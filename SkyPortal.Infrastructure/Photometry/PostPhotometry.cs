using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What an upload became.</summary>
/// <param name="Ids">Keys of the points, in the order of the rows.</param>
/// <param name="UploadId">By which the upload can be undone.</param>
public sealed record PhotometryUploaded(IReadOnlyList<long> Ids, Guid UploadId);

/// <summary>What became of an upload, row by row.</summary>
/// <param name="Ids">Keys of the points, in the order of the rows.</param>
/// <param name="UploadId">By which what is new can be undone.</param>
/// <param name="Accepted">How many rows are new points.</param>
/// <param name="Duplicates">How many rows were there already, from before or from earlier in the upload.</param>
/// <param name="Rows">Every row in its order.</param>
public sealed record PhotometryReport(IReadOnlyList<long> Ids, Guid UploadId, int Accepted, int Duplicates, IReadOnlyList<PhotometryReportRow> Rows);

/// <summary>What became of a row.</summary>
/// <param name="Row">Counted from 0.</param>
/// <param name="Id">Key of the point that holds the measurement.</param>
/// <param name="Outcome">accepted or duplicate.</param>
public sealed record PhotometryReportRow(int Row, long Id, string Outcome);

/// <summary>Uploads new points, all or none.</summary>
public sealed class PostPhotometry(Contexts contexts, PhotometryWriter writer, UpdatePhotStats updateStats, RestoreExtinction extinction)
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
        var upload = await PhotometryIntake.ReadAsync(db, extinction, body, uploadId, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = transaction.Raw();
        var ahead = PhotStatsAhead.Of(upload.Points);
        var written = await writer.WriteAsync(connection, raw, upload.Points, ct);
        var duplicates = upload.Points.Select((point, row) => (point, row)).Where(item => written[item.row].Outcome == PhotometryOutcome.Duplicate).ToList();
        if (duplicates.Count > 0)
        {
            var named = string.Join("; ", duplicates.Take(MostNamed).Select(item => FormattableString.Invariant($"row {item.row}: {item.point.ObjId} at MJD {item.point.Mjd}")));
            throw Refusal.Invalid($"The following photometry already exists in the database: {named}{(duplicates.Count > MostNamed ? $" and {duplicates.Count - MostNamed} more" : "")}.");
        }

        await FinishAsync(db, transaction, uploadId, upload.Points, written, upload.Points, ahead, ct);
        return new PhotometryUploaded([.. written.Select(point => point.Id)], uploadId);
    }

    /// <summary>
    /// Uploads what is new, passes over what is there already, and tells which row is which. Refuses the whole where anything is
    /// wrong; the refusal names the wrong rows, <see cref="RowFaults.Most"/> at most, and nothing is written.
    /// </summary>
    /// <param name="viewer">Who uploads; becomes the owner of what is new.</param>
    /// <param name="body">Columns as sent.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<PhotometryReport> ReportAsync(Viewer viewer, JsonElement body, CancellationToken ct)
    {
        Demand(viewer);
        await using var db = contexts.For(viewer);
        var uploadId = Guid.NewGuid();
        var upload = await ReadOrNameAllAsync(db, body, uploadId, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = transaction.Raw();
        var ahead = PhotStatsAhead.Of(upload.Points);
        var written = await writer.WriteAsync(connection, raw, upload.Points, ct);
        var accepted = upload.Points.Where((_, row) => written[row].Outcome == PhotometryOutcome.Accepted).ToList();
        await FinishAsync(db, transaction, uploadId, upload.Points, written, accepted, ahead, ct);
        return new PhotometryReport(
            [.. written.Select(point => point.Id)],
            uploadId,
            accepted.Count,
            written.Count - accepted.Count,
            [.. written.Select((point, row) => new PhotometryReportRow(row, point.Id, point.Outcome == PhotometryOutcome.Accepted ? "accepted" : "duplicate"))]);
    }

    private async Task<PhotometryUpload> ReadOrNameAllAsync(SkyPortalContext db, JsonElement body, Guid uploadId, CancellationToken ct)
    {
        try
        {
            return await PhotometryIntake.ReadAsync(db, extinction, body, uploadId, ct);
        }
        catch (Refusal refusal) when (refusal.Kind == RefusalKind.Invalid)
        {
            throw new Refusal(refusal.Kind, refusal.Message, refusal) { Faults = await PhotometryIntake.FaultsAsync(db, body, refusal, ct) };
        }
    }

    private async Task FinishAsync(
        SkyPortalContext db,
        IDbContextTransaction transaction,
        Guid uploadId,
        IReadOnlyList<PhotometryPoint> points,
        IReadOnlyList<WrittenPoint> written,
        IReadOnlyList<PhotometryPoint> fresh,
        PhotStatsAhead? ahead,
        CancellationToken ct)
    {
        var (connection, raw) = transaction.Raw();
        await PhotometryIntake.KeepUploadAsync(db, transaction, uploadId, fresh, ct);
        await updateStats.HandleAsync(connection, raw, points, written, ahead, ct);
        db.RecordPhotometry("photometry.added", fresh);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    internal static void Demand(Viewer viewer)
    {
        if (!viewer.Has(Acl.UploadData))
        {
            throw Refusal.Forbidden("Only who may upload data may post photometry.");
        }
    }
}
