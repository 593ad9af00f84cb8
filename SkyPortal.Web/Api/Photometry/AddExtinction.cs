using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Adds the dimming by the dust of the Milky Way to points, and what they would be without it.</summary>
public sealed class AddExtinction(ReadObjs objs, DustMap dust)
{
    /// <summary>
    /// Adds extinction (magnitudes, at the band's effective wavelength), mag_corr and flux_corr to rows; null where there is no dust
    /// map, no position, or the band lies outside of the curve.
    /// </summary>
    public async Task AddToAsync(Viewer viewer, List<Dictionary<string, object?>> rows, CancellationToken ct)
    {
        var known = await objs.ForAsync(viewer, [.. rows.Select(row => (string)row["obj_id"]!).Distinct()], ct);
        var excess = known.ToDictionary(one => one.Key, one => one.Value is { Ra: { } ra, Dec: { } dec } ? dust.ColourExcessMag(new SkyPosition(ra, dec)) : null);
        foreach (var row in rows)
        {
            var mag = excess.GetValueOrDefault((string)row["obj_id"]!) is { } colour && Bandpasses.Find((string)row["filter"]!) is { } band
                ? DustExtinction.Magnitudes(band.EffectiveWavelengthAngstrom, colour)
                : null;
            row["extinction"] = mag;
            if (row.TryGetValue("mag", out var seen))
            {
                row["mag_corr"] = (double?)seen - mag;
            }

            if (row.TryGetValue("flux", out var flux))
            {
                row["flux_corr"] = (double?)flux * (mag is { } dimmed ? Math.Pow(10, 0.4 * dimmed) : null);
            }
        }
    }
}
