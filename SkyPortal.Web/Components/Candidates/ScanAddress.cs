using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>The state of the scanning page as its address holds it.</summary>
public sealed record ScanAddress
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/candidates";

    /// <summary>Cards on a page.</summary>
    public const int PerPage = 50;

    /// <summary>Hours back where the address names no window; 0 stands for all time.</summary>
    public const double DefaultHours = 24;

    /// <summary>Saved status where the address names none.</summary>
    public const SavedStatus DefaultSaved = SavedStatus.NotSavedToAnySelected;

    private const double MostHours = 24 * 3650;
    private const double MostRedshift = 20;

    /// <summary>Chosen groups; empty for all.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Chosen filters; empty for all of the groups.</summary>
    public int[] Filters { get; init; } = [];

    /// <summary>Window before now, hours; 0 for all time. Not used where <see cref="From"/> or <see cref="To"/> is given.</summary>
    public double Hours { get; init; } = DefaultHours;

    public DateTime? From { get; init; }
    public DateTime? To { get; init; }
    public SavedStatus Saved { get; init; } = DefaultSaved;
    public bool ShowRejected { get; init; }
    public bool OnlyUnseen { get; init; }
    public double? MinRedshift { get; init; }
    public double? MaxRedshift { get; init; }
    public AnnotationSort? Sort { get; init; }

    /// <summary>Id of the list that is gone through.</summary>
    public string? List { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Reads an address; what makes no sense counts as not given.</summary>
    public static ScanAddress Parse(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string name) => query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;
        var from = Time(One("from"));
        var to = Time(One("to"));
        return new ScanAddress
        {
            Groups = Ids(One("groups")),
            Filters = Ids(One("filters")),
            Hours = Number(One("hours"), 0, MostHours) ?? DefaultHours,
            From = from,
            To = to,
            Saved = SavedBy(One("saved")),
            ShowRejected = One("rejected") == "show",
            OnlyUnseen = One("unseen") == "1",
            MinRedshift = Number(One("zmin"), -1, MostRedshift),
            MaxRedshift = Number(One("zmax"), -1, MostRedshift),
            Sort = SortBy(One("sort")),
            List = One("list"),
            Page = (int)(Number(One("page"), 1, 1_000) ?? 1),
        };
    }

    /// <summary>The address of another choice: a new list from its first page.</summary>
    public ScanAddress Afresh() => this with { List = null, Page = 1 };

    /// <summary>What tells two lists apart, beside the time.</summary>
    public string Key => (this with { List = null, Page = 1 }).ToString();

    /// <summary>The conditions at a time (UTC).</summary>
    public CandidateCriteria Criteria(DateTime now) => new()
    {
        GroupIds = Filters.Length == 0 && Groups.Length > 0 ? Groups : null,
        FilterIds = Filters.Length > 0 ? Filters : null,
        StartDate = From ?? (To is null && Hours > 0 ? now.AddHours(-Hours) : null),
        EndDate = To,
        SavedStatus = Saved,
        ListNameReject = ShowRejected ? null : ScanListNames.Rejected,
        UnseenByMe = OnlyUnseen,
        MinRedshift = MinRedshift,
        MaxRedshift = MaxRedshift,
        Sort = Sort,
    };

    /// <summary>The address; what is as usual is left out.</summary>
    public override string ToString()
    {
        var parts = new Dictionary<string, string?>
        {
            ["groups"] = Groups.Length > 0 ? string.Join(',', Groups) : null,
            ["filters"] = Filters.Length > 0 ? string.Join(',', Filters) : null,
            ["hours"] = From is null && To is null && Hours != DefaultHours ? Text(Hours) : null,
            ["from"] = Text(From),
            ["to"] = Text(To),
            ["saved"] = Saved == DefaultSaved ? null : NameOf(Saved),
            ["rejected"] = ShowRejected ? "show" : null,
            ["unseen"] = OnlyUnseen ? "1" : null,
            ["zmin"] = MinRedshift is { } min ? Text(min) : null,
            ["zmax"] = MaxRedshift is { } max ? Text(max) : null,
            ["sort"] = Sort is null ? null : $"{(Sort.Descending ? "-" : "")}{Sort.Key}@{Sort.Origin}",
            ["list"] = List,
            ["page"] = Page > 1 ? Text(Page) : null,
        };
        return QueryHelpers.AddQueryString(Path, parts.Where(part => part.Value is not null));
    }

    /// <summary>Name of a saved status in addresses; the API's clients use the same.</summary>
    public static string NameOf(SavedStatus status) => char.ToLowerInvariant(status.ToString()[0]) + status.ToString()[1..];

    private static SavedStatus SavedBy(string? name) =>
        Enum.GetValues<SavedStatus>().Where(status => NameOf(status) == name).Select(status => (SavedStatus?)status).FirstOrDefault() ?? DefaultSaved;

    private static AnnotationSort? SortBy(string? text)
    {
        var descending = text?.StartsWith('-') == true;
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        var start = descending ? 1 : 0;
        return at > start && at < text!.Length - 1 ? new AnnotationSort(text[(at + 1)..], text[start..at], descending) : null;
    }

    private static int[] Ids(string? text) =>
        [.. (text ?? "").Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct().Take(200)];

    private static double? Number(string? text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;

    private static DateTime? Time(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string? Text(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
