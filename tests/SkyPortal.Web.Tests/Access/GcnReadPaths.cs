using SkyPortal.Domain.Gcn;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read events and their sky maps.</summary>
internal static class GcnReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListGcnEvents",
            "all, with their maps",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/gcn_event?numPerPage=500");
                var few = await client.GetAsync("/api/gcn_event?numPerPage=1");
                return data.GetProperty("events").EnumerateArray()
                    .SelectMany(row => ReadPaths.Ids(row.GetProperty("localizations")).Select(id => $"map {id}").Append($"{row.GetProperty("id")}"))
                    .Append($"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}");
            },
            (oracle, world, person) =>
            {
                var seen = ReadPaths.Seen<GcnEvent>(oracle, world, person).Select(row => $"{row.Id}").ToList();
                return [.. seen, .. ReadPaths.Seen<Localization>(oracle, world, person).Select(map => $"map {map.Id}"), $"total {seen.Count} {seen.Count}"];
            }),
        new(
            "GetGcnEvent",
            "each, with its maps",
            async (client, world) => await EachAsync(world, async row =>
            {
                var (status, envelope) = await client.SendAsync(HttpMethod.Get, $"/api/gcn_event/{row.Dateobs:s}");
                return status == 200 ? ReadPaths.Ids(envelope.GetProperty("data").GetProperty("localizations")).Select(id => $"map {id}").Append($"{row.Id}") : [];
            }),
            (oracle, world, person) =>
                ReadPaths.Seen<GcnEvent>(oracle, world, person).Select(row => $"{row.Id}").Concat(ReadPaths.Seen<Localization>(oracle, world, person).Select(map => $"map {map.Id}"))),
        new("GetLocalization", "each", (client, world) => EachMapAsync(client, world, ""), Maps),
        new("DownloadLocalization", "each", (client, world) => EachMapAsync(client, world, "/download"), Maps),
        new(
            "ListGcnTags",
            "all",
            async (client, _) => (await client.GetAsync("/api/gcn_event/tags")).EnumerateArray().Select(word => $"{word}"),
            (oracle, world, person) => ReadPaths.Seen<GcnEvent>(oracle, world, person).SelectMany(row => row.Tags).Distinct()),
        new(
            "ListLocalizationTags",
            "all",
            async (client, _) => (await client.GetAsync("/api/localization/tags")).EnumerateArray().Select(word => $"{word}"),
            (oracle, world, person) => ReadPaths.Seen<Localization>(oracle, world, person).SelectMany(map => map.Tags).Distinct()),
    ];

    private static IEnumerable<string> Maps(Oracle oracle, World world, Person person) => ReadPaths.Seen<Localization>(oracle, world, person).Select(map => $"{map.Id}");

    private static async Task<IEnumerable<string>> EachAsync(World world, Func<GcnEvent, Task<IEnumerable<string>>> ask)
    {
        var seen = new List<string>();
        foreach (var row in world.All<GcnEvent>())
        {
            seen.AddRange(await ask(row));
        }

        return seen;
    }

    private static async Task<IEnumerable<string>> EachMapAsync(SkyPortal.TestServer.TestClient client, World world, string more)
    {
        var seen = new List<string>();
        foreach (var map in world.All<Localization>())
        {
            var known = world.All<GcnEvent>().First(row => row.Id == map.EventId);
            using var reply = await client.Http.GetAsync($"/api/localization/{known.Dateobs:s}/name/{Uri.EscapeDataString(map.Name)}{more}");
            seen.AddRange(reply.IsSuccessStatusCode ? [$"{map.Id}"] : []);
        }

        return seen;
    }
}
