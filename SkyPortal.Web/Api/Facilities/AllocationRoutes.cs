using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Facilities;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Web.Api.FollowUp;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Facilities;

/// <summary>Allocations, and the forms of instruments.</summary>
public static class AllocationRoutes
{
    private static readonly string[] Fields =
        ["pi", "proposal_id", "validity_ranges", "hours_allocated", "default_share_group_ids", "types", "group_id", "instrument_id", "_altdata", "replace_altdata", "allocation_admin_ids"];

    private static readonly string[] Kinds = ["api_classname", "api_classname_obsplan"];

    /// <summary>Maps the routes.</summary>
    public static void MapAllocations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/allocation", ListAsync).SignedIn().WithName("ListAllocations");
        routes.MapGet("/api/allocation/{allocationId}", GetAsync).SignedIn().WithName("GetAllocation");
        routes.MapPost("/api/allocation", PostAsync).Needs(Acl.ManageAllocations).WithName("PostAllocation");
        routes.MapPut("/api/allocation/{allocationId}", PutAsync).Needs(Acl.ManageAllocations).WithName("PutAllocation");
        routes.MapDelete("/api/allocation/{allocationId}", DeleteAsync).Needs(Acl.ManageAllocations).WithName("DeleteAllocation");
        routes.MapGet("/api/internal/instrument_forms", FormsAsync).SignedIn().WithName("ListInstrumentForms");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadAllocations read, CancellationToken ct)
    {
        var kind = Kind(query);
        var method = query.Text("apiImplements");
        if (method is not null && (kind is null || !FacilityClasses.Methods.Contains(method)))
        {
            throw Refusal.Invalid(kind is null ? "Invalid apiImplements: it needs apiType." : $"Invalid apiImplements: it must be one of {string.Join(", ", FacilityClasses.Methods)}.");
        }

        return ApiResults.Success(await read.HandleAsync(viewer, new AllocationSearch(query.StrictInt("instrument_id"), kind is null ? null : kind == Kinds[1], method), ct));
    }

    private static async Task<IResult> GetAsync(
        string allocationId, Viewer viewer, ApiQuery query, ReadAllocations read, ReadFollowups requests, ReadSites sites, TimeProvider clock, CancellationToken ct)
    {
        var id = Key(allocationId);
        var (page, perPage) = query.Page(50, 1_000);
        var search = FollowupQuery.Sorted(query, new FollowupSearch { AllocationId = id, Skip = (page - 1) * perPage, Take = perPage, WithThumbnails = true });
        if (await read.OneAsync(viewer, id, ct) is not { } row)
        {
            return ApiResults.Error(400, $"Could not retrieve allocation with ID: {id}.");
        }

        var found = await requests.HandleAsync(viewer, search, ct);
        foreach (var request in found.Requests)
        {
            request.With("rise_time_utc", null).With("set_time_utc", null);
        }

        var site = (await sites.HandleAsync(viewer, ct)).FirstOrDefault(one => one.TelescopeId == row.Instrument!.TelescopeId)?.Site;
        var answer = JsonSerializer.SerializeToNode(row, ApiJson.Options)!.AsObject();
        answer["requests"] = JsonSerializer.SerializeToNode(found.Requests, ApiJson.Options);
        answer["ephemeris"] = site is not { } place ? new JsonObject() : JsonSerializer.SerializeToNode(Ephemeris.Of(place, Mjd.FromDateTimeOffset(clock.GetUtcNow())), ApiJson.Options);
        answer["telescope"] = JsonSerializer.SerializeToNode(row.Instrument!.Telescope, ApiJson.Options);
        return ApiResults.Success(new Dictionary<string, object?> { ["allocation"] = answer, ["totalMatches"] = found.Total });
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, SaveAllocation save, CancellationToken ct)
    {
        _ = (body.RequiredInt("instrument_id"), body.RequiredInt("group_id"), body.RequiredNumber("hours_allocated"));
        return ApiResults.Success(new { id = await save.HandleAsync(viewer, null, Values(body), ct) });
    }

    private static async Task<IResult> PutAsync(string allocationId, Viewer viewer, ApiBody body, SaveAllocation save, CancellationToken ct)
    {
        await save.HandleAsync(viewer, Key(allocationId), Values(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string allocationId, Viewer viewer, DeleteAllocation delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(allocationId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> FormsAsync(Viewer viewer, ApiQuery query, ReadFacilities read, FacilityClasses classes, CancellationToken ct)
    {
        var forPlans = Kind(query) == Kinds[1];
        var instruments = await read.InstrumentsAsync(viewer, null, ct);
        return ApiResults.Success(instruments
            .Where(row => (forPlans ? row.ApiClassnameObsplan : row.ApiClassname) is not null)
            .ToDictionary(row => row.Id.ToString(CultureInfo.InvariantCulture), row => Form(forPlans ? null : row.ApiClassname, row.Filters, classes)));
    }

    private static Dictionary<string, object?> Form(string? classname, string[] filters, FacilityClasses classes)
    {
        var facility = classes.Find(classname);
        return new Dictionary<string, object?>
        {
            ["methodsImplemented"] = classes.Implemented(classname),
            ["formSchema"] = facility?.FormOf(filters).Schema(),
            ["aliasLookup"] = new JsonObject(),
            ["priorityOrder"] = "asc",
            ["formSchemaForcedPhotometry"] = null,
            ["formSchemaAltdata"] = facility?.AltdataSchema(),
            ["formSchemaConfig"] = null,
            ["uiSchema"] = new JsonObject { ["observation_choices"] = new JsonObject { ["ui:widget"] = "checkboxes" } },
        };
    }

    private static AllocationValues Values(ApiBody body)
    {
        body.AllowOnly(Fields);
        _ = body.Bool("replace_altdata");
        return new AllocationValues
        {
            Pi = body.Text("pi"),
            ProposalId = body.Text("proposal_id"),
            ValidityRanges = body.List("validity_ranges") is null ? null : body.Element("validity_ranges")!.Value.Clone(),
            HoursAllocated = body.Number("hours_allocated"),
            DefaultShareGroupIds = body.Ints("default_share_group_ids"),
            Types = body.Texts("types"),
            GroupId = body.Int("group_id"),
            InstrumentId = body.Int("instrument_id"),
            Altdata = Altdata(body),
            AdminIds = body.Ints("allocation_admin_ids") ?? [],
        };
    }

    // Clients send the object, or its text.
    private static JsonObject? Altdata(ApiBody body)
    {
        if (body.Element("_altdata") is not { ValueKind: JsonValueKind.String } text)
        {
            return body.Object("_altdata") is { } given ? JsonObject.Create(given) : null;
        }

        try
        {
            var bytes = Encoding.UTF8.GetBytes(text.GetString()!);
            CleanJson.Check(bytes, 64);
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = false }) as JsonObject ?? throw ApiBody.Wrong("_altdata", "Input should be a valid dictionary");
        }
        catch (JsonException)
        {
            throw ApiBody.Wrong("_altdata", "Input should be a valid dictionary");
        }
    }

    private static string? Kind(ApiQuery query) => query.Text("apiType") switch
    {
        null => null,
        { } kind when Kinds.Contains(kind) => kind,
        _ => throw Refusal.Invalid($"Invalid apiType: it must be {string.Join(" or ", Kinds)}."),
    };

    private static int Key(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Refusal.Invalid($"Invalid allocation_id: {id}");
}
