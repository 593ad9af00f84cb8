using System.Globalization;
using SkyPortal.Domain;

namespace SkyPortal.Web.Api.Discussion;

/// <summary>Comments, annotations, classifications and taxonomies.</summary>
public static class DiscussionRoutes
{
    /// <summary>Maps all of them.</summary>
    public static void MapDiscussion(this IEndpointRouteBuilder routes)
    {
        routes.MapComments();
        routes.MapAnnotations();
        routes.MapClassifications();
        routes.MapTaxonomies();
        routes.MapReminders();
    }

    internal static long Id(string name, string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Refusal.Invalid($"Invalid {name}: {text}");

    internal static int SmallId(string name, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? id
        : throw Refusal.Invalid($"Invalid {name}: {text}");
}
