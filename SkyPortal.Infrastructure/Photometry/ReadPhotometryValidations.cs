using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>A verdict over a point as it appears on the wire.</summary>
public sealed record PhotometryValidationRecord(
    long Id, DateTime CreatedAt, DateTime Modified, long PhotometryId, bool? Validated, int ValidatorId, string? Explanation, string? Notes);

/// <summary>Reads the verdicts over points in one statement.</summary>
public sealed class ReadPhotometryValidations(Contexts contexts)
{
    /// <summary>The view with the verdicts over its points.</summary>
    public async Task<PhotometryView> AddToAsync(Viewer viewer, PhotometryView view, CancellationToken ct)
    {
        var ids = view.Points.Select(point => point.Id).ToArray();
        await using var db = contexts.For(viewer);
        var rows = await db.Set<PhotometryValidation>().Where(row => ids.Contains(row.PhotometryId))
            .Select(row => new PhotometryValidationRecord(
                row.Id, row.CreatedAt, row.Modified, row.PhotometryId, row.Validated, row.ValidatorId, row.Explanation, row.Notes))
            .ToListAsync(ct);
        return view with { Validations = rows.ToLookup(row => row.PhotometryId) };
    }
}
