using Microsoft.EntityFrameworkCore;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Discussion;

/// <summary>Finds the groups whose members may learn of something by an event: the event tells what only readers may know.</summary>
internal static class Audience
{
    /// <summary>Groups whose members are in one of either list; everybody is in the sitewide group. None where a list is null.</summary>
    public static async Task<int[]> OfBothAsync(SkyPortalContext db, int[] one, int[]? other, CancellationToken ct)
    {
        if (other is null)
        {
            return [];
        }

        var sitewide = await db.Set<Group>().Where(group => group.Sitewide).Select(group => group.Id).SingleAsync(ct);
        return
        [
            .. one.Where(id => other.Contains(sitewide) || other.Contains(id))
                .Union(other.Where(id => one.Contains(sitewide)))
                .Order(),
        ];
    }

    /// <summary>Groups whose members see the spectrum and what is shared with these groups.</summary>
    public static async Task<int[]> OfSpectrumAsync(SkyPortalContext db, long spectrumId, int[] groupIds, CancellationToken ct) =>
        await OfBothAsync(db, groupIds, await db.Set<Spectrum>().Where(spectrum => spectrum.Id == spectrumId).Select(spectrum => spectrum.GroupIds).SingleOrDefaultAsync(ct), ct);
}
