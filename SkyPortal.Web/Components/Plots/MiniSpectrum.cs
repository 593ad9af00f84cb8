using System.Globalization;
using System.Text;

namespace SkyPortal.Web.Components.Plots;

/// <summary>A spectrum reduced to the columns of a small picture.</summary>
/// <param name="LeastAngstrom">First wavelength, observed.</param>
/// <param name="MostAngstrom">Last wavelength, observed.</param>
/// <param name="Line">Path of an SVG picture: the mean of the samples of each column.</param>
public sealed record MiniSpectrum(double LeastAngstrom, double MostAngstrom, string Line)
{
    // Single samples, such as cosmic rays, must not decide the scale.
    private const double Outermost = 0.02;

    /// <summary>
    /// The line in a box, pixels; null where there is nothing to draw. Samples are by wavelength, as they are stored; those that are no
    /// numbers are left out.
    /// </summary>
    public static MiniSpectrum? Of(IReadOnlyList<double> wavelengthsAngstrom, IReadOnlyList<double> fluxes, double left, double top, double width, double height)
    {
        var known = Enumerable.Range(0, Math.Min(wavelengthsAngstrom.Count, fluxes.Count)).Where(i => double.IsFinite(fluxes[i])).ToList();
        if (known.Count < 2 || wavelengthsAngstrom[known[^1]] <= wavelengthsAngstrom[known[0]])
        {
            return null;
        }

        var (least, most) = (wavelengthsAngstrom[known[0]], wavelengthsAngstrom[known[^1]]);
        var columns = known.GroupBy(i => (int)Math.Min(width - 1, (wavelengthsAngstrom[i] - least) / (most - least) * width))
            .OrderBy(column => column.Key).Select(column => (X: column.Key, Flux: column.Average(i => fluxes[i]))).ToList();
        var sorted = columns.Select(column => column.Flux).Order().ToList();
        var cut = (int)(Outermost * sorted.Count);
        var (low, high) = (sorted[cut], sorted[^(cut + 1)]);
        var range = high > low ? high - low : Math.Max(Math.Abs(high), 1e-300);
        var path = new StringBuilder();
        foreach (var (x, flux) in columns)
        {
            var y = top + (height * Math.Clamp(0.95 - (0.9 * (flux - low) / range), 0, 1));
            path.Append(path.Length == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{left + x:0.#},{y:0.#}");
        }

        return new MiniSpectrum(least, most, path.ToString());
    }
}
