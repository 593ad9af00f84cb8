using System.Globalization;
using SkyPortal.Infrastructure.Gcn;
using SkyPortal.Web.Components.Candidates;

namespace SkyPortal.Web.Components.Gcn;

/// <summary>Sky maps in words and in addresses.</summary>
public static class SkyMapText
{
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
