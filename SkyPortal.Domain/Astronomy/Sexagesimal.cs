using System.Globalization;

namespace SkyPortal.Domain.Astronomy;

/// <summary>How the parts of a sexagesimal number are set apart.</summary>
public enum SexagesimalStyle
{
    /// <summary><c>00:42:44.3</c> and <c>+41:16:09</c>.</summary>
    Colons,

    /// <summary><c>00h42m44.3s</c> and <c>+41d16m09s</c>.</summary>
    Letters,

    /// <summary><c>00 42 44.3</c> and <c>+41 16 09</c>.</summary>
    Spaces,
}

/// <summary>Sexagesimal coordinates as text, both ways. Formatting rounds the last place and carries it over.</summary>
public static class Sexagesimal
{
    private static readonly string[] DegreeMarks = ["°", "d"];

    /// <summary>Right ascension in hours, minutes and seconds, such as <c>00:42:44.330</c>.</summary>
    /// <param name="raDegrees">Right ascension in degrees; any finite value is brought into [0, 360).</param>
    /// <param name="secondDecimals">Decimals of the seconds, 0 to 9.</param>
    public static string FormatRa(double raDegrees, int secondDecimals = 2, SexagesimalStyle style = SexagesimalStyle.Colons)
    {
        RequireFinite(raDegrees);
        var scale = Scale(secondDecimals);
        var ticks = (long)Math.Round(Angle.NormalizeDegrees(raDegrees) * 240 * scale) % (86_400 * scale);
        return Join("", ticks, scale, secondDecimals, style, 'h');
    }

    /// <summary>Declination in degrees, minutes and seconds, always signed, such as <c>-00:16:07.5</c>.</summary>
    /// <param name="decDegrees">Declination in degrees.</param>
    /// <param name="secondDecimals">Decimals of the seconds, 0 to 9.</param>
    public static string FormatDec(double decDegrees, int secondDecimals = 1, SexagesimalStyle style = SexagesimalStyle.Colons)
    {
        RequireFinite(decDegrees);
        var scale = Scale(secondDecimals);
        var ticks = (long)Math.Round(Math.Abs(decDegrees) * 3600 * scale);
        return Join(double.IsNegative(decDegrees) && ticks > 0 ? "-" : "+", ticks, scale, secondDecimals, style, 'd');
    }

    /// <summary>
    /// Reads a right ascension. A plain number is in degrees; one in parts is in hours, unless it is marked with
    /// <c>d</c> or <c>°</c>; a single number marked with <c>h</c> is in hours.
    /// </summary>
    /// <param name="raDegrees">Right ascension in degrees, in [0, 360).</param>
    public static bool TryParseRaDegrees(string? text, out double raDegrees)
    {
        if (!TryReadParts(text, out var number))
        {
            raDegrees = 0;
            return false;
        }

        var inHours = number.Unit == 'h' || (number.Unit == ' ' && number.Parts > 1);
        raDegrees = number.Value * (inHours ? 15 : 1);
        var inRange = number.Parts == 1 && !inHours ? raDegrees is >= -360 and <= 360 : raDegrees is >= 0 and <= 360;
        raDegrees = inRange ? Angle.NormalizeDegrees(raDegrees) : 0;
        return inRange;
    }

    /// <summary>Reads a declination in degrees, plain or in parts; the sign of <c>-00 00 01</c> counts.</summary>
    /// <param name="decDegrees">Declination in degrees, -90 to 90.</param>
    public static bool TryParseDecDegrees(string? text, out double decDegrees)
    {
        decDegrees = 0;
        if (!TryReadParts(text, out var number) || number.Unit == 'h' || Math.Abs(number.Value) > 90)
        {
            return false;
        }

        decDegrees = number.Value;
        return true;
    }

    /// <summary>Parts a text with two coordinates; see <see cref="SkyPosition.TryParse(string?, out SkyPosition)"/>.</summary>
    internal static bool TrySplit(string? text, out string ra, out string dec)
    {
        ra = dec = "";
        var trimmed = (text ?? "").Trim();
        var comma = trimmed.IndexOfAny([',', ';']);
        if (comma >= 0)
        {
            (ra, dec) = (trimmed[..comma], trimmed[(comma + 1)..]);
            return true;
        }

        var words = trimmed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var signed = Array.FindIndex(words, 1 < words.Length ? 1 : 0, static word => word[0] is '+' or '-' or '−');
        var at = signed > 0 ? signed : words.Length % 2 == 0 ? words.Length / 2 : 0;
        if (at == 0)
        {
            return false;
        }

        ra = string.Join(' ', words[..at]);
        dec = string.Join(' ', words[at..]);
        return true;
    }

    private static void RequireFinite(double degrees)
    {
        if (!double.IsFinite(degrees))
        {
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "A coordinate must be finite.");
        }
    }

    private static long Scale(int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(decimals);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decimals, 9);
        var scale = 1L;
        for (var i = 0; i < decimals; i++)
        {
            scale *= 10;
        }

        return scale;
    }

    private static string Join(string sign, long ticks, long scale, int decimals, SexagesimalStyle style, char unit)
    {
        var (whole, rest) = Math.DivRem(ticks, 3600 * scale);
        var (minutes, secondTicks) = Math.DivRem(rest, 60 * scale);
        var (seconds, fraction) = Math.DivRem(secondTicks, scale);
        var tail = decimals == 0 ? "" : "." + fraction.ToString(new string('0', decimals), CultureInfo.InvariantCulture);
        var (first, second, third) = style switch
        {
            SexagesimalStyle.Letters => (unit.ToString(), "m", "s"),
            SexagesimalStyle.Spaces => (" ", " ", ""),
            _ => (":", ":", ""),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole:00}{first}{minutes:00}{second}{seconds:00}{tail}{third}");
    }

    /// <summary>A number in one to three parts: its value in its unit ('h', 'd' or ' ' where unmarked) and how many parts.</summary>
    private static bool TryReadParts(string? text, out (double Value, char Unit, int Parts) number)
    {
        number = default;
        var plain = (text ?? "").Trim().ToLowerInvariant().Replace('−', '-');
        if (plain.Length is 0 or > 64)
        {
            return false;
        }

        var negative = plain[0] == '-';
        if (plain[0] is '+' or '-')
        {
            plain = plain[1..].TrimStart();
        }

        foreach (var mark in DegreeMarks)
        {
            plain = plain.Replace(mark, "d", StringComparison.Ordinal);
        }

        plain = plain.Replace("″", "s", StringComparison.Ordinal).Replace("\"", "s", StringComparison.Ordinal)
            .Replace("''", "s", StringComparison.Ordinal).Replace("′", "m", StringComparison.Ordinal).Replace("'", "m", StringComparison.Ordinal);
        return TryReadMarks(plain, out var unit, out var words) && TryAdd(words, negative, unit, out number);
    }

    /// <summary>Turns unit letters into separators, checking that they come in order and once each.</summary>
    private static bool TryReadMarks(string plain, out char unit, out string[] words)
    {
        unit = ' ';
        words = [];
        var rank = -1;
        var separated = new char[plain.Length];
        var wordsBefore = 0;
        for (var i = 0; i < plain.Length; i++)
        {
            var c = plain[i];
            var isDigit = char.IsAsciiDigit(c) || c == '.';
            if (isDigit && (i == 0 || separated[i - 1] == ' '))
            {
                wordsBefore++;
            }

            separated[i] = c;
            var mark = c switch { 'h' or 'd' => 0, 'm' => 1, 's' => 2, _ => -1 };
            if (mark >= 0)
            {
                if (mark <= rank || wordsBefore != mark + 1)
                {
                    return false;
                }

                rank = mark;
                unit = mark == 0 ? c : unit;
                separated[i] = ' ';
            }
            else if (c is ':' or ' ' or '\t' or '\u00a0')
            {
                if (c == ':' && (i == 0 || i == plain.Length - 1 || plain[i - 1] == ':'))
                {
                    return false;
                }

                separated[i] = ' ';
            }
        }

        words = new string(separated).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length is >= 1 and <= 3;
    }

    private static bool TryAdd(string[] words, bool negative, char unit, out (double Value, char Unit, int Parts) number)
    {
        number = default;
        var value = 0.0;
        var weight = 1.0;
        for (var i = 0; i < words.Length; i++)
        {
            var last = i == words.Length - 1;
            var style = last ? NumberStyles.AllowDecimalPoint : NumberStyles.None;
            if (words.Length == 1)
            {
                style |= NumberStyles.AllowExponent;
            }

            if (!double.TryParse(words[i], style, CultureInfo.InvariantCulture, out var part)
                || !double.IsFinite(part) || (i > 0 && part > 60) || (i > 0 && !last && part >= 60))
            {
                return false;
            }

            value += part / weight;
            weight *= 60;
        }

        number = (negative ? -value : value, unit, words.Length);
        return true;
    }
}
