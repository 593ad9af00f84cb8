using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace SkyPortal.Web.Pages.Alerts;

/// <summary>
/// The state of the search page as its address holds it: the words of the API and of MARS and no others, so that what the page shows
/// is what a program gets for the same query.
/// </summary>
public sealed class AlertAddress
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/alerts";

    // What is no condition.
    private static readonly string[] Manner = ["page", "sort_value", "sort_order", "numPerPage", "cursor"];
    private readonly ImmutableSortedDictionary<string, string> _values;

    private AlertAddress(ImmutableSortedDictionary<string, string> values) => _values = values;

    /// <summary>The values by name, for the reader of searches.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Number of the page, from 1.</summary>
    public int Page => int.TryParse(this["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, 1_000_000) : 1;

    /// <summary>By what it is sorted.</summary>
    public string Sort => this["sort_value"] is null or "mjd" or "time" ? "jd" : this["sort_value"]!;

    /// <summary>Smallest first.</summary>
    public bool Ascending => this["sort_order"] == "asc";

    /// <summary>Whether anything narrows the search.</summary>
    public bool IsFiltered => _values.Keys.Any(name => !Manner.Contains(name));

    /// <summary>The conditions, each in words and with the address without it.</summary>
    public IEnumerable<(string Text, AlertAddress Without)> Chips => _values.Where(pair => !Manner.Contains(pair.Key)).Select(pair => (AlertConditionFields.Words(pair.Key, pair.Value), With(pair.Key, null)));

    /// <summary>A value; null where the address has none.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Reads an address; values that are given several times stand with commas between.</summary>
    public static AlertAddress Parse(string uri) => new(QueryHelpers.ParseQuery(new Uri(uri).Query)
        .Where(pair => !string.IsNullOrWhiteSpace(pair.Value.ToString()) && pair.Key is not ("" or "format"))
        .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.ToString().Trim(), StringComparer.Ordinal));

    /// <summary>The address with another value, on its first page; null or empty takes the value away.</summary>
    public AlertAddress With(string name, string? value) => With(new Dictionary<string, string?> { [name] = value });

    /// <summary>The address with several values, on its first page; those that are null are taken away.</summary>
    public AlertAddress With(IReadOnlyDictionary<string, string?> values)
    {
        var changed = _values.Remove("page").Remove("cursor");
        foreach (var (name, value) in values)
        {
            changed = string.IsNullOrWhiteSpace(value) ? changed.Remove(name) : changed.SetItem(name, value.Trim());
        }

        return new(changed);
    }

    /// <summary>The address of another page.</summary>
    public AlertAddress AtPage(int page) => new(page > 1 ? _values.SetItem("page", page.ToString(CultureInfo.InvariantCulture)) : _values.Remove("page"));

    /// <summary>The address sorted by something, largest first; the other way round where it was so sorted already.</summary>
    public AlertAddress SortedBy(string sort) => With(new Dictionary<string, string?>
    {
        ["sort_value"] = sort == "jd" ? null : sort,
        ["sort_order"] = Sort == sort && !Ascending ? "asc" : null,
    });

    /// <summary>The address of a program's answer to the same search.</summary>
    public string ForPrograms(string path, string format) => QueryHelpers.AddQueryString(path, _values.SetItem("format", format).ToDictionary(pair => pair.Key, pair => (string?)pair.Value));

    /// <inheritdoc/>
    public override string ToString() => QueryHelpers.AddQueryString(Path, _values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
}

/// <summary>A field of the form of conditions.</summary>
/// <param name="Name">Name in the address.</param>
/// <param name="Label">For people; the lower bound of a pair carries it.</param>
/// <param name="Hint">An example, or the unit.</param>
/// <param name="Upper">Name of the upper bound; null where the field stands alone.</param>
public sealed record AlertConditionField(string Name, string Label, string Hint, string? Upper = null);

/// <summary>The form of conditions.</summary>
public static class AlertConditionFields
{
    /// <summary>The fields by section.</summary>
    public static IReadOnlyList<(string Section, AlertConditionField[] Fields)> Sections { get; } =
    [
        ("What",
        [
            new("objectId", "Object", "ZTF26aaaaaaa, or several"), new("candid", "Alert", "the survey's number"), new("survey", "Survey", "ZTF, LSST, WINTER, DECam"),
            new("programid", "Programme", "1 public, 2, 3"), new("filter", "Band", "g, r"), new("isdiffpos", "Brighter than reference", "t or f"), new("objectidps", "Nearest PS1 source", "identifier"),
        ]),
        ("When",
        [
            new("time__gt", "UTC", "2026-11-20T03:00", "time__lt"), new("mjd__gt", "MJD", "61364.5", "mjd__lt"), new("jd__gt", "JD", "2461365.0", "jd__lt"), new("time__since", "Within the last", "seconds"),
        ]),
        ("Where",
        [
            new("cone", "Cone", "ra, dec, radius in degrees"), new("objectcone", "Around an object", "M31, 1.5"), new("ra__gt", "R.A.", "deg", "ra__lt"), new("dec__gt", "Dec.", "deg", "dec__lt"),
            new("l__gt", "l", "deg", "l__lt"), new("b__gt", "b", "deg", "b__lt"),
        ]),
        ("How bright",
        [
            new("magpsf__gte", "Magnitude, PSF", "mag", "magpsf__lte"), new("sigmapsf__gte", "Its error", "mag", "sigmapsf__lte"), new("magap__gte", "Magnitude, aperture", "mag", "magap__lte"),
            new("deltamaglatest__gte", "Change since the last", "mag", "deltamaglatest__lte"), new("deltamagref__gte", "Reference minus now", "mag", "deltamagref__lte"),
        ]),
        ("How real",
        [
            new("score__gte", "Score of any survey", "0 to 1", "score__lte"), new("rb__gte", "rb", "0 to 1", "rb__lte"), new("drb__gte", "drb", "0 to 1", "drb__lte"),
            new("classtar__gte", "Star by shape", "0 to 1", "classtar__lte"), new("fwhm__gte", "Width", "px", "fwhm__lte"), new("distnr__gte", "Nearest in reference", "px", "distnr__lte"),
        ]),
    ];

    /// <summary>Every name of the form.</summary>
    public static IEnumerable<string> Names => Sections.SelectMany(section => section.Fields).SelectMany(entry => new[] { entry.Name, entry.Upper }).OfType<string>();

    /// <summary>A condition in words.</summary>
    public static string Words(string name, string value)
    {
        if (name == "time__since" && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return $"last {Components.Shared.Age.Text(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)))}";
        }

        var at = name.LastIndexOf("__", StringComparison.Ordinal);
        var (field, sign) = at < 0 ? (name, " ") : (name[..at], name[(at + 2)..] switch { "gt" => " > ", "gte" => " ≥ ", "lt" => " < ", "lte" => " ≤ ", _ => " " });
        var shown = field switch { "objectId" => "object", "candid" => "alert", "filter" => "band", "programid" => "programme", "objectcone" => "around", "magpsf" => "mag", _ => field };
        return $"{shown}{sign}{(value.Length > 40 ? value[..40] + "…" : value)}";
    }
}
