using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Alerts.BrokerFilters;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Filters that brokers run.</summary>
internal static class BrokerFilterRoutes
{
    private const int MostPerPage = 100;

    public static void MapBrokerFilters(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/brokers/filters", SearchAsync).SignedIn().WithName("SearchBrokerFilters");
        routes.MapPost("/api/brokers/filters/{filterId}/attach", AttachAsync).Needs(Acl.UploadData).WithName("AttachBrokerFilter");
        routes.MapGet("/api/brokers/{brokerId}/filters", ListAsync).SignedIn().WithName("ListBrokerFilters");
        routes.MapGet("/api/brokers/{brokerId}/filters/{filterId}", GetAsync).SignedIn().WithName("GetBrokerFilter");
        routes.MapPost("/api/brokers/{brokerId}/filters/{filterId}", PostAsync).Needs(Acl.UploadData).WithName("PostBrokerFilter");
        routes.MapPatch("/api/brokers/{brokerId}/filters/{filterId}", PatchAsync).Needs(Acl.UploadData).WithName("PatchBrokerFilter");
        routes.MapDelete("/api/brokers/{brokerId}/filters/{filterId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteBrokerFilter");
        routes.MapPost("/api/brokers/{brokerId}/filters/{filterId}/validate", ValidateAsync).SignedIn().WithName("ValidateBrokerFilter");
        routes.MapPost("/api/brokers/{brokerId}/filter/test", TestAsync).SignedIn().WithName("TestBrokerFilter");
        routes.MapGet("/api/brokers/{brokerId}/filter_modules", ModulesAsync).SignedIn().WithName("ListBrokerFilterModules");
        routes.MapGet("/api/brokers/{brokerId}/filter_modules/{moduleName}", ModuleAsync).SignedIn().WithName("GetBrokerFilterModule");
        routes.MapPost("/api/brokers/{brokerId}/filter_modules/{moduleName}", PostModuleAsync).Needs(Acl.UploadData).WithName("PostBrokerFilterModule");
        routes.MapPut("/api/brokers/{brokerId}/filter_modules/{moduleName}", PutModuleAsync).Needs(Acl.UploadData).WithName("PutBrokerFilterModule");
    }

    private static async Task<IResult> SearchAsync(Viewer viewer, ApiQuery query, SearchBrokerFilters search, CancellationToken ct)
    {
        var (page, perPage) = query.Page(25, MostPerPage);
        var withoutBroker = string.Equals(query.Text("brokerID"), "none", StringComparison.OrdinalIgnoreCase);
        var found = await search.HandleAsync(
            viewer,
            new BrokerFilterCriteria(query.Text("name"), query.StrictInt("groupID"), query.StrictInt("streamID"), withoutBroker ? null : query.StrictInt("brokerID"), withoutBroker),
            page,
            perPage,
            ct);
        return ApiResults.Success(new Dictionary<string, object?> { ["filters"] = found.Filters.Select(Wire), ["totalMatches"] = found.TotalMatches });
    }

    private static async Task<IResult> AttachAsync(string filterId, Viewer viewer, ApiBody body, AttachFilter attach, CancellationToken ct)
    {
        body.AllowOnly("broker_id");
        var (id, brokerId) = (BrokerRoutes.Key(filterId, "filter_id"), body.RequiredInt("broker_id"));
        await attach.HandleAsync(viewer, id, brokerId, ct);
        return ApiResults.Success(new Dictionary<string, object?> { ["id"] = id, ["broker_id"] = brokerId });
    }

    private static async Task<IResult> ListAsync(string brokerId, Viewer viewer, SearchBrokerFilters search, CancellationToken ct) =>
        ApiResults.Success((await search.OfBrokerAsync(viewer, BrokerRoutes.Key(brokerId), ct)).Select(Wire));

    private static async Task<IResult> GetAsync(string brokerId, string filterId, Viewer viewer, GetBrokerFilter get, CancellationToken ct)
    {
        var detail = await get.HandleAsync(viewer, BrokerRoutes.Key(brokerId), BrokerRoutes.Key(filterId, "filter_id"), ct);
        var wire = Wire(detail.Row);
        wire["stream"] = new { id = detail.Row.StreamId, name = detail.Row.StreamName };
        if (detail.Remote is { } remote)
        {
            wire["fv"] = remote.Versions;
            wire["active_fid"] = remote.ActiveVersion;
            wire["active"] = remote.IsActive;
            wire["filters"] = detail.Drafts;
        }

        return ApiResults.Success(wire);
    }

    private static async Task<IResult> PostAsync(string brokerId, string filterId, Viewer viewer, ApiBody body, TryBrokerFilter kinds, SaveBrokerPipeline pipelines, SaveBrokerQuery queries, CancellationToken ct)
    {
        body.AllowOnly("altdata", "filters", "query", "autosave");
        var (broker, id) = (BrokerRoutes.Key(brokerId), BrokerRoutes.Key(filterId, "filter_id"));
        var autosave = body.Bool("autosave");
        if (!await kinds.TakesPipelinesAsync(viewer, broker, ct))
        {
            var filter = await queries.HandleAsync(viewer, broker, id, Node(body.Object("query") ?? throw ApiBody.Wrong("query", "Field required")).AsObject(), autosave, ct);
            return ApiResults.Success(new Dictionary<string, object?> { ["id"] = filter.Id, ["altdata"] = filter.Altdata, ["autosave"] = filter.Autosave });
        }

        var pipeline = Pipeline(body.Element("altdata") ?? throw ApiBody.Wrong("altdata", "Field required"), "altdata");
        var saved = await pipelines.HandleAsync(viewer, broker, id, pipeline, body.Element("filters") is { } draft ? Node(draft) : null, ct);
        return ApiResults.Success(new Dictionary<string, object?> { ["id"] = saved.FilterId, ["fid"] = saved.Version, ["validation"] = saved.Validation is { } validation ? Wire(validation) : null });
    }

    private static async Task<IResult> PatchAsync(string brokerId, string filterId, Viewer viewer, ApiBody body, ChangeBrokerFilter change, CancellationToken ct)
    {
        body.AllowOnly("active", "active_fid", "autoAnnotate", "autoSave", "autoFollowup");
        await change.HandleAsync(
            viewer,
            BrokerRoutes.Key(brokerId),
            BrokerRoutes.Key(filterId, "filter_id"),
            new BrokerFilterChanges(body.Bool("active"), body.Text("active_fid"), body.Bool("autoAnnotate"), body.Bool("autoSave"), body.Bool("autoFollowup")),
            ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string brokerId, string filterId, Viewer viewer, DeleteBrokerFilter delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, BrokerRoutes.Key(brokerId), BrokerRoutes.Key(filterId, "filter_id"), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ValidateAsync(string brokerId, string filterId, Viewer viewer, ApiBody body, ValidateBrokerFilter validate, CancellationToken ct)
    {
        body.AllowOnly("fid");
        return ApiResults.Success(Wire(await validate.HandleAsync(viewer, BrokerRoutes.Key(brokerId), BrokerRoutes.Key(filterId, "filter_id"), body.Text("fid"), ct)));
    }

    private static async Task<IResult> TestAsync(string brokerId, Viewer viewer, ApiBody body, TryBrokerFilter test, GetFilter filters, CancellationToken ct)
    {
        body.AllowOnly("pipeline", "survey", "start_jd", "end_jd", "object_ids", "candids", "sort_by", "sort_order", "limit", "permissions", "count_only", "filter_id", "query", "offset");
        var broker = BrokerRoutes.Key(brokerId);
        if (!await test.TakesPipelinesAsync(viewer, broker, ct))
        {
            var trial = await test.QueryAsync(viewer, broker, Node(body.Object("query") ?? throw ApiBody.Wrong("query", "Field required")).AsObject(), body.Int("limit"), body.Int("offset"), ct);
            return ApiResults.Success(new Dictionary<string, object?> { ["query"] = trial.Query, ["results"] = trial.Results, ["has_more"] = trial.HasMore });
        }

        var wanted = Node(body.Root).AsObject();
        wanted["pipeline"] = Pipeline(body.Element("pipeline") ?? throw ApiBody.Wrong("pipeline", "Field required"), "pipeline");
        var filter = body.Int("filter_id") is { } id ? await filters.HandleAsync(viewer, id, ct) : null;
        var programmes = filter?.Stream is { } stream ? StreamRule.Read(stream.Id, stream.Name, stream.Altdata?.GetRawText())?.Selector ?? new HashSet<int>() : null;
        return ApiResults.Success(await test.PipelineAsync(viewer, broker, wanted, body.Bool("count_only") ?? false, programmes, ct));
    }

    private static async Task<IResult> ModulesAsync(string brokerId, Viewer viewer, ApiQuery query, ReadFilterSchema schema, ReadBrokerModules modules, CancellationToken ct)
    {
        var (broker, elements) = (BrokerRoutes.Key(brokerId), query.Text("elements") ?? "schema");
        return ApiResults.Success(new Dictionary<string, object?>
        {
            [elements] = elements == "schema" ? await schema.HandleAsync(viewer, broker, query.Text("survey"), ct) : await modules.HandleAsync(viewer, broker, elements, query.Text("survey"), null, ct),
        });
    }

    private static async Task<IResult> ModuleAsync(string brokerId, string moduleName, Viewer viewer, ApiQuery query, ReadBrokerModules modules, CancellationToken ct)
    {
        var elements = query.Text("elements") ?? "variables";
        var found = await modules.HandleAsync(viewer, BrokerRoutes.Key(brokerId), elements, query.Text("survey"), moduleName, ct);
        return ApiResults.Success(new Dictionary<string, object?> { [elements] = found.FirstOrDefault() });
    }

    private static Task<IResult> PostModuleAsync(string brokerId, string moduleName, Viewer viewer, ApiBody body, SaveBrokerModule save, CancellationToken ct) =>
        SaveModuleAsync(brokerId, moduleName, viewer, body, save, replaces: false, ct);

    private static Task<IResult> PutModuleAsync(string brokerId, string moduleName, Viewer viewer, ApiBody body, SaveBrokerModule save, CancellationToken ct) =>
        SaveModuleAsync(brokerId, moduleName, viewer, body, save, replaces: true, ct);

    private static async Task<IResult> SaveModuleAsync(string brokerId, string moduleName, Viewer viewer, ApiBody body, SaveBrokerModule save, bool replaces, CancellationToken ct)
    {
        body.AllowOnly("elements", "data");
        await save.HandleAsync(
            viewer, BrokerRoutes.Key(brokerId), body.RequiredText("elements"), moduleName, body.Object("data") ?? throw ApiBody.Wrong("data", "Field required"), replaces, ct);
        return ApiResults.Success(new Dictionary<string, object?> { ["name"] = moduleName });
    }

    private static Dictionary<string, object?> Wire(BrokerFilterRow filter) => new()
    {
        ["id"] = filter.Id,
        ["name"] = filter.Name,
        ["group_id"] = filter.GroupId,
        ["stream_id"] = filter.StreamId,
        ["broker_id"] = filter.BrokerId,
        ["autosave"] = filter.Autosave,
        ["altdata"] = filter.Altdata,
        ["group_name"] = filter.GroupName,
        ["stream_name"] = filter.StreamName,
        ["broker_name"] = filter.BrokerName,
    };

    private static Dictionary<string, object?> Wire(Validation validation) => new() { ["fid"] = validation.Version, ["passed"] = validation.HasPassed, ["message"] = validation.Message };

    // Clients send the stages as a list or as its text.
    private static JsonNode? Pipeline(JsonElement element, string field)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return Node(element);
        }

        var (pipeline, faults) = PipelineText.Read(element.GetString()!);
        return pipeline ?? throw ApiBody.Wrong(field, string.Create(CultureInfo.InvariantCulture, $"{faults[0].Message} (line {faults[0].Line}, column {faults[0].Column})"));
    }

    private static JsonNode Node(JsonElement element) => JsonNode.Parse(element.GetRawText())!;
}
