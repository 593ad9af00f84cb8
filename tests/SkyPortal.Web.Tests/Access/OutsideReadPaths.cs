using SkyPortal.Domain.Catalogs;
using SkyPortal.Domain.Operations;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read what was asked of other servers.</summary>
internal static class OutsideReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListOutsideTransactions",
            "all",
            async (client, _) => ReadPaths.Ids((await client.GetAsync("/api/outside/transactions?numPerPage=500")).GetProperty("transactions")),
            Seen),
        new(
            "ListOutsideTransactions",
            "by count",
            async (client, _) => [(await client.GetAsync("/api/outside/transactions?numPerPage=1&objID=OBJ1&service=World")).GetProperty("totalMatches").ToString()],
            (oracle, world, person) => [$"{ReadPaths.Seen<OutsideTransaction>(oracle, world, person).Count(call => call.Subject == "OBJ1")}"]),
        new(
            "GetOutsideTransaction",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<OutsideTransaction>().Select(call => $"{call.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/outside/transactions/{id}")),
            Seen),
        new(
            "ListArchives",
            "queries of each object",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/archives", data => data.EnumerateArray().SelectMany(archive => ReadPaths.Ids(archive.GetProperty("queries")))),
            (oracle, world, person) => ReadPaths.Seen<ArchiveQuery>(oracle, world, person).Select(query => $"{query.ObjId} {query.Id}")),
    ];

    private static IEnumerable<string> Seen(Oracle oracle, World world, Person person) => ReadPaths.Seen<OutsideTransaction>(oracle, world, person).Select(call => $"{call.Id}");
}
