using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Place in the colour-magnitude diagram that an annotation gives.</summary>
public sealed record ColorMagnitudeRecord(string Origin, double? AbsMag, double Color);

/// <summary>Reads where the annotations of catalogues place objects in the colour-magnitude diagram.</summary>
public sealed class ReadColorMagnitude(SourceExists exists, ReadObjAnnotations annotations)
{
    /// <summary>Places of an object, one for each annotation of the catalogue that gives one; null where the viewer sees no such object. Two statements.</summary>
    public async Task<IReadOnlyList<ColorMagnitudeRecord>?> HandleAsync(Viewer viewer, string objId, ColorMagnitudeKeys keys, CancellationToken ct) =>
        await exists.ByNameAsync(viewer, objId, ct) ? Of((await annotations.ForAsync(viewer, [objId], withAuthor: false, ct))[objId], keys) : null;

    /// <summary>Places that annotations give.</summary>
    public static IReadOnlyList<ColorMagnitudeRecord> Of(IEnumerable<AnnotationRecord> rows, ColorMagnitudeKeys keys) =>
    [
        .. rows.Where(row => ColorMagnitude.IsOf(row.Origin, keys))
            .Select(row => (row.Origin, Place: ColorMagnitude.Of(row.Data, keys)))
            .Where(item => item.Place is not null)
            .Select(item => new ColorMagnitudeRecord(item.Origin, item.Place!.Value.AbsMag, item.Place.Value.Color)),
    ];
}
