using System.Text.Json;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A point of a card's light curve.</summary>
/// <param name="Mjd">UTC MJD, days.</param>
/// <param name="Filter">Bandpass name.</param>
/// <param name="FluxMicroJansky">Null for a non-detection.</param>
/// <param name="FluxerrMicroJansky">One sigma.</param>
/// <param name="Origin">Which reduction it comes from.</param>
/// <param name="Instrument">Name of the instrument.</param>
public sealed record ScanPoint(double Mjd, string Filter, double? FluxMicroJansky, double FluxerrMicroJansky, string Origin, string Instrument)
{
    private const double LeastSigmas = 3;

    /// <summary>Whether the flux differs from zero by three sigma.</summary>
    public bool IsDetection => FluxMicroJansky is { } flux && Math.Abs(flux) >= LeastSigmas * FluxerrMicroJansky;

    /// <summary>AB magnitude of a detection; null for a limit, and where the object was fainter than in the reference.</summary>
    public double? AbMag => IsDetection ? StoredFlux.AbMag(FluxMicroJansky) : null;

    /// <summary>AB magnitude of the difference whatever its sign; null for a limit.</summary>
    public double? DifferenceAbMag => IsDetection ? StoredFlux.AbMag(Math.Abs(FluxMicroJansky!.Value)) : null;

    /// <summary>One sigma, magnitudes.</summary>
    public double? ErrorMag => IsDetection ? StoredFlux.ErrorMag(Math.Abs(FluxMicroJansky!.Value), FluxerrMicroJansky) : null;

    /// <summary>Limiting AB magnitude.</summary>
    public double LimitAbMag => StoredFlux.LimitAbMag(FluxerrMicroJansky);
}

/// <summary>A filter that an object passed.</summary>
/// <param name="LastPassedAt">Newest passing (UTC).</param>
public sealed record PassedFilter(int FilterId, string FilterName, int GroupId, string GroupName, DateTime LastPassedAt)
{
    /// <summary>Origin of the annotations that the filter writes.</summary>
    public string AnnotationOrigin => $"{GroupName}:{FilterName}";
}

/// <summary>What people have done with an object while scanning.</summary>
/// <param name="SeenAt">When the viewer looked at it last (UTC).</param>
/// <param name="SeenBy">Members of the scanned groups, other than the viewer, who looked at it.</param>
/// <param name="IsRejected">On the viewer's list of rejected candidates.</param>
/// <param name="IsInteresting">On the viewer's list of interesting candidates.</param>
public sealed record ScanMarks(DateTime? SeenAt, string[] SeenBy, bool IsRejected, bool IsInteresting)
{
    /// <summary>Nobody has looked.</summary>
    public static ScanMarks None { get; } = new(null, [], false, false);
}

/// <summary>Everything that a card of the scanning page shows of one object.</summary>
public sealed record ScanCard
{
    public required ObjRecord Obj { get; init; }

    /// <summary>Newest of each type, by type.</summary>
    public required IReadOnlyDictionary<string, ThumbnailRecord> Thumbnails { get; init; }

    /// <summary>By time.</summary>
    public required IReadOnlyList<ScanPoint> Points { get; init; }

    /// <summary>Those of the passed filters first, then by origin.</summary>
    public required IReadOnlyList<AnnotationRecord> Annotations { get; init; }

    public required IReadOnlyList<SavedGroupRecord> Saves { get; init; }
    public required IReadOnlyList<ClassificationRecord> Classifications { get; init; }

    /// <summary>Newest passing first.</summary>
    public required IReadOnlyList<PassedFilter> Passed { get; init; }

    public required ScanMarks Marks { get; init; }

    /// <summary>The last detection and the slope there; null without detections.</summary>
    public required LightCurveTrend? Trend { get; init; }

    public required IReadOnlyList<ObjTagRecord> Tags { get; init; }

    /// <summary>Other objects that are tied to it as the same thing in the sky.</summary>
    public required IReadOnlyList<AssociatedObj> Matched { get; init; }

    /// <summary>Points of these, where they were asked for.</summary>
    public required IReadOnlyList<ScanPoint> MatchedPoints { get; init; }

    /// <summary>MJD of the first detection.</summary>
    public double? FirstDetectedMjd => Points.FirstOrDefault(point => point.AbMag is not null)?.Mjd;

    /// <summary>Groups of the passed filters.</summary>
    public IEnumerable<int> ScannedGroupIds => Passed.Select(filter => filter.GroupId).Distinct();

    /// <summary>Value of an annotation of a passed filter.</summary>
    public JsonElement? Find(string origin, string key) =>
        Annotations.FirstOrDefault(row => row.Origin == origin) is { Data.ValueKind: JsonValueKind.Object } found && found.Data.TryGetProperty(key, out var value)
            ? value
            : null;
}
