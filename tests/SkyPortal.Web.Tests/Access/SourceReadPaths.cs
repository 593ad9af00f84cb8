using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read objects, their saves, light curves, pictures and lists.</summary>
internal static class SourceReadPaths
{
    private const string Everything = "includeThumbnails=true&includeComments=true&includeLabellers=true&includeDetectionStats=true&includePhotometryExists=true&includeCommentExists=true";

    public static IReadOnlyList<ReadPath> All { get; } =
    [
        List("all", "", (oracle, world, person) => ReadPaths.Saved(oracle, world, person)),
        List("part of a name", "sourceID=OBJ1", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj => obj.Id.Contains("OBJ1", StringComparison.Ordinal))),
        List("the whole sky", "ra=0&dec=90&radius=180", ReadPaths.Saved),
        List("classified", "classified=true", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj =>
            ReadPaths.Seen<Classification>(oracle, world, person).Any(row => row.ObjId == obj.Id))),
        List("annotated by an origin", "annotationsFilterOrigin=origin%203", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj =>
            ReadPaths.Seen<Annotation>(oracle, world, person).Any(row => row.ObjId == obj.Id && row.Origin == "origin 3"))),
        List("commented", "commentsFilter=remark%201", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj =>
            ReadPaths.Seen<Comment>(oracle, world, person).Any(row => row.ObjId == obj.Id && row.Text.Contains("remark 1", StringComparison.Ordinal)))),
        List("labelled", "hasBeenLabelled=true", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj =>
            ReadPaths.Seen<SourceLabel>(oracle, world, person).Any(row => row.ObjId == obj.Id))),
        List("on a list", "listName=favorites", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj =>
            world.All<Listing>().Any(row => row.ObjId == obj.Id && row.UserId == person.Id))),
        List("detected", "numberDetections=1", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj => KnowsWholeCurve(world, person, obj))),
        new(
            "ListSources",
            "of each group",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var group in world.All<Group>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/sources?numPerPage=2&group_ids={group.Id}");
                    seen.Add(reply.Status == 200 ? $"{group.Id}: {reply.Envelope.GetProperty("data").GetProperty("totalMatches")}" : $"{group.Id} refused");
                }

                return seen;
            },
            (_, world, person) => world.All<Group>().Select(group => person.SeesAll || person.Groups.Contains(group.Id)
                ? $"{group.Id}: {world.All<Source>().Count(source => source.GroupId == group.Id && source.Active)}"
                : $"{group.Id} refused")),
        Export("all", "", ReadPaths.Saved),
        Export("by place", "sortBy=ra", ReadPaths.Saved),
        Export("commented", "commentsFilter=remark%201", (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Where(obj =>
            ReadPaths.Seen<Comment>(oracle, world, person).Any(row => row.ObjId == obj.Id && row.Text.Contains("remark 1", StringComparison.Ordinal)))),
        new(
            "ExportSources",
            "what hangs on them",
            async (client, _) =>
            {
                var seen = new List<string>();
                foreach (var rows in new[] { "classifications", "annotations" })
                {
                    var text = await client.Http.GetStringAsync($"/api/source_export?format=ndjson&rows={rows}");
                    seen.AddRange(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{rows} {JsonSerializer.Deserialize<JsonElement>(line).GetProperty("id")}"));
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Saved(oracle, world, person).SelectMany(obj =>
                ReadPaths.Seen<Classification>(oracle, world, person).Where(row => row.ObjId == obj.Id).Select(row => $"classifications {row.Id}")
                    .Concat(ReadPaths.Seen<Annotation>(oracle, world, person).Where(row => row.ObjId == obj.Id).Select(row => $"annotations {row.Id}")))),
        new(
            "ListSources",
            "saves",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/sources?saveSummary=true&includeRequested=true&numPerPage=500");
                var few = await client.GetAsync("/api/sources?saveSummary=true&includeRequested=true&numPerPage=2");
                return [.. ReadPaths.Ids(data.GetProperty("sources")), $"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}"];
            },
            (oracle, world, person) =>
            {
                var saves = ReadPaths.Seen<Source>(oracle, world, person).Where(source => source.Active || source.Requested).ToList();
                return [.. saves.Select(source => $"{source.Id}"), $"total {saves.Count} {saves.Count}"];
            }),
        new(
            "ListSources",
            "with everything that hangs on them",
            async (client, _) => (await client.GetAsync($"/api/sources?numPerPage=500&{Everything}")).GetProperty("sources").EnumerateArray().SelectMany(obj => Hanging(obj, "id")).ToList(),
            (oracle, world, person) => ReadPaths.Saved(oracle, world, person).SelectMany(obj => Hanging(oracle, world, person, obj, labels => labels.Select(label => $"{label.Id}")))),
        new(
            "GetSource",
            "one, with everything that hangs on it",
            async (client, world) => (await ReadPaths.PerObjAsync(client, world, $"/api/sources/{{id}}?includePhotometry=true&includeCandidates=true&{Everything}", obj =>
                [.. Hanging(obj, "id"), .. Part(obj, "photometry"), .. Part(obj, "candidates"), .. Places(obj)])).ToList(),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj =>
                Hanging(oracle, world, person, obj, labels => labels.Select(label => $"{label.LabellerId}").Distinct())
                    .Concat(ReadPaths.Seen<PhotometryPoint>(oracle, world, person).Where(point => point.ObjId == obj.Id).Select(point => $"{obj.Id} photometry {point.Id}"))
                    .Concat(ReadPaths.Seen<Domain.Candidates.Candidate>(oracle, world, person).Where(row => row.ObjId == obj.Id).Select(row => $"{obj.Id} candidates {row.Id}"))
                    .Append($"{obj.Id} place")
                    .Select(key => $"{obj.Id} {key}"))),
        new(
            "HeadSource",
            "saved ones",
            async (client, world) => await ReadPaths.EachAsync(world.All<Obj>().Select(obj => obj.Id), id => client.SendAsync(HttpMethod.Head, $"/api/sources/{id}")),
            (oracle, world, person) => ReadPaths.Seen<Source>(oracle, world, person).Select(source => source.ObjId).Distinct()),
        new(
            "ListGroupsOfSource",
            "active saves",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/groups", list => ["seen", .. ReadPaths.Ids(list)]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj => ReadPaths.Seen<Source>(oracle, world, person)
                .Where(source => source.ObjId == obj.Id && source.Active).Select(source => $"{obj.Id} {source.GroupId}").Append($"{obj.Id} seen"))),
        new(
            "SourceExists",
            "by name",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/source_exists/{id}", data => data.GetProperty("source_exists").GetBoolean() ? ["yes"] : []),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).Select(obj => $"{obj.Id} yes")),
        new(
            "SourceExists",
            "by place",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var obj in world.All<Obj>())
                {
                    var place = string.Create(CultureInfo.InvariantCulture, $"ra={obj.Ra}&dec={obj.Dec}&radius=0.001");
                    seen.AddRange((await client.GetAsync($"/api/source_exists?{place}")).GetProperty("source_exists").GetBoolean() ? [obj.Id] : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Saved(oracle, world, person).Select(obj => obj.Id)),
        new(
            "GetSourcePhotometry",
            "light curves",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/photometry?individualOrSeries=individual&includeStreamInfo=true", list => ["seen", .. list.EnumerateArray().SelectMany(PointKeys)]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj => ReadPaths.Seen<PhotometryPoint>(oracle, world, person)
                .Where(point => point.ObjId == obj.Id).SelectMany(point => PointKeys(oracle, world, person, point)).Append("seen").Select(key => $"{obj.Id} {key}"))),
        new(
            "GetColorMagnitude",
            "places in the colour-magnitude diagram",
            async (client, world) => await ReadPaths.PerObjAsync(
                client, world, "/api/sources/{id}/color_mag?catalog=Origin&absoluteMagKey=AbsG&colorKey=bp_rp", list => ["seen", .. list.EnumerateArray().Select(place => place.GetProperty("origin").GetString()!)]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj => ReadPaths.Seen<Annotation>(oracle, world, person)
                .Where(row => row.ObjId == obj.Id).Select(row => row.Origin).Append("seen").Select(key => $"{obj.Id} {key}"))),
        new(
            "GetPeriodogram",
            "numbers of points",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/periodogram", found => [$"{found.GetProperty("num_points")}"]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).Select(obj =>
                $"{obj.Id} {ReadPaths.Seen<PhotometryPoint>(oracle, world, person).Count(point => point.ObjId == obj.Id && point.Flux is not null)}")),
        new(
            "GetPhotometry",
            "points",
            async (client, world) => await ReadPaths.EachAsync(world.All<PhotometryPoint>().Select(point => $"{point.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/photometry/{id}")),
            (oracle, world, person) => ReadPaths.Seen<PhotometryPoint>(oracle, world, person).Select(point => $"{point.Id}")),
        new(
            "GetPhotStat",
            "numbers of points",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/phot_stat", stat => [$"{stat.GetProperty("num_obs_global")}"]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj => Statistics(oracle, world, person, obj).Select(count => $"{obj.Id} {count}"))),
        new(
            "ListListings",
            "own, and those of everybody",
            async (client, world) =>
            {
                var seen = ReadPaths.Ids(await client.GetAsync("/api/listing")).Select(id => $"own {id}").ToList();
                foreach (var user in world.All<User>())
                {
                    seen.AddRange(ReadPaths.Ids(await client.GetAsync($"/api/listing/{user.Id}")));
                }

                return seen;
            },
            (oracle, world, person) =>
            {
                var rows = ReadPaths.Seen<Listing>(oracle, world, person).Where(row => oracle.Sees(person, world.All<Obj>().Single(obj => obj.Id == row.ObjId))).ToList();
                return [.. rows.Select(row => $"{row.Id}"), .. rows.Where(row => row.UserId == person.Id).Select(row => $"own {row.Id}")];
            }),
        new(
            "GetThumbnail",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<Thumbnail>().Select(row => $"{row.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/thumbnail/{id}")),
            (oracle, world, person) => ReadPaths.Seen<Thumbnail>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "GetThumbnailImage",
            "pictures",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var id in world.All<Thumbnail>().Select(row => row.Id))
                {
                    using var response = await client.Http.GetAsync($"/api/thumbnails/{id}/image");
                    seen.AddRange(response.IsSuccessStatusCode ? [$"{id}"] : []);
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<Thumbnail>(oracle, world, person).Select(row => $"{row.Id}")),
    ];

    private static ReadPath Export(string what, string query, Func<Oracle, World, Person, IEnumerable<Obj>> expected) => new(
        "ExportSources",
        what,
        async (client, _) => (await client.Http.GetStringAsync($"/api/source_export?format=csv&fields=id&{query}")).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        (oracle, world, person) => expected(oracle, world, person).Select(obj => obj.Id).Prepend("id"));

    // The count is asked for with small pages, too, where it takes a statement of its own.
    private static ReadPath List(string what, string query, Func<Oracle, World, Person, IEnumerable<Obj>> expected) => new(
        "ListSources",
        what,
        async (client, _) =>
        {
            var data = await client.GetAsync($"/api/sources?numPerPage=500&{query}");
            var few = await client.GetAsync($"/api/sources?numPerPage=1&{query}");
            return [.. ReadPaths.Ids(data.GetProperty("sources")), $"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}"];
        },
        (oracle, world, person) =>
        {
            var objs = expected(oracle, world, person).Select(obj => obj.Id).ToList();
            return [.. objs, $"total {objs.Count} {objs.Count}"];
        });

    private static IEnumerable<string> Hanging(JsonElement obj, string labelKey)
    {
        foreach (var part in new[] { "groups", "classifications", "annotations", "thumbnails", "comments" })
        {
            foreach (var key in Part(obj, part))
            {
                yield return key;
            }
        }

        var name = obj.GetProperty("id");
        foreach (var label in obj.GetProperty("labellers").EnumerateArray())
        {
            yield return $"{name} labellers {label.GetProperty(labelKey)}";
        }

        yield return $"{name} photometry_exists {obj.GetProperty("photometry_exists").GetBoolean()}";
        yield return $"{name} comment_exists {obj.GetProperty("comment_exists").GetBoolean()}";
        foreach (var stat in obj.GetProperty("photstats").EnumerateArray())
        {
            yield return $"{name} photstats {stat.GetProperty("num_obs_global")}";
        }
    }

    private static IEnumerable<string> Part(JsonElement obj, string part) =>
        obj.TryGetProperty(part, out var list) ? ReadPaths.Ids(list).Select(id => $"{obj.GetProperty("id")} {part} {id}") : [];

    private static IEnumerable<string> Places(JsonElement obj) => obj.GetProperty("ra").ValueKind == JsonValueKind.Number ? [$"{obj.GetProperty("id")} place"] : [];

    private static IEnumerable<string> Hanging(Oracle oracle, World world, Person person, Obj obj, Func<IEnumerable<SourceLabel>, IEnumerable<string>> labels)
    {
        IEnumerable<T> Of<T>(Func<T, string> objId)
            where T : class => ReadPaths.Seen<T>(oracle, world, person).Where(row => objId(row) == obj.Id);
        return
        [
            .. Of<Source>(row => row.ObjId).Where(row => row.Active).Select(row => $"{obj.Id} groups {row.GroupId}"),
            .. Of<Classification>(row => row.ObjId).Select(row => $"{obj.Id} classifications {row.Id}"),
            .. Of<Annotation>(row => row.ObjId).Select(row => $"{obj.Id} annotations {row.Id}"),
            .. Of<Thumbnail>(row => row.ObjId).Select(row => $"{obj.Id} thumbnails {row.Id}"),
            .. Of<Comment>(row => row.ObjId).Where(row => row.Channel is null).Select(row => $"{obj.Id} comments {row.Id}"),
            .. labels(Of<SourceLabel>(row => row.ObjId)).Select(key => $"{obj.Id} labellers {key}"),
            $"{obj.Id} photometry_exists {Of<PhotometryPoint>(row => row.ObjId).Any()}",
            $"{obj.Id} comment_exists {Of<Comment>(row => row.ObjId).Any()}",
            .. Statistics(oracle, world, person, obj).Select(count => $"{obj.Id} photstats {count}"),
        ];
    }

    private static IEnumerable<string> PointKeys(JsonElement point) =>
    [
        $"{point.GetProperty("id")}",
        .. ReadPaths.Ids(point.GetProperty("groups")).Select(id => $"{point.GetProperty("id")} group {id}"),
        .. ReadPaths.Ids(point.GetProperty("streams")).Select(id => $"{point.GetProperty("id")} stream {id}"),
    ];

    private static IEnumerable<string> PointKeys(Oracle oracle, World world, Person person, PhotometryPoint point) =>
    [
        $"{point.Id}",
        .. ReadPaths.Seen<Group>(oracle, world, person).Where(group => point.GroupIds.Contains(group.Id)).Select(group => $"{point.Id} group {group.Id}"),
        .. ReadPaths.Seen<AlertStream>(oracle, world, person).Where(stream => point.StreamIds.Contains(stream.Id)).Select(stream => $"{point.Id} stream {stream.Id}"),
    ];

    // Who may see all points, or all of them and none: statistics as they are kept. Others get those of what they may see.
    private static IEnumerable<int> Statistics(Oracle oracle, World world, Person person, Obj obj)
    {
        var all = world.All<PhotometryPoint>().Where(point => point.ObjId == obj.Id).ToList();
        var seen = all.Count(point => oracle.Sees(person, point));
        return all.Count == 0 || seen > 0 ? [seen] : [];
    }

    // Statistics narrow a list only for who knows every point behind them, by groups or streams.
    internal static bool KnowsWholeCurve(World world, Person person, Obj obj)
    {
        var points = world.All<PhotometryPoint>().Where(point => point.ObjId == obj.Id).ToList();
        return points.Count > 0 && points.All(point => person.SeesAll || person.Groups.Overlaps(point.GroupIds) || person.Streams.Overlaps(point.StreamIds));
    }
}
