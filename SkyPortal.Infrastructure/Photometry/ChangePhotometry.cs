using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Gives one point new values.</summary>
public sealed class ChangePhotometry(Contexts contexts, UpdatePhotStats updateStats, RestoreExtinction extinction)
{
    /// <summary>Changes a point; refuses one that is not there for the viewer or not theirs to change.</summary>
    /// <param name="viewer">Who changes it.</param>
    /// <param name="id">Key of the point.</param>
    /// <param name="body">
    /// All columns of one row as for an upload. Groups replace those of the point and must be the viewer's; streams are added; an
    /// origin, position, altdata or assignment that is not given stays.
    /// </param>
    /// <param name="ct">Cancels it.</param>
    public async Task HandleAsync(Viewer viewer, long id, JsonElement body, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var point = await db.Set<PhotometryPoint>().SingleOrDefaultAsync(row => row.Id == id, ct)
            ?? throw Refusal.Invalid($"Cannot find photometry point with ID: {id}.");
        if (!await db.Allowed<PhotometryPoint>(AccessMode.Update).AnyAsync(row => row.ObjId == point.ObjId && row.Id == id, ct))
        {
            throw Refusal.Invalid($"You do not have permission to update photometry point {id}. Only its owner and who manages photometry may.");
        }

        var upload = await PhotometryIntake.ReadAsync(db, extinction, body, point.UploadId, ct);
        if (upload.Points.Count != 1)
        {
            throw Refusal.Invalid($"Invalid input format: one row is needed to update a point, {upload.Points.Count} were given.");
        }

        if (upload.GroupIds.FirstOrDefault(group => !viewer.SeesAll && !viewer.GroupIds.Contains(group)) is > 0 and var foreign)
        {
            throw Refusal.Invalid($"Invalid group IDs: {foreign} is not one of your groups.");
        }

        var formerObjId = point.ObjId;
        Apply(point, upload, body, db.UtcNow);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (connection, raw) = transaction.Raw();
        await PhotometryWriter.HoldAsync(connection, raw, [point], ct);
        db.Record("photometry.changed", point.ObjId, point.GroupIds, new { id });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Refusal.Invalid("The following photometry already exists in the database: a point of the object with the same instrument, origin, time and flux.");
        }

        // Annotations name the object of their point, too.
        await db.Database.ExecuteSqlAsync($"update annotations_on_photometry set obj_id = {point.ObjId} where photometry_id = {id} and obj_id <> {point.ObjId}", ct);
        await updateStats.HandleAsync(connection, raw, [formerObjId, point.ObjId], ct);
        await transaction.CommitAsync(ct);
    }

    private static void Apply(PhotometryPoint point, PhotometryUpload upload, JsonElement body, DateTime now)
    {
        var given = upload.Points[0];
        (point.ObjId, point.InstrumentId, point.Filter, point.Mjd) = (given.ObjId, given.InstrumentId, given.Filter, given.Mjd);
        (point.Flux, point.Fluxerr, point.OriginalUserData) = (given.Flux, given.Fluxerr, given.OriginalUserData);
        point.Origin = Mentions("origin") ? given.Origin : point.Origin;
        point.Ra = Mentions("ra") ? given.Ra : point.Ra;
        point.Dec = Mentions("dec") ? given.Dec : point.Dec;
        point.RaUnc = Mentions("ra_unc") ? given.RaUnc : point.RaUnc;
        point.DecUnc = Mentions("dec_unc") ? given.DecUnc : point.DecUnc;
        point.Altdata = Mentions("altdata") ? given.Altdata : point.Altdata;
        point.AssignmentId = Mentions("assignment_id") ? given.AssignmentId : point.AssignmentId;
        if (Mentions("magref") || Mentions("ref_flux"))
        {
            (point.RefFlux, point.RefFluxerr) = (given.RefFlux, given.RefFluxerr);
        }

        if (upload.MentionsGroups)
        {
            point.GroupIds = given.GroupIds;
        }

        point.StreamIds = [.. point.StreamIds.Union(given.StreamIds).Order()];
        point.DedupHash = PhotometryIdentity.Hash(point);
        point.Modified = now;

        bool Mentions(string field) => body.TryGetProperty(field, out _);
    }
}
