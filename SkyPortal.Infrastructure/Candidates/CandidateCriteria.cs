using SkyPortal.Domain;
using SkyPortal.Infrastructure.Gcn;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>To which groups an object has been saved, relative to the groups that are scanned.</summary>
public enum SavedStatus
{
    All,
    SavedToAllSelected,
    SavedToAnySelected,
    SavedToAnyAccessible,
    NotSavedToAnyAccessible,
    NotSavedToAnySelected,
    NotSavedToAllSelected,
}

/// <summary>Who has looked at an object.</summary>
public enum SeenStatus
{
    /// <summary>No condition.</summary>
    Any,

    /// <summary>The viewer has.</summary>
    ByMe,

    /// <summary>The viewer has not.</summary>
    NotByMe,

    /// <summary>The viewer or another member of a scanned group has.</summary>
    ByGroup,

    /// <summary>Neither the viewer nor any member of a scanned group has.</summary>
    NotByGroup,
}

/// <summary>One condition on an annotation: a value, or a range of numbers, open where a limit is null.</summary>
public sealed record AnnotationCondition(string Origin, string Key, string? Value, double? Min, double? Max);

/// <summary>How a value of JSON is compared.</summary>
public enum JsonComparison
{
    Lt,
    Le,
    Eq,
    Ne,
    Ge,
    Gt,
}

/// <summary>One condition on the annotation of a point: that it has a key, or that the key's value compares so.</summary>
/// <param name="ValueJson">A number, text, truth value or null, as JSON; null where only the key is asked for.</param>
public sealed record PointAnnotationTest(string Key, string? ValueJson, JsonComparison? Operator);

/// <summary>Conditions on the annotations of points of photometry. One annotation must meet all of them.</summary>
public sealed record PointAnnotationCriteria
{
    public IReadOnlyList<PointAnnotationTest> Tests { get; init; } = [];

    /// <summary>Origins of which one must be the annotation's, in lower case; null for any.</summary>
    public string[]? LowerOrigins { get; init; }

    /// <summary>Latest time at which it was made, inclusive (UTC).</summary>
    public DateTime? Before { get; init; }

    /// <summary>Earliest time at which it was made, inclusive (UTC).</summary>
    public DateTime? After { get; init; }

    /// <summary>How many annotations of an object must meet the conditions; from 1.</summary>
    public int MinCount { get; init; } = 1;
}

/// <summary>By which annotation a list is sorted.</summary>
public sealed record AnnotationSort(string Origin, string Key, bool Descending);

/// <summary>Which candidates are asked for. All conditions must hold.</summary>
public sealed record CandidateCriteria
{
    /// <summary>Groups whose filters count; null for all of the viewer's.</summary>
    public int[]? GroupIds { get; init; }

    /// <summary>Filters that count; ignored where groups are given.</summary>
    public int[]? FilterIds { get; init; }

    /// <summary>Earliest passing, inclusive (UTC).</summary>
    public DateTime? StartDate { get; init; }

    /// <summary>Latest passing, inclusive (UTC).</summary>
    public DateTime? EndDate { get; init; }

    public SavedStatus SavedStatus { get; init; }
    public double? MinRedshift { get; init; }
    public double? MaxRedshift { get; init; }

    /// <summary>Name of one of the viewer's lists on which the object must be.</summary>
    public string? ListName { get; init; }

    /// <summary>Name of one of the viewer's lists on which the object must not be.</summary>
    public string? ListNameReject { get; init; }

    public string[]? Classifications { get; init; }
    public string[]? ClassificationsReject { get; init; }

    /// <summary>Conditions that one annotation must meet together.</summary>
    public IReadOnlyList<AnnotationCondition> Annotations { get; init; } = [];

    /// <summary>Conditions of which each must be met by an annotation, be it another for each.</summary>
    public IReadOnlyList<AnnotationCondition> EachAnnotation { get; init; } = [];

    /// <summary>Conditions on the annotations of points; null for none.</summary>
    public PointAnnotationCriteria? PointAnnotations { get; init; }

    public DateTime? FirstDetectionAfter { get; init; }
    public DateTime? LastDetectionBefore { get; init; }
    public int? NumberDetections { get; init; }
    public bool ExcludeForcedPhotometry { get; init; }
    public bool RequireDetections { get; init; } = true;

    /// <summary>Part of a sky map in which the object must lie; null for anywhere.</summary>
    public SkyMapPart? SkyMap { get; init; }

    /// <summary>The place of <see cref="SkyMap"/>, once it is read.</summary>
    internal SkyMapPlace? Place { get; init; }

    /// <summary>Annotations by which the list is sorted, the first counts most; newest first among equals.</summary>
    public IReadOnlyList<AnnotationSort> Sorts { get; init; } = [];

    /// <summary>Who must, or must not, have looked.</summary>
    public SeenStatus Seen { get; init; }

    /// <summary>Whether a client goes through the pages with the query id, so that those handed out are kept.</summary>
    public bool IsPaged { get; init; }

    /// <summary>A query id of an earlier page, for pages that do not shift.</summary>
    public string? QueryId { get; init; }

    /// <summary>From 1.</summary>
    public int PageNumber { get; init; } = 1;

    public int NumPerPage { get; init; } = 25;

    /// <summary>Reads a saved status; refuses what is none.</summary>
    public static SavedStatus ParseSavedStatus(string? text) => text switch
    {
        null or "all" => SavedStatus.All,
        "savedToAllSelected" => SavedStatus.SavedToAllSelected,
        "savedToAnySelected" => SavedStatus.SavedToAnySelected,
        "savedToAnyAccessible" => SavedStatus.SavedToAnyAccessible,
        "notSavedToAnyAccessible" => SavedStatus.NotSavedToAnyAccessible,
        "notSavedToAnySelected" => SavedStatus.NotSavedToAnySelected,
        "notSavedToAllSelected" => SavedStatus.NotSavedToAllSelected,
        _ => throw Refusal.Invalid($"Invalid savedStatus: {text}. Must be one of the enumerated options."),
    };
}
