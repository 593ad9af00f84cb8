using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>One way to read over the API.</summary>
/// <param name="Name">What is read.</param>
/// <param name="Ask">Keys that the caller gets to see.</param>
/// <param name="Expected">Keys that he ought to see, by the oracle.</param>
internal sealed record ReadPath(string Name, Func<TestClient, World, Task<IEnumerable<string>>> Ask, Func<Oracle, World, Person, IEnumerable<string>> Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Every way to read over the API that random worlds are compared on. Whoever adds a route that lists or shows rows adds it here.</summary>
internal static class ReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "GET /api/groups",
            async (client, _) => Ids((await client.GetAsync("/api/groups?includeSingleUserGroups=true")).GetProperty("all_groups")),
            (oracle, world, person) => world.All<Group>().Where(group => oracle.Sees(person, group)).Select(group => $"{group.Id}")),
        new(
            "GET /api/groups, own",
            async (client, _) => Ids((await client.GetAsync("/api/groups")).GetProperty("user_groups")),
            (_, _, person) => person.Groups.Select(group => $"{group}")),
        new(
            "GET /api/groups, names of streams",
            async (client, _) => (await client.GetAsync("/api/groups")).GetProperty("all_groups").EnumerateArray()
                .SelectMany(group => Ids(group.GetProperty("streams")).Select(stream => $"{group.GetProperty("id")}:{stream}")),
            (oracle, world, person) => world.All<GroupStream>()
                .Where(use => oracle.Sees(person, use) && oracle.Sees(person, world.All<AlertStream>().Single(stream => stream.Id == use.StreamId)))
                .Select(use => $"{use.GroupId}:{use.StreamId}")),
        new(
            "GET /api/groups/{id}",
            async (client, world) => await EachAsync(world.All<Group>().Select(group => $"{group.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/groups/{id}")),
            (oracle, world, person) => world.All<Group>().Where(group => oracle.Sees(person, group)).Select(group => $"{group.Id}")),
        new(
            "GET /api/streams",
            async (client, _) => Ids(await client.GetAsync("/api/streams")),
            (oracle, world, person) => world.All<AlertStream>().Where(stream => oracle.Sees(person, stream)).Select(stream => $"{stream.Id}")),
        new(
            "GET /api/user, groups of people",
            async (client, _) => (await client.GetAsync("/api/user?includeExpired=true")).GetProperty("users").EnumerateArray()
                .SelectMany(user => Ids(user.GetProperty("groups")).Select(group => $"{user.GetProperty("id")}:{group}")),
            (_, world, person) => world.All<GroupUser>()
                .Where(member => person.SeesAll
                    || (person.Groups.Contains(member.GroupId) && !world.All<Group>().Single(group => group.Id == member.GroupId).SingleUserGroup))
                .Select(member => $"{member.UserId}:{member.GroupId}")),
        new(
            "GET /api/group_admission_requests",
            async (client, _) => Ids(await client.GetAsync("/api/group_admission_requests")),
            (oracle, world, person) => world.All<GroupAdmissionRequest>().Where(request => oracle.Sees(person, request)).Select(request => $"{request.Id}")),
        new(
            "GET /api/invitations, by count",
            async (client, _) => await client.SendAsync(HttpMethod.Get, "/api/invitations") is { Status: 200 } reply
                ? [$"{reply.Envelope.GetProperty("data").GetProperty("totalMatches")}"]
                : ["refused"],
            (oracle, world, person) => [person.ManagesUsers ? $"{world.All<Invitation>().Count(invitation => oracle.Sees(person, invitation))}" : "refused"]),
        new(
            "GET /api/internal/access/explain",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var id in world.All<Obj>().Select(obj => obj.Id).Append("nothing"))
                {
                    var answer = await client.GetAsync($"/api/internal/access/explain?resource=source&id={id}");
                    if (answer.GetProperty("visible").GetBoolean())
                    {
                        seen.Add(id);
                    }
                }

                return seen;
            },
            (oracle, world, person) => world.All<Obj>().Where(obj => oracle.Sees(person, obj)).Select(obj => obj.Id)),
        new(
            "GET /api/sources/{id}",
            async (client, world) => await EachAsync(world.All<Obj>().Select(obj => obj.Id), id => client.SendAsync(HttpMethod.Get, $"/api/sources/{id}")),
            (oracle, world, person) => world.All<Obj>().Where(obj => oracle.Sees(person, obj)).Select(obj => obj.Id)),
        new(
            "GET /api/candidates",
            async (client, _) => Ids((await client.GetAsync("/api/candidates?numPerPage=500")).GetProperty("candidates")),
            (oracle, world, person) => Passing(oracle, world, person)),
        new(
            "GET /api/candidates, by annotations of points",
            async (client, _) => Ids((await client.GetAsync("/api/candidates?numPerPage=500&photometryAnnotationsFilter=quality:1:eq")).GetProperty("candidates")),
            (oracle, world, person) => Passing(oracle, world, person)
                .Where(id => world.All<PhotometryAnnotation>().Any(annotation => annotation.ObjId == id && oracle.Sees(person, annotation)))),
        new(
            "GET /api/candidates_filter",
            async (client, _) => Ids((await client.GetAsync("/api/candidates_filter?numPerPage=500")).GetProperty("candidates")),
            (oracle, world, person) => world.All<Candidate>().Where(candidate => oracle.Sees(person, candidate)).Select(candidate => $"{candidate.Id}")),
        new(
            "GET /api/photometry/{id}/annotations",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var point in world.All<PhotometryAnnotation>().Select(annotation => annotation.PhotometryId).Distinct())
                {
                    seen.AddRange(Ids(await client.GetAsync($"/api/photometry/{point}/annotations")));
                }

                return seen;
            },
            (oracle, world, person) => world.All<PhotometryAnnotation>().Where(annotation => oracle.Sees(person, annotation)).Select(annotation => $"{annotation.Id}")),
    ];

    private static IEnumerable<string> Passing(Oracle oracle, World world, Person person) => world.All<Candidate>()
        .Where(candidate => oracle.Sees(person, candidate) && oracle.Sees(person, world.All<Obj>().Single(obj => obj.Id == candidate.ObjId)))
        .Select(candidate => candidate.ObjId)
        .Distinct();

    private static IEnumerable<string> Ids(JsonElement list) => list.EnumerateArray().Select(item => item.GetProperty("id").ToString());

    private static async Task<IEnumerable<string>> EachAsync(IEnumerable<string> ids, Func<string, Task<(int Status, JsonElement Envelope)>> ask)
    {
        var seen = new List<string>();
        foreach (var id in ids)
        {
            if ((await ask(id)).Status == 200)
            {
                seen.Add(id);
            }
        }

        return seen;
    }
}
