using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Notifications;
using SkyPortal.Domain.Photometry;
using SkyPortal.Domain.Sources;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read tags, super-objects, interests, positions, similar sources and reminders.</summary>
internal static class RecordReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListObjTags",
            "all",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/objtag")),
            (oracle, world, person) => ReadPaths.Seen<ObjTag>(oracle, world, person).Select(tag => $"{tag.Id}")),
        new(
            "GetSource",
            "tags",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}", source => ReadPaths.Ids(source.GetProperty("tags"))),
            (oracle, world, person) => ReadPaths.Seen<ObjTag>(oracle, world, person).Select(tag => $"{tag.ObjId} {tag.Id}")),
        new(
            "GetSource",
            "tied objects, and what hangs on them",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}?includeSuperObjs=true", source =>
                source.GetProperty("associated_objs").EnumerateArray().Select(other => $"{other.GetProperty("super_obj_id")} {other.GetProperty("obj_id")}")
                    .Concat(ReadPaths.Ids(source.GetProperty("annotations")).Select(id => $"annotation {id}")).Concat(ReadPaths.Ids(source.GetProperty("tags")).Select(id => $"tag {id}"))),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).SelectMany(obj =>
            {
                var tied = Tied(oracle, world, person, obj).ToList();
                var all = tied.Select(member => member.ObjId).Append(obj.Id).ToHashSet();
                return tied.Select(member => $"{member.SuperObjId} {member.ObjId}")
                    .Concat(ReadPaths.Seen<Annotation>(oracle, world, person).Where(row => all.Contains(row.ObjId)).Select(row => $"annotation {row.Id}"))
                    .Concat(ReadPaths.Seen<ObjTag>(oracle, world, person).Where(row => all.Contains(row.ObjId)).Select(row => $"tag {row.Id}"))
                    .Select(key => $"{obj.Id} {key}");
            })),
        new(
            "ListSuperObjs",
            "with their objects",
            async (client, _) => (await client.GetAsync("/api/super_objs")).EnumerateArray().SelectMany(super =>
                ReadPaths.Ids(super.GetProperty("objs")).Select(id => $"{super.GetProperty("id")} {id}").Append($"{super.GetProperty("id")}")),
            (oracle, world, person) => ReadPaths.Seen<SuperObj>(oracle, world, person).SelectMany(super =>
                ReadPaths.Seen<SuperObjMember>(oracle, world, person).Where(member => member.SuperObjId == super.Id).Select(member => $"{super.Id} {member.ObjId}").Append($"{super.Id}"))),
        new(
            "ListInterests",
            "of each object",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/interests", ReadPaths.Ids),
            (oracle, world, person) => ReadPaths.Seen<SourceInterest>(oracle, world, person).Select(row => $"{row.ObjId} {row.Id}")),
        new(
            "GetPosition",
            "of each object",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/position", _ => ["seen"]),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).Select(obj => $"{obj.Id} seen")),
        new(
            "ListSimilarSources",
            "of each object",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/similar?numItems=100", list => list.EnumerateArray().Select(row => $"{row.GetProperty("obj_id")}")),
            (oracle, world, person) => ReadPaths.Seen<Obj>(oracle, world, person).Where(obj => SourceReadPaths.KnowsWholeCurve(world, person, obj)).SelectMany(obj =>
                ReadPaths.Saved(oracle, world, person)
                    .Where(other => other.Id != obj.Id && SourceReadPaths.KnowsWholeCurve(world, person, other) && (!IsClassified(oracle, world, person, obj) || IsClassified(oracle, world, person, other)))
                    .Select(other => $"{obj.Id} {other.Id}"))),
        new(
            "ListSeries",
            "all, with their columns",
            async (client, _) =>
            {
                var reply = await client.SendAsync(HttpMethod.Get, "/api/photometric_series?dataFormat=json");
                return reply.Status == 401 ? ["denied"] : [.. ReadPaths.Ids(reply.Envelope.GetProperty("data").GetProperty("series")), $"total {reply.Envelope.GetProperty("data").GetProperty("totalMatches")}"];
            },
            (oracle, world, person) => !MayUpload(world, person) ? ["denied"] : ReadPaths.Seen<PhotometricSeries>(oracle, world, person).Select(row => $"{row.Id}")
                .Append($"total {ReadPaths.Seen<PhotometricSeries>(oracle, world, person).Count()}")),
        new(
            "GetSeries",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<PhotometricSeries>().Select(row => $"{row.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/photometric_series/{id}")),
            (oracle, world, person) => MayUpload(world, person) ? ReadPaths.Seen<PhotometricSeries>(oracle, world, person).Select(row => $"{row.Id}") : []),
        new(
            "GetSourcePhotometry",
            "series",
            (client, world) => ReadPaths.PerObjAsync(client, world, "/api/sources/{id}/photometry?individualOrSeries=series", ReadPaths.Ids),
            (oracle, world, person) => ReadPaths.Seen<PhotometricSeries>(oracle, world, person).Select(row => $"{row.ObjId} {row.Id}")),
        new(
            "ListNotifications",
            "own ones",
            async (client, _) => ReadPaths.Ids(await client.GetAsync("/api/internal/notifications")),
            (_, world, person) => world.All<UserNotification>().Where(row => row.UserId == person.Id).Select(row => $"{row.Id}")),
        new(
            "GetNotification",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<UserNotification>().Select(row => $"{row.Id}"), id => client.SendAsync(HttpMethod.Get, $"/api/internal/notifications/{id}")),
            (_, world, person) => world.All<UserNotification>().Where(row => row.UserId == person.Id).Select(row => $"{row.Id}")),
        new(
            "ListReminders",
            "of each object and spectrum",
            async (client, world) =>
            {
                var seen = (await ReadPaths.PerObjAsync(client, world, "/api/source/{id}/reminders", data => ReadPaths.Ids(data.GetProperty("reminders")))).ToList();
                foreach (var spectrum in world.All<Domain.Spectra.Spectrum>())
                {
                    seen.AddRange(ReadPaths.Ids((await client.GetAsync($"/api/spectra/{spectrum.Id}/reminders")).GetProperty("reminders")).Select(id => $"{spectrum.Id} {id}"));
                }

                return seen;
            },
            (oracle, world, person) => ReadPaths.Seen<Reminder>(oracle, world, person).Select(row => $"{(row.SpectrumId is { } spectrum ? $"{spectrum}" : row.ObjId)} {row.Id}")),
        new(
            "GetReminder",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<Reminder>().Select(Address), address => client.SendAsync(HttpMethod.Get, address)),
            (oracle, world, person) => ReadPaths.Seen<Reminder>(oracle, world, person).Select(Address)),
    ];

    private static string Address(Reminder row) => row.SpectrumId is { } spectrum ? $"/api/spectra/{spectrum}/reminders/{row.Id}" : $"/api/source/{row.ObjId}/reminders/{row.Id}";

    private static bool MayUpload(World world, Person person) => person.SeesAll || Role.Permissions(world.All<User>().Single(user => user.Id == person.Id).Roles, []).Contains(Acl.UploadData);

    private static bool IsClassified(Oracle oracle, World world, Person person, Obj obj) => ReadPaths.Seen<Classification>(oracle, world, person).Any(row => row.ObjId == obj.Id);

    private static IEnumerable<SuperObjMember> Tied(Oracle oracle, World world, Person person, Obj obj) => ReadPaths.Seen<SuperObjMember>(oracle, world, person)
        .Where(member => member.ObjId != obj.Id && world.All<SuperObjMember>().Any(mine => mine.ObjId == obj.Id && mine.SuperObjId == member.SuperObjId));
}
