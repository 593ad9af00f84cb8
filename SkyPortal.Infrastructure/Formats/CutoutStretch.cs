using SkyPortal.Domain;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>How brightness becomes grey.</summary>
public enum CutoutScale
{
    /// <summary>Inverse hyperbolic sine for science and template, linear for differences.</summary>
    Usual,

    /// <summary>In proportion.</summary>
    Linear,

    /// <summary>Linear in the sky's noise, logarithmic above it.</summary>
    Asinh,

    /// <summary>ln(1 + 1000 x) / ln 1001 of the part x of the range.</summary>
    Log,
}

/// <summary>The scale of a picture and the values between which it runs.</summary>
/// <param name="Scale">How brightness becomes grey.</param>
/// <param name="LowPercent">Percentile of the pixels that is black.</param>
/// <param name="HighPercent">Percentile that is white; above <paramref name="LowPercent"/>.</param>
public sealed record CutoutStretch(CutoutScale Scale, double LowPercent, double HighPercent)
{
    /// <summary>What is shown unless somebody asks for another.</summary>
    public static CutoutStretch Usual { get; } = new(CutoutScale.Usual, 1, 100);

    /// <summary>Words for the scales.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetNames<CutoutScale>().Select(name => name.ToLowerInvariant())];

    /// <summary>The stretch that a request names, each part as usual where it names none; refuses unknown words and limits out of 0 to 100.</summary>
    public static CutoutStretch Of(string? scale, double? lowPercent, double? highPercent)
    {
        var place = scale is null ? 0 : Words.ToList().IndexOf(scale);
        var (low, high) = (lowPercent ?? Usual.LowPercent, highPercent ?? Usual.HighPercent);
        return place < 0 ? throw Refusal.Invalid($"Invalid scale: it is one of {string.Join(", ", Words)}.")
            : low >= 0 && high <= 100 && low < high ? new CutoutStretch((CutoutScale)place, low, high)
            : throw Refusal.Invalid("Invalid low, high: they are percentiles, 0 to 100, the first below the second.");
    }
}
