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
    ObjRecord Obj, PhotometryView Photometry, IReadOnlyList<SpectrumRecord> Spectra, IReadOnlyList<NamedGroup> OwnGroups, bool IsFavorite, SourceParts Parts)
{
    /// <summary>Groups to which it is saved and which the viewer knows.</summary>
    public IReadOnlyList<SavedGroupRecord> Groups => Part<SavedGroupRecord>("groups");

    /// <summary>Classifications, newest first.</summary>
    public IReadOnlyList<ClassificationRecord> Classifications => [.. Part<ClassificationRecord>("classifications").Reverse()];

    /// <summary>Annotations by origin.</summary>
    public IReadOnlyList<AnnotationRecord> Annotations => Part<AnnotationRecord>("annotations");

    /// <summary>Pictures.</summary>
    public IReadOnlyList<ThumbnailRecord> Thumbnails => Part<ThumbnailRecord>("thumbnails");

    /// <summary>When spectra were taken, and with what, for the light curve.</summary>
    public IReadOnlyList<SpectrumMark> SpectrumMarks =>
        [.. Spectra.Select(row => new SpectrumMark(Mjd.DaysOf(row.ObservedAt), row.InstrumentName))];

    /// <summary>Where it stands; null where that is not known.</summary>
    public SkyPosition? Position => Obj is { Ra: { } ra, Dec: { } dec } && SkyPosition.TryCreate(ra, dec, out var place, out _) ? place : null;

    /// <summary>Distance and distance modulus, where something tells them.</summary>
    public ObjectDistance Distance => ObjectDistance.Of(Obj.Redshift, Obj.Altdata);

    /// <summary>Other saved sources at its position, nearest first.</summary>
    public IReadOnlyList<NearbySource> Near => Part<NearbySource>("duplicates");

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
public sealed class ReadSourcePage(GetSource source, ReadSourceTies ties, ReadPhotometry photometry, ReadSpectra spectra)
{
    /// <summary>Name of the list behind the star.</summary>
    public const string Favorites = "favorites";

    private static readonly Task<PhotometryView> NoPhotometry = Task.FromResult(PhotometryView.OfPoints());
    private static readonly Task<IReadOnlyList<SpectrumRecord>> NoSpectra = Task.FromResult<IReadOnlyList<SpectrumRecord>>([]);

    /// <summary>
    /// The page with the parts that are asked for; null where the viewer sees no such source. Four statements (object, groups,
    /// classes, ties), and one more for each part.
    /// </summary>
    public async Task<SourceModel?> HandleAsync(Viewer viewer, string objId, SourceParts parts, CancellationToken ct)
    {
        var includes = new SourceIncludes
        {
            Thumbnails = parts.HasFlag(SourceParts.Thumbnails),
            Annotations = parts.HasFlag(SourceParts.Annotations),
            Tags = false,
            AssociatedObjs = false,
            Galaxies = false,
            Duplicates = false,
            FollowupRequests = false,
        };
        if (await source.HandleAsync(viewer, objId, includes, ct) is not { } obj)
        {
            return null;
        }

        var position = obj is { Ra: { } ra, Dec: { } dec } ? new SkyPosition(ra, dec) : (SkyPosition?)null;
        var around = ties.HandleAsync(viewer, objId, obj.IsRoid == true ? null : position, GetSource.DuplicateRadiusDegrees, ct);
        var points = parts.HasFlag(SourceParts.Photometry) ? photometry.WithVerdictsAsync(viewer, objId, ct) : NoPhotometry;
        var known = parts.HasFlag(SourceParts.Spectra) ? spectra.ListOfObjectAsync(viewer, objId, ct) : NoSpectra;
        await Task.WhenAll(around, points, known);
        var tied = await around;
        obj.With("duplicates", tied.Near.Where(other => other.ObjId != objId).ToList());
        return new SourceModel(obj, await points, await known, tied.OwnGroups, tied.IsFavorite, parts);
    }
}
