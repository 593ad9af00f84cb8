using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read people, groups, streams and tokens.</summary>
internal static class AccessReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListGroups",
            "all",
            async (client, _) => ReadPaths.Ids((await client.GetAsync("/api/groups?includeSingleUserGroups=true")).GetProperty("all_groups")),
            (oracle, world, person) => world.All<Group>().Where(group => oracle.Sees(person, group)).Select(group => $"{group.Id}")),
        new(
            "ListGroups",
            "own",
            async (client, _) => ReadPaths.Ids((await client.GetAsync("/api/groups")).GetProperty("user_groups")),
            (_, _, person) => person.Groups.Select(group => $"{group}")),
        new(
            "ListGroups",
            "names of streams",
            async (client, _) => (await client.GetAsync("/api/groups")).GetProperty("all_groups").EnumerateArray()
                .SelectMany(group => ReadPaths.Ids(group.GetProperty("streams")).Select(stream => $"{group.GetProperty("id")}:{stream}")),
            (oracle, world, person) => world.All<GroupStream>()
                .Where(use => oracle.Sees(person, use) && oracle.Sees(person, world.All<AlertStream>().Single(stream => stream.Id == use.StreamId)))
                .Select(use => $"{use.GroupId}:{use.StreamId}")),
        new(
            "GetGroup",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<Group>().Select(group => $"{group.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/groups/{id}")),
            (oracle, world, person) => world.All<Group>().Where(group => oracle.Sees(person, group)).Select(group => $"{group.Id}")),
        new(
            "ListStreams",
            "all",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/streams")),
            (oracle, world, person) => world.All<AlertStream>().Where(stream => oracle.Sees(person, stream)).Select(stream => $"{stream.Id}")),
        new(
            "SearchUsers",
            "groups of people",
            async (client, _) => (await client.GetAsync("/api/user?includeExpired=true")).GetProperty("users").EnumerateArray()
                .SelectMany(user => ReadPaths.Ids(user.GetProperty("groups")).Select(group => $"{user.GetProperty("id")}:{group}")),
            (_, world, person) => world.All<GroupUser>()
                .Where(member => person.SeesAll
                    || (person.Groups.Contains(member.GroupId) && !world.All<Group>().Single(group => group.Id == member.GroupId).SingleUserGroup))
                .Select(member => $"{member.UserId}:{member.GroupId}")),
        new(
            "ListAdmissionRequests",
            "all",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/group_admission_requests")),
            (oracle, world, person) => world.All<GroupAdmissionRequest>().Where(request => oracle.Sees(person, request)).Select(request => $"{request.Id}")),
        new(
            "SearchInvitations",
            "by count",
            async (client, _) => await client.SendAsync(HttpMethod.Get, "/api/invitations") is { Status: 200 } reply
                ? [$"{reply.Envelope.GetProperty("data").GetProperty("totalMatches")}"]
                : ["refused"],
            (oracle, world, person) => [person.ManagesUsers ? $"{world.All<Invitation>().Count(invitation => oracle.Sees(person, invitation))}" : "refused"]),
        new(
            "ExplainAccess",
            "objects",
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
            "GetStream",
            "one",
            async (client, world) => await ReadPaths.EachAsync(world.All<AlertStream>().Select(stream => $"{stream.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/streams/{id}")),
            (oracle, world, person) => world.All<AlertStream>().Where(stream => oracle.Sees(person, stream)).Select(stream => $"{stream.Id}")),
        new(
            "GetGroup",
            "members, streams and filters",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var group in world.All<Group>())
                {
                    if (await client.SendAsync(HttpMethod.Get, $"/api/groups/{group.Id}") is { Status: 200, Envelope: var envelope })
                    {
                        var data = envelope.GetProperty("data");
                        seen.AddRange(ReadPaths.Ids(data.GetProperty("users")).Select(id => $"{group.Id} user {id}"));
                        seen.AddRange(ReadPaths.Ids(data.GetProperty("streams")).Select(id => $"{group.Id} stream {id}"));
                        seen.AddRange(ReadPaths.Ids(data.GetProperty("filters")).Select(id => $"{group.Id} filter {id}"));
                    }
                }

                return seen;
            },
            (oracle, world, person) =>
            [
                .. world.All<GroupUser>().Where(member => oracle.Sees(person, member)).Select(member => $"{member.GroupId} user {member.UserId}"),
                .. world.All<GroupStream>()
                    .Where(use => oracle.Sees(person, use) && oracle.Sees(person, world.All<AlertStream>().Single(stream => stream.Id == use.StreamId)))
                    .Select(use => $"{use.GroupId} stream {use.StreamId}"),
                .. world.All<Domain.Candidates.Filter>().Where(filter => oracle.Sees(person, filter)).Select(filter => $"{filter.GroupId} filter {filter.Id}"),
            ]),
        new(
            "GetAdmissionRequest",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<GroupAdmissionRequest>().Select(request => $"{request.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/group_admission_requests/{id}")),
            (oracle, world, person) => world.All<GroupAdmissionRequest>().Where(request => oracle.Sees(person, request)).Select(request => $"{request.Id}")),
        new(
            "ListTokens",
            "of everybody",
            async (client, world) =>
            {
                var seen = new List<string>();
                foreach (var user in world.All<User>())
                {
                    var reply = await client.SendAsync(HttpMethod.Get, $"/api/internal/tokens?userID={user.Id}");
                    seen.AddRange(reply.Status == 200 ? ReadPaths.Ids(reply.Envelope.GetProperty("data")) : []);
                }

                return ReadPaths.OfWorld<ApiToken>(world, seen, token => token.PublicId.ToString("D"));
            },
            (oracle, world, person) => world.All<ApiToken>().Where(token => oracle.Sees(person, token)).Select(token => token.PublicId.ToString("D"))),
        new(
            "GetToken",
            "one",
            async (client, world) => await ReadPaths.EachAsync(
                world.All<ApiToken>().Select(token => token.PublicId.ToString("D")), id => client.SendAsync(HttpMethod.Get, $"/api/internal/tokens/{id}")),
            (oracle, world, person) => world.All<ApiToken>().Where(token => oracle.Sees(person, token)).Select(token => token.PublicId.ToString("D"))),
        new(
            "GetProfile",
            "own tokens, requests and streams",
            async (client, world) =>
            {
                var data = await client.GetAsync("/api/internal/profile");
                return
                [
                    .. ReadPaths.OfWorld<ApiToken>(world, ReadPaths.Ids(data.GetProperty("tokens")), token => token.PublicId.ToString("D")),
                    .. ReadPaths.Ids(data.GetProperty("groupAdmissionRequests")).Select(id => $"request {id}"),
                    .. ReadPaths.Ids(data.GetProperty("streams")).Select(id => $"stream {id}"),
                ];
            },
            (_, world, person) =>
            [
                .. world.All<ApiToken>().Where(token => token.CreatedById == person.Id).Select(token => token.PublicId.ToString("D")),
                .. world.All<GroupAdmissionRequest>().Where(request => request.UserId == person.Id).Select(request => $"request {request.Id}"),
                .. person.Streams.Select(id => $"stream {id}"),
            ]),
    ];
}
