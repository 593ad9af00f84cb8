using SkyPortal.Domain.Photometry;
using SkyPortal.Web.Components.Plots;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>A bandpass of a light curve.</summary>
/// <param name="Vega">What to add to an AB magnitude to get the Vega magnitude; null where no published zero point is held.</param>
public sealed record LightCurveBand(string Name, string Light, string Dark, string Mark, double? Vega);

/// <summary>
/// A light curve as the browser gets it, once: a column per quantity, a place in a list for what repeats. MJD in days (UTC), fluxes
/// in microjansky, limits in AB magnitudes, exposures in seconds; exposures and notes by place, only where there are any.
/// </summary>
public sealed record LightCurveData
{
    public required long[] Id { get; init; }
    public required double[] Mjd { get; init; }
    public required double?[] Flux { get; init; }
    public required double[] Err { get; init; }
    public required double?[] Limit { get; init; }
    public required int[] Band { get; init; }
    public required int[] Instrument { get; init; }
    public required int[] Origin { get; init; }

    /// <summary>1 forced, 2 validated, 4 rejected, 8 ambiguous, 16 reference subtracted, 32 not subtracted.</summary>
    public required int[] Flags { get; init; }

    public required Dictionary<int, double> Exposure { get; init; }
    public required Dictionary<int, string> Note { get; init; }

    /// <summary>From blue to red.</summary>
    public required IReadOnlyList<LightCurveBand> Bands { get; init; }

    /// <summary>Those with most points first, so that the commonest has the plain marks.</summary>
    public required IReadOnlyList<string> Instruments { get; init; }

    public required IReadOnlyList<string> Origins { get; init; }
    public required IReadOnlyList<SpectrumMark> Spectra { get; init; }
    public required double NowMjd { get; init; }

    /// <summary>MJD of the zero of "days since T0": the object's, else its first detection.</summary>
    public double? T0 { get; init; }

    public bool IsT0Given { get; init; }

    /// <summary>Distance modulus, magnitudes.</summary>
    public double? Dm { get; init; }

    /// <summary>The columns of points.</summary>
    public static LightCurveData Of(IReadOnlyList<PlotPoint> points, IReadOnlyList<SpectrumMark> spectra, double? t0Mjd, double? distanceModulusMag, double nowMjd)
    {
        var bands = points.Select(point => point.Band).Distinct().OrderBy(name => Marks.Of(name).EffectiveWavelengthAngstrom).ThenBy(name => name, StringComparer.Ordinal).ToList();
        var instruments = points.GroupBy(point => point.Instrument).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToList();
        var origins = points.Select(point => point.Origin).Distinct().ToList();
        var first = points.Where(point => point is { IsNegative: false } && point.IsDetection(StoredFlux.DetectionSignalToNoise)).Select(point => (double?)point.Mjd).Min();
        return new LightCurveData
        {
            Id = [.. points.Select(point => point.Id)],
            Mjd = [.. points.Select(point => point.Mjd)],
            Flux = [.. points.Select(point => point.Flux)],
            Err = [.. points.Select(point => point.Fluxerr)],
            Limit = [.. points.Select(point => point.Limit is { } limit ? Math.Round(limit, 4) : (double?)null)],
            Band = Places(points, point => point.Band, bands),
            Instrument = Places(points, point => point.Instrument, instruments),
            Origin = Places(points, point => point.Origin, origins),
            Flags = [.. points.Select(Flag)],
            Exposure = points.Index().Where(item => item.Item.ExposureSeconds is not null).ToDictionary(item => item.Index, item => item.Item.ExposureSeconds!.Value),
            Note = points.Index().Where(item => item.Item.Explanation is not null).ToDictionary(item => item.Index, item => item.Item.Explanation!),
            Bands = [.. bands.Select(Look)],
            Instruments = instruments,
            Origins = origins,
            Spectra = spectra,
            NowMjd = nowMjd,
            T0 = t0Mjd ?? first,
            IsT0Given = t0Mjd is not null,
            Dm = distanceModulusMag,
        };
    }

    private static LightCurveBand Look(string name)
    {
        var band = Marks.Of(name);
        return new LightCurveBand(name, band.Color, band.ColorOnDark, band.Mark, MagnitudeSystems.TryZeroPointOffsetMag(MagnitudeSystems.Vega, name, out var offsetMag, out _) ? offsetMag : null);
    }

    private static int[] Places(IReadOnlyList<PlotPoint> points, Func<PlotPoint, string> of, List<string> names)
    {
        var places = names.Index().ToDictionary(item => item.Item, item => item.Index, StringComparer.Ordinal);
        return [.. points.Select(point => places[of(point)])];
    }

    private static int Flag(PlotPoint point) =>
        (point.IsForced ? 1 : 0)
        | point.Verdict switch { PointVerdict.Validated => 2, PointVerdict.Rejected => 4, PointVerdict.Ambiguous => 8, _ => 0 }
        | point.IsSubtracted switch { true => 16, false => 32, null => 0 };
}
