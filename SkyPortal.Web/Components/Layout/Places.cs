using System.Reflection;
using Microsoft.AspNetCore.Components;
using SkyPortal.Domain.Access;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Components.Layout;

/// <summary>A place in the rail.</summary>
/// <param name="Section">Heading under which it stands; empty for none.</param>
/// <param name="Key">Letter that goes there after g.</param>
/// <param name="Below">Beginning of the addresses of its single things, such as /source/.</param>
public sealed record Place(string Section, string Label, string Href, string Icon, char? Key = null, string? Below = null)
{
    /// <summary>Whether a page lies here.</summary>
    public bool Holds(string path) =>
        path.Equals(Href, StringComparison.OrdinalIgnoreCase)
        || (path.StartsWith(Href + "/", StringComparison.OrdinalIgnoreCase) && !Places.HasOwn(path))
        || (Below is not null && path.StartsWith(Below, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The places of the frame. A place shows once its page exists and the viewer may open it.</summary>
public static class Places
{
    private static readonly Dictionary<string, Type> Pages = typeof(Places).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>(inherit: false).Select(route => (route.Template, type)))
        .ToDictionary(page => page.Template, page => page.type, StringComparer.OrdinalIgnoreCase);

    private static readonly Place[] All =
    [
        new("", "Dashboard", "/dashboard", "home", 'd'),
        new("Night", "Scanning", "/candidates", "scan", 'c'),
        new("Night", "Alerts", "/alerts", "flash", 'l'),
        new("Night", "Watch lists", "/watchlists", "target", 'w'),
        new("Night", "Scan reports", "/candidates/scan_reports", "report"),
        new("Night", "Sources", "/sources", "star", 's', "/source/"),
        new("Night", "Favourites", "/favorites", "heart", 'f'),
        new("Night", "Events", "/gcn_events", "map", 'e'),
        new("Night", "Shifts", "/shifts", "clock", 'h'),
        new("Observing", "Runs", "/runs", "telescope", 'r', "/run/"),
        new("Observing", "Follow-up", "/followup_requests", "target", 'q'),
        new("Observing", "Allocations", "/allocations", "ticket", 'a'),
        new("Observing", "Telescopes", "/telescopes", "dome", 't'),
        new("Observing", "Instruments", "/instruments", "camera", 'i'),
        new("Site", "Brokers", "/brokers", "relay", 'b'),
        new("Site", "Streams", "/streams", "wave"),
        new("Site", "Groups", "/groups", "groups", 'g', "/group/"),
        new("Site", "Taxonomies", "/taxonomies", "tree", 'x'),
        new("Site", "Tags", "/tag_management", "ticket"),
        new("Site", "Users", "/users", "users", 'u'),
        new("Site", "Jobs", "/jobs", "gear", 'j'),
    ];

    /// <summary>The viewer's own page; it stands in the user menu.</summary>
    public static Place Profile { get; } = new("", "Profile", "/profile", "user", 'p');

    /// <summary>Whether a page exists at this address, or, where it ends with a slash, below it.</summary>
    public static bool Exists(string address) =>
        address.EndsWith('/') ? Pages.Keys.Any(template => template.StartsWith(address, StringComparison.OrdinalIgnoreCase)) : Pages.ContainsKey(address);

    /// <summary>Whether a place of its own lies at an address.</summary>
    public static bool HasOwn(string path) => Array.Exists(All, place => path.Equals(place.Href, StringComparison.OrdinalIgnoreCase));

    /// <summary>Places that the viewer may go to, in the order of the rail.</summary>
    public static IReadOnlyList<Place> For(Viewer viewer) => [.. All.Where(place => MayOpen(place, viewer))];

    /// <summary>Where a viewer begins.</summary>
    public static string HomeOf(Viewer viewer) => For(viewer).FirstOrDefault(place => place.Key is 'd' or 'c' or 's' or 'g')?.Href ?? Profile.Href;

    private static bool MayOpen(Place place, Viewer viewer)
    {
        if (!Pages.TryGetValue(place.Href, out var page))
        {
            return false;
        }

        var requirement = page.GetCustomAttribute<PageRequirementAttribute>()!.Requirement;
        return requirement.Kind == SignInKind.Public || (viewer.IsAuthenticated && requirement.Acls.All(viewer.Has));
    }
}
