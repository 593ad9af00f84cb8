using System.Globalization;

namespace SkyPortal.Web.Components.Shared;

/// <summary>Numbers of things in words.</summary>
public static class Plural
{
    /// <summary>A number and what it counts: 1 point, 2 points.</summary>
    /// <param name="many">The word for other numbers than one; null for the word with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
