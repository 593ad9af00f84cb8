using System.Globalization;

namespace SkyPortal.Domain.Spectra;

/// <summary>
/// Checked samples of a spectrum, by ascending wavelength; equal wavelengths, as where orders overlap, keep their order.
/// </summary>
public sealed record SpectrumSamples
{
    /// <summary>Most samples that one spectrum may have.</summary>
    public const int MostSamples = 500_000;

    private const double LongestAngstrom = 1e9;
    private const double LargestFlux = 1e100;

    private SpectrumSamples(double[] wavelengths, double[] fluxes, double[]? errors)
    {
        WavelengthsAngstrom = wavelengths;
        Fluxes = fluxes;
        Errors = errors;
    }

    /// <summary>Wavelengths in ångström, above 0 and at most 1e9.</summary>
    public double[] WavelengthsAngstrom { get; }

    /// <summary>Finite flux densities in the unit of the spectrum.</summary>
    public double[] Fluxes { get; }

    /// <summary>One sigma in the same unit, 0 or more, not-a-number where unknown; null where none is known.</summary>
    public double[]? Errors { get; }

    /// <summary>Checks samples as they were sent, and sorts them.</summary>
    /// <exception cref="Refusal">The message names the list and the item that is wrong.</exception>
    public static SpectrumSamples From(double[] wavelengthsAngstrom, double[] fluxes, double[]? errors)
    {
        CheckLength("wavelengths", wavelengthsAngstrom.Length);
        CheckSame("fluxes", fluxes.Length, wavelengthsAngstrom.Length);
        if (errors is not null)
        {
            CheckSame("errors", errors.Length, wavelengthsAngstrom.Length);
        }

        for (var i = 0; i < wavelengthsAngstrom.Length; i++)
        {
            if (!(wavelengthsAngstrom[i] is > 0 and <= LongestAngstrom))
            {
                throw Wrong("wavelengths", i, wavelengthsAngstrom[i], $"must be above 0 and at most {LongestAngstrom:0} ångström");
            }

            if (!(Math.Abs(fluxes[i]) <= LargestFlux))
            {
                throw Wrong("fluxes", i, fluxes[i], "must be a finite number below 1e100");
            }

            if (errors is not null && !double.IsNaN(errors[i]) && !(errors[i] is >= 0 and <= LargestFlux))
            {
                throw Wrong("errors", i, errors[i], "must be 0 or more, and below 1e100");
            }
        }

        return Sorted(wavelengthsAngstrom, fluxes, errors);
    }

    private static SpectrumSamples Sorted(double[] wavelengths, double[] fluxes, double[]? errors)
    {
        for (var i = 1; i < wavelengths.Length; i++)
        {
            if (wavelengths[i] < wavelengths[i - 1])
            {
                var order = Enumerable.Range(0, wavelengths.Length).OrderBy(index => wavelengths[index]).ToArray();
                return new SpectrumSamples(
                    Array.ConvertAll(order, index => wavelengths[index]),
                    Array.ConvertAll(order, index => fluxes[index]),
                    errors is null ? null : Array.ConvertAll(order, index => errors[index]));
            }
        }

        return new SpectrumSamples(wavelengths, fluxes, errors);
    }

    private static void CheckLength(string field, int length)
    {
        if (length is < 2 or > MostSamples)
        {
            throw Refusal.Invalid($"Invalid / missing parameters; {field}: a spectrum has 2 to {MostSamples} samples, not {length}.");
        }
    }

    private static void CheckSame(string field, int length, int wanted)
    {
        if (length != wanted)
        {
            throw Refusal.Invalid($"Invalid / missing parameters; {field}: {length} items do not match the {wanted} wavelengths.");
        }
    }

    private static Refusal Wrong(string field, int index, double value, string rule) =>
        Refusal.Invalid($"Invalid / missing parameters; {field}[{index}]: {value.ToString(CultureInfo.InvariantCulture)} {rule}.");
}
