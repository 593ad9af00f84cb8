namespace SkyPortal.Infrastructure.Candidates.Trials;

/// <summary>What a filter did with archived alerts.</summary>
public sealed record TrialResult
{
    /// <summary>Alerts that were tried.</summary>
    public long Alerts { get; init; }

    /// <summary>Objects that they are of.</summary>
    public int Objects { get; init; }

    /// <summary>Alerts that passed.</summary>
    public long Passed { get; init; }

    /// <summary>Objects of which an alert passed.</summary>
    public int PassedObjects { get; init; }

    /// <summary>Alerts that were given up because the filter visited too many array elements.</summary>
    public long Exhausted { get; init; }

    /// <summary>Alerts whose bytes could not be read.</summary>
    public long Unreadable { get; init; }

    /// <summary>Mean time of one evaluation of the whole filter, all that it derives included [µs].</summary>
    public double MicrosecondsPerAlert { get; init; }

    /// <summary>Time of the whole test [s].</summary>
    public double Seconds { get; init; }

    /// <summary>Night by night, in order.</summary>
    public IReadOnlyList<TrialNight> Nights { get; init; } = [];

    /// <summary>The conditions that must all hold, in order.</summary>
    public IReadOnlyList<TrialClause> Clauses { get; init; } = [];

    /// <summary>Some of the alerts that passed.</summary>
    public IReadOnlyList<TrialExample> Passing { get; init; } = [];

    /// <summary>Some of the alerts that fail by one condition alone.</summary>
    public IReadOnlyList<TrialExample> NearMisses { get; init; } = [];

    /// <summary>Against what the group saved and rejected.</summary>
    public TrialYield? Yield { get; init; }

    /// <summary>Against another version; null where there is none.</summary>
    public TrialDifference? Difference { get; init; }
}

/// <summary>One night.</summary>
public sealed record TrialNight(DateOnly Night, long Alerts, long Passed, int PassedObjects);

/// <summary>What one condition does.</summary>
/// <param name="Text">The condition.</param>
/// <param name="AlertsInOrder">Alerts that it removes of those that all conditions before it leave.</param>
/// <param name="ObjectsInOrder">Objects that it removes likewise: no alert of theirs is left.</param>
/// <param name="AlertsAlone">Alerts that do not meet it.</param>
/// <param name="ObjectsAlone">Objects of which no alert meets it.</param>
/// <param name="NearMisses">Alerts that fail by it and by no other.</param>
public sealed record TrialClause(string Text, long AlertsInOrder, int ObjectsInOrder, long AlertsAlone, int ObjectsAlone, long NearMisses);

/// <summary>One alert.</summary>
/// <param name="Clause">Place of the condition by which it fails; null where it passes.</param>
/// <param name="Points">Its history as far as the filter saw it, the newest 60 points.</param>
public sealed record TrialExample(
    string Survey, long AlertId, string ObjId, DateOnly Night, double Mjd, string? Band, double? Mag, double? Score, int? Clause, IReadOnlyList<TrialPoint> Points);

/// <summary>One measurement.</summary>
/// <param name="Mjd">MJD in the survey's time scale.</param>
/// <param name="Band">Band letter.</param>
/// <param name="Mag">AB magnitude; null for a non-detection.</param>
/// <param name="Magerr">Its error [mag].</param>
/// <param name="Limit">5-sigma limit (AB); null where none is told.</param>
public sealed record TrialPoint(double Mjd, string Band, double? Mag, double? Magerr, double? Limit);

/// <summary>What the group saved and rejected among the objects of the window.</summary>
/// <param name="Saved">Objects that the group has saved.</param>
/// <param name="Found">Of them, those that pass.</param>
/// <param name="Lost">Names of those that do not, at most a hundred.</param>
/// <param name="Rejected">Objects that the asker rejected, or that the group saved and gave up.</param>
/// <param name="RejectedFound">Of them, those that pass.</param>
/// <param name="RejectedPassing">Their names, at most a hundred.</param>
public sealed record TrialYield(int Saved, int Found, IReadOnlyList<string> Lost, int Rejected, int RejectedFound, IReadOnlyList<string> RejectedPassing);

/// <summary>What two versions do differently.</summary>
public sealed record TrialDifference(
    long Both, long OnlyThis, long OnlyOther, int ObjectsBoth, int ObjectsOnlyThis, int ObjectsOnlyOther, IReadOnlyList<TrialExample> ThisExamples, IReadOnlyList<TrialExample> OtherExamples);
