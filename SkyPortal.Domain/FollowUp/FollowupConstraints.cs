namespace SkyPortal.Domain.FollowUp;

/// <summary>When a request is not to be made.</summary>
public sealed record FollowupConstraints
{
    /// <summary>Radius within which another object counts as the same [arcsec].</summary>
    public const double DefaultRadiusArcsec = 0.5;

    /// <summary>Widest radius [arcsec].</summary>
    public const double MostRadiusArcsec = 60;

    /// <summary>Longest list of groups or allocations.</summary>
    public const int Most = 100;

    /// <summary>Only where the object is saved to each of these groups.</summary>
    public int[] SourceGroupIds { get; init; } = [];

    /// <summary>Not where a request on the same allocation was submitted or completed.</summary>
    public bool NotIfDuplicates { get; init; }

    /// <summary>Allocations whose requests count as duplicates, too.</summary>
    public int[] IgnoreAllocationIds { get; init; } = [];

    /// <summary>Not where it is saved to one of these groups.</summary>
    public int[] IgnoreSourceGroupIds { get; init; } = [];

    /// <summary>Not where a person classified it.</summary>
    public bool NotIfClassified { get; init; }

    /// <summary>Not where there are spectra of it.</summary>
    public bool NotIfSpectraExist { get; init; }

    /// <summary>Not where TNS names it a supernova.</summary>
    public bool NotIfTnsClassified { get; init; }

    /// <summary>Not where its newest report to TNS is older than so many hours; null for however old.</summary>
    public double? NotIfTnsReported { get; init; }

    /// <summary>Not where it is assigned to an observing run.</summary>
    public bool NotIfAssignmentExists { get; init; }

    /// <summary>Arcseconds.</summary>
    public double Radius { get; init; } = DefaultRadiusArcsec;
}
