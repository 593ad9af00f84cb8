using System.Text.Json.Serialization.Metadata;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Api.Sources;

/// <summary>The fields of a source by their wire names, and replies that carry only some of them.</summary>
internal static class SourceFields
{
    private const int MostFields = 100;

    private static readonly Dictionary<string, Func<object, object?>> Columns = ApiJson.Options.GetTypeInfo(typeof(ObjRecord)).Properties
        .Where(property => property is { Get: not null, IsExtensionData: false })
        .ToDictionary(property => property.Name, property => property.Get!);

    private static readonly string[] Parts =
    [
        "internal_key", "gal_lon", "gal_lat", "luminosity_distance", "dm", "angular_diameter_distance", "tags", "groups", "classifications", "annotations",
        "thumbnails", "comments", "photstats", "labellers", "photometry_exists", "comment_exists", "period", "spectrum_exists", "color_magnitude",
    ];

    /// <summary>Names of an object's own columns.</summary>
    public static IReadOnlyCollection<string> OfObj => Columns.Keys;

    /// <summary>The names asked for by <c>fields</c>, in that order; null for all. Refuses names that are none.</summary>
    public static IReadOnlyList<string>? Read(ApiQuery query)
    {
        var names = query.List("fields")?.Distinct().ToList();
        if (names is { Count: > MostFields } || names?.Find(name => !Columns.ContainsKey(name) && !Parts.Contains(name)) is not null)
        {
            var stray = names.Find(name => !Columns.ContainsKey(name) && !Parts.Contains(name));
            throw Refusal.Invalid(stray is null ? $"Invalid fields: at most {MostFields} are allowed." : $"Invalid fields: {stray} is not a field of a source.");
        }

        return names;
    }

    /// <summary>A source with some of its fields; the source itself where all are wanted.</summary>
    public static object Pick(ObjRecord source, IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return source;
        }

        var picked = new Dictionary<string, object?>(names.Count);
        foreach (var name in names.Where(name => Columns.ContainsKey(name) || source.Parts.ContainsKey(name)))
        {
            picked[name] = Value(source, name);
        }

        return picked;
    }

    /// <summary>A field; null where the source has none.</summary>
    public static object? Value(ObjRecord source, string name) => Columns.TryGetValue(name, out var get) ? get(source) : source.Parts.GetValueOrDefault(name);

    /// <summary>What a list reads: what its flags ask for and what the fields name, and nothing that no field names.</summary>
    public static SourceListIncludes Includes(ApiQuery query, IReadOnlyList<string>? names)
    {
        bool Asks(string flag, string field) => query.Bool(flag) || names?.Contains(field) == true;
        return new SourceListIncludes
        {
            Fields = names?.ToHashSet(),
            Nested = !query.Bool("removeNested"),
            Thumbnails = Asks("includeThumbnails", "thumbnails"),
            Comments = Asks("includeComments", "comments"),
            PhotometryExists = Asks("includePhotometryExists", "photometry_exists"),
            SpectrumExists = Asks("includeSpectrumExists", "spectrum_exists"),
            CommentExists = Asks("includeCommentExists", "comment_exists"),
            PeriodExists = Asks("includePeriodExists", "period"),
            Labellers = Asks("includeLabellers", "labellers"),
            ColorMagnitude = Asks("includeColorMagnitude", "color_magnitude"),
            Hosts = Asks("includeHosts", "host"),
            DetectionStats = Asks("includeDetectionStats", "photstats"),
        };
    }

    /// <summary>Getters of any record by wire name, in the order of the record.</summary>
    public static IReadOnlyList<(string Name, Func<object, object?> Get)> Of(Type record) =>
        [.. ApiJson.Options.GetTypeInfo(record).Properties.Where(property => property is { Get: not null, IsExtensionData: false }).Select(property => (property.Name, property.Get!))];
}
