namespace SkyPortal.Domain.Alerts;

/// <summary>
/// The observing night to which an exposure counts: from one local mean solar noon of the survey's site to the next, named by the
/// site's date of its evening. No night is cut while its telescope observes. Surveys of an unknown site count from 12:00 UTC.
/// </summary>
public static class SurveyNight
{
    private const double FirstMjd = 0;
    private const double LastMjd = 200_000;
    private const int UnixEpochMjd = 40587;
    private const double NoonOfUnknownSite = 0.5;

    // Longitudes of the sites in degrees, east positive: Palomar (ZTF, WINTER), Cerro Pachon (Rubin), Cerro Tololo (DECam). A
    // hundredth of a degree is 2.4 seconds.
    private static readonly Dictionary<string, double> NoonUtcDays = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ZTF"] = NoonAt(-116.86),
        ["WINTER"] = NoonAt(-116.86),
        ["LSST"] = NoonAt(-70.75),
        ["DECam"] = NoonAt(-70.81),
    };

    /// <summary>The night of an exposure; times that no packet has count as the first or the last that one may have.</summary>
    /// <param name="survey">Name of the survey, such as ZTF.</param>
    /// <param name="mjdUtc">Time of the exposure, UTC MJD in days.</param>
    public static DateOnly Of(string? survey, double mjdUtc) =>
        After(survey is not null && NoonUtcDays.TryGetValue(survey, out var noon) ? noon : NoonOfUnknownSite, mjdUtc);

    /// <summary>The earliest and the latest night to which a time counts for any of some surveys.</summary>
    /// <param name="surveys">The surveys; null for any survey at all.</param>
    /// <param name="mjdUtc">UTC MJD in days.</param>
    public static (DateOnly First, DateOnly Last) Range(IReadOnlyList<string>? surveys, double mjdUtc)
    {
        var nights = surveys is { Count: > 0 }
            ? surveys.Select(survey => Of(survey, mjdUtc)).ToList()
            : [.. NoonUtcDays.Values.Append(NoonOfUnknownSite).Select(noon => After(noon, mjdUtc))];
        return (nights.Min(), nights.Max());
    }

    private static DateOnly After(double noonUtcDays, double mjdUtc) =>
        DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(Math.Floor(Math.Clamp(mjdUtc, FirstMjd, LastMjd) - noonUtcDays) - UnixEpochMjd));

    private static double NoonAt(double longitudeDegrees) => 0.5 - (longitudeDegrees / 360);
}
