using System.Text.Json;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>One way to read over the API.</summary>
/// <param name="Route">Name of the route.</param>
/// <param name="What">What is read by it.</param>
/// <param name="Ask">Keys that the caller gets to see.</param>
/// <param name="Expected">Keys that he ought to see, by the oracle.</param>
internal sealed record ReadPath(
    string Route, string What, Func<TestClient, World, Task<IEnumerable<string>>> Ask, Func<Oracle, World, Person, IEnumerable<string>> Expected)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Route}, {What}";
}

/// <summary>Every way to read over the API that random worlds are compared on. Whoever adds a route that lists or shows rows adds it here.</summary>
internal static class ReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } = [.. AccessReadPaths.All, .. SourceReadPaths.All, .. PhotometryReadPaths.All, .. CandidateReadPaths.All, .. FilterReadPaths.All, .. WatchReadPaths.All, .. DiscussionReadPaths.All, .. SpectrumReadPaths.All, .. OutsideReadPaths.All, .. RecordReadPaths.All, .. FollowUpReadPaths.All, .. FollowupRequestReadPaths.All, .. AlertReadPaths.All, .. GcnReadPaths.All];

    /// <summary>Routes that read and are not compared, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Exempt { get; } = new Dictionary<string, string>
    {
        ["ListAcls"] = "constants of the platform",
        ["ListRoles"] = "constants of the platform",
        ["GetEnumTypes"] = "constants of the platform",
        ["GetSysinfo"] = "constants of the platform",
        ["GetConfig"] = "settings, the same for everybody",
        ["GetOpenApi"] = "the routes, the same for everybody",
        ["GetDbInfo"] = "tells only whether anything was ever saved",
        ["GetDbStats"] = "for administrators only, counts everything",
        ["CountPhotStats"] = "for administrators only, counts everything",
        ["ListTagOptions"] = "the vocabulary is known to everybody who is signed in",
        ["ListGalaxies"] = "galaxies are known to everybody who is signed in",
        ["GetUser"] = "users are known to everybody who is signed in",
        ["GetPublicGroup"] = "the group that everybody joins",
        ["GetTelescopes"] = "telescopes are known to everybody who is signed in; FacilityApiTests looks at their allocations",
        ["GetTelescope"] = "telescopes are known to everybody who is signed in; FacilityApiTests looks at their allocations",
        ["GetInstruments"] = "instruments are known to everybody who is signed in",
        ["GetInstrument"] = "instruments are known to everybody who is signed in",
        ["ListInstrumentForms"] = "instruments are known to everybody who is signed in",
        ["ListStarlistFacilities"] = "constants of the platform",
        ["GetUnsourcedFinder"] = "tells of a place that the caller gives",
        ["GetThumbnailPath"] = "for administrators only, counts everything",
        ["GetEphemeris"] = "telescopes are known to everybody who is signed in",
        ["ListEphemerides"] = "telescopes are known to everybody who is signed in",
        ["GetPhotometryWithoutId"] = "always refuses",
        ["GetPhotometryOrigins"] = "always refuses",
        ["ListBrokerClasses"] = "constants of the platform",
        ["ListBrokers"] = "brokers are known to everybody who is signed in; their settings: BrokerSetupTests",
        ["GetBroker"] = "brokers are known to everybody who is signed in; their settings: BrokerSetupTests",
        ["ListBrokerAlerts"] = "what another server holds, by the streams of the caller: BrokerTests",
        ["GetBrokerAlert"] = "what another server holds, by the streams of the caller: BrokerTests",
        ["GetBrokerCutouts"] = "what another server holds, by the streams of the caller: BrokerTests",
        ["GetBrokerPhotometry"] = "the read of GetSourcePhotometry and what another server holds: BrokerTests",
        ["GetBrokersPhotometry"] = "the read of GetSourcePhotometry and what another server holds: BrokerTests",
        ["SearchBrokerCone"] = "what another server holds, by the streams of the caller: BrokerTests",
        ["ListBrokerFilters"] = "needs a broker that may be asked; the read of SearchBrokerFilters: BrokerFilterTests",
        ["GetBrokerFilter"] = "needs a broker that may be asked; the read of GetFilter: BrokerFilterTests",
        ["ListBrokerFilterModules"] = "what another server holds, and modules that are known to everybody who is signed in",
        ["GetBrokerFilterModule"] = "modules of filters are known to everybody who is signed in",
        ["GetAtlasCone"] = "what another server holds, the same for everybody",
        ["GetAtlasObject"] = "what another server holds, the same for everybody",
        ["GetAtlasLists"] = "what another server holds, the same for everybody",
        ["ExportWatchList"] = "goes through the same read as ListWatchEntries; WatchListTests",
        ["GetAlertPacket"] = "needs packets of a survey: AlertAccessTests",
        ["GetAlertCutout"] = "needs packets of a survey: ArchiveAccessTests",
        ["ListAlertFields"] = "constants of the platform",
        ["GetCommentAttachment"] = "goes through the same read as GetComment; DiscussionApiTests",
        ["GetSpectrumCommentAttachment"] = "goes through the same read as GetSpectrumComment; CommentTests",
        ["GetSpectrumCommentAttachmentPdf"] = "goes through the same read as GetSpectrumComment; CommentTests",
        ["GetSetAsidePacket"] = "for system administrators alone; StreamAccessTests",
        ["CountCommentAttachments"] = "for system administrators alone; CommentTests",
        ["GetCommentAttachmentPdf"] = "goes through the same read as GetComment; DiscussionApiTests",
    };

    /// <summary>Ids of the rows in a list.</summary>
    public static IEnumerable<string> Ids(JsonElement list) => list.EnumerateArray().Select(item => item.GetProperty("id").ToString());

    /// <summary>Keys that belong to rows of the world and not to those that the test makes for itself.</summary>
    public static IEnumerable<string> OfWorld<T>(World world, IEnumerable<string> keys, Func<T, string> key) => keys.Intersect(world.All<T>().Select(key));

    /// <summary>Which of the ids are answered with a success.</summary>
    public static async Task<IEnumerable<string>> EachAsync(IEnumerable<string> ids, Func<string, Task<(int Status, JsonElement Envelope)>> ask)
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

    /// <summary>What is found under each object.</summary>
    public static async Task<IEnumerable<string>> PerObjAsync(TestClient client, World world, string path, Func<JsonElement, IEnumerable<string>> keys)
    {
        var seen = new List<string>();
        foreach (var id in world.All<Obj>().Select(obj => obj.Id))
        {
            var reply = await client.SendAsync(HttpMethod.Get, path.Replace("{id}", id, StringComparison.Ordinal));
            seen.AddRange(reply.Status == 200 ? keys(reply.Envelope.GetProperty("data")).Select(key => $"{id} {key}") : []);
        }

        return seen;
    }

    /// <summary>Rows that a person sees.</summary>
    public static IEnumerable<T> Seen<T>(Oracle oracle, World world, Person person)
        where T : class => world.All<T>().Where(row => oracle.Sees(person, row));

    /// <summary>Objects with a save that a person may know of.</summary>
    public static IEnumerable<Obj> Saved(Oracle oracle, World world, Person person) => Seen<Obj>(oracle, world, person)
        .Where(obj => world.All<Source>().Any(source => source.ObjId == obj.Id && source.Active && (person.SeesAll || person.Groups.Contains(source.GroupId))));
}
