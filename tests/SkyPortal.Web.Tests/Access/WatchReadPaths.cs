using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts.Watches;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read watch lists, counts included.</summary>
internal static class WatchReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListWatchLists",
            "with their groups and counts",
            async (client, _) => (await client.GetAsync("/api/watchlists")).EnumerateArray().Select(Said),
            (oracle, world, person) => ReadPaths.Seen<WatchList>(oracle, world, person).Select(list => Expected(oracle, world, person, list))),
        new(
            "GetWatchList",
            "with its groups and counts",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var list in world.All<WatchList>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/watchlists/{list.Id}");
                    seen.AddRange(reply.Status == 200 ? [Said(reply.Envelope.GetProperty("data"))] : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<WatchList>(oracle, world, person).Select(list => Expected(oracle, world, person, list))),
        OfLists("ListWatchEntries", "entries", (oracle, world, person) => ReadPaths.Seen<WatchEntry>(oracle, world, person).Select(entry => $"{entry.Id}")),
        OfLists(
            "ListWatchMatches", "matches", (oracle, world, person) => ReadPaths.Seen<WatchMatch>(oracle, world, person).Where(match => match.WatchListId is not null).Select(match => $"{match.Id}")),
        new(
            "ListAllWatchMatches",
            "of all lists and one's own objects",
            async (client, _) =>
            {
                var page = await client.GetAsync("/api/watchlists/matches?numPerPage=500");
                return ReadPaths.Ids(page.GetProperty("matches")).Append($"{page.GetProperty("totalMatches")} in all");
            },
            (oracle, world, person) =>
            {
                var seen = ReadPaths.Seen<WatchMatch>(oracle, world, person).Select(match => $"{match.Id}").ToList();
                return seen.Append($"{seen.Count} in all");
            }),
    ];

    private static ReadPath OfLists(string route, string what, Func<Oracle, World, Person, IEnumerable<string>> expected) => new(
        route,
        $"{what} of each list",
        async (client, world) =>
        {
            var seen = new List<string>();
            foreach (var list in world.All<WatchList>())
            {
                var reply = await client.SendAsync(HttpMethod.Get, $"/api/watchlists/{list.Id}/{what}");
                seen.AddRange(reply.Status == 200 ? ReadPaths.Ids(reply.Envelope.GetProperty("data").GetProperty(what)) : []);
            }

            return seen;
        },
        expected);

    private static string Said(JsonElement list) =>
        $"{list.GetProperty("id")} {list.GetProperty("entries")} {list.GetProperty("matches")} {string.Join(',', list.GetProperty("group_ids").EnumerateArray().Select(id => id.GetInt32()).Order())}";

    private static string Expected(Oracle oracle, World world, Person person, WatchList list)
    {
        var groups = world.All<Group>().Where(group => list.GroupIds.Contains(group.Id) && oracle.Sees(person, group)).Select(group => group.Id).Order();
        return $"{list.Id} {world.All<WatchEntry>().Count(entry => entry.WatchListId == list.Id)} "
            + $"{ReadPaths.Seen<WatchMatch>(oracle, world, person).Count(match => match.WatchListId == list.Id)} {string.Join(',', groups)}";
    }
}
