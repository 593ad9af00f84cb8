using System.Globalization;
using System.Text.Json;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>A column of the list of sources.</summary>
/// <param name="Sort">By what a click on its head sorts; null where the server cannot.</param>
public sealed record SourceColumn(string Id, string Title, string? Sort, bool IsNumber = false, string? Hint = null);

/// <summary>The columns that there are, and those that a person chose.</summary>
public static class SourceColumns
{
    /// <summary>Key of a person's preferences.</summary>
    public const string Preference = "sourceList";

    private const string AnnotationPrefix = "annotation.";
    private const string AltdataPrefix = "altdata.";
    private const int MostColumns = 40;

    /// <summary>Columns that every source has.</summary>
    public static IReadOnlyList<SourceColumn> All { get; } =
    [
        new("favorite", "★", "favorites", Hint: "Your favourites"),
        new("picture", "Picture", null, Hint: "The newest science image, else what there is"),
        new("id", "Name", "id"),
        new("tns", "TNS", "tns_name"),
        new("alias", "Alias", "alias"),
        new("origin", "Origin", "origin"),
        new("position", "RA, Dec", "ra", Hint: "ICRS; a click copies"),
        new("dec", "Dec", "dec", true, "ICRS, degrees"),
        new("gal_lon", "l", "gal_lon", true, "Galactic longitude, degrees"),
        new("gal_lat", "b", "gal_lat", true, "Galactic latitude, degrees"),
        new("redshift", "Redshift", "redshift", true),
        new("class", "Class", "classification", Hint: "The newest that you may read"),
        new("tags", "Tags", null),
        new("host", "Host", null, Hint: "Galaxy in which it lies, and how far from its middle"),
        new("peak", "Peak", "peak_mag", true, "Brightest AB magnitude"),
        new("latest", "Latest", "latest_mag", true, "AB magnitude of the last detection"),
        new("detections", "Detections", "num_detections", true),
        new("labelled", "Looked at", null, Hint: "By whom of your groups"),
        new("groups", "Groups", null),
        new("saved_at", "Saved", "saved_at"),
        new("saved_by", "Saved by", null),
        new("mpc", "MPC", "mpc_name", Hint: "Known solar-system object nearby"),
    ];

    /// <summary>What is shown to who chose nothing.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["favorite", "id", "position", "class", "tags", "redshift", "peak", "latest", "groups", "saved_at"];

    /// <summary>The columns with these ids; ids that mean nothing are left out, the name is always there.</summary>
    public static IReadOnlyList<SourceColumn> Of(IEnumerable<string> ids)
    {
        var columns = ids.Distinct().Take(MostColumns).Select(Find).OfType<SourceColumn>().ToList();
        if (columns.TrueForAll(column => column.Id != "id"))
        {
            columns.Insert(0, All.Single(column => column.Id == "id"));
        }

        return columns;
    }

    /// <summary>The column with an id: one that every source has, annotation.ORIGIN.KEY or altdata.PATH.</summary>
    public static SourceColumn? Find(string id) => All.FirstOrDefault(column => column.Id == id) ?? (id.Split('.') switch
    {
        ["annotation", { Length: > 0 } origin, .. { Length: > 0 } key] => new SourceColumn(id, string.Join('.', key), id, true, $"Annotation of {origin}"),
        ["altdata", .. { Length: > 0 } path] when path.All(part => part.Length > 0) => new SourceColumn(id, path[^1], id, true, $"altdata {string.Join('.', path)}"),
        _ => null,
    });

    /// <summary>Columns for the annotations and further data that some sources have.</summary>
    public static IReadOnlyList<string> Offered(IEnumerable<SourceRow> rows) =>
    [
        .. rows.SelectMany(row => row.Annotations.Where(note => note.Data.ValueKind == JsonValueKind.Object && !note.Origin.Contains('.', StringComparison.Ordinal))
                .SelectMany(note => note.Data.EnumerateObject().Select(field => $"{AnnotationPrefix}{note.Origin}.{field.Name}"))
                .Concat(row.Obj.Altdata is { ValueKind: JsonValueKind.Object } data ? data.EnumerateObject().Select(field => $"{AltdataPrefix}{field.Name}") : []))
            .Distinct().Order(StringComparer.OrdinalIgnoreCase),
    ];
}

/// <summary>A row of the list.</summary>
public sealed record SourceRow(ObjRecord Obj, bool IsFavorite)
{
    private static readonly string[] PictureOrder = ["new", "ls", "ps1", "sdss"];

    /// <summary>Groups to which it is saved, as far as the viewer knows them.</summary>
    public IReadOnlyList<SavedGroupRecord> Groups => Part<SavedGroupRecord>("groups");

    /// <summary>The newest save.</summary>
    public SavedGroupRecord? LastSave => Groups.MaxBy(group => group.SavedAt);

    /// <summary>The newest class.</summary>
    public ClassificationRecord? Class => Part<ClassificationRecord>("classifications").LastOrDefault();

    public IReadOnlyList<ObjTagName> Tags => Part<ObjTagName>("tags");

    /// <summary>Address of the picture that tells most; null where there is none.</summary>
    public string? Picture => Part<ThumbnailRecord>("thumbnails").Where(picture => picture.PublicUrl is not null)
        .OrderBy(picture => Array.IndexOf(PictureOrder, picture.Type) is var at and >= 0 ? at : PictureOrder.Length).ThenByDescending(picture => picture.CreatedAt).FirstOrDefault()?.PublicUrl;

    /// <summary>Name of the host galaxy; null where none is set.</summary>
    public string? Host => Obj.Parts.GetValueOrDefault("host") is IReadOnlyDictionary<string, object?> host ? host.GetValueOrDefault("name") as string : null;

    public IReadOnlyList<AnnotationRecord> Annotations => Part<AnnotationRecord>("annotations");

    public IReadOnlyList<SourceLabelRecord> Labels => Part<SourceLabelRecord>("labellers");

    /// <summary>Statistics of the light curve; null where the viewer may not read all of it.</summary>
    public PhotStatRecord? Stats => Part<PhotStatRecord>("photstats").FirstOrDefault();

    /// <summary>A derived number, such as gal_lat in degrees.</summary>
    public double? Number(string part) => Obj.Parts.GetValueOrDefault(part) as double?;

    /// <summary>Value of a column annotation.ORIGIN.KEY or altdata.PATH as text; null where there is none.</summary>
    public string? Value(string columnId)
    {
        var path = columnId.Split('.');
        JsonElement? value = path[0] == "altdata"
            ? At(Obj.Altdata, path[1..])
            : At(Annotations.FirstOrDefault(note => note.Origin == path[1])?.Data, [string.Join('.', path[2..])]);
        return value switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.Number } number => number.GetDouble().ToString("G6", CultureInfo.InvariantCulture),
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { } other => other.GetRawText(),
        };
    }

    private static JsonElement? At(JsonElement? value, string[] path)
    {
        foreach (var name in path)
        {
            value = value is { ValueKind: JsonValueKind.Object } inner && inner.TryGetProperty(name, out var found) ? found : null;
        }

        return value;
    }

    private IReadOnlyList<T> Part<T>(string name) => Obj.Parts.GetValueOrDefault(name) as IReadOnlyList<T> ?? [];
}
