using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Spectra;
using SkyPortal.TestServer;

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
            "ListSpectrumComments",
            "of each spectrum",
            (client, world) => PerSpectrumAsync(client, world, "/api/spectra/{id}/comments", ReadPaths.Ids),
            (oracle, world, person) => ReadPaths.Seen<SpectrumComment>(oracle, world, person).Select(row => $"{row.SpectrumId} {row.Id}")),
        new(
            "SearchSpectrumComments",
            "by a text",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/spectra/comments?text=spectral&numPerPage=1000")),
            (oracle, world, person) => ReadPaths.Seen<SpectrumComment>(oracle, world, person).Select(row => $"{row.Id}")),
        new(
            "GetSpectrumComment",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<SpectrumComment>().Select(row => $"{row.SpectrumId}/comments/{row.Id}"), key => client.SendAsync(HttpMethod.Get, $"/api/spectra/{key}")),
            (oracle, world, person) => ReadPaths.Seen<SpectrumComment>(oracle, world, person).Select(row => $"{row.SpectrumId}/comments/{row.Id}")),
        new(
            "ListSpectra",
            "with a comment",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/spectra?minimalPayload=true&commentsFilter=remark%201,remark%202")),
            (oracle, world, person) => ReadPaths.Seen<Spectrum>(oracle, world, person).Select(row => row.Id).Where(id => ReadPaths.Seen<SpectrumComment>(oracle, world, person)
                .Any(row => row.SpectrumId == id && (row.Text.Contains("remark 1", StringComparison.Ordinal) || row.Text.Contains("remark 2", StringComparison.Ordinal)))).Select(id => $"{id}")),
        new(
            "GetSourceSpectra",
            "comments and annotations",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/spectra", data => data.GetProperty("spectra").EnumerateArray().SelectMany(row =>
                ReadPaths.Ids(row.GetProperty("comments")).Select(id => $"comment {id}").Concat(ReadPaths.Ids(row.GetProperty("annotations")).Select(id => $"annotation {id}")))),
            (oracle, world, person) =>
            {
                var objs = world.All<Spectrum>().ToDictionary(row => row.Id, row => row.ObjId);
                return ReadPaths.Seen<SpectrumComment>(oracle, world, person).Select(row => $"{objs[row.SpectrumId]} comment {row.Id}")
                    .Concat(ReadPaths.Seen<SpectrumAnnotation>(oracle, world, person).Select(row => $"{objs[row.SpectrumId]} annotation {row.Id}"));
            }),
        new(
            "ListSpectrumAnnotations",
            "of each spectrum",
            (client, world) => PerSpectrumAsync(client, world, "/api/spectra/{id}/annotations", ReadPaths.Ids),
            (oracle, world, person) => ReadPaths.Seen<SpectrumAnnotation>(oracle, world, person).Select(row => $"{row.SpectrumId} {row.Id}")),
        new(
            "GetSpectrumAnnotation",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<SpectrumAnnotation>().Select(row => $"{row.SpectrumId}/annotations/{row.Id}"), key => client.SendAsync(HttpMethod.Get, $"/api/spectra/{key}")),
            (oracle, world, person) => ReadPaths.Seen<SpectrumAnnotation>(oracle, world, person).Select(row => $"{row.SpectrumId}/annotations/{row.Id}")),
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
    private static async Task<IEnumerable<string>> PerSpectrumAsync(TestClient client, World world, string path, Func<JsonElement, IEnumerable<string>> read)
    {
        var seen = new List<string>();
        foreach (var id in world.All<Spectrum>().Select(spectrum => spectrum.Id))
        {
            seen.AddRange(read(await client.GetAsync(path.Replace("{id}", $"{id}", StringComparison.Ordinal))).Select(row => $"{id} {row}"));
        }

        return seen;
    }
}
