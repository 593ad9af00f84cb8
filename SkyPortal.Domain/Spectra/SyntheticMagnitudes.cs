using System.Collections.Frozen;
using System.Globalization;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Domain.Spectra;

/// <summary>A bandpass as a box: full transmission between two wavelengths, none outside.</summary>
/// <param name="Filter">Name of the bandpass.</param>
/// <param name="BlueAngstrom">Lower edge, ångström.</param>
/// <param name="RedAngstrom">Upper edge, ångström.</param>
public sealed record PassbandBox(string Filter, double BlueAngstrom, double RedAngstrom);

/// <summary>Mean flux density of a spectrum in a bandpass.</summary>
/// <param name="FluxMicroJansky">Microjansky, AB.</param>
/// <param name="ErrorMicroJansky">One sigma; null where the spectrum has no errors there.</param>
public sealed record SyntheticFlux(double FluxMicroJansky, double? ErrorMicroJansky);

/// <summary>
/// Brightness of a spectrum in a bandpass. The platform holds no transmission curves; a bandpass is taken as a box of its
/// published width at half maximum about its mean wavelength, which on a smooth spectrum is good to about 0.05 mag. The widths are
/// <c>data/passband-widths.csv</c>, built into this assembly.
/// </summary>
public static class SyntheticMagnitudes
{
    private const string Resource = "SkyPortal.Domain.Spectra.passband-widths.csv";
    private const double LightAngstromPerSecond = 2.99792458e18;
    private const double MicroJanskyPerCgs = 1e29;
    private const double WidestGap = 0.25;

    private static readonly FrozenDictionary<string, double> WidthsAngstrom = ReadWidths().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of the bandpasses that have a box.</summary>
    public static IEnumerable<string> Filters => WidthsAngstrom.Keys.Order(StringComparer.Ordinal);

    /// <summary>The box of a bandpass or alias; null where no width is held.</summary>
    public static PassbandBox? BoxOf(string filter) =>
        Bandpasses.Find(filter) is { } band && WidthsAngstrom.TryGetValue(band.Name, out var width)
            ? new PassbandBox(filter, band.EffectiveWavelengthAngstrom - (width / 2), band.EffectiveWavelengthAngstrom + (width / 2))
            : null;

    /// <summary>
    /// Mean AB flux density, weighted as photon counters do: ∫ f_ν dλ/λ over ∫ dλ/λ (Bessell and Murphy 2012, PASP 124, 140), by
    /// the trapezoid rule.
    /// </summary>
    /// <param name="box">Bandpass.</param>
    /// <param name="wavelengthsAngstrom">Ascending, ångström.</param>
    /// <param name="fluxes">Flux densities in the unit.</param>
    /// <param name="errors">One sigma in the unit, not-a-number where unknown; or null.</param>
    /// <param name="units">One of <see cref="SpectrumUnits"/>.</param>
    /// <exception cref="Refusal">The spectrum does not cover the bandpass.</exception>
    public static SyntheticFlux Mean(PassbandBox box, double[] wavelengthsAngstrom, double[] fluxes, double[]? errors, string units)
    {
        if (wavelengthsAngstrom[0] > box.BlueAngstrom || wavelengthsAngstrom[^1] < box.RedAngstrom)
        {
            throw Wrong(box, string.Create(
                CultureInfo.InvariantCulture,
                $"{box.BlueAngstrom:0} to {box.RedAngstrom:0} ångström is outside spectral range {wavelengthsAngstrom[0]:0} to {wavelengthsAngstrom[^1]:0}."));
        }

        var (sum, weights, variance) = (0.0, 0.0, 0.0);
        for (var i = 1; i < wavelengthsAngstrom.Length; i++)
        {
            var from = Math.Max(wavelengthsAngstrom[i - 1], box.BlueAngstrom);
            var to = Math.Min(wavelengthsAngstrom[i], box.RedAngstrom);
            if (to <= from)
            {
                continue;
            }

            if (to - from > WidestGap * (box.RedAngstrom - box.BlueAngstrom))
            {
                throw Wrong(box, string.Create(CultureInfo.InvariantCulture, $"the spectrum has a gap from {from:0} to {to:0} ångström, outside spectral range."));
            }

            var weight = Math.Log(to / from);
            double At(double wavelength) => Between(wavelengthsAngstrom, fluxes, i, wavelength);
            sum += weight * (MicroJansky(At(from), from, units) + MicroJansky(At(to), to, units)) / 2;
            weights += weight;
            if (errors is not null)
            {
                var sigma = (Error(errors[i - 1], fluxes[i - 1], from, units) + Error(errors[i], fluxes[i], to, units)) / 2;
                variance += weight * weight * sigma * sigma;
            }
        }

        var error = errors is null ? double.NaN : Math.Sqrt(variance) / weights;
        return new SyntheticFlux(sum / weights, double.IsFinite(error) ? error : null);
    }

    private static double Between(double[] x, double[] y, int i, double at) => y[i - 1] + ((y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]));

    private static double MicroJansky(double flux, double wavelengthAngstrom, string units) => units switch
    {
        SpectrumUnits.Jansky => flux * 1e6,
        SpectrumUnits.AbMag => StoredFlux.MicroJanskyOfAbMag(flux),
        _ => flux * wavelengthAngstrom * wavelengthAngstrom / LightAngstromPerSecond * MicroJanskyPerCgs,
    };

    private static double Error(double error, double flux, double wavelengthAngstrom, string units) => units == SpectrumUnits.AbMag
        ? StoredFlux.ErrorMicroJansky(StoredFlux.MicroJanskyOfAbMag(flux), error)
        : MicroJansky(error, wavelengthAngstrom, units);

    private static Refusal Wrong(PassbandBox box, string reason) =>
        Refusal.Invalid($"Unable to generate synthetic photometry for filter {box.Filter}: {reason}");

    private static IEnumerable<KeyValuePair<string, double>> ReadWidths()
    {
        using var stream = typeof(SyntheticMagnitudes).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            yield return new(cells[0], double.Parse(cells[1], CultureInfo.InvariantCulture));
        }
    }
}
