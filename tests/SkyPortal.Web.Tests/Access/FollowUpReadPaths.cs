using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>What the tools that prepare an observation tell of objects.</summary>
internal static class FollowUpReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        OfObjects("GetObservability", "/api/sources/{0}/observability"),
        OfObjects("GetOffsets", "/api/sources/{0}/offsets"),
        OfObjects("GetFinder", "/api/sources/{0}/finder?type=png"),
        OfObjects("GetAirmass", "/api/internal/plot/airmass/objtel/{0}/{1}"),
        OfObjects("GetHoursBelowAirmass", "/api/internal/plot/airmass/hours_below/{0}/{1}"),
    ];

    // An object without a place is refused to those who see it, too, but otherwise than a missing one.
    private static ReadPath OfObjects(string route, string path) => new(
        route,
        "of each object",
        async (client, world) =>
        {
            var telescope = world.All<Telescope>().First(row => row is { FixedLocation: true, Lat: not null, Elevation: not null }).Id;
            var seen = new List<string>();
            foreach (var id in world.All<Obj>().Select(obj => obj.Id))
            {
                using var reply = await client.Http.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, id, telescope));
                seen.AddRange((int)reply.StatusCode == 404 ? [] : [id]);
            }

            return seen;
        },
        (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).Select(obj => obj.Id));
}
