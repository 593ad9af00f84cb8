using System.Globalization;
using System.Text;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>Which columns of a table hold what, counted from 0.</summary>
/// <param name="Wavelength">Column of the wavelengths, ångström.</param>
/// <param name="Flux">Column of the fluxes.</param>
/// <param name="Error">Column of the errors, in the unit of the fluxes; null for none.</param>
public sealed record SpectrumColumns(int Wavelength = 0, int Flux = 1, int? Error = null);

/// <summary>
/// Reads spectra from tables in text: one sample per line, columns parted by blanks, tabs, commas or semicolons. Lines that
/// begin with #, % or ! are the header; before the first sample one line of column names is allowed. Every sample has as many
/// columns as the first.
/// </summary>
public static class AsciiSpectrum
{
    /// <summary>Largest file in bytes.</summary>
    public const int MostBytes = 10 << 20;

    private const int MostColumns = 1_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="Domain.Refusal">It is too large, no such table, or has no such column; the message names the line.</exception>
    public static ParsedSpectrum Read(string text, SpectrumColumns columns)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            throw ParsedSpectrum.Wrong($"the file is larger than {MostBytes >> 20} MB.");
        }

        var (wavelengths, fluxes, errors) = (new List<double>(), new List<double>(), new List<double>());
        var header = new SpectrumHeader();
        var width = 0;
        var isNamed = false;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim().TrimStart('\uFEFF');
            if (trimmed.IsEmpty)
            {
                continue;
            }

            if (trimmed[0] is '#' or '%' or '!')
            {
                header.Add(trimmed.TrimStart("#%!").ToString());
                continue;
            }

            var cells = Cells(trimmed, number);
            if (width == 0 && !isNamed && !cells.Any(cell => Number(cell) is not null))
            {
                isNamed = true;
                continue;
            }

            if (width == 0)
            {
                width = cells.Length;
                Check(columns, width);
            }

            if (cells.Length != width)
            {
                throw ParsedSpectrum.Wrong($"line {number} has {cells.Length} columns where the lines before have {width}.");
            }

            wavelengths.Add(Cell(cells, columns.Wavelength, "wavelength", number));
            fluxes.Add(Cell(cells, columns.Flux, "flux", number));
            if (columns.Error is { } error)
            {
                errors.Add(Cell(cells, error, "error", number));
            }

            if (wavelengths.Count > Domain.Spectra.SpectrumSamples.MostSamples)
            {
                throw ParsedSpectrum.Wrong($"the file has more than {Domain.Spectra.SpectrumSamples.MostSamples} samples.");
            }
        }

        if (width == 0)
        {
            throw ParsedSpectrum.Wrong("the file has no line of numbers.");
        }

        var (samples, skipped) = ParsedSpectrum.Measured(wavelengths, fluxes, columns.Error is null ? null : errors);
        return new ParsedSpectrum(samples, header.ToJson(), skipped);
    }

    private static void Check(SpectrumColumns columns, int width)
    {
        if (width is < 2 or > MostColumns)
        {
            throw ParsedSpectrum.Wrong($"a table of 2 to {MostColumns} columns is needed, wavelength and flux at least; the first line of numbers has {width}.");
        }

        foreach (var (name, index) in new[] { ("wave_column", columns.Wavelength), ("flux_column", columns.Flux), ("fluxerr_column", columns.Error ?? 0) })
        {
            if (index < 0 || index >= width)
            {
                throw ParsedSpectrum.Wrong($"{name} {index} is not one of the {width} columns, which are counted from 0.");
            }
        }
    }

    private static string[] Cells(ReadOnlySpan<char> line, int number)
    {
        var separator = line.Contains(',') ? ',' : line.Contains(';') ? ';' : ' ';
        var cells = separator == ' '
            ? line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            : line.ToString().Split(separator, StringSplitOptions.TrimEntries);
        return cells.Length <= MostColumns ? cells : throw ParsedSpectrum.Wrong($"line {number} has more than {MostColumns} columns.");
    }

    private static double Cell(string[] cells, int column, string name, int number) =>
        Number(cells[column]) ?? throw ParsedSpectrum.Wrong($"line {number}: the {name} in column {column} is not a number: {Short(cells[column])}");

    private static string Short(string cell) => cell.Length <= 40 ? cell : cell[..40] + "...";

    // Fortran writes 1.5D-17, and programs write nan and inf in many ways.
    private static double? Number(string cell)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || double.TryParse(cell.Replace('D', 'E').Replace('d', 'e'), NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return number;
        }

        return cell.TrimStart('+', '-').ToLowerInvariant() switch
        {
            "nan" or "null" or "" => double.NaN,
            "inf" or "infinity" => double.PositiveInfinity,
            _ => null,
        };
    }
}
