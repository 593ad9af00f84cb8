using System.Globalization;

namespace SkyPortal.Web.Api;

/// <summary>Times that clients send.</summary>
public static class ApiTime
{
    /// <summary>An ISO date or time; UTC where it has no zone. Null where it is neither.</summary>
    public static DateTime? Parse(string text) =>
        DateTime.TryParse(text.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is > 1800 and < 3000
            && text.Trim().Length >= 8
            ? time
            : null;
}
