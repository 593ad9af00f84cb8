using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Photometry;

/// <summary>Gives uploaded values that were corrected for the dust of the Milky Way back what the dust takes: points are stored as observed.</summary>
public sealed class RestoreExtinction(DustMap dust)
{
    /// <summary>
    /// Dims flux, its error, the limit and the reference of each point by the extinction at its band's effective wavelength in the
    /// direction of its object. Refuses, with the row, what has none: no map of the dust, no position, a band outside of the curve.
    /// One statement.
    /// </summary>
    internal async Task ApplyAsync(SkyPortalContext db, IReadOnlyList<PhotometryPoint> points, CancellationToken ct)
    {
        if (!dust.IsThere)
        {
            throw Refusal.Invalid("extinction_corrected: this site holds no map of the Galactic dust; upload the values as observed.");
        }

        var ids = points.Select(point => point.ObjId).Distinct(StringComparer.Ordinal).ToArray();
        var excessMag = (await db.Set<Obj>().Where(obj => ids.Contains(obj.Id)).Select(obj => new { obj.Id, obj.Ra, obj.Dec }).ToListAsync(ct))
            .ToDictionary(obj => obj.Id, obj => obj is { Ra: { } ra, Dec: { } dec } ? dust.ColourExcessMag(new SkyPosition(ra, dec)) : null, StringComparer.Ordinal);
        for (var row = 0; row < points.Count; row++)
        {
            var point = points[row];
            var colour = excessMag.GetValueOrDefault(point.ObjId) ?? throw PhotometryColumns.Wrong("extinction_corrected", row, $"the extinction towards {point.ObjId} is not known");
            var mag = DustExtinction.Magnitudes(Bandpasses.Find(point.Filter)!.EffectiveWavelengthAngstrom, colour)
                ?? throw PhotometryColumns.Wrong("extinction_corrected", row, $"the extinction in {point.Filter} is not known");
            Dim(point, mag);
        }
    }

    private static void Dim(PhotometryPoint point, double extinctionMag)
    {
        var factor = Math.Pow(10, -0.4 * extinctionMag);
        (point.Flux, point.Fluxerr) = (point.Flux * factor, point.Fluxerr * factor);
        (point.RefFlux, point.RefFluxerr) = (point.RefFlux * factor, point.RefFluxerr * factor);
        if (point.OriginalUserData is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("limiting_mag", out var limit))
        {
            var changed = JsonObject.Create(given)!;
            changed["limiting_mag"] = limit.GetDouble() + extinctionMag;
            point.OriginalUserData = JsonSerializer.SerializeToElement(changed);
        }
    }
}
