using System.Text.Json;
using System.Text.Json.Serialization;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A measurement in a scan report.</summary>
/// <param name="Mag">AB magnitude, to the third decimal.</param>
/// <param name="Mjd">UTC MJD in days, to the fifth decimal.</param>
/// <param name="Filter">Bandpass name.</param>
/// <param name="DaysAgo">Days before the report was made, to the second decimal.</param>
/// <param name="Fp">True for forced photometry; left out otherwise.</param>
public sealed record ScanReportPoint(
    double Mag, double Mjd, string Filter, double DaysAgo, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Fp);

/// <summary>Detections of one instrument in a scan report.</summary>
/// <param name="First">The first detection.</param>
/// <param name="FirstReal">The first that is no forced photometry.</param>
/// <param name="Peak">The brightest.</param>
/// <param name="Last">The last.</param>
public sealed record ScanReportDetections(ScanReportPoint? First, ScanReportPoint? FirstReal, ScanReportPoint? Peak, ScanReportPoint? Last);

/// <summary>A person's name in a scan report.</summary>
public sealed record ScanReportPerson(string? FirstName, string? LastName);

/// <summary>That the source was saved to a group of the report.</summary>
public sealed record ScanReportSave(DateTime SavedAt, ScanReportPerson? SavedBy, string Group);

/// <summary>A class in a scan report.</summary>
public sealed record ScanReportClass(double? Probability, string Classification, bool Ml, DateTime CreatedAt);

/// <summary>A request of follow-up observations in a scan report.</summary>
/// <param name="Instrument">Name of the instrument.</param>
/// <param name="Type">photometry, spectroscopy or forced_photometry.</param>
/// <param name="Priority">As it was asked; null where the facility knows none.</param>
/// <param name="StartDate">First day for which it is good, as it was asked.</param>
/// <param name="EndDate">Last day, likewise.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Requester">Name of the user who asked; null where that user is gone.</param>
public sealed record ScanReportFollowup(string? Instrument, string Type, string? Priority, string? StartDate, string? EndDate, string Status, string? Requester)
{
    internal static ScanReportFollowup Of(FollowupRecord request)
    {
        var instrument = (request.Parts.GetValueOrDefault("allocation") as AllocationRecord)?.Instrument;
        return new ScanReportFollowup(
            instrument?.Name,
            Said(request, "request_type") == "forced_photometry" ? "forced_photometry" : instrument?.Type == "spectrograph" ? "spectroscopy" : "photometry",
            Said(request, "priority"),
            Said(request, "start_date"),
            Said(request, "end_date"),
            request.Status,
            (request.Parts.GetValueOrDefault("requester") as UserRow)?.Username);
    }

    private static string? Said(FollowupRecord request, string name) =>
        request.Payload.ValueKind == JsonValueKind.Object && request.Payload.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : null;
}

/// <summary>Another object that is the same thing in the sky.</summary>
public sealed record ScanReportTie(string ObjId, string[] Aliases);

/// <summary>Offset from the host galaxy; kpc null where its distance is unknown.</summary>
public sealed record ScanReportOffset(double Arcsec, double? Kpc);

/// <summary>What was known of a source when a scan report was made, as on the wire. Magnitudes are AB, ages in days.</summary>
public sealed record ScanReportFacts
{
    public string? TnsName { get; init; }
    public IReadOnlyList<ScanReportTie>? AssociatedObjs { get; init; }
    public string? Comment { get; init; }
    public double? HostRedshift { get; init; }
    public double? DesiRedshift { get; init; }
    public ScanReportOffset? Offset { get; init; }
    public string? CurrentFilter { get; init; }
    public double? CurrentMag { get; init; }
    public double? CurrentMjd { get; init; }

    /// <summary>Days from the first detection to the making of the report.</summary>
    public double? CurrentAge { get; init; }

    public double? AbsMag { get; init; }
    public double? PreviousMag { get; init; }
    public double? PreviousMjd { get; init; }
    public string? PreviousFilter { get; init; }
    public IReadOnlyList<ScanReportClass>? Classifications { get; init; }
    public required IReadOnlyList<ScanReportSave> SavedInfo { get; init; }
    public IReadOnlyList<string>? GroupsSavedTo { get; init; }

    /// <summary>Requests of follow-up observations, the oldest first; null where there is none.</summary>
    public IReadOnlyList<ScanReportFollowup>? Followups { get; init; }

    /// <summary>Assignments to observing runs; there are none on this site.</summary>
    public IReadOnlyList<object>? Assignments => null;

    public IReadOnlyDictionary<string, ScanReportDetections>? DetectionsBySurvey { get; init; }

    /// <summary>How it lies to an event; reports know of none.</summary>
    public object? GcnMatch => null;
}

/// <summary>Derives the parts of a scan report that follow from light curves.</summary>
internal static class ScanReportCurves
{
    private static readonly string[] ForcedOrigins = ["fp", "alert_fp", "forced photometry", "forcedphot"];

    /// <summary>Adds what the points of a source tell.</summary>
    /// <param name="facts">The facts so far.</param>
    /// <param name="points">By time.</param>
    /// <param name="distanceModulusMag">Of the source; null where its distance is unknown.</param>
    /// <param name="nowMjd">When the report is made, UTC MJD in days.</param>
    public static ScanReportFacts With(ScanReportFacts facts, IReadOnlyList<ScanPoint> points, double? distanceModulusMag, double nowMjd)
    {
        var seen = points.Where(point => point.AbMag is not null).ToList();
        if (seen.Count == 0)
        {
            return facts;
        }

        var (last, before) = (seen[^1], seen.Count > 1 ? seen[^2] : null);
        return facts with
        {
            CurrentFilter = last.Filter,
            CurrentMag = Math.Round(last.AbMag!.Value, 3),
            CurrentMjd = Math.Round(last.Mjd, 5),
            CurrentAge = Math.Round(nowMjd - seen[0].Mjd, 2),
            AbsMag = distanceModulusMag is { } modulus ? Math.Round(last.AbMag.Value - modulus, 3) : null,
            PreviousFilter = before?.Filter,
            PreviousMag = before is null ? null : Math.Round(before.AbMag!.Value, 3),
            PreviousMjd = before is null ? null : Math.Round(before.Mjd, 5),
            DetectionsBySurvey = seen.GroupBy(point => point.Instrument).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(
                group => group.Key,
                group => new ScanReportDetections(
                    Point(group.First(), nowMjd), Point(group.FirstOrDefault(point => !IsForced(point)), nowMjd), Point(group.MinBy(point => point.AbMag), nowMjd), Point(group.Last(), nowMjd))),
        };
    }

    private static ScanReportPoint? Point(ScanPoint? point, double nowMjd) => point is null
        ? null
        : new ScanReportPoint(Math.Round(point.AbMag!.Value, 3), Math.Round(point.Mjd, 5), point.Filter, Math.Round(nowMjd - point.Mjd, 2), IsForced(point) ? true : null);

    private static bool IsForced(ScanPoint point) => ForcedOrigins.Contains(point.Origin, StringComparer.OrdinalIgnoreCase);
}
