using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>An object of a catalogue near the source, as an annotation tells it.</summary>
/// <param name="Words">When it was told, and its magnitudes.</param>
public sealed record CatalogMark(string Origin, double RaArcsec, double DecArcsec, string Words)
{
    private const double FarthestArcsec = 60;
    private const int MostMagnitudes = 4;
    private static readonly string[] RaKeys = ["ra", "raj2000", "radeg", "raicrs", "ramean", "rastack", "raepoch2000", "alpha"];
    private static readonly string[] DecKeys = ["dec", "decj2000", "dej2000", "dedeg", "decdeg", "deicrs", "decicrs", "decmean", "decstack", "declination", "delta"];

    /// <summary>The annotations that hold a position within a minute of arc, as offsets in arcseconds.</summary>
    public static IReadOnlyList<CatalogMark> Of(IEnumerable<AnnotationRecord> annotations, SkyPosition reference)
    {
        var marks = new List<CatalogMark>();
        foreach (var annotation in annotations.Where(row => row.Data.ValueKind == JsonValueKind.Object))
        {
            if (Number(annotation.Data, RaKeys) is not { } ra || Number(annotation.Data, DecKeys) is not { } dec || !SkyPosition.TryCreate(ra, dec, out var position, out _))
            {
                continue;
            }

            var offset = DetectionOffset.Between(reference, position, 0);
            if (double.Hypot(offset.RaArcsec, offset.DecArcsec) > FarthestArcsec)
            {
                continue;
            }

            var magnitudes = annotation.Data.EnumerateObject()
                .Where(property => property.Value.ValueKind == JsonValueKind.Number && property.Name.Contains("mag", StringComparison.OrdinalIgnoreCase))
                .Take(MostMagnitudes)
                .Select(property => string.Create(CultureInfo.InvariantCulture, $"{property.Name} {property.Value.GetDouble():0.###}"));
            marks.Add(new CatalogMark(
                annotation.Origin, offset.RaArcsec, offset.DecArcsec,
                string.Join(", ", magnitudes.Prepend(annotation.Modified.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)))));
        }

        return marks;
    }

    private static double? Number(JsonElement data, string[] names)
    {
        foreach (var property in data.EnumerateObject())
        {
            if (names.Contains(property.Name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant()) && property.Value.ValueKind == JsonValueKind.Number)
            {
                return property.Value.GetDouble();
            }
        }

        return null;
    }
}
