using System.Globalization;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>How the parts of a scanning page's address are written and read.</summary>
public static class ScanAddressText
{
    /// <summary>Most values of one parameter.</summary>
    public const int MostOfOne = 30;

    /// <summary>Name of a choice in addresses; of a saved status the API's clients use the same.</summary>
    public static string NameOf<T>(T choice)
        where T : struct, Enum
    {
        var name = choice.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The choice of a name; null where there is none.</summary>
    public static T? Named<T>(string? name)
        where T : struct, Enum =>
        Enum.GetValues<T>().Where(choice => NameOf(choice) == name).Select(choice => (T?)choice).FirstOrDefault();

    /// <summary>A condition on an annotation: <c>key@origin=value</c> or <c>key@origin~min..max</c>, each part escaped.</summary>
    public static string Of(AnnotationCondition condition) =>
        $"{Escape(condition.Key)}@{Escape(condition.Origin)}"
        + (condition.Value is { } value ? $"={Escape(value)}" : $"~{Limit(condition.Min)}..{Limit(condition.Max)}");

    /// <summary>Reads a condition; null where it is none.</summary>
    public static AnnotationCondition? Condition(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var sign = at < 0 ? -1 : text.IndexOfAny(['=', '~'], at);
        if (at < 1 || sign < at + 2)
        {
            return null;
        }

        var (key, origin, rest) = (Uri.UnescapeDataString(text[..at]), Uri.UnescapeDataString(text[(at + 1)..sign]), text[(sign + 1)..]);
        if (text[sign] == '=')
        {
            return rest.Length > 0 ? new AnnotationCondition(origin, key, Uri.UnescapeDataString(rest), null, null) : null;
        }

        var limits = rest.Split("..");
        var (min, max) = (Finite(limits[0]), Finite(limits[^1]));
        return limits.Length == 2 && (min is not null || max is not null) ? new AnnotationCondition(origin, key, null, min, max) : null;
    }

    /// <summary>A sort: <c>key@origin</c>, with a minus before it for the highest first, each part escaped.</summary>
    public static string Of(AnnotationSort sort) => $"{(sort.Descending ? "-" : "")}{Escape(sort.Key)}@{Escape(sort.Origin)}";

    /// <summary>Reads a sort; null where it is none.</summary>
    public static AnnotationSort? Sort(string text)
    {
        var start = text.StartsWith('-') ? 1 : 0;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > start && at < text.Length - 1
            ? new AnnotationSort(Uri.UnescapeDataString(text[(at + 1)..]), Uri.UnescapeDataString(text[start..at]), text.StartsWith('-'))
            : null;
    }

    /// <summary>Ids that are joined by commas; others are left out.</summary>
    public static int[] Ids(string? text) =>
        [.. (text ?? "").Split(',').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0).Distinct().Take(200)];

    /// <summary>A number within bounds; null where it is none.</summary>
    public static double? Number(string? text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value : null;

    /// <summary>A time (UTC); null where it is none.</summary>
    public static DateTime? Time(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A time to the minute.</summary>
    public static string? Of(DateTime? time) => time?.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A number to the sixth decimal.</summary>
    public static string? Of(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture);

    // Only what parts are told apart by, so that addresses can be read.
    private static string Escape(string text)
    {
        var escaped = text.Replace("%", "%25", StringComparison.Ordinal).Replace("@", "%40", StringComparison.Ordinal)
            .Replace("=", "%3D", StringComparison.Ordinal).Replace("~", "%7E", StringComparison.Ordinal);
        return escaped.StartsWith('-') ? "%2D" + escaped[1..] : escaped;
    }

    private static string? Limit(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static double? Finite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
