using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Spectra;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.Spectra;

/// <summary>
/// Reads one-dimensional spectra from FITS: an image of one row with a wavelength axis in its header, linear or logarithmic, or a
/// binary table with columns of wavelength and flux, one sample per row or all in the cells of one row.
/// </summary>
public static class FitsSpectrum
{
    /// <summary>Largest file in bytes, after decompression.</summary>
    public const int MostBytes = 32 << 20;

    private static readonly string[] WavelengthNames = ["wavelength", "wave", "lambda", "lam", "wl", "awav", "opt_wave", "wavelength_air", "wavelength_vac"];
    private static readonly string[] LogarithmNames = ["loglam", "log_wave", "loglambda"];
    private static readonly string[] FluxNames = ["flux", "flam", "f_lambda", "flux_reduced", "flux_cal", "opt_flam", "flux_lambda", "fl", "spec", "spectrum"];
    private static readonly string[] ErrorNames = ["err", "error", "fluxerr", "flux_err", "err_flux", "flux_error", "sigma", "sig", "err_reduced", "opt_flam_sig", "uncertainty"];
    private static readonly string[] InverseVarianceNames = ["ivar", "flux_ivar", "opt_flam_ivar"];

    /// <summary>Reads a file, gzipped or not.</summary>
    /// <exception cref="Domain.Refusal">It is no readable FITS file, or holds no such spectrum.</exception>
    public static ParsedSpectrum Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            string? why = null;
            FitsHeader? primary = null;
            foreach (var unit in FitsReader.ReadUnits(file, new FitsLimits { MaxBytes = MostBytes }))
            {
                primary ??= unit.Header;
                var found = unit.IsTable ? FromTable(unit, primary, ref why) : unit.IsImage ? FromImage(unit, primary, ref why) : null;
                if (found is not null)
                {
                    return found;
                }
            }

            throw ParsedSpectrum.Wrong(why ?? "the FITS file holds neither an image of one row nor a table with columns of wavelength and flux.");
        }
        catch (FitsFormatException error)
        {
            throw ParsedSpectrum.Wrong(error.Message);
        }
    }

    private static ParsedSpectrum? FromImage(FitsUnit unit, FitsHeader primary, ref string? why)
    {
        if (unit.Axes.Length == 0 || unit.Axes[0] < 2)
        {
            return null;
        }

        // Long-slit pipelines write a cube of one row with planes for the weighted and the plain sum, the sky and the error.
        var planes = unit.Axes.Length >= 3 ? unit.Axes[2] : 1;
        if ((unit.Axes.Length >= 2 && unit.Axes[1] != 1) || unit.Axes.Skip(3).Any(length => length != 1) || unit.Axes[0] > SpectrumSamples.MostSamples)
        {
            why ??= $"the FITS image has the axes {string.Join(" x ", unit.Axes)}; a spectrum is one row of at most {SpectrumSamples.MostSamples} samples.";
            return null;
        }

        var count = (int)unit.Axes[0];
        if (Wavelengths(unit.Header, count, ref why) is not { } wavelengths)
        {
            return null;
        }

        var pixels = new FitsPixels(unit);
        var (units, scale) = FluxUnit(unit.Header.Text("BUNIT"));
        var fluxes = Enumerable.Range(0, count).Select(index => scale * pixels[index]).ToArray();
        var errors = planes == 4 ? Enumerable.Range(3 * count, count).Select(index => scale * pixels[index]).ToArray() : null;
        return Parsed(unit, primary, wavelengths, fluxes, errors, units);
    }

    /// <summary>
    /// Wavelengths of the pixels (FITS paper III, Greisen et al. 2006): linear, natural logarithm (WAVE-LOG), and the base-10
    /// logarithms of IRAF (DC-FLAG 1) and SDSS (COEFF0, COEFF1).
    /// </summary>
    private static double[]? Wavelengths(FitsHeader header, int count, ref string? why)
    {
        if (header.Number("COEFF0") is { } start && header.Number("COEFF1") is { } step)
        {
            return [.. Enumerable.Range(0, count).Select(index => Math.Pow(10, start + (step * index)))];
        }

        if (header.Number("CRVAL1") is not { } reference || (header.Number("CDELT1") ?? header.Number("CD1_1")) is not { } delta || delta == 0)
        {
            why ??= "the FITS header tells no wavelengths: CRVAL1 and CDELT1 (or CD1_1) are needed.";
            return null;
        }

        if (header.Number("CD1_1") is { } matrix and not 0)
        {
            delta = matrix;
        }

        var pixel = header.Number("CRPIX1") ?? 1;
        var type = header.Text("CTYPE1")?.Trim().ToUpperInvariant() ?? "";
        var isDecimalLog = header.Integer("DC-FLAG") == 1 || type is "LOG-LINEAR" or "LOGLAM" or "LOG(WAVELENGTH)" or "LOG10(WAVELENGTH)";
        var isNaturalLog = type is "WAVE-LOG" or "AWAV-LOG";
        if (!isDecimalLog && !isNaturalLog && type is not ("" or "LINEAR" or "WAVE" or "AWAV" or "WAVELENGTH" or "LAMBDA" or "PIXEL" or "ANGSTROM"))
        {
            why ??= $"the axis CTYPE1 '{type}' of the FITS image is not one of wavelength.";
            return null;
        }

        if (LengthUnit(header.Text("CUNIT1")) is not { } angstroms)
        {
            why ??= $"the unit CUNIT1 '{header.Text("CUNIT1")}' of the FITS image is not one of wavelength.";
            return null;
        }

        var wavelengths = new double[count];
        for (var i = 0; i < count; i++)
        {
            var away = delta * (i + 1 - pixel);
            wavelengths[i] = isDecimalLog
                ? Math.Pow(10, reference + away)
                : angstroms * (isNaturalLog ? reference * Math.Exp(away / reference) : reference + away);
        }

        return wavelengths;
    }

    private static ParsedSpectrum? FromTable(FitsUnit unit, FitsHeader primary, ref string? why)
    {
        var table = FitsTable.Read(unit);
        var wave = Find(table, WavelengthNames);
        var logarithm = wave is null ? Find(table, LogarithmNames) : null;
        var flux = Find(table, FluxNames);
        if ((wave ?? logarithm) is not { } axis || flux is null)
        {
            why ??= $"the FITS table has no columns called wavelength and flux; its columns are {string.Join(", ", table.Columns.Select(column => column.Name))}.";
            return null;
        }

        if (axis.Repeat != flux.Repeat || (table.Rows != 1 && axis.Repeat != 1) || (long)table.Rows * axis.Repeat > SpectrumSamples.MostSamples)
        {
            why ??= $"the columns {axis.Name} and {flux.Name} of the FITS table are not one spectrum of at most {SpectrumSamples.MostSamples} samples.";
            return null;
        }

        if (LengthUnit(axis.Unit) is not { } angstroms && wave is not null)
        {
            why ??= $"the unit '{axis.Unit}' of the column {axis.Name} is not one of wavelength.";
            return null;
        }

        var (units, scale) = FluxUnit(flux.Unit);
        var wavelengths = table.Numbers(axis).Select(value => wave is null ? Math.Pow(10, value) : LengthUnit(axis.Unit)!.Value * value).ToArray();
        var fluxes = table.Numbers(flux).Select(value => scale * value).ToArray();
        return Parsed(unit, primary, wavelengths, fluxes, Errors(table, flux, scale), units);
    }

    private static double[]? Errors(FitsTable table, FitsColumn flux, double scale)
    {
        if (Find(table, ErrorNames) is { } error && error.Repeat == flux.Repeat)
        {
            return [.. table.Numbers(error).Select(value => scale * value)];
        }

        return Find(table, InverseVarianceNames) is { } inverse && inverse.Repeat == flux.Repeat
            ? [.. table.Numbers(inverse).Select(value => value > 0 ? scale / Math.Sqrt(value) : double.NaN)]
            : null;
    }

    private static FitsColumn? Find(FitsTable table, string[] names) =>
        names.Select(name => table.Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(column => column is not null);

    /// <summary>Ångström per unit; ångström where none is named, as spectrographs are wont to; null for what is no length.</summary>
    private static double? LengthUnit(string? unit) => unit?.Trim().ToLowerInvariant() switch
    {
        null or "" or "angstrom" or "angstroms" or "angstroem" or "a" or "aa" or "0.1nm" or "0.1 nm" => 1,
        "nm" or "nanometer" or "nanometers" => 10,
        "um" or "micron" or "microns" or "micrometer" or "µm" => 1e4,
        "m" or "meter" => 1e10,
        _ => null,
    };

    /// <summary>The unit that the platform keeps and what to multiply with; no unit (arbitrary) where it is not understood.</summary>
    private static (string? Units, double Scale) FluxUnit(string? unit)
    {
        var text = unit?.Trim() ?? "";
        var factor = 1.0;
        foreach (var mark in new[] { "10**(-", "10**-", "10^(-", "10^-", "1e-", "1E-" })
        {
            if (text.StartsWith(mark, StringComparison.Ordinal))
            {
                var digits = string.Concat(text[mark.Length..].TakeWhile(char.IsAsciiDigit));
                if (digits.Length is 0 or > 3)
                {
                    return (null, 1);
                }

                factor = Math.Pow(10, -int.Parse(digits, CultureInfo.InvariantCulture));
                text = text[(mark.Length + digits.Length)..].TrimStart(')', ' ', '*');
                break;
            }
        }

        var plain = text.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Replace("*", "", StringComparison.Ordinal)
            .Replace("^", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal).Replace("angstroms", "a", StringComparison.Ordinal)
            .Replace("angstrom", "a", StringComparison.Ordinal).Replace("ang", "a", StringComparison.Ordinal).Replace("aa", "a", StringComparison.Ordinal).Replace("ergs/", "erg/", StringComparison.Ordinal)
            .Replace("sec", "s", StringComparison.Ordinal);
        return plain switch
        {
            "erg/s/cm2/a" or "erg/cm2/s/a" or "erg/s/cm/cm/a" or "erg/(scm2a)" or "erg/cm2/a/s" or "ergs-1cm-2a-1" or "ergcm-2s-1a-1" or "erg/(cm2sa)" => (SpectrumUnits.PerAngstrom, factor),
            "jy" => (SpectrumUnits.Jansky, factor),
            "mjy" when text.StartsWith('m') => (SpectrumUnits.Jansky, factor * 1e-3),
            "ujy" => (SpectrumUnits.Jansky, factor * 1e-6),
            _ => (null, 1),
        };
    }

    private static ParsedSpectrum Parsed(FitsUnit unit, FitsHeader primary, double[] wavelengths, double[] fluxes, double[]? errors, string? units)
    {
        var (samples, skipped) = ParsedSpectrum.Measured(wavelengths, fluxes, errors);
        var header = new JsonObject();
        foreach (var card in primary.Cards.Concat(unit.Header.Cards).Take(5_000))
        {
            if (card.Value is not double number || double.IsFinite(number))
            {
                header[card.Key] = JsonSerializer.SerializeToNode(card.Value);
            }
        }

        return new ParsedSpectrum(samples, header, skipped, units, ObservedAt(unit.Header) ?? ObservedAt(primary));
    }

    /// <summary>Middle of the exposure: MJD-OBS or DATE-OBS (start) and half of EXPTIME.</summary>
    private static DateTime? ObservedAt(FitsHeader header)
    {
        DateTime? start = header.Number("MJD-OBS") is > 0 and < 200_000 and var mjd
            ? new DateTime(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc).AddTicks((long)(mjd * TimeSpan.TicksPerDay) / 10_000 * 10_000)
            : header.Text("DATE-OBS") is { Length: >= 10 } text
                && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) && date.Year > 1800
                ? date
                : null;
        return start is { } began && header.Number("EXPTIME") is > 0 and < 1e6 and var seconds ? began.AddSeconds(seconds / 2) : start;
    }
}
