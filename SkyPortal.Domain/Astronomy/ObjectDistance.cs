using System.Globalization;
using System.Text.Json;

namespace SkyPortal.Domain.Astronomy;

/// <summary>
/// Distances of an object: measured ones from its free-form data come first, in the order dm (mag), parallax (arcsec),
/// dist_kpc, dist_Mpc, dist_pc, dist_cm; then the redshift, unless it is too small to say anything.
/// </summary>
/// <param name="LuminosityDistanceMpc">Luminosity distance in Mpc; null where unknown.</param>
/// <param name="AngularDiameterDistanceMpc">Angular diameter distance in Mpc; null where unknown.</param>
/// <param name="DistanceModulusMag">Distance modulus in mag; null where the distance is unknown or zero.</param>
public readonly record struct ObjectDistance(double? LuminosityDistanceMpc, double? AngularDiameterDistanceMpc, double? DistanceModulusMag)
{
    // Below this velocity the motions of galaxies hide the expansion. The rounded speed of light is the contract's.
    private const double LeastVelocityKmS = 350;
    private const double RoundSpeedOfLightKmS = 299_000;
    private const double CentimetersPerParsec = 3.0856775814913673e18;

    /// <summary>Distances of an object.</summary>
    /// <param name="redshift">Redshift; null where unknown.</param>
    /// <param name="altdata">The object's free-form data; null where it has none. Keys that hold no number are passed over.</param>
    /// <param name="cosmology">Cosmology of the redshift's distance; Planck 2018 where null.</param>
    public static ObjectDistance Of(double? redshift, JsonElement? altdata, FlatLambdaCdm? cosmology = null)
    {
        var recedes = redshift is { } z && double.IsFinite(z) && z * RoundSpeedOfLightKmS >= LeastVelocityKmS;
        var luminosity = Measured(altdata)
            ?? (recedes ? (cosmology ?? FlatLambdaCdm.Planck18).LuminosityDistanceMpc(redshift!.Value) : null);
        if (luminosity is not { } distance || !double.IsFinite(distance))
        {
            return default;
        }

        var angular = redshift * RoundSpeedOfLightKmS > LeastVelocityKmS
            ? distance / ((1 + redshift!.Value) * (1 + redshift.Value))
            : distance;
        return new ObjectDistance(distance, angular, distance > 0 ? FlatLambdaCdm.DistanceModulusMagOf(distance) : null);
    }

    private static double? Measured(JsonElement? altdata)
    {
        if (altdata is not { ValueKind: JsonValueKind.Object } data)
        {
            return null;
        }

        if (Number(data, "dm") is { } modulus)
        {
            return Math.Pow(10, modulus / 5) * 1e-5;
        }

        return Number(data, "parallax") is { } parallax and > 0 ? 1e-6 / parallax
            : Number(data, "dist_kpc") * 1e-3
            ?? Number(data, "dist_Mpc")
            ?? Number(data, "dist_pc") * 1e-6
            ?? Number(data, "dist_cm") / CentimetersPerParsec * 1e-6;
    }

    private static double? Number(JsonElement data, string key)
    {
        if (!data.TryGetProperty(key, out var value))
        {
            return null;
        }

        double? number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var plain) => plain,
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var text) => text,
            _ => null,
        };
        return number is { } finite && double.IsFinite(finite) ? finite : null;
    }
}
