using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Web.Components.Gcn;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>The state of the scanning page as its address holds it.</summary>
public sealed record ScanAddress
{
    /// <summary>Path of the page.</summary>
    public const string Path = "/candidates";

    /// <summary>Cards on a page where the address names no number.</summary>
    public const int PerPage = 50;

    /// <summary>Hours back where the address names no window; 0 stands for all time.</summary>
    public const double DefaultHours = 24;

    /// <summary>Saved status where the address names none.</summary>
    public const SavedStatus DefaultSaved = SavedStatus.NotSavedToAnySelected;

    /// <summary>Profile of an address for which no profile is to be loaded.</summary>
    public const string NoProfile = "none";

    private const double MostHours = 24 * 3650;
    private const double MostRedshift = 20;
    private const int MostDetections = 100_000;

    /// <summary>Numbers of cards that may be chosen.</summary>
    public static IReadOnlyList<int> CardNumbers { get; } = [25, 50, 100];

    /// <summary>Chosen groups; empty for all.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Chosen filters; empty for all of the groups.</summary>
    public int[] Filters { get; init; } = [];

    /// <summary>Window before now, hours; 0 for all time. Not used where <see cref="From"/> or <see cref="To"/> is given.</summary>
    public double Hours { get; init; } = DefaultHours;

    public DateTime? From { get; init; }
    public DateTime? To { get; init; }
    public SavedStatus Saved { get; init; } = DefaultSaved;
    public RejectedStatus Rejected { get; init; }
    public SeenStatus Seen { get; init; }
    public double? MinRedshift { get; init; }
    public double? MaxRedshift { get; init; }

    /// <summary>Classes of which it must have one.</summary>
    public string[] Classes { get; init; } = [];

    /// <summary>Classes of which it must have none.</summary>
    public string[] NotClasses { get; init; } = [];

    /// <summary>Conditions on annotations.</summary>
    public IReadOnlyList<AnnotationCondition> Annotations { get; init; } = [];

    /// <summary>Annotations to sort by, the first counts most.</summary>
    public IReadOnlyList<AnnotationSort> Sorts { get; init; } = [];

    public DateTime? FirstDetectionAfter { get; init; }
    public DateTime? LastDetectionBefore { get; init; }
    public int? LeastDetections { get; init; }

    /// <summary>Whether the conditions on detections count.</summary>
    public bool RequireDetections { get; init; } = true;

    public bool ExcludeForced { get; init; }

    /// <summary>Part of a sky map in which the objects lie; null for anywhere.</summary>
    public SkyMapPart? Map { get; init; }

    /// <summary>What the light curves show.</summary>
    public PlotSwitches Plot { get; init; } = new();

    /// <summary>Cards on a page.</summary>
    public int Cards { get; init; } = PerPage;

    /// <summary>Name of the profile that was loaded; null for none.</summary>
    public string? Profile { get; init; }

    /// <summary>Id of the list that is gone through.</summary>
    public string? List { get; init; }

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>Whether conditions on detections stand in it.</summary>
    public bool HasDetections => FirstDetectionAfter is not null || LastDetectionBefore is not null || LeastDetections is not null || ExcludeForced || !RequireDetections;

    /// <summary>Reads an address; what makes no sense counts as not given.</summary>
    public static ScanAddress Parse(string uri)
    {
        var query = QueryHelpers.ParseQuery(new Uri(uri).Query);
        string? One(string name) => query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;
        string[] All(string name) => query.TryGetValue(name, out var values) ? [.. values.OfType<string>().Where(value => value.Length > 0).Distinct().Take(ScanAddressText.MostOfOne)] : [];
        return new ScanAddress
        {
            Groups = ScanAddressText.Ids(One("groups")),
            Filters = ScanAddressText.Ids(One("filters")),
            Hours = ScanAddressText.Number(One("hours"), 0, MostHours) ?? DefaultHours,
            From = ScanAddressText.Time(One("from")),
            To = ScanAddressText.Time(One("to")),
            Saved = ScanAddressText.Named<SavedStatus>(One("saved")) ?? DefaultSaved,
            Rejected = ScanAddressText.Named<RejectedStatus>(One("rejected")) ?? RejectedStatus.Hide,
            Seen = ScanAddressText.Named<SeenStatus>(One("seen")) ?? SeenStatus.Any,
            MinRedshift = ScanAddressText.Number(One("zmin"), -1, MostRedshift),
            MaxRedshift = ScanAddressText.Number(One("zmax"), -1, MostRedshift),
            Classes = All("class"),
            NotClasses = All("not"),
            Annotations = [.. All("ann").Select(ScanAddressText.Condition).OfType<AnnotationCondition>()],
            Sorts = [.. All("sort").Select(ScanAddressText.Sort).OfType<AnnotationSort>()],
            FirstDetectionAfter = ScanAddressText.Time(One("first")),
            LastDetectionBefore = ScanAddressText.Time(One("last")),
            LeastDetections = (int?)ScanAddressText.Number(One("detections"), 1, MostDetections),
            RequireDetections = One("detected") != "any",
            ExcludeForced = One("forced") == "no",
            Map = SkyMapText.Part(One("event"), One("map"), One("prob")),
            Plot = PlotSwitches.Parse(One("plot")),
            Cards = ScanAddressText.Number(One("cards"), 1, 100) is { } cards && CardNumbers.Contains((int)cards) ? (int)cards : PerPage,
            Profile = One("profile"),
            List = One("list"),
            Page = (int)(ScanAddressText.Number(One("page"), 1, 1_000) ?? 1),
        };
    }

    /// <summary>The address of another choice: a new list from its first page.</summary>
    public ScanAddress Afresh() => this with { List = null, Page = 1 };

    /// <summary>What tells two lists apart, beside the time. How their cards are shown does not.</summary>
    public string Key => (this with { List = null, Page = 1, Cards = PerPage, Plot = new(), Profile = null }).ToString();

    /// <summary>The conditions at a time (UTC).</summary>
    public CandidateCriteria Criteria(DateTime now) => new()
    {
        GroupIds = Filters.Length == 0 && Groups.Length > 0 ? Groups : null,
        FilterIds = Filters.Length > 0 ? Filters : null,
        StartDate = From ?? (To is null && Hours > 0 ? now.AddHours(-Hours) : null),
        EndDate = To,
        SavedStatus = Saved,
        ListName = Rejected == RejectedStatus.Only ? ScanListNames.Rejected : null,
        ListNameReject = Rejected == RejectedStatus.Hide ? ScanListNames.Rejected : null,
        Seen = Seen,
        MinRedshift = MinRedshift,
        MaxRedshift = MaxRedshift,
        Classifications = Classes.Length > 0 ? Classes : null,
        ClassificationsReject = NotClasses.Length > 0 ? NotClasses : null,
        EachAnnotation = Annotations,
        Sorts = Sorts,
        FirstDetectionAfter = FirstDetectionAfter,
        LastDetectionBefore = LastDetectionBefore,
        NumberDetections = LeastDetections,
        RequireDetections = RequireDetections,
        ExcludeForcedPhotometry = ExcludeForced,
        SkyMap = Map,
    };

    /// <summary>The address; what is as usual is left out.</summary>
    public override string ToString()
    {
        var map = SkyMapText.Values(Map);
        var parts = new Dictionary<string, StringValues>
        {
            ["groups"] = Groups.Length > 0 ? string.Join(',', Groups) : null,
            ["filters"] = Filters.Length > 0 ? string.Join(',', Filters) : null,
            ["hours"] = From is null && To is null && Hours != DefaultHours ? ScanAddressText.Of(Hours) : null,
            ["from"] = ScanAddressText.Of(From),
            ["to"] = ScanAddressText.Of(To),
            ["saved"] = Saved == DefaultSaved ? null : ScanAddressText.NameOf(Saved),
            ["rejected"] = Rejected == RejectedStatus.Hide ? null : ScanAddressText.NameOf(Rejected),
            ["seen"] = Seen == SeenStatus.Any ? null : ScanAddressText.NameOf(Seen),
            ["zmin"] = ScanAddressText.Of(MinRedshift),
            ["zmax"] = ScanAddressText.Of(MaxRedshift),
            ["class"] = Classes,
            ["not"] = NotClasses,
            ["ann"] = Annotations.Select(ScanAddressText.Of).ToArray(),
            ["sort"] = Sorts.Select(ScanAddressText.Of).ToArray(),
            ["first"] = ScanAddressText.Of(FirstDetectionAfter),
            ["last"] = ScanAddressText.Of(LastDetectionBefore),
            ["detections"] = LeastDetections?.ToString(CultureInfo.InvariantCulture),
            ["detected"] = RequireDetections ? null : "any",
            ["forced"] = ExcludeForced ? "no" : null,
            ["event"] = map.Dateobs,
            ["map"] = map.Name,
            ["prob"] = map.Probability,
            ["plot"] = Plot.ToString(),
            ["cards"] = Cards == PerPage ? null : ScanAddressText.Of((double?)Cards),
            ["profile"] = Profile,
            ["list"] = List,
            ["page"] = Page > 1 ? ScanAddressText.Of((double?)Page) : null,
        };
        return QueryHelpers.AddQueryString(Path, parts.Where(part => !StringValues.IsNullOrEmpty(part.Value)));
    }

    /// <inheritdoc/>
    public bool Equals(ScanAddress? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}

/// <summary>What becomes of the objects that the viewer rejected.</summary>
public enum RejectedStatus
{
    Hide,
    Show,
    Only,
}
