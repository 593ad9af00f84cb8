using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What a finding chart is asked to be.</summary>
/// <param name="SizeArcmin">Side of the chart, 2 to 15.</param>
/// <param name="MagMin">Brightest offset star; null for what suits the facility.</param>
/// <param name="MagLimit">Faintest offset star; null for what suits the facility.</param>
public sealed record FinderQuestion(StarlistQuestion Starlist, ChartImageSource Source, double SizeArcmin, double? MagMin = null, double? MagLimit = null)
{
    /// <summary>Smallest side, arcminutes.</summary>
    public const double MinSizeArcmin = 2;

    /// <summary>Largest side, arcminutes.</summary>
    public const double MaxSizeArcmin = 15;

    /// <summary>Which stars serve: those that suit the facility and stand on the chart.</summary>
    public OffsetStarRules Rules => new(
        Math.Min(Starlist.Facility.RadiusDegrees, SizeArcmin / 120), MagMin ?? Starlist.Facility.MagMin, MagLimit ?? Starlist.Facility.MagLimit, Starlist.Facility.MinSepArcsec);
}

/// <summary>
/// Makes finding charts. Where the wanted survey gives no image, the Digitized Sky Survey stands in; where that does not, either, the
/// chart shows the stars of the catalogue.
/// </summary>
public sealed class GetFinderChart(FindOffsetStars find, FetchChartImage images)
{
    private static readonly ChartImageSource StandIn = ChartImageSource.Find("dss")!;

    /// <summary>The chart of a place that the caller may know.</summary>
    /// <param name="name">Name over the chart and in the star list.</param>
    /// <param name="progress">Told what is done next.</param>
    public async Task<FinderChart> HandleAsync(Viewer viewer, string name, SkyPosition place, FinderQuestion question, IProgress<string>? progress, CancellationToken ct)
    {
        progress?.Report("Looking for offset stars in Gaia");
        var list = question.Starlist;
        var search = await find.HandleAsync(viewer, new OffsetStarsQuestion(place, question.Rules, list.Count, list.ObservedAt, list.UsesZtf, name), ct);
        progress?.Report($"Fetching the image, {question.Source.Title}");
        var (image, note) = await ImageAsync(viewer, name, place, question, progress, ct);
        note = image is null ? note + Instead(search) : note;
        progress?.Report("Drawing");
        note = search.GaiaAvailable ? note : string.Join(' ', new[] { note, "Gaia is out of reach: " + (search.Stars.Count > 0 ? "the stars are those of the ZTF's reference, without proper motion." : "there are no offset stars.") }.Where(part => part is not null));
        return new FinderChart(
            name, place, question.SizeArcmin, list.Facility, list.ObservedAt, image, note, search.Stars, search.Field,
            Domain.FollowUp.Starlist.Write(list.Facility, name, place, search.Stars));
    }

    private async Task<(ChartImage? Image, string? Note)> ImageAsync(Viewer viewer, string name, SkyPosition place, FinderQuestion question, IProgress<string>? progress, CancellationToken ct)
    {
        var note = "";
        foreach (var source in new[] { question.Source, StandIn }.Distinct())
        {
            try
            {
                if (await images.HandleAsync(viewer, source, place, question.SizeArcmin, name, ct) is { } image)
                {
                    return (image, note.Length == 0 ? null : $"{note}{source.Title} stands in.");
                }

                note += $"{source.Title} has no image here. ";
            }
            catch (OutsideException error)
            {
                note += $"{error.Message} ";
            }

            progress?.Report($"{source.Title} gave no image, trying another");
        }

        return (null, note);
    }

    private static string Instead(OffsetStarsAnswer search) =>
        search.Field.Count > 0 ? "The stars are drawn from the catalogue."
        : search.Stars.Count > 0 ? "Only the offset stars are drawn."
        : "Without an image and without a star the chart shows only where the target lies.";
}
