using System.Text.Json;

namespace SkyPortal.Domain.Astronomy;

/// <summary>Under which names a catalogue keeps brightness and colour; names are compared without case and underscores.</summary>
/// <param name="Catalog">Part of the origin of an annotation.</param>
/// <param name="ApparentMag">Apparent magnitude.</param>
/// <param name="ParallaxMas">Parallax in milliarcseconds.</param>
/// <param name="AbsorptionMag">Absorption in magnitudes.</param>
/// <param name="AbsoluteMag">Absolute magnitude, which goes before apparent magnitude and parallax; null for none.</param>
/// <param name="BlueMag">Magnitude in the blue band.</param>
/// <param name="RedMag">Magnitude in the red band.</param>
/// <param name="ColorMag">Colour, which goes before the two bands; null for none.</param>
public sealed record ColorMagnitudeKeys(
    string Catalog = "gaia",
    string ApparentMag = "Mag_G",
    string ParallaxMas = "Plx",
    string AbsorptionMag = "A_G",
    string? AbsoluteMag = null,
    string BlueMag = "Mag_Bp",
    string RedMag = "Mag_Rp",
    string? ColorMag = null);

/// <summary>Place of an object in the colour-magnitude diagram.</summary>
/// <param name="AbsMag">Absolute magnitude; null where the parallax is not above zero.</param>
/// <param name="Color">Blue less red magnitude.</param>
public readonly record struct ColorMagnitude(double? AbsMag, double Color)
{
    /// <summary>
    /// The place that named values give: M = m + 5 log10(parallax / 100 mas), plus the absorption where it is given, and the colour;
    /// null where brightness or colour is missing.
    /// </summary>
    public static ColorMagnitude? Of(JsonElement data, ColorMagnitudeKeys keys)
    {
        if (data.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var color = Value(data, keys.ColorMag) ?? (Value(data, keys.BlueMag) - Value(data, keys.RedMag));
        if (color is not { } blueLessRed)
        {
            return null;
        }

        if (Value(data, keys.AbsoluteMag) is { } absolute)
        {
            return new ColorMagnitude(absolute, blueLessRed);
        }

        if (Value(data, keys.ApparentMag) is not { } apparent || Value(data, keys.ParallaxMas) is not { } parallaxMas)
        {
            return null;
        }

        return new ColorMagnitude(parallaxMas > 0 ? apparent + (5 * Math.Log10(parallaxMas / 100)) + (Value(data, keys.AbsorptionMag) ?? 0) : null, blueLessRed);
    }

    /// <summary>Whether an origin is of the catalogue.</summary>
    public static bool IsOf(string origin, ColorMagnitudeKeys keys) => Plain(origin).Contains(Plain(keys.Catalog), StringComparison.Ordinal);

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static double? Value(JsonElement data, string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            return null;
        }

        var wanted = Plain(key);
        foreach (var property in data.EnumerateObject())
        {
            if (Plain(property.Name) == wanted && property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetDouble(out var number) && double.IsFinite(number))
            {
                return number;
            }
        }

        return null;
    }
}
