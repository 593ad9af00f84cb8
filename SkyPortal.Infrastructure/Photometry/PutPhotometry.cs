using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Uploads points of which some may be there already: those keep their values and gain groups and streams.</summary>
public sealed class PutPhotometry(Contexts contexts, PhotometryWriter writer, WidenPhotometry widen, UpdatePhotStats updateStats, RestoreExtinction extinction)
{
    /// <summary>Uploads and answers the keys of the points in the order of the rows.</summary>
    /// <param name="viewer">Who uploads; becomes the owner of what is new.</param>
    /// <param name="body">Columns as sent.</param>
    /// <param name="ignoreFlux">Points of the same object, instrument, origin and time are the same whatever their flux; for administrators.</param>
    /// <param name="overwriteFlux">With <paramref name="ignoreFlux"/>: such points that have an origin take the new values.</param>
    /// <param name="ct">Cancels it.</param>
    public async Task<IReadOnlyList<long>> HandleAsync(Viewer viewer, JsonElement body, bool ignoreFlux, bool overwriteFlux, CancellationToken ct)
    {
        PostPhotometry.Demand(viewer);
        if (ignoreFlux && !viewer.SeesAll)
        {
            throw Refusal.Invalid("Ignoring flux/fluxerr when checking for duplicates is reserved to super admin users only");
        }

        await using var db = contexts.For(viewer);
        var uploadId = Guid.NewGuid();
        var upload = await PhotometryIntake.ReadAsync(db, extinction, body, uploadId, ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = transaction.Raw();
        var written = ignoreFlux
            ? await WriteIgnoringFluxAsync(db, transaction, upload.Points, overwriteFlux, ct)
            : await writer.WriteAsync(connection, raw, upload.Points, ct);
        var widened = await widen.HandleAsync(connection, raw, upload.Points, written, db.UtcNow, ct);
        await PhotometryIntake.KeepUploadAsync(db, transaction, uploadId, upload.Points, ct);
        // Rows that were there count again where their values or readers changed.
        await (ignoreFlux || widened > 0
            ? updateStats.HandleAsync(connection, raw, upload.Points.Select(point => point.ObjId).ToHashSet(StringComparer.Ordinal), ct)
            : updateStats.HandleAsync(connection, raw, upload.Points, written, ct));
        db.RecordPhotometry("photometry.added", upload.Points);
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return [.. written.Select(point => point.Id)];
    }

    private async Task<IReadOnlyList<WrittenPoint>> WriteIgnoringFluxAsync(
        SkyPortalContext db, IDbContextTransaction transaction, IReadOnlyList<PhotometryPoint> points, bool overwrite, CancellationToken ct)
    {
        var objIds = points.Select(point => point.ObjId).Distinct(StringComparer.Ordinal).ToArray();
        var known = (await db.Set<PhotometryPoint>().Where(point => objIds.Contains(point.ObjId)).ToListAsync(ct))
            .GroupBy(Key).ToDictionary(group => group.Key, group => group.MinBy(point => point.Id)!);
        var answers = new WrittenPoint[points.Count];
        var fresh = new List<int>();
        for (var row = 0; row < points.Count; row++)
        {
            if (!known.TryGetValue(Key(points[row]), out var old))
            {
                fresh.Add(row);
                continue;
            }

            answers[row] = new WrittenPoint(old.Id, PhotometryOutcome.Duplicate);
            if (overwrite && old.Origin is not ("None" or ""))
            {
                Overwrite(old, points[row], db.UtcNow);
            }
        }

        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is Npgsql.PostgresException { SqlState: Npgsql.PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid("The new values are those of another point of the object, which already exists in the database.");
        }

        var (connection, raw) = transaction.Raw();
        var written = await writer.WriteAsync(connection, raw, [.. fresh.Select(row => points[row])], ct);
        for (var i = 0; i < fresh.Count; i++)
        {
            answers[fresh[i]] = written[i];
        }

        return answers;
    }

    private static (string ObjId, int InstrumentId, string Origin, double Mjd) Key(PhotometryPoint point) =>
        (point.ObjId, point.InstrumentId, point.Origin, point.Mjd);

    private static void Overwrite(PhotometryPoint old, PhotometryPoint given, DateTime now)
    {
        (old.Flux, old.Fluxerr, old.Filter) = (given.Flux, given.Fluxerr, given.Filter);
        (old.Ra, old.Dec, old.RaUnc, old.DecUnc) = (given.Ra, given.Dec, given.RaUnc, given.DecUnc);
        (old.RefFlux, old.RefFluxerr, old.Altdata, old.OriginalUserData) = (given.RefFlux, given.RefFluxerr, given.Altdata, given.OriginalUserData);
        old.DedupHash = PhotometryIdentity.Hash(old);
        old.Modified = now;
    }
}
