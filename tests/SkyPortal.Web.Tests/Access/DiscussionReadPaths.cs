using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read comments, annotations, classifications and taxonomies.</summary>
internal static class DiscussionReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListComments",
            "of no channel, and of each",
            async (client, world) =>
            {
                var seen = (await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/comments", ReadPaths.Ids)).ToList();
                seen.AddRange(await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/comments?channel=channel%201", ReadPaths.Ids));
                seen.AddRange(await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/comments?text=remark%201&numPerPage=1000", list => ReadPaths.Ids(list).Select(id => $"found {id}")));
                return seen;
            },
            (oracle, world, person) =>
            [
                .. ReadPaths.Seen<Comment>(oracle, world, person).Where(row => row.Channel is null or "channel 1").Select(row => $"{row.ObjId} {row.Id}"),
                .. ReadPaths.Seen<Comment>(oracle, world, person).Where(row => row.Text.Contains("remark 1", StringComparison.Ordinal)).Select(row => $"{row.ObjId} found {row.Id}"),
            ]),
        new(
            "SearchComments",
            "by a text",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/sources/comments?text=remark&numPerPage=1000")),
            (oracle, world, person) => ReadPaths.Seen<Comment>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "GetComment",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<Comment>().Select(row => $"{row.ObjId}/comments/{row.Id}"), key => client.SendAsync(HttpMethod.Get, $"/api/sources/{key}")),
            (oracle, world, person) => ReadPaths.Seen<Comment>(oracle, world, person).Select(row => $"{row.ObjId}/comments/{row.Id}")),
        new(
            "ListCommentChannels",
            "names",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/comments/channels", list => list.EnumerateArray().Select(name => $"{name}")),
            (oracle, world, person) => ReadPaths.Seen<Comment>(oracle, world, person).Where(row => row.Channel is not null).Select(row => $"{row.ObjId} {row.Channel}").Distinct()),
        new(
            "ListAnnotations",
            "of each object, with the groups that they are shared with",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/annotations", list =>
                list.EnumerateArray().SelectMany(row => ReadPaths.Ids(row.GetProperty("groups")).Select(group => $"{row.GetProperty("id")} group {group}").Append($"{row.GetProperty("id")}"))),
            (oracle, world, person) => ReadPaths.Seen<Annotation>(oracle, world, person).SelectMany(row => ReadPaths.Seen<Group>(oracle, world, person)
                .Where(group => row.GroupIds.Contains(group.Id)).Select(group => $"{row.ObjId} {row.Id} group {group.Id}").Append($"{row.ObjId} {row.Id}"))),
        new(
            "GetAnnotation",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<Annotation>().Select(row => $"{row.ObjId}/annotations/{row.Id}"), key => client.SendAsync(HttpMethod.Get, $"/api/sources/{key}")),
            (oracle, world, person) => ReadPaths.Seen<Annotation>(oracle, world, person).Select(row => $"{row.ObjId}/annotations/{row.Id}")),
        new(
            "ListPhotometryAnnotations",
            "of each point",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var point in world.All<PhotometryAnnotation>().Select(row => row.PhotometryId).Distinct())
                {
                    seen.AddRange(ReadPaths.Ids(await client.GetAsync($"/api/photometry/{point}/annotations")));
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<PhotometryAnnotation>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "GetPhotometryAnnotation",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<PhotometryAnnotation>().Select(row => $"{row.PhotometryId}/annotations/{row.Id}"), key => client.SendAsync(HttpMethod.Get, $"/api/photometry/{key}")),
            (oracle, world, person) => ReadPaths.Seen<PhotometryAnnotation>(oracle, world, person).Select(row => $"{row.PhotometryId}/annotations/{row.Id}")),
        new(
            "AnnotationsInfo",
            "origins",
            async (client, _) => (await client.GetAsync("/api/internal/annotations_info")).EnumerateObject().Select(origin => origin.Name),
            (oracle, world, person) => ReadPaths.Seen<Annotation>(oracle, world, person).Select(row => row.Origin).Distinct()),
        new(
            "ListClassifications",
            "all",
            async (client, _) =>
            {
                var data = await client.GetAsync("/api/classification?numPerPage=500");
                var few = await client.GetAsync("/api/classification?numPerPage=1");
                return [.. ReadPaths.Ids(data.GetProperty("classifications")), $"total {data.GetProperty("totalMatches")} {few.GetProperty("totalMatches")}"];
            },
            (oracle, world, person) =>
            {
                var rows = ReadPaths.Seen<Classification>(oracle, world, person).Select(row => $"{row.Id}").ToList();
                return [.. rows, $"total {rows.Count} {rows.Count}"];
            }),
        new(
            "ListClassifiedSources",
            "names",
            async (client, _) => (await client.GetAsync("/api/classification/sources")).EnumerateArray().Select(name => $"{name}"),
            (oracle, world, person) => ReadPaths.Seen<Classification>(oracle, world, person).Select(row => row.ObjId).Distinct()),
        new(
            "GetClassification",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<Classification>().Select(row => $"{row.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/classification/{id}")),
            (oracle, world, person) => ReadPaths.Seen<Classification>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "ListObjClassifications",
            "of each object, with votes and changes",
            async (client, world) => await ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/classifications", list => list.EnumerateArray().SelectMany(row =>
                ReadPaths.Ids(row.GetProperty("votes")).Select(id => $"vote {id}").Concat(ReadPaths.Ids(row.GetProperty("edits")).Select(id => $"edit {id}")).Append($"{row.GetProperty("id")}"))),
            (oracle, world, person) => ReadPaths.Seen<Classification>(oracle, world, person).SelectMany(row => world.All<ClassificationVote>().Where(vote => vote.ClassificationId == row.Id).Select(vote => $"vote {vote.Id}")
                .Concat(world.All<ClassificationEdit>().Where(edit => edit.ClassificationId == row.Id).Select(edit => $"edit {edit.Id}")).Append($"{row.Id}").Select(key => $"{row.ObjId} {key}"))),
        new(
            "ListTaxonomies",
            "all",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/taxonomy")),
            (oracle, world, person) => ReadPaths.Seen<Taxonomy>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "GetTaxonomy",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<Taxonomy>().Select(row => $"{row.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/taxonomy/{id}")),
            (oracle, world, person) => ReadPaths.Seen<Taxonomy>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "SearchClasses",
            "classes of every taxonomy",
            async (client, _) => (await client.GetAsync("/api/taxonomy/classes?q=Time-domain%20Source&limit=100")).EnumerateArray()
                .Where(item => item.GetProperty("classification").GetString() == "Time-domain Source").Select(item => $"{item.GetProperty("taxonomy_id")}").Distinct(),
            (oracle, world, person) => ReadPaths.Seen<Taxonomy>(oracle, world, person).Where(row => row.IsLatest).Select(row => $"{row.Id}")),
    ];
}
