using SkyPortal.Domain.Candidates.Expressions;

namespace SkyPortal.Domain.Candidates.Building;

/// <summary>A quantity that filters compare: a field or what is computed of several.</summary>
/// <param name="Expression">How it is written in the language, in the printer's form.</param>
/// <param name="Label">What it is, for people.</param>
/// <param name="Section">Where it is listed.</param>
/// <param name="Unit">Unit; null where it has none.</param>
/// <param name="Range">Usual values, in words; null where nothing is known.</param>
/// <param name="Kind">number, text or truth value.</param>
public sealed record FilterQuantity(string Expression, string Label, string Section, string? Unit, string? Range, string Kind);

/// <summary>What a builder of filters offers to compare.</summary>
public static class FilterQuantities
{
    private const string History = "History of the object";

    // Written in the printer's form, which a test holds.
    private const string Table = """
        count(history, is_detection and not is_forced)|Detections in the packet|0 to a few hundred
        count(history, is_detection and is_positive)|Positive detections, forced ones included|0 to a few hundred
        count(history, is_detection and band == "g")|Detections in g|
        count(history, is_detection and band == "r")|Detections in r|
        count(history, is_detection and band == "i")|Detections in i|
        count(history, is_detection and not is_positive)|Negative detections|
        count(history, not is_detection)|Non-detections in the packet|
        rise_rate|Brightening in this band over the last ten days [mag/d]|-1 to 3; positive while it rises
        colour_g_r|Latest g minus latest r, at most two days apart [mag]|-1 to 2
        mjd - last(history, mjd, not is_detection)|Time since the latest non-detection [d]|0 to 30
        mjd - last(history, mjd, is_detection and mjd < alert.mjd)|Time since the detection before [d]|0 to 30
        min(history, mag, is_detection and is_positive) - mag|Peak magnitude minus this one [mag]|0 or less; 0 at peak
        max(history, drb)|Best real/bogus score so far|0 to 1
        count(watches)|Entries of the group's watch lists that it matches|0 and more
        any(history, is_detection and separation_arcsec(ra, dec, alert.ra, alert.dec) > 1)|A detection lies more than 1 arcsec off|
        """;

    private static readonly HashSet<string> Known = Table.Split('\n').Select(row => row.Split('|')[0]).ToHashSet(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Ranges = new(StringComparer.Ordinal)
    {
        ["drb"] = "0 bogus to 1 real", ["candidate.drb"] = "0 bogus to 1 real", ["candidate.rb"] = "0 bogus to 1 real", ["diaSource.reliability"] = "0 bogus to 1 real",
        ["mag"] = "12 to 21", ["candidate.magpsf"] = "12 to 21", ["peak_mag"] = "12 to 21", ["magerr"] = "0 to 0.4", ["snr"] = "5 and more",
        ["ra"] = "0 to 360", ["dec"] = "-90 to 90", ["candidate.ra"] = "0 to 360", ["candidate.dec"] = "-90 to 90", ["galactic_latitude_deg"] = "-90 to 90",
        ["age_days"] = "0 and more", ["n_detections"] = "1 and more", ["candidate.ndethist"] = "1 and more", ["star_galaxy_score"] = "0 galaxy to 1 star",
        ["candidate.sgscore1"] = "0 galaxy to 1 star; -999 unknown", ["candidate.sgscore2"] = "0 galaxy to 1 star; -999 unknown", ["candidate.sgscore3"] = "0 galaxy to 1 star; -999 unknown",
        ["candidate.distpsnr1"] = "0 to 30; -999 none", ["candidate.distpsnr2"] = "0 to 30; -999 none", ["candidate.distpsnr3"] = "0 to 30; -999 none",
        ["star_distance_arcsec"] = "0 to 30", ["watch_distance_arcsec"] = "0 to 3600; null where none", ["source_distance_arcsec"] = "0 to 60; null where none", ["candidate.ssdistnr"] = "0 to 30; -999 none", ["nearest_solar_system_arcsec"] = "0 to 30",
        ["candidate.neargaia"] = "0 to 90; -999 none", ["candidate.neargaiabright"] = "0 to 90; -999 none", ["candidate.fwhm"] = "1 to 10", ["candidate.elong"] = "1 and more",
        ["candidate.classtar"] = "0 galaxy to 1 star", ["candidate.nbad"] = "0 to 25", ["candidate.nneg"] = "0 to 25", ["diaSource.extendedness"] = "0 point to 1 extended",
        ["band"] = "u g r i z y", ["candidate.fid"] = "1 g, 2 r, 3 i", ["program_id"] = "1 public", ["candidate.programid"] = "1 public, 2 partnership, 3 Caltech",
    };

    private static readonly string[] CrossMatches =
    [
        "watch_distance_arcsec", "source_distance_arcsec", "star_distance_arcsec", "star_galaxy_score", "nearest_solar_system_arcsec", "is_moving", "solar_system_name", "candidate.distpsnr1", "candidate.distpsnr2",
        "candidate.distpsnr3", "candidate.sgscore1", "candidate.sgscore2", "candidate.sgscore3", "candidate.srmag1", "candidate.ssdistnr", "candidate.ssmagnr",
        "candidate.ssnamenr", "candidate.neargaia", "candidate.neargaiabright", "candidate.maggaia", "candidate.maggaiabright", "candidate.distnr", "candidate.nmtchps",
        "ssSource.ephOffset", "ssSource.designation",
    ];

    /// <summary>Whether a piece of the language, in the printer's form, is one of the computed quantities.</summary>
    public static bool IsKnown(string expression) => Known.Contains(expression);

    /// <summary>Every quantity of a survey: the same for all surveys, the history's, cross-matches, then the packet's own fields.</summary>
    public static IReadOnlyList<FilterQuantity> Of(FilterEnvironment environment)
    {
        var fields = FilterFields.Of(environment).Where(field => field.Array is null && field.Kind is "number" or "text" or "truth value").ToList();
        var computed = Table.Split('\n').Select(row => row.TrimEnd('\r').Split('|')).ToDictionary(row => row[0], row => (Label: row[1], Range: row[2]));
        return
        [
            .. fields.Where(field => !field.IsOfSurvey && !CrossMatches.Contains(field.Name) && !computed.ContainsKey(field.Name)).Select(field => Field(field, "The alert, for every survey")),
            .. computed.Select(item => new FilterQuantity(
                item.Key, Label(item.Value.Label), History, Unit(item.Value.Label), item.Value.Range is { Length: > 0 } range ? range : null,
                item.Key.StartsWith("any(", StringComparison.Ordinal) ? "truth value" : "number")),
            .. fields.Where(field => CrossMatches.Contains(field.Name)).Select(field => Field(field, "Cross-matches")),
            .. fields.Where(field => field.IsOfSurvey && !CrossMatches.Contains(field.Name)).Select(field => Field(field, "The survey's packet, as sent")),
        ];
    }

    private static FilterQuantity Field(FilterField field, string section) =>
        new(field.Name, Label(field.Meaning ?? "As the survey defines it"), section, Unit(field.Meaning), Ranges.GetValueOrDefault(field.Name), field.Kind);

    private static string Label(string meaning) => Unit(meaning) is { } unit ? meaning.Replace($" [{unit}]", "", StringComparison.Ordinal) : meaning;

    private static string? Unit(string? meaning) =>
        meaning is not null && meaning.IndexOf('[', StringComparison.Ordinal) is >= 0 and var from && meaning.IndexOf(']', from) is > 0 and var to ? meaning[(from + 1)..to] : null;
}
