using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Facilities;

/// <summary>Telescopes.</summary>
public static class TelescopeRoutes
{
    private static readonly string[] Fields =
        ["name", "nickname", "lat", "lon", "elevation", "diameter", "skycam_link", "weather_link", "robotic", "fixed_location"];

    /// <summary>Maps the routes.</summary>
    public static void MapTelescopes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/telescope", ListAsync).SignedIn().WithName("GetTelescopes");
        routes.MapGet("/api/telescope/{id}", GetAsync).SignedIn().WithName("GetTelescope");
        routes.MapPost("/api/telescope", PostAsync).SignedIn().WithName("PostTelescope");
        routes.MapPut("/api/telescope/{id}", PutAsync).Needs(Acl.ManageTelescopes).WithName("PutTelescope");
        routes.MapDelete("/api/telescope/{id}", DeleteAsync).Needs(Acl.ManageTelescopes).WithName("DeleteTelescope");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadFacilities read, ReadAllocations allocations, CancellationToken ct)
    {
        var search = new TelescopeSearch(
            query.Text("name"), query.Number("latitudeMin"), query.Number("latitudeMax"), query.Number("longitudeMin"), query.Number("longitudeMax"));
        var rows = await read.TelescopesAsync(viewer, search, ct);
        var owned = await allocations.HandleAsync(viewer, new AllocationSearch(), ct);
        return ApiResults.Success(rows.Select(row => Wire(row, owned)));
    }

    private static async Task<IResult> GetAsync(string id, Viewer viewer, ReadFacilities read, ReadAllocations allocations, CancellationToken ct) =>
        await read.TelescopeAsync(viewer, Key(id), ct) is { } row
            ? ApiResults.Success(Wire(row, await allocations.HandleAsync(viewer, new AllocationSearch(), ct)))
            : ApiResults.Error(400, $"Could not load telescope with ID {id}");

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, SaveTelescope save, CancellationToken ct) =>
        ApiResults.Success(new { id = await save.HandleAsync(viewer, null, Values(body), ct) });

    private static async Task<IResult> PutAsync(string id, Viewer viewer, ApiBody body, SaveTelescope save, CancellationToken ct)
    {
        await save.HandleAsync(viewer, Key(id), Values(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string id, Viewer viewer, DeleteTelescope delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(id), ct);
        return ApiResults.Success();
    }

    private static TelescopeValues Values(ApiBody body)
    {
        body.AllowOnly(Fields);
        return new TelescopeValues
        {
            Given = body.Fields.ToHashSet(StringComparer.Ordinal),
            Name = body.Text("name"),
            Nickname = body.Text("nickname"),
            Lat = body.Number("lat"),
            Lon = body.Number("lon"),
            Elevation = body.Number("elevation"),
            Diameter = body.Number("diameter"),
            SkycamLink = body.Text("skycam_link"),
            WeatherLink = body.Text("weather_link"),
            Robotic = body.Bool("robotic"),
            FixedLocation = body.Bool("fixed_location"),
        };
    }

    // With the allocations that the viewer may see, as a list and with each instrument.
    private static JsonElement Wire(TelescopeDetail row, IReadOnlyList<AllocationRecord> owned)
    {
        var node = JsonSerializer.SerializeToNode(row, ApiJson.Options)!.AsObject();
        var ofInstruments = owned.Select(allocation => allocation with { Instrument = null }).ToLookup(allocation => allocation.InstrumentId);
        node["allocations"] = JsonSerializer.SerializeToNode(row.Instruments.SelectMany(instrument => ofInstruments[instrument.Id]), ApiJson.Options);
        foreach (var instrument in node["instruments"]!.AsArray())
        {
            instrument!["allocations"] = JsonSerializer.SerializeToNode(ofInstruments[instrument["id"]!.GetValue<int>()], ApiJson.Options);
        }

        return JsonSerializer.SerializeToElement(node);
    }

    private static int Key(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Refusal.Invalid($"Invalid telescope_id: {id}");
}
