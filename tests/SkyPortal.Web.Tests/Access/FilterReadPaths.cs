using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read what belongs to filters.</summary>
internal static class FilterReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListFilterVersions",
            "of each filter",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var filter in world.All<Filter>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/filters/{filter.Id}/versions");
                    seen.AddRange(reply.Status == 200 ? reply.Envelope.GetProperty("data").EnumerateArray().Select(row => $"{filter.Id} {row.GetProperty("number")}") : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<FilterVersion>(oracle, world, person).Select(row => $"{row.FilterId} {row.Number}")),
        new(
            "ListFilterTests",
            "one's own of each filter",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var filter in world.All<Filter>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/filters/{filter.Id}/tests");
                    seen.AddRange(reply.Status == 200 ? ReadPaths.Ids(reply.Envelope.GetProperty("data")) : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<FilterTest>(oracle, world, person).Where(test => test.RequesterId == person.Id).Select(test => $"{test.Id}")),
        new(
            "GetFilterTest",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<FilterTest>().Select(test => $"{test.FilterId}/tests/{test.Id}"), key => client.SendAsync(HttpMethod.Get, $"/api/filters/{key}")),
            (oracle, world, person) => ReadPaths.Seen<FilterTest>(oracle, world, person).Select(test => $"{test.FilterId}/tests/{test.Id}")),
        new(
            "SearchBrokerFilters",
            "all",
            async (client, _) => ReadPaths.Ids((await client.GetAsync("/api/brokers/filters?numPerPage=100")).GetProperty("filters")),
            (oracle, world, person) => ReadPaths.Seen<Filter>(oracle, world, person).Select(filter => $"{filter.Id}")),
        new(
            "GetFilterActions",
            "of each filter, with the groups that one may know of",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var filter in world.All<Filter>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/filters/{filter.Id}/actions");
                    seen.AddRange(reply.Status == 200 ? Named(filter.Id, [.. Ints(reply.Envelope, "group_ids"), .. Ints(reply.Envelope, "stopped_group_ids"), .. Ints(reply.Envelope, "ignore_group_ids")]) : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<Filter>(oracle, world, person).SelectMany(filter =>
            {
                var actions = world.All<FilterActions>().SingleOrDefault(row => row.FilterId == filter.Id);
                int[] named = actions is null ? [filter.GroupId] : [.. actions.GroupIds, .. actions.IgnoreGroupIds];
                return Named(filter.Id, named.Where(id => actions is null || oracle.Sees(person, world.All<Group>().Single(group => group.Id == id))));
            })),
        Versions("GetFilterVersion", "one", key => key),
        Versions("CompareFilterVersions", "with the first", key => $"{key}/compare/1"),
    ];

    private static IEnumerable<string> Named(int filterId, IEnumerable<int> groups) => [$"{filterId}", .. groups.Distinct().Order().Select(id => $"{filterId} {id}")];

    private static IEnumerable<int> Ints(System.Text.Json.JsonElement envelope, string field) =>
        envelope.GetProperty("data").GetProperty(field).EnumerateArray().Select(item => item.GetInt32());

    private static ReadPath Versions(string route, string what, Func<string, string> path) => new(
        route,
        what,
        async (client, world) => await ReadPaths.EachAsync(
            world.All<FilterVersion>().Select(row => $"{row.FilterId}/versions/{row.Number}"), key => client.SendAsync(HttpMethod.Get, $"/api/filters/{path(key)}")),
        (oracle, world, person) => ReadPaths.Seen<FilterVersion>(oracle, world, person).Select(row => $"{row.FilterId}/versions/{row.Number}"));
}
