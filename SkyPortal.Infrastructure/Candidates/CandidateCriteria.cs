using SkyPortal.Domain;

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

/// <summary>One condition on an annotation: a value, or a range of numbers.</summary>
public sealed record AnnotationCondition(string Origin, string Key, string? Value, double? Min, double? Max);

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

    public DateTime? FirstDetectionAfter { get; init; }
    public DateTime? LastDetectionBefore { get; init; }
    public int? NumberDetections { get; init; }
    public bool ExcludeForcedPhotometry { get; init; }
    public bool RequireDetections { get; init; } = true;
    public AnnotationSort? Sort { get; init; }

    /// <summary>Only objects that the viewer, or a colleague of the scanned groups, has not looked at yet.</summary>
    public bool UnseenByMe { get; init; }

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
