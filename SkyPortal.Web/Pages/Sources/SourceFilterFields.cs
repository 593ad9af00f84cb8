namespace SkyPortal.Web.Pages.Sources;

/// <summary>How a condition is entered.</summary>
public enum SourceFilterKind
{
    Text,
    Number,
    Time,
    Switch,
}

/// <summary>A condition of the form; its name is the API's.</summary>
/// <param name="Unit">Behind its value; empty for none.</param>
/// <param name="Hint">What may be written; null where that is plain.</param>
public sealed record SourceFilterField(string Section, string Name, string Label, SourceFilterKind Kind, string Unit = "", string? Hint = null);

/// <summary>Every condition of the list of sources.</summary>
public static class SourceFilterFields
{
    private static readonly string[][] Together = [["ra", "dec", "radius"], ["localizationDateobs", "localizationName", "localizationCumprob"]];

    /// <summary>The section that a sky map is chosen in.</summary>
    public const string SkyMap = "Sky map";

    /// <summary>In the order of the form.</summary>
    public static IReadOnlyList<SourceFilterField> All { get; } =
    [
        new("Name", "sourceID", "name contains", SourceFilterKind.Text, Hint: "case counts; 2023abc finds TNS names, too"),
        new("Name", "alias", "alias contains", SourceFilterKind.Text),
        new("Name", "origin", "origin contains", SourceFilterKind.Text),
        new("Name", "objIDs", "exactly these", SourceFilterKind.Text, Hint: "names, separated by commas"),
        new("Name", "rejectedSourceIDs", "without", SourceFilterKind.Text, Hint: "names, separated by commas"),
        new("Name", "hasTNSname", "has a TNS name", SourceFilterKind.Switch),
        new("Name", "hasNoTNSname", "has no TNS name", SourceFilterKind.Switch),
        new("Name", "simbadClass", "Simbad class contains", SourceFilterKind.Text),
        new("Place", "ra", "right ascension", SourceFilterKind.Number, "°"),
        new("Place", "dec", "declination", SourceFilterKind.Number, "°"),
        new("Place", "radius", "radius", SourceFilterKind.Number, "°", "all three make a cone"),
        new(SkyMap, "localizationDateobs", "within a map of", SourceFilterKind.Time),
        new(SkyMap, "localizationName", "map", SourceFilterKind.Text),
        new(SkyMap, "localizationCumprob", "of its probability", SourceFilterKind.Number),
        new("Saved", "savedAfter", "saved after", SourceFilterKind.Time),
        new("Saved", "savedBefore", "saved before", SourceFilterKind.Time),
        new("Saved", "savedByCurrentUser", "saved by me", SourceFilterKind.Switch),
        new("Saved", "includeRequested", "with those offered to a group", SourceFilterKind.Switch),
        new("Saved", "pendingOnly", "only those offered to a group", SourceFilterKind.Switch),
        new("Saved", "createdOrModifiedAfter", "changed after", SourceFilterKind.Time),
        new("Light curve", "startDate", "first detected after", SourceFilterKind.Time),
        new("Light curve", "endDate", "last detected before", SourceFilterKind.Time),
        new("Light curve", "numberDetections", "detections, at least", SourceFilterKind.Number),
        new("Light curve", "minPeakMagnitude", "peak brighter than", SourceFilterKind.Number, " mag"),
        new("Light curve", "maxPeakMagnitude", "peak fainter than", SourceFilterKind.Number, " mag"),
        new("Light curve", "minLatestMagnitude", "latest brighter than", SourceFilterKind.Number, " mag"),
        new("Light curve", "maxLatestMagnitude", "latest fainter than", SourceFilterKind.Number, " mag"),
        new("Light curve", "excludeForcedPhotometry", "without forced photometry", SourceFilterKind.Switch),
        new("Class and redshift", "classifications", "class is any of", SourceFilterKind.Text, Hint: "Taxonomy: Class, separated by commas"),
        new("Class and redshift", "classifications_simul", "all of these classes", SourceFilterKind.Switch),
        new("Class and redshift", "nonclassifications", "class is none of", SourceFilterKind.Text, Hint: "Taxonomy: Class, separated by commas"),
        new("Class and redshift", "minRedshift", "redshift at least", SourceFilterKind.Number),
        new("Class and redshift", "maxRedshift", "redshift at most", SourceFilterKind.Number),
        new("Annotations", "annotationsFilter", "annotation", SourceFilterKind.Text, Hint: "key, or key:value:op with op eq, ne, lt, le, gt or ge"),
        new("Annotations", "annotationsFilterOrigin", "annotation of the origin", SourceFilterKind.Text),
        new("Annotations", "annotationsFilterAfter", "annotated after", SourceFilterKind.Time),
        new("Annotations", "annotationsFilterBefore", "annotated before", SourceFilterKind.Time),
        new("Comments", "commentsFilter", "comment contains", SourceFilterKind.Text, Hint: "any of several, separated by commas"),
        new("Comments", "commentsFilterAuthor", "comment by the user with id", SourceFilterKind.Number),
        new("Comments", "commentsFilterAfter", "commented after", SourceFilterKind.Time),
        new("Comments", "commentsFilterBefore", "commented before", SourceFilterKind.Time),
        new("Spectra and follow-up", "hasSpectrum", "has a spectrum", SourceFilterKind.Switch),
        new("Spectra and follow-up", "hasNoSpectrum", "has no spectrum", SourceFilterKind.Switch),
        new("Spectra and follow-up", "hasSpectrumAfter", "spectrum taken after", SourceFilterKind.Time),
        new("Spectra and follow-up", "hasSpectrumBefore", "spectrum taken before", SourceFilterKind.Time),
        new("Spectra and follow-up", "hasFollowupRequest", "has a follow-up request", SourceFilterKind.Switch),
        new("Labels and lists", "hasBeenLabelled", "looked at", SourceFilterKind.Switch),
        new("Labels and lists", "hasNotBeenLabelled", "not looked at", SourceFilterKind.Switch),
        new("Labels and lists", "currentUserLabeller", "by me", SourceFilterKind.Switch),
        new("Labels and lists", "listName", "on my list", SourceFilterKind.Text, Hint: "such as favorites"),
    ];

    /// <summary>Names that make sense only with each other; the name itself where it stands alone.</summary>
    public static IEnumerable<string> TogetherWith(string name) => Together.FirstOrDefault(group => group.Contains(name)) ?? [name];
}
