using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Web.Components.Candidates;

namespace SkyPortal.Web.Components.Gcn;

/// <summary>Sky maps in words and in addresses.</summary>
public static class SkyMapText
{
    /// <summary>The part of a map in which its pages look.</summary>
    public const double PageProbability = 0.9;

    /// <summary>Address of the candidates within that part which passed, and were first detected, after the event.</summary>
    public static string CandidatesWithin(LocalizationRecord map) =>
        new ScanAddress { From = map.Dateobs, FirstDetectionAfter = map.Dateobs, Map = new SkyMapPart(map.Dateobs, map.LocalizationName, PageProbability) }.ToString();

    /// <summary>Address of the sources within that part.</summary>
    public static string SourcesWithin(LocalizationRecord map) => QueryHelpers.AddQueryString("/sources", new Dictionary<string, string?>
    {
        ["localizationDateobs"] = map.Dateobs.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        ["localizationName"] = map.LocalizationName,
        ["localizationCumprob"] = PageProbability.ToString(CultureInfo.InvariantCulture),
    });

    /// <summary>Time and name of a map with the area of its 90 % region.</summary>
    public static string Of(LocalizationRecord map) =>
        string.Create(CultureInfo.InvariantCulture, $"{map.Dateobs:yyyy-MM-dd HH:mm:ss} · {map.LocalizationName} · {Area(map.AreaNinetySquareDegrees)}");

    /// <summary>Time and name of a map.</summary>
    public static string Of(SkyMapPart part) =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Dateobs:yyyy-MM-dd HH:mm:ss} · {part.Name ?? "newest map"}");

    /// <summary>An area in square degrees, to three digits or to the whole.</summary>
    public static string Area(double squareDegrees) => squareDegrees switch
    {
        >= 100 => squareDegrees.ToString("N0", CultureInfo.InvariantCulture) + " deg²",
        >= 1 => squareDegrees.ToString("0.#", CultureInfo.InvariantCulture) + " deg²",
        _ => squareDegrees.ToString("G2", CultureInfo.InvariantCulture) + " deg²",
    };

    /// <summary>A part from the values of an address; null where they name none.</summary>
    public static SkyMapPart? Part(string? dateobs, string? name, string? probability) =>
        ScanAddressText.Time(dateobs) is { } time && time.Year is > 1800 and < 3000
            ? new SkyMapPart(
                new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc), string.IsNullOrWhiteSpace(name) ? null : name,
                ScanAddressText.Number(probability, 0.000001, 1) ?? SkyMapPart.UsualProbability)
            : null;

    /// <summary>The values of an address: time, name and, where it is not the usual one, probability.</summary>
    public static (string? Dateobs, string? Name, string? Probability) Values(SkyMapPart? part) => part is null
        ? default
        : (part.Dateobs.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture), part.Name, part.Probability == SkyMapPart.UsualProbability ? null : ScanAddressText.Of((double?)part.Probability));
}
