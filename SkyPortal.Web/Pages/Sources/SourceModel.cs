using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>What the page of a source shows.</summary>
/// <param name="Parts">The parts that were read; the others are empty.</param>
public sealed record SourceModel(
    ObjRecord Obj, PhotometryView Photometry, SpectraView Spectra, IReadOnlyList<GroupRow> OwnGroups, bool IsFavorite, SourceParts Parts)
{
    /// <summary>Groups to which it is saved and which the viewer knows.</summary>
    public IReadOnlyList<SavedGroupRecord> Groups => Part<SavedGroupRecord>("groups");

    /// <summary>Classifications, newest first.</summary>
    public IReadOnlyList<ClassificationRecord> Classifications => [.. Part<ClassificationRecord>("classifications").Reverse()];

    /// <summary>Annotations by origin.</summary>
    public IReadOnlyList<AnnotationRecord> Annotations => Part<AnnotationRecord>("annotations");

    /// <summary>Comments, newest last.</summary>
    public IReadOnlyList<CommentRecord> Comments => [.. Part<CommentRecord>("comments").Reverse()];

    /// <summary>Pictures.</summary>
    public IReadOnlyList<ThumbnailRecord> Thumbnails => Part<ThumbnailRecord>("thumbnails");

    /// <summary>When spectra were taken, and with what, for the light curve.</summary>
    public IReadOnlyList<SpectrumMark> SpectrumMarks =>
        [.. Spectra.Spectra.Select(row => new SpectrumMark((row.ObservedAt - DateTime.UnixEpoch).TotalDays + 40587, Spectra.Instruments[row.InstrumentId].Name))];

    /// <summary>Where it stands; null where that is not known.</summary>
    public SkyPosition? Position => Obj is { Ra: { } ra, Dec: { } dec } && SkyPosition.TryCreate(ra, dec, out var place, out _) ? place : null;

    /// <summary>Distance and distance modulus, where something tells them.</summary>
    public ObjectDistance Distance => ObjectDistance.Of(Obj.Redshift, Obj.Altdata);

    /// <summary>
    /// With whom a remark is shared unless said otherwise: the viewer's groups that hold the source; null (the whole site) only
    /// where none of them does.
    /// </summary>
    public int[]? ShareGroups(Viewer viewer) =>
        Groups.Select(group => group.Id).Intersect(viewer.GroupIds).ToArray() is { Length: > 0 } own ? own : viewer.OwnGroupId is { } alone ? [alone] : null;

    /// <summary>Who reads a remark that is shared so, in words.</summary>
    public string Readers(Viewer viewer)
    {
        var names = ShareGroups(viewer) is { } ids ? OwnGroups.Where(group => ids.Contains(group.Id)).Select(group => group.Name).ToList() : null;
        return names switch
        {
            null => "everybody who sees the source",
            [] => "yourself only",
            _ => string.Join(", ", names),
        };
    }

    private IReadOnlyList<T> Part<T>(string name) => Obj.Parts.GetValueOrDefault(name) as IReadOnlyList<T> ?? [];
}

/// <summary>Reads what the page of a source shows.</summary>
public sealed class ReadSourcePage(
    GetSource source, ReadPhotometry photometry, ReadSpectra spectra, ReadListings listings, ListGroups groups,
    ReadPhotometryValidations validations)
{
    /// <summary>Name of the list behind the star.</summary>
    public const string Favorites = "favorites";

    private static readonly PhotometryView NoPhotometry = new([], new Dictionary<int, PointGroup>(), new Dictionary<int, PointStream>(), new Dictionary<int, PointOwner>());

    private static readonly SpectraView NoSpectra =
        new([], new Dictionary<int, InstrumentRecord>(), new Dictionary<int, TelescopeRecord>(), new Dictionary<int, UserRecord>());

    /// <summary>The page with the parts that are asked for; null where the viewer sees no such source.</summary>
    public async Task<SourceModel?> HandleAsync(Viewer viewer, string objId, SourceParts parts, CancellationToken ct)
    {
        var includes = new SourceIncludes
        {
            Thumbnails = parts.HasFlag(SourceParts.Thumbnails),
            Comments = parts.HasFlag(SourceParts.Comments),
            Annotations = parts.HasFlag(SourceParts.Annotations),
            Tags = false,
            AssociatedObjs = false,
            Galaxies = false,
        };
        if (await source.HandleAsync(viewer, objId, includes, ct) is not { } obj)
        {
            return null;
        }

        var points = parts.HasFlag(SourceParts.Photometry) ? PointsAsync(viewer, objId, ct) : Task.FromResult(NoPhotometry);
        var known = parts.HasFlag(SourceParts.Spectra) ? spectra.OfObjectAsync(viewer, objId, ct, withSamples: false) : Task.FromResult(NoSpectra);
        var favorites = listings.HandleAsync(viewer, null, Favorites, ct);
        var own = groups.HandleAsync(viewer, false, ct);
        return new SourceModel(obj, await points, await known, (await own).UserAccessibleGroups, (await favorites).Any(entry => entry.ObjId == objId), parts);
    }

    private async Task<PhotometryView> PointsAsync(Viewer viewer, string objId, CancellationToken ct) =>
        await validations.AddToAsync(viewer, await photometry.OfObjectAsync(viewer, objId, ct), ct);
}
