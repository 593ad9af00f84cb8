using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>What somebody who checked a point found.</summary>
public enum PointVerdict
{
    None,
    Validated,
    Rejected,
    Ambiguous,
}

/// <summary>A point as the plots and their table show it: times in MJD (UTC), magnitudes AB, fluxes in microjansky.</summary>
/// <param name="Limit">AB magnitude of the faintest source that would have been seen; null where that is unknown.</param>
/// <param name="IsForced">Measured at a place given beforehand.</param>
public sealed record PlotPoint(long Id, double Mjd, double? Flux, double Fluxerr, double? Limit, bool IsForced, string Band, string Instrument, string Origin)
{
    private static readonly string[] ExposureKeys = ["exposure", "exptime", "exp_time", "exposure_time", "exposuretime", "texp"];
    private static readonly string[] SubtractionKeys = ["subtracted", "subtraction", "is_subtracted", "difference", "difference_image", "is_difference", "imagesub", "image_subtraction"];

    public double? RaDegrees { get; init; }
    public double? DecDegrees { get; init; }

    /// <summary>Seconds, where the uploader told it.</summary>
    public double? ExposureSeconds { get; init; }

    /// <summary>Whether a reference image was subtracted; null where nothing tells.</summary>
    public bool? IsSubtracted { get; init; }

    public PointVerdict Verdict { get; init; }
    public string? Explanation { get; init; }
    public string? Notes { get; init; }

    /// <summary>Flux over its uncertainty; null where nothing was measured.</summary>
    public double? SignalToNoise => Flux is { } flux && Fluxerr > 0 ? flux / Fluxerr : null;

    /// <summary>AB magnitude of the absolute flux; null where nothing was measured.</summary>
    public double? Mag => StoredFlux.AbMag(Flux is { } flux ? Math.Abs(flux) : null);

    /// <summary>Magnitudes, one sigma.</summary>
    public double? MagErr => StoredFlux.ErrorMag(Flux is { } flux ? Math.Abs(flux) : null, Fluxerr);

    /// <summary>The flux is below zero: fainter than in the reference.</summary>
    public bool IsNegative => Flux < 0;

    /// <summary>Whether the absolute flux stands out of the noise by more than a factor; a point without an uncertainty does.</summary>
    public bool IsDetection(double signalToNoise) => Flux is { } flux && (Fluxerr > 0 ? Math.Abs(flux) / Fluxerr > signalToNoise : flux != 0);

    /// <summary>The point as shown.</summary>
    public static PlotPoint Of(PointRecord point, PhotometryValidationRecord? validation = null) => new(
        point.Id,
        point.Mjd,
        point.Flux,
        point.Fluxerr,
        GivenLimit(point) ?? (point.Fluxerr > 0 ? StoredFlux.LimitAbMag(point.Fluxerr) : null),
        ComputePhotStats.IsForced(point.Origin),
        point.Filter,
        point.InstrumentName,
        point.Origin == "None" ? "" : point.Origin)
    {
        RaDegrees = point.Ra,
        DecDegrees = point.Dec,
        ExposureSeconds = Given(point.Altdata, ExposureKeys) is { } given && Number(given) is > 0 and < 1e7 and var seconds ? seconds : null,
        IsSubtracted = Given(point.Altdata, SubtractionKeys) is { } said && Truth(said) is { } truth ? truth : point.RefFlux is not null ? true : null,
        Verdict = validation switch
        {
            null => PointVerdict.None,
            { Validated: true } => PointVerdict.Validated,
            { Validated: false } => PointVerdict.Rejected,
            _ => PointVerdict.Ambiguous,
        },
        Explanation = validation?.Explanation,
        Notes = validation?.Notes,
    };

    /// <summary>The points of a view with what was found about them.</summary>
    public static List<PlotPoint> Of(PhotometryView view) => [.. view.Points.Select(point => Of(point, view.Validations?[point.Id].FirstOrDefault()))];

    private static double? GivenLimit(PointRecord point)
    {
        if (point.OriginalUserData is not { ValueKind: JsonValueKind.Object } given || !given.TryGetProperty("limiting_mag", out var limit) || limit.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        var system = given.TryGetProperty("magsys", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : MagnitudeSystems.Ab;
        return MagnitudeSystems.TryZeroPointOffsetMag(system, point.Filter, out var offsetMag, out _) ? limit.GetDouble() - offsetMag : null;
    }

    private static JsonElement? Given(JsonElement? altdata, string[] keys)
    {
        if (altdata is not { ValueKind: JsonValueKind.Object } data)
        {
            return null;
        }

        foreach (var property in data.EnumerateObject())
        {
            if (keys.Contains(property.Name, StringComparer.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static bool? Truth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt32(out var number) && number is 0 or 1 => value.GetInt32() == 1,
        JsonValueKind.String => value.GetString()!.ToLowerInvariant() switch
        {
            "true" or "t" or "yes" or "1" => true,
            "false" or "f" or "no" or "0" => false,
            _ => null,
        },
        _ => null,
    };
}

/// <summary>A spectrum as the light curve marks it: MJD (UTC), and with what it was taken.</summary>
public sealed record SpectrumMark(double Mjd, string Instrument);
