using System.Globalization;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Facilities;

/// <summary>Instruments.</summary>
public static class InstrumentRoutes
{
    private static readonly string[] Fields =
    [
        "name", "type", "band", "telescope_id", "filters", "sensitivity_data", "configuration_data", "api_classname", "api_classname_obsplan",
        "listener_classname", "treasuremap_id", "tns_id", "across_id", "field_data", "field_region", "field_fov_type", "field_fov_attributes",
    ];

    /// <summary>Maps the routes.</summary>
    public static void MapInstruments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/instrument", ListAsync).SignedIn().WithName("GetInstruments");
        routes.MapGet("/api/instrument/{id}", GetAsync).SignedIn().WithName("GetInstrument");
        routes.MapPost("/api/instrument", PostAsync).SignedIn().WithName("PostInstrument");
        routes.MapPut("/api/instrument/{id}", PutAsync).Needs(Acl.ManageInstruments).WithName("PutInstrument");
        routes.MapDelete("/api/instrument/{id}", DeleteAsync).Needs(Acl.ManageInstruments).WithName("DeleteInstrument");
        routes.MapDelete("/api/instrument/{id}/fields", DeleteFieldsAsync).Needs(Acl.ManageInstruments).WithName("DeleteInstrumentFields");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadFacilities read, CancellationToken ct) =>
        ApiResults.Success(await read.InstrumentsAsync(viewer, query.Text("name"), ct));

    private static async Task<IResult> GetAsync(string id, Viewer viewer, ReadFacilities read, CancellationToken ct) =>
        await read.InstrumentAsync(viewer, Key(id), ct) is { } row
            ? ApiResults.Success(row)
            : ApiResults.Error(400, $"No instrument with ID: {id}");

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, SaveInstrument save, CancellationToken ct) =>
        ApiResults.Success(new { id = await save.HandleAsync(viewer, null, Values(body), ct) });

    private static async Task<IResult> PutAsync(string id, Viewer viewer, ApiBody body, SaveInstrument save, CancellationToken ct)
    {
        await save.HandleAsync(viewer, Key(id), Values(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string id, Viewer viewer, DeleteInstrument delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(id), fieldsOnly: false, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteFieldsAsync(string id, Viewer viewer, DeleteInstrument delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(id), fieldsOnly: true, ct);
        return ApiResults.Success();
    }

    private static InstrumentValues Values(ApiBody body)
    {
        body.AllowOnly(Fields);
        return new InstrumentValues
        {
            Name = body.Text("name"),
            Type = body.Text("type"),
            Band = body.Text("band"),
            TelescopeId = body.Int("telescope_id"),
            Filters = body.Texts("filters"),
            SensitivityData = Document(body, "sensitivity_data"),
            ConfigurationData = Document(body, "configuration_data"),
            ApiClassname = body.Text("api_classname"),
            ApiClassnameObsplan = body.Text("api_classname_obsplan"),
            ListenerClassname = body.Text("listener_classname"),
            TreasuremapId = body.Int("treasuremap_id"),
            TnsId = body.Int("tns_id"),
            AcrossId = body.Text("across_id"),
            Region = Region(body),
            Fields = body.Element("field_data") is { } fields ? FieldTable.Read(fields) : null,
        };
    }

    private static string? Region(ApiBody body)
    {
        var text = body.Text("field_region");
        var kind = body.Text("field_fov_type");
        if (text is not null && kind is not null)
        {
            throw ApiBody.Wrong("field_region", "only one of field_region and field_fov_type may be given");
        }

        if (text is not null)
        {
            return FieldOfView.Parse(text) ?? throw ApiBody.Wrong("field_region", "is not a DS9 region of circles, boxes or polygons");
        }

        if (kind is null)
        {
            return null;
        }

        var sizes = body.Element("field_fov_attributes") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number ? item.GetDouble() : double.NaN).ToArray()
            : [body.Number("field_fov_attributes") ?? double.NaN];
        return sizes.Any(size => !(size > 0 && size <= 360))
            ? throw ApiBody.Wrong("field_fov_attributes", "sizes between 0 and 360 degrees are needed")
            : (kind.ToLowerInvariant(), sizes.Length) switch
            {
                ("circle", 1) => FieldOfView.Circle(sizes[0]),
                ("rectangle", 2) => FieldOfView.Rectangle(sizes[0], sizes[1]),
                ("circle" or "rectangle", _) => throw ApiBody.Wrong("field_fov_attributes", "a circle has one size, its radius; a rectangle has two"),
                _ => throw ApiBody.Wrong("field_fov_type", "Input should be 'circle' or 'rectangle'"),
            };
    }

    // An empty object clears nothing; clients also send JSON as text, with single quotes too.
    private static JsonElement? Document(ApiBody body, string field)
    {
        if (body.Element(field) is not { } given)
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.String)
        {
            try
            {
                var text = Encoding.UTF8.GetBytes(given.GetString()!.Replace('\'', '"'));
                CleanJson.Check(text, 64);
                using var parsed = JsonDocument.Parse(text);
                given = parsed.RootElement.Clone();
            }
            catch (JsonException)
            {
                throw ApiBody.Wrong(field, "Input should be a valid dictionary");
            }
        }

        return given.ValueKind != JsonValueKind.Object
            ? throw ApiBody.Wrong(field, "Input should be a valid dictionary")
            : given.EnumerateObject().Any() ? given : null;
    }

    private static int Key(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Refusal.Invalid($"Invalid instrument_id: {id}");
}
