using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What is asked of a search for offset stars.</summary>
/// <param name="Target">Where the target stands at the time of observation.</param>
/// <param name="Count">Most stars, 0 to 4.</param>
/// <param name="UsesZtf">Whether positions follow the ZTF's reference where it has the star, and its stars stand in where Gaia is out of reach.</param>
/// <param name="Subject">What it is about, for the stored transactions.</param>
public sealed record OffsetStarsQuestion(SkyPosition Target, OffsetStarRules Rules, int Count, Mjd ObservedAt, bool UsesZtf, string? Subject);

/// <summary>Offset stars, and how they were found.</summary>
/// <param name="Field">All stars of the last search with where they stand, for a chart.</param>
/// <param name="Query">The last question to Gaia, as ADQL; empty where none was put.</param>
public sealed record OffsetStarsAnswer(
    IReadOnlyList<OffsetStar> Stars, IReadOnlyList<(CatalogStar Star, SkyPosition Position)> Field, string Query, int QueriesIssued, bool UsedZtfRef, bool GaiaAvailable);

/// <summary>Finds stars from which one can step to a target. The stars are known to everybody, and are kept for a while.</summary>
public sealed class FindOffsetStars(SearchGaiaStars gaia, ZtfReferences ztf, TimeProvider clock)
{
    private const int RelaxedSearches = 2;
    private const int KeptSearches = 500;

    // Gaia's frame and that of the ZTF's references differ by less; a star further off is another star.
    private const double SameStarArcsec = 0.5;

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly RecentAnswers<string, IReadOnlyList<CatalogStar>> _gaia = new(KeptSearches, KeptFor, clock);
    private readonly RecentAnswers<(SkyPosition, double), IReadOnlyList<CatalogStar>> _ztf = new(KeptSearches, KeptFor, clock);

    /// <summary>The stars; none where nothing is in reach.</summary>
    public async Task<OffsetStarsAnswer> HandleAsync(Viewer viewer, OffsetStarsQuestion question, CancellationToken ct)
    {
        var rules = question.Rules;
        var (query, issued) = ("", 0);
        IReadOnlyList<(CatalogStar Star, SkyPosition Position)> field = [];
        IReadOnlyList<OffsetStar> stars = [];
        var isAvailable = true;
        for (var relaxed = 0; question.Count > 0 && relaxed <= RelaxedSearches && stars.Count < question.Count; relaxed++)
        {
            rules = relaxed == 0 ? rules : rules.Relaxed();
            query = SearchGaiaStars.Query(question.Target, rules.RadiusDegrees);
            issued++;
            var found = _gaia.Find(query);
            if (found is null)
            {
                found = await gaia.HandleAsync(viewer, query, question.Subject, ct);
                if (found is null)
                {
                    isAvailable = false;
                    break;
                }

                _gaia.Keep(query, found);
            }

            field = [.. found.Select(star => (star, star.At(question.ObservedAt)))];
            stars = rules.Select(question.Target, field, question.Count);
        }

        if (!question.UsesZtf || question.Count == 0)
        {
            return new OffsetStarsAnswer(stars, field, query, issued, false, isAvailable);
        }

        var reference = await ReferenceAsync(viewer, question, rules.RadiusDegrees, ct);
        if (!isAvailable)
        {
            field = [.. reference.Select(star => (star, star.Position))];
            stars = rules.Select(question.Target, field, question.Count);
            return new OffsetStarsAnswer(stars, field, query, issued, stars.Count > 0, false);
        }

        var refined = stars.Select(star => Refine(question.Target, star, reference)).ToList();
        return new OffsetStarsAnswer(refined, field, query, issued, refined.Where((star, i) => star != stars[i]).Any(), true);
    }

    private async Task<IReadOnlyList<CatalogStar>> ReferenceAsync(Viewer viewer, OffsetStarsQuestion question, double radiusDegrees, CancellationToken ct)
    {
        var key = (question.Target, radiusDegrees);
        if (_ztf.Find(key) is { } known)
        {
            return known;
        }

        try
        {
            var stars = await ztf.StarsAsync(viewer, question.Target, radiusDegrees, question.Subject, ct);
            _ztf.Keep(key, stars);
            return stars;
        }
        catch (OutsideException)
        {
            return [];
        }
    }

    // The shift between the two frames is taken at the reference's epoch, so that the star's own motion stays Gaia's.
    private static OffsetStar Refine(SkyPosition target, OffsetStar star, IReadOnlyList<CatalogStar> reference)
    {
        if (reference.Count == 0)
        {
            return star;
        }

        var then = star.Star.At(new Mjd(51_544.5 + ((reference[0].EpochYears - 2000) * 365.25)));
        var same = reference.MinBy(other => other.Position.SeparationDegrees(then))!;
        if (same.Position.SeparationDegrees(then) * 3600 > SameStarArcsec)
        {
            return star;
        }

        var (east, north) = TangentPlane.OffsetsArcsec(then, same.Position);
        return OffsetStar.Towards(target, star.Star, TangentPlane.Deproject(star.Position, east / 3600, north / 3600));
    }
}
