using System.Globalization;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Brokers: how they are set up, what they can do, and what they hold.</summary>
public static class BrokerRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapBrokers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/internal/broker_apis", (BrokerClasses classes) => ApiResults.Success(classes.All.ToDictionary(one => one.About.Classname, Describe))).SignedIn().WithName("ListBrokerClasses");
        routes.MapGet("/api/brokers", ListAsync).SignedIn().WithName("ListBrokers");
        routes.MapGet("/api/brokers/{brokerId}", GetAsync).SignedIn().WithName("GetBroker");
        routes.MapPost("/api/brokers", PostAsync).Needs(Acl.SystemAdmin).WithName("PostBroker");
        routes.MapPatch("/api/brokers/{brokerId}", PatchAsync).Needs(Acl.SystemAdmin).WithName("PatchBroker");
        routes.MapDelete("/api/brokers/{brokerId}", DeleteAsync).Needs(Acl.SystemAdmin).WithName("DeleteBroker");
        routes.MapPost("/api/brokers/{brokerId}/test", TestAsync).Needs(Acl.SystemAdmin).WithName("TestBroker");
        routes.MapBrokerAlerts();
        routes.MapBrokerFilters();
    }

    internal static int Key(string id, string name = "broker_id") => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : throw Refusal.Invalid($"Invalid {name}: {id}");

    private static Dictionary<string, object?> Describe(IBroker client) => new()
    {
        ["methodsImplemented"] = BrokerClasses.Capabilities(client),
        ["formSchemaConfig"] = client.About.Form.Schema(),
        ["uiSchema"] = client.About.Form.Ui(),
        ["aliasLookup"] = new JsonObject(),
        ["surveys"] = client.About.Surveys,
        ["filterKind"] = client.About.FilterKind,
        ["title"] = client.About.Title,
    };

    private static async Task<IResult> ListAsync(Viewer viewer, ReadBrokers read, CancellationToken ct) =>
        ApiResults.Success((await read.HandleAsync(viewer, ct)).Select(broker => Wire(viewer, broker)));

    private static async Task<IResult> GetAsync(string brokerId, Viewer viewer, ReadBrokers read, CancellationToken ct) =>
        ApiResults.Success(Wire(viewer, await read.OneAsync(viewer, Key(brokerId), ct)));

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateBroker create, CancellationToken ct)
    {
        var request = new NewBroker(body.RequiredText("name"), body.RequiredText("broker_classname"), BrokerClasses.Settings(body.Object("altdata")))
        {
            Active = body.Bool("active") ?? true,
            DefaultAlertSearch = body.Bool("default_alert_search") ?? false,
            DefaultCrossmatch = body.Bool("default_crossmatch") ?? false,
        };
        return ApiResults.Success(new { id = await create.HandleAsync(viewer, request, ct) });
    }

    private static async Task<IResult> PatchAsync(string brokerId, Viewer viewer, ApiBody body, ChangeBroker change, CancellationToken ct)
    {
        var altdata = body.Object("altdata");
        await change.HandleAsync(
            viewer,
            Key(brokerId),
            new BrokerChanges(body.Text("name"), altdata is null ? null : BrokerClasses.Settings(altdata), body.Bool("active"), body.Bool("default_alert_search"), body.Bool("default_crossmatch")),
            ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string brokerId, Viewer viewer, DeleteBroker delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(brokerId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> TestAsync(string brokerId, Viewer viewer, ApiBody body, TestBroker test, CancellationToken ct)
    {
        await test.HandleAsync(viewer, Key(brokerId), null, BrokerClasses.Settings(body.Object("altdata")), ct);
        return ApiResults.Success();
    }

    private static Dictionary<string, object?> Wire(Viewer viewer, BrokerRecord broker)
    {
        var wire = new Dictionary<string, object?>
        {
            ["id"] = broker.Id,
            ["name"] = broker.Name,
            ["broker_classname"] = broker.BrokerClassname,
            ["active"] = broker.Active,
            ["default_alert_search"] = broker.DefaultAlertSearch,
            ["default_crossmatch"] = broker.DefaultCrossmatch,
            ["capabilities"] = broker.Capabilities,
            ["surveys"] = broker.Surveys,
            ["filter_kind"] = broker.FilterKind,
        };
        if (viewer.SeesAll)
        {
            wire["altdata"] = broker.Altdata;
            wire["polled_at"] = broker.PolledAt;
            wire["poll_note"] = broker.PollNote;
        }

        return wire;
    }
}
