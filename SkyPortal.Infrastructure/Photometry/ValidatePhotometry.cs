using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>What is said about a point.</summary>
/// <param name="Validated">True for good, false for rejected, null for one that cannot be told.</param>
/// <param name="Explanation">Why; null keeps what was said before.</param>
/// <param name="Notes">Anything else; null keeps what was said before.</param>
public sealed record PhotometryVerdict(bool? Validated, string? Explanation, string? Notes);

/// <summary>Validates or rejects a point, or takes that back; for who manages sources.</summary>
public sealed class ValidatePhotometry(Contexts contexts)
{
    /// <summary>Longest explanation and notes, in characters.</summary>
    public const int MostText = 10_000;

    /// <summary>States a verdict over a point, whether or not there was one, and returns its key.</summary>
    public Task<long> HandleAsync(Viewer viewer, long photometryId, PhotometryVerdict verdict, CancellationToken ct) =>
        SaveAsync(viewer, photometryId, verdict, mayBeNew: true, ct);

    /// <summary>Changes the verdict over a point and returns its key; refuses where there is none.</summary>
    public Task<long> ChangeAsync(Viewer viewer, long photometryId, PhotometryVerdict verdict, CancellationToken ct) =>
        SaveAsync(viewer, photometryId, verdict, mayBeNew: false, ct);

    /// <summary>Removes the verdict over a point and returns its key; refuses where there is none.</summary>
    public async Task<long> RemoveAsync(Viewer viewer, long photometryId, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var (point, validation) = await FindAsync(db, photometryId, ct);
        db.Remove(validation ?? throw NotThere());
        db.Record("photometry.validation_removed", point.ObjId, point.GroupIds, new { photometryId, before = validation.Validated });
        await db.SaveChangesAsync(ct);
        return validation.Id;
    }

    private async Task<long> SaveAsync(Viewer viewer, long photometryId, PhotometryVerdict verdict, bool mayBeNew, CancellationToken ct)
    {
        await using var db = contexts.For(viewer);
        var (point, validation) = await FindAsync(db, photometryId, ct);
        if (validation is null)
        {
            validation = mayBeNew ? new PhotometryValidation { PhotometryId = photometryId } : throw NotThere();
            db.Add(validation);
        }

        validation.Validated = verdict.Validated;
        validation.ValidatorId = viewer.UserId ?? throw Refusal.Forbidden("Only a user may validate photometry.");
        validation.Explanation = verdict.Explanation ?? validation.Explanation;
        validation.Notes = verdict.Notes ?? validation.Notes;
        db.Record("photometry.validated", point.ObjId, point.GroupIds, new { photometryId, validated = verdict.Validated });
        await db.SaveChangesAsync(ct);
        return validation.Id;
    }

    private static async Task<(PhotometryPoint Point, PhotometryValidation? Validation)> FindAsync(SkyPortalContext db, long photometryId, CancellationToken ct)
    {
        if (!db.Viewer.Has(Acl.ManageSources))
        {
            throw Refusal.Forbidden("Only who manages sources may validate photometry.");
        }

        var point = await db.Set<PhotometryPoint>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == photometryId, ct)
            ?? throw Refusal.Invalid($"Cannot find photometry point with ID: {photometryId}.");
        return (point, await db.Set<PhotometryValidation>().SingleOrDefaultAsync(row => row.PhotometryId == photometryId, ct));
    }

    private static Refusal NotThere() => Refusal.Invalid("Photometry is not validated/rejected");
}
