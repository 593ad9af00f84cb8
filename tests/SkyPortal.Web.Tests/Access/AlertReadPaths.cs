using SkyPortal.Domain.Alerts;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Ways to read the archive of alerts, as far as they need no packets; those that do are compared in ArchiveAccessTests.</summary>
internal static class AlertReadPaths
{
    public static IReadOnlyList<ReadPath> All { get; } =
    [
        new(
            "ListAlerts",
            "all",
            async (client, _) => (await client.GetAsync("/api/alerts?numPerPage=500&includeFields=true")).GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("alert_id").ToString()),
            Seen),
        new(
            "ListAlerts",
            "by count of an object",
            async (client, _) => [(await client.GetAsync("/api/alerts?objectId=OBJ1&numPerPage=1")).GetProperty("totalMatches").ToString()],
            (oracle, world, person) => [$"{ReadPaths.Seen<Alert>(oracle, world, person).Count(alert => alert.ObjId == "OBJ1")}"]),
        new(
            "ExportAlerts",
            "as comma-separated values",
            async (client, _) => (await client.Http.GetStringAsync("/api/alerts/export?format=csv")).TrimEnd().Split('\n').Skip(1).Select(line => line.Split(',')[1]),
            Seen),
        new(
            "SearchMars",
            "all",
            async (client, _) => System.Text.Json.JsonDocument.Parse(await client.Http.GetStringAsync("/api/mars?numPerPage=500")).RootElement.GetProperty("results").EnumerateArray()
                .Select(result => result.GetProperty("candid").ToString()),
            Seen),
        new(
            "GetAlert",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<Alert>().Select(alert => $"{alert.AlertId}"), id => client.SendAsync(HttpMethod.Get, $"/api/alerts/ZTF/{id}")),
            Seen),
        new(
            "GetMarsAlert",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<Alert>().Select(alert => $"{alert.AlertId}"), id => client.SendAsync(HttpMethod.Get, $"/api/mars/{id}")),
            Seen),
        new(
            "GetMarsAlertOfSurvey",
            "one",
            (client, world) => ReadPaths.EachAsync(world.All<Alert>().Select(alert => $"{alert.AlertId}"), id => client.SendAsync(HttpMethod.Get, $"/api/mars/ZTF/{id}")),
            Seen),
    ];

    private static IEnumerable<string> Seen(Oracle oracle, World world, Person person) => ReadPaths.Seen<Alert>(oracle, world, person).Select(alert => $"{alert.AlertId}");
}
