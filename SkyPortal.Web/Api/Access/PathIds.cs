using System.Globalization;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api.Access;

/// <summary>Ids in the path of a request.</summary>
internal static class PathIds
{
    /// <summary>The id; refuses what is no 32 bit integer, with the argument's name.</summary>
    public static int Id(string text, string argument) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid {argument}: {text}");
}
