using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What a star list is asked to be.</summary>
/// <param name="Count">Most offset stars.</param>
/// <param name="ObservedAt">When the target is observed: stars are put where they then stand.</param>
/// <param name="UsesZtf">See <see cref="OffsetStarsQuestion"/>.</param>
public sealed record StarlistQuestion(StarlistFacility Facility, int Count, Mjd ObservedAt, bool UsesZtf);

/// <summary>A star list and how it came about.</summary>
public sealed record StarlistAnswer(Target Target, IReadOnlyList<StarlistLine> Lines, OffsetStarsAnswer Search);

/// <summary>Writes the star list of a source.</summary>
public sealed class GetStarlist(ReadTarget targets, FindOffsetStars find, ReadPhotStats stats)
{
    /// <summary>The list; null where the viewer sees no such source. No other server is asked before that is known.</summary>
    public async Task<StarlistAnswer?> HandleAsync(Viewer viewer, string objId, StarlistQuestion question, CancellationToken ct)
    {
        if (await targets.HandleAsync(viewer, objId, ct) is not { } target)
        {
            return null;
        }

        var facility = question.Facility;
        var rules = new OffsetStarRules(facility.RadiusDegrees, facility.MagMin, facility.MagLimit, facility.MinSepArcsec);
        var search = await find.HandleAsync(viewer, new OffsetStarsQuestion(target.Place, rules, question.Count, question.ObservedAt, question.UsesZtf, objId), ct);
        var stat = facility.Name == "P200-NGPS" ? (await stats.ForAsync(viewer, [objId], ct)).GetValueOrDefault(objId) : null;
        var brightness = stat is { LastDetectedMag: { } mag, LastDetectedFilter: { } filter } ? new TargetBrightness(mag, filter) : null;
        return new StarlistAnswer(target, Starlist.Write(facility, objId, target.Place, search.Stars, brightness), search);
    }
}
