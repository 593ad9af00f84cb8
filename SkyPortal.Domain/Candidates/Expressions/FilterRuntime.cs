namespace SkyPortal.Domain.Candidates.Expressions;

/// <summary>
/// What compiled filters call. A number that is null is NaN, so that arithmetic hands nulls on by itself;
/// results that are not finite become null. Nothing here throws.
/// </summary>
internal static class FilterRuntime
{
    /// <summary>2^53: above it doubles skip integers.</summary>
    public const double LargestExactInteger = 9_007_199_254_740_992;

    // J2000 north galactic pole, from the Hipparcos catalogue, volume 1, section 1.5.3 [deg].
    private const double GalacticPoleRaDeg = 192.85948;
    private const double GalacticPoleDecDeg = 27.12825;

    private const double RadiansPerDegree = Math.PI / 180;
    private const double ArcsecPerRadian = 180 * 3600 / Math.PI;

    public static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    public static double Add(double left, double right) => Finite(left + right);

    public static double Subtract(double left, double right) => Finite(left - right);

    public static double Multiply(double left, double right) => Finite(left * right);

    public static double Divide(double left, double right) => Finite(left / right);

    public static double Remainder(double left, double right) => Finite(left % right);

    public static double Abs(double value) => Math.Abs(value);

    public static double Sqrt(double value) => Finite(Math.Sqrt(value));

    public static double Log10(double value) => Finite(Math.Log10(value));

    public static double Ln(double value) => Finite(Math.Log(value));

    public static double Exp(double value) => Finite(Math.Exp(value));

    // Math.Pow(NaN, 0) and Math.Pow(1, NaN) are 1, but null in must be null out.
    public static double Pow(double value, double exponent) =>
        double.IsNaN(value) || double.IsNaN(exponent) ? double.NaN : Finite(Math.Pow(value, exponent));

    public static double Floor(double value) => Math.Floor(value);

    public static double Ceil(double value) => Math.Ceiling(value);

    public static double Round(double value) => Math.Round(value, MidpointRounding.AwayFromZero);

    public static double Min(double left, double right) => Math.Min(left, right);

    public static double Max(double left, double right) => Math.Max(left, right);

    public static double NullIf(double value, double other) => value == other ? double.NaN : value;

    public static bool NotEqual(double left, double right) => left < right || left > right;

    public static bool SameTruth(bool? left, bool? right) => left is { } a && right is { } b && a == b;

    public static bool OtherTruth(bool? left, bool? right) => left is { } a && right is { } b && a != b;

    public static bool SameText(string? left, string? right) => left is not null && string.Equals(left, right, StringComparison.Ordinal);

    public static bool OtherText(string? left, string? right) =>
        left is not null && right is not null && !string.Equals(left, right, StringComparison.Ordinal);

    public static bool StartsWith(string? value, string? start) =>
        value is not null && start is not null && value.StartsWith(start, StringComparison.Ordinal);

    public static bool EndsWith(string? value, string? end) =>
        value is not null && end is not null && value.EndsWith(end, StringComparison.Ordinal);

    public static bool Contains(string? value, string? part) =>
        value is not null && part is not null && value.Contains(part, StringComparison.Ordinal);

    public static string? Lower(string? value) => value?.ToLowerInvariant();

    public static double Length(string? value) => value?.Length ?? double.NaN;

    public static string? NumberText(double value) =>
        double.IsNaN(value) ? null : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Matches a whole text with a pattern where * stands for any run and ? for any one character.</summary>
    public static bool Like(string? value, string? pattern) => Like(value, pattern, out _);

    /// <summary>The same, telling how many comparisons it took.</summary>
    public static bool Like(string? value, string? pattern, out long steps)
    {
        steps = 0;
        if (value is null || pattern is null)
        {
            return false;
        }

        // Only the last star ever needs to be retried, so the work is bounded by the product of the lengths.
        int at = 0, next = 0, star = -1, retry = 0;
        while (at < value.Length)
        {
            steps++;
            if (next < pattern.Length && pattern[next] == '*')
            {
                star = next++;
                retry = at;
            }
            else if (next < pattern.Length && (pattern[next] == '?' || pattern[next] == value[at]))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                next = star + 1;
                at = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(next).TrimStart('*').IsEmpty;
    }

    /// <summary>Great-circle distance by Vincenty's formula, sound at all separations [arcsec]; angles in degrees.</summary>
    public static double SeparationArcsec(double ra1Deg, double dec1Deg, double ra2Deg, double dec2Deg)
    {
        var (sin1, cos1) = Math.SinCos(dec1Deg * RadiansPerDegree);
        var (sin2, cos2) = Math.SinCos(dec2Deg * RadiansPerDegree);
        var (sinRa, cosRa) = Math.SinCos((ra2Deg - ra1Deg) * RadiansPerDegree);
        var x = cos2 * sinRa;
        var y = (cos1 * sin2) - (sin1 * cos2 * cosRa);
        return Finite(Math.Atan2(Math.Sqrt((x * x) + (y * y)), (sin1 * sin2) + (cos1 * cos2 * cosRa)) * ArcsecPerRadian);
    }

    /// <summary>Galactic latitude of a J2000 position [deg].</summary>
    public static double GalacticLatitudeDeg(double raDeg, double decDeg)
    {
        var (sinPole, cosPole) = Math.SinCos(GalacticPoleDecDeg * RadiansPerDegree);
        var (sinDec, cosDec) = Math.SinCos(decDeg * RadiansPerDegree);
        var sine = (sinDec * sinPole) + (cosDec * cosPole * Math.Cos((raDeg - GalacticPoleRaDeg) * RadiansPerDegree));
        return Finite(Math.Asin(Math.Clamp(sine, -1, 1)) / RadiansPerDegree);
    }

    /// <summary>A decoded value as a number; NaN where it is null or none.</summary>
    public static double Number(object? value) => value switch
    {
        double number => Finite(number),
        long integer => integer,
        _ => double.NaN,
    };

    /// <summary>A decoded value as a truth value; surveys also write flags as t, f, 1 and 0.</summary>
    public static bool? Truth(object? value) => value switch
    {
        bool truth => truth,
        string text => Flag(text),
        long integer => integer != 0,
        _ => null,
    };

    public static bool? Flag(string? value) => value switch
    {
        "t" or "T" or "1" or "true" or "True" => true,
        "f" or "F" or "0" or "false" or "False" => false,
        _ => null,
    };

    /// <summary>A decoded value as text; integers keep every digit.</summary>
    public static string? Text(object? value) => value switch
    {
        string text => text,
        long integer => integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>An annotation's value: an exact integer where the packet holds one, else a finite number or null.</summary>
    public static object? Boxed(double value) => double.IsFinite(value) ? value : null;

    public static object? BoxedTruth(bool? value) => value;
}
