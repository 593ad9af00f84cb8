using System.Text.Json;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Facilities;
using SkyPortal.Domain.FollowUp;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read allocations and requests.</summary>
internal static class FollowupRequestReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListAllocations",
            "all, with who looks after them",
            async (client, _) => (await client.GetAsync("/api/allocation")).EnumerateArray()
                .SelectMany(row => ReadPaths.Ids(row.GetProperty("allocation_users")).Select(user => $"{row.GetProperty("id")} {user}").Append($"{row.GetProperty("id")}")),
            (oracle, world, person) => ReadPaths.Seen<Allocation>(oracle, world, person).Select(row => $"{row.Id}")
                .Concat(ReadPaths.Seen<AllocationUser>(oracle, world, person).Select(row => $"{row.AllocationId} {row.UserId}"))),
        new(
            "GetAllocation",
            "each, with its requests",
            async (client, world) => await EachAsync<Allocation>(world, row => row.Id, async id =>
            {
                var (status, envelope) = await client.SendAsync(HttpMethod.Get, $"/api/allocation/{id}?numPerPage=1000");
                return status == 200 ? Requests(envelope.GetProperty("data").GetProperty("allocation").GetProperty("requests"))
                    .Append($"{id} total {envelope.GetProperty("data").GetProperty("totalMatches")}") : [];
            }),
            (oracle, world, person) => ReadPaths.Seen<Allocation>(oracle, world, person).SelectMany(allocation =>
            {
                var its = Seen(oracle, world, person).Where(request => request.AllocationId == allocation.Id).ToList();
                return Named(its).Append($"{allocation.Id} total {its.Count}");
            })),
        new(
            "ListFollowupRequests",
            "all, with how many there are",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/followup_request?numPerPage=1000");
                var few = await client.GetAsync("/api/followup_request?numPerPage=1&status=pending");
                return Requests(data.GetProperty("followup_requests")).Append($"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}");
            },
            (oracle, world, person) =>
            {
                var seen = Seen(oracle, world, person);
                return Named(seen).Append($"total {seen.Count} {seen.Count}");
            }),
        new(
            "GetFollowupRequest",
            "each, with what was said to its facility",
            async (client, world) => await EachAsync<FollowupRequest>(world, row => row.Id, async id =>
            {
                var (status, envelope) = await client.SendAsync(HttpMethod.Get, $"/api/followup_request/{id}");
                return status == 200 ? ReadPaths.Ids(envelope.GetProperty("data").GetProperty("transactions")).Select(said => $"said {said}").Append($"{id}") : [];
            }),
            (oracle, world, person) => Seen(oracle, world, person).Select(row => $"{row.Id}")
                .Concat(ReadPaths.Seen<FacilityTransaction>(oracle, world, person).Where(row => row.FollowupRequestId is not null).Select(row => $"said {row.Id}"))),
        new(
            "GetFilterFollowup",
            "of each filter, with what became of it",
            async (client, world) => await EachAsync<Filter>(world, row => row.Id, async id =>
            {
                var (status, envelope) = await client.SendAsync(HttpMethod.Get, $"/api/filters/{id}/followup");
                return status == 200 && envelope.GetProperty("data") is { ValueKind: JsonValueKind.Object } data
                    ? [$"{id} {data.GetProperty("allocation_id")} {(data.GetProperty("counts").TryGetProperty("waiting", out var count) ? count.GetInt32() : 0)}"]
                    : [];
            }),
            (oracle, world, person) => ReadPaths.Seen<FilterFollowup>(oracle, world, person)
                .Select(row => $"{row.FilterId} {row.AllocationId} {ReadPaths.Seen<AutoFollowup>(oracle, world, person).Count(one => one.FilterId == row.FilterId)}")),
        new(
            "GetSource",
            "requests of each",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}", data => Requests(data.GetProperty("followup_requests"))),
            (oracle, world, person) => Seen(oracle, world, person).Select(row => row.ObjId).Distinct()
                .SelectMany(id => Named(Seen(oracle, world, person).Where(row => row.ObjId == id)).Select(key => $"{id} {key}"))),
    ];

    private static List<FollowupRequest> Seen(Oracle oracle, World world, Person person) => [.. ReadPaths.Seen<FollowupRequest>(oracle, world, person)];

    private static IEnumerable<string> Named(IEnumerable<FollowupRequest> requests) => requests.Select(row => $"{row.Id} {row.ObjId} {row.AllocationId}");

    private static IEnumerable<string> Requests(JsonElement list) => list.EnumerateArray().Select(row => $"{row.GetProperty("id")} {row.GetProperty("obj_id")} {row.GetProperty("allocation_id")}");

    private static async Task<IEnumerable<string>> EachAsync<T>(World world, Func<T, int> id, Func<int, Task<IEnumerable<string>>> ask)
    {
        var seen = new List<string>();
        foreach (var row in world.All<T>())
        {
            seen.AddRange(await ask(id(row)));
        }

        return seen;
    }
}
