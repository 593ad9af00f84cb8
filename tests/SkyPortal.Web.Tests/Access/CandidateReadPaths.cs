using System.Text.Json;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read candidates and filters.</summary>
internal static class CandidateReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "GetFilters",
            "all",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/filters")),
            (oracle, world, person) => ReadPaths.Seen<Filter>(oracle, world, person).Select(filter => $"{filter.Id}")),
        new(
            "GetScoringModels",
            "all",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/internal/scoring_models")),
            (oracle, world, person) => ReadPaths.Seen<ScoringModel>(oracle, world, person).Select(model => $"{model.Id}")),
        new(
            "GetFilter",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<Filter>().Select(filter => $"{filter.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/filters/{id}")),
            (oracle, world, person) => ReadPaths.Seen<Filter>(oracle, world, person).Select(filter => $"{filter.Id}")),
        List("all", "", (_, _, _, _) => true),
        List("classified", "classifications=Time-domain%20Source", (oracle, world, person, obj) => ReadPaths.Seen<Classification>(oracle, world, person).Any(row => row.ObjId == obj.Id)),
        List("not classified", "classificationsReject=Time-domain%20Source", (oracle, world, person, obj) => !ReadPaths.Seen<Classification>(oracle, world, person).Any(row => row.ObjId == obj.Id)),
        List("detected", "numberDetections=1", (_, world, person, obj) => SourceReadPaths.KnowsWholeCurve(world, person, obj)),
        List(
            "annotated",
            "annotationFilterList=%7B%22origin%22:%22origin%203%22,%22key%22:%22class%22,%22value%22:%22Time-domain%20Source%22%7D",
            (oracle, world, person, obj) => ReadPaths.Seen<Annotation>(oracle, world, person).Any(row => row.ObjId == obj.Id && row.Origin == "origin 3")),
        List("with annotated points", "photometryAnnotationsFilter=quality:1:eq", (oracle, world, person, obj) =>
            ReadPaths.Seen<PhotometryAnnotation>(oracle, world, person).Any(row => row.ObjId == obj.Id)),
        List("on a list", "listName=favorites", (_, world, person, obj) => world.All<Listing>().Any(row => row.ObjId == obj.Id && row.UserId == person.Id)),
        List("saved", "savedStatus=savedToAnyAccessible", (_, world, person, obj) =>
            world.All<Source>().Any(row => row.ObjId == obj.Id && row.Active && (person.SeesAll || person.Groups.Contains(row.GroupId)))),
        new(
            "ListCandidates",
            "of each group and each filter",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var filter in world.All<Filter>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/candidates?numPerPage=500&filterIDs={filter.Id}");
                    seen.AddRange(reply.Status == 200 ? ReadPaths.Ids(reply.Envelope.GetProperty("data").GetProperty("candidates")).Select(id => $"filter {filter.Id} {id}") : []);
                }

                foreach (var group in world.All<Domain.Access.Group>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/candidates?numPerPage=500&groupIDs={group.Id}");
                    seen.AddRange(reply.Status == 200 ? ReadPaths.Ids(reply.Envelope.GetProperty("data").GetProperty("candidates")).Select(id => $"group {group.Id} {id}") : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<Candidate>(oracle, world, person)
                .Join(world.All<Filter>(), row => row.FilterId, filter => filter.Id, (row, filter) => (row, filter))
                .SelectMany(pair => new[] { $"filter {pair.filter.Id} {pair.row.ObjId}", $"group {pair.filter.GroupId} {pair.row.ObjId}" })
                .Distinct()),
        new(
            "ListCandidates",
            "names",
            async (client, _) => ReadPaths.Ids((await client.GetAsync("/api/candidates?nameOnly=true&objID=OBJ&numPerPage=500")).GetProperty("candidates")),
            (oracle, world, person) => ReadPaths.Seen<Candidate>(oracle, world, person).Select(row => row.ObjId).Distinct()),
        new(
            "ListCandidates",
            "with what hangs on them",
            async (client, _) => (await client.GetAsync("/api/candidates?numPerPage=500")).GetProperty("candidates").EnumerateArray().SelectMany(obj =>
                new[] { "classifications", "annotations", "thumbnails" }.SelectMany(part => Part(obj, part).Select(id => $"{obj.GetProperty("id")} {part} {id}"))),
            (oracle, world, person) => ReadPaths.Seen<Candidate>(oracle, world, person).Select(row => row.ObjId).Distinct().SelectMany(id => Hanging(oracle, world, person, id, activeOnly: true))),
        new(
            "GetCandidate",
            "one with what hangs on it",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/candidates/{id}?includeComments=true&includeAlerts=true&includePhotometry=true", obj =>
            [
                "seen",
                .. new[] { "classifications", "annotations", "thumbnails", "comments", "photometry" }.SelectMany(part => Part(obj, part).Select(id => $"{part} {id}")),
                .. obj.GetProperty("filter_ids").EnumerateArray().Select(id => $"filter {id}"),
            ]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj => Hanging(oracle, world, person, obj.Id, activeOnly: false)
                .Concat(ReadPaths.Seen<Comment>(oracle, world, person).Where(row => row.ObjId == obj.Id && row.Channel is null).Select(row => $"{obj.Id} comments {row.Id}"))
                .Concat(ReadPaths.Seen<Domain.Photometry.PhotometryPoint>(oracle, world, person).Where(row => row.ObjId == obj.Id).Select(row => $"{obj.Id} photometry {row.Id}"))
                .Concat(ReadPaths.Seen<Candidate>(oracle, world, person).Where(row => row.ObjId == obj.Id).Select(row => $"{obj.Id} filter {row.FilterId}").Distinct())
                .Append($"{obj.Id} seen"))),
        new(
            "HeadCandidate",
            "any filter",
            async (client, world) => await ReadPaths.EachAsync(world.All<Obj>().Select(obj => obj.Id), id => client.SendAsync(HttpMethod.Head, $"/api/candidates/{id}")),
            (oracle, world, person) => ReadPaths.Seen<Candidate>(oracle, world, person).Select(row => row.ObjId).Distinct()),
        new(
            "HeadCandidateOfFilter",
            "one filter",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<Candidate>().Select(row => $"{row.ObjId}/{row.FilterId}").Distinct(), key => client.SendAsync(HttpMethod.Head, $"/api/candidates/{key}")),
            (oracle, world, person) => ReadPaths.Seen<Candidate>(oracle, world, person).Select(row => $"{row.ObjId}/{row.FilterId}").Distinct()),
        new(
            "ListScanReports",
            "all",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/candidates/scan_reports?numPerPage=500");
                return [.. ReadPaths.Ids(data.GetProperty("reports")), $"total {data.GetProperty("totalMatches")}"];
            },
            (oracle, world, person) =>
            {
                var reports = ReadPaths.Seen<ScanReport>(oracle, world, person).Select(report => $"{report.Id}").ToList();
                return [.. reports, $"total {reports.Count}"];
            }),
        new(
            "ListScanReportItems",
            "of each report",
            async (client, world) => await ItemsAsync(client, world, reply => ReadPaths.Ids(reply.GetProperty("data"))),
            (oracle, world, person) => Items(oracle, world, person, item => $"{item.Id}")),
        new(
            "ExportScanReport",
            "of each report",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var report in world.All<ScanReport>())
                {
                    using var reply = await client.Http.GetAsync($"/api/candidates/scan_reports/{report.Id}/export?format=csv");
                    if (reply.IsSuccessStatusCode)
                    {
                        var lines = (await reply.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
                        seen.AddRange(lines.Skip(1).Select(line => $"{report.Id} {line.Split(',')[0]}").Prepend($"{report.Id}"));
                    }
                }

                return seen;
            },
            (oracle, world, person) => Items(oracle, world, person, item => item.ObjId)),
        new(
            "ListCandidateRows",
            "all",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/candidates_filter?numPerPage=500");
                var few = await client.GetAsync("/api/candidates_filter?numPerPage=1");
                return [.. ReadPaths.Ids(data.GetProperty("candidates")), $"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}"];
            },
            (oracle, world, person) =>
            {
                var rows = ReadPaths.Seen<Candidate>(oracle, world, person).Select(row => $"{row.Id}").ToList();
                return [.. rows, $"total {rows.Count} {rows.Count}"];
            }),
    ];

    private static async Task<IEnumerable<string>> ItemsAsync(TestClient client, World world, Func<JsonElement, IEnumerable<string>> of)
    {
        var seen = new List<string>();
        foreach (var report in world.All<ScanReport>())
        {
            var (status, envelope) = await client.SendAsync(HttpMethod.Get, $"/api/candidates/scan_reports/{report.Id}/items");
            seen.AddRange(status == 200 ? of(envelope).Select(item => $"{report.Id} {item}").Prepend($"{report.Id}") : []);
        }

        return seen;
    }

    private static IEnumerable<string> Items(Oracle oracle, World world, Person person, Func<ScanReportItem, string> of) =>
        ReadPaths.Seen<ScanReport>(oracle, world, person).SelectMany(report => ReadPaths.Seen<ScanReportItem>(oracle, world, person)
            .Where(item => item.ScanReportId == report.Id).Select(item => $"{report.Id} {of(item)}").Prepend($"{report.Id}"));

    private static ReadPath List(string what, string query, Func<Oracle, World, Person, Obj, bool> holds) => new(
        "ListCandidates",
        what,
        async (client, _) =>
        {
            var data = await client.GetAsync($"/api/candidates?numPerPage=500&{query}");
            var few = await client.GetAsync($"/api/candidates?numPerPage=1&{query}");
            return [.. ReadPaths.Ids(data.GetProperty("candidates")), $"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}"];
        },
        (oracle, world, person) =>
        {
            var passed = ReadPaths.Seen<Candidate>(oracle, world, person).Select(row => row.ObjId).ToHashSet();
            var objs = world.All<Obj>().Where(obj => passed.Contains(obj.Id) && holds(oracle, world, person, obj)).Select(obj => obj.Id).ToList();
            return [.. objs, $"total {objs.Count} {objs.Count}"];
        });

    private static IEnumerable<string> Part(JsonElement obj, string part) => obj.TryGetProperty(part, out var list) ? ReadPaths.Ids(list) : [];

    // Classes are shown of objects that the person's groups saved.
    private static IEnumerable<string> Hanging(Oracle oracle, World world, Person person, string objId, bool activeOnly) =>
    [
        .. ReadPaths.Seen<Classification>(oracle, world, person)
            .Where(row => row.ObjId == objId && ReadPaths.Seen<Source>(oracle, world, person).Any(save => save.ObjId == objId && (save.Active || !activeOnly)))
            .Select(row => $"{objId} classifications {row.Id}"),
        .. ReadPaths.Seen<Annotation>(oracle, world, person).Where(row => row.ObjId == objId).Select(row => $"{objId} annotations {row.Id}"),
        .. ReadPaths.Seen<Thumbnail>(oracle, world, person).Where(row => row.ObjId == objId).Select(row => $"{objId} thumbnails {row.Id}"),
    ];
}
