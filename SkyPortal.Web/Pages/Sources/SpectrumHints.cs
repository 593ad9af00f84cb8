using System.Globalization;
using System.Text.Json.Nodes;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Spectra;

namespace SkyPortal.Web.Pages.Sources;

/// <summary>What the header of a spectrum's file tells of how it was taken.</summary>
/// <param name="Instrument">Name of the instrument as the file writes it; null where it names none.</param>
/// <param name="Telescope">Name of the telescope; null where it names none.</param>
/// <param name="Target">What was observed; null where it does not say.</param>
/// <param name="ObservedAt">Middle of the exposure, UTC; its begin where the file does not tell how long it was.</param>
public sealed record SpectrumHints(string? Instrument, string? Telescope, string? Target, DateTime? ObservedAt)
{
    private const int LeastNameLength = 5;

    /// <summary>Reads the hints of a file.</summary>
    public static SpectrumHints Of(ParsedSpectrum parsed) => new(
        Text(parsed, "INSTRUMENT", "INSTRUME"), Text(parsed, "TELESCOPE", "TELESCOP"), Text(parsed, "OBJECT", "OBJNAME", "NAME"), parsed.ObservedAt ?? Middle(parsed));

    /// <summary>A time as people and headers write it: ISO 8601 or an MJD, UTC; null where it is neither.</summary>
    public static DateTime? Time(string? text)
    {
        var trimmed = (text ?? "").Trim().Trim('\'', '"').Trim();
        if (double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var mjd))
        {
            return mjd is > 15_000 and < 100_000 ? new Mjd(mjd).ToDateTimeOffset().UtcDateTime : null;
        }

        return Mjd.TryParseIso(trimmed, out var moment) ? moment.ToDateTimeOffset().UtcDateTime : null;
    }

    /// <summary>
    /// The instrument that the file names: of the same name, else the one whose name begins it, as SEDM begins SEDM-P60; of
    /// several the one at the telescope that the file names. Null where that leaves none or more than one.
    /// </summary>
    public int? Match(IReadOnlyCollection<(int Id, string Name, string[] Telescope)> instruments)
    {
        if (Instrument is not { } said)
        {
            return null;
        }

        var same = instruments.Where(row => Plain(row.Name) == Plain(said)).ToList();
        var fit = same.Count > 0 ? same : [.. instruments.Where(row => Begins(said, row.Name))];
        if (fit.Count > 1 && Telescope is { } telescope)
        {
            fit = [.. fit.Where(row => row.Telescope.Any(name => Plain(name) == Plain(telescope)))];
        }

        return fit is [var one] ? one.Id : null;
    }

    /// <summary>Whether the file says that it is of something else than an object of these names. SN 2023egs and 2023egs are the same.</summary>
    public bool IsOfAnother(IReadOnlyCollection<string> names) => Target is { Length: > 0 } target && !names.Any(name => IsSame(target, name));

    // Pipelines mark what they cut out behind the name, as in ZTF20abwdwoa [A].
    private static bool IsSame(string target, string name)
    {
        var (said, known) = (Plain(target), Plain(name));
        return said == known
            || Begins(target, name)
            || (IsOfTns(said) && IsOfTns(known) && said[2..] == known[2..])
            || (Math.Min(said.Length, known.Length) >= LeastNameLength && (known.EndsWith(said, StringComparison.Ordinal) || said.EndsWith(known, StringComparison.Ordinal)));
    }

    private static DateTime? Middle(ParsedSpectrum parsed)
    {
        if (Time(Text(parsed, "DATE-AVG", "MJD-AVG", "MJDMID")) is { } middle)
        {
            return middle;
        }

        if (Begin(parsed) is not { } begin)
        {
            return null;
        }

        return double.TryParse(Text(parsed, "EXPTIME", "EXPOSURE"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6
            ? begin.AddSeconds(seconds / 2)
            : begin;
    }

    private static DateTime? Begin(ParsedSpectrum parsed)
    {
        var date = Text(parsed, "DATE-OBS");
        var clock = Text(parsed, "UTC", "UT", "UTSTART", "TIME-OBS");
        // A date alone is midnight only where nothing else tells the time.
        return (date?.Length == 10 && clock is not null ? Time($"{date}T{clock}") : null)
            ?? (date?.Length > 10 ? Time(date) : null)
            ?? Time(clock?.Replace(' ', 'T'))
            ?? Time(Text(parsed, "MJD-OBS", "MJD", "OBSMJD"))
            ?? Time(date);
    }

    private static string? Text(ParsedSpectrum parsed, params string[] names)
    {
        foreach (var name in names)
        {
            var value = parsed.Header?.FirstOrDefault(item => item.Key.Replace('_', '-').Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            // Cards carry a comment beside their value.
            value = value is JsonObject card ? card["value"] : value;
            if (value?.ToString().Trim() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    // The prefix of a name of the TNS changes with the class: AT 2023egs became SN 2023egs.
    private static bool IsOfTns(string name) => name is [_, _, >= '0' and <= '9', ..] && name[..2] is "at" or "sn";

    private static bool Begins(string said, string name) =>
        name.Length > 0 && said.Length > name.Length && said.StartsWith(name, StringComparison.OrdinalIgnoreCase) && !char.IsLetterOrDigit(said[name.Length]);

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
