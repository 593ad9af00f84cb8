using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Filters.</summary>
public static class FilterRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapFilters(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/filters", ListAsync).SignedIn().WithName("GetFilters");
        routes.MapGet("/api/filters/{filterId}", GetAsync).SignedIn().WithName("GetFilter");
        routes.MapPost("/api/filters", PostAsync).Needs(Acl.UploadData).WithName("PostFilter");
        routes.MapPost("/api/filters/validate", ValidateAsync).SignedIn().WithName("ValidateFilter");
        routes.MapPatch("/api/filters/{filterId}", PatchAsync).Needs(Acl.UploadData).WithName("PatchFilter");
        routes.MapDelete("/api/filters/{filterId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteFilter");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ListFilters list, CancellationToken ct) =>
        ApiResults.Success((await list.HandleAsync(viewer, ct)).Select(filter => Wire(filter)));

    private static async Task<IResult> GetAsync(string filterId, Viewer viewer, GetFilter get, CancellationToken ct) =>
        ApiResults.Success(WireWithStream(await get.HandleAsync(viewer, Id(filterId), ct)));

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateFilter create, CancellationToken ct)
    {
        body.AllowOnly("name", "stream_id", "group_id", "broker_id", "altdata", "autosave", "expression", "annotations", "active", "note", "override");
        var id = await create.HandleAsync(
            viewer,
            new NewFilter(body.RequiredText("name"), body.RequiredInt("stream_id"), body.RequiredInt("group_id"))
            {
                BrokerId = body.Int("broker_id"),
                Altdata = body.Object("altdata"),
                Autosave = body.Bool("autosave") ?? false,
                Expression = body.Text("expression"),
                Annotations = Annotations(body),
                Active = body.Bool("active") ?? true,
                Note = body.Text("note"),
                Override = body.Text("override"),
            },
            ct);
        return ApiResults.Success(new { Id = id });
    }

    private static async Task<IResult> PatchAsync(string filterId, Viewer viewer, ApiBody body, ChangeFilter change, CancellationToken ct)
    {
        body.AllowOnly("name", "altdata", "autosave", "group_id", "stream_id", "expression", "annotations", "active", "broker_id", "note", "override");
        await change.HandleAsync(
            viewer,
            Id(filterId),
            new FilterChanges
            {
                Name = body.Text("name"),
                Altdata = body.Object("altdata"),
                Autosave = body.Bool("autosave"),
                GroupId = body.Int("group_id"),
                StreamId = body.Int("stream_id"),
                Active = body.Bool("active"),
                SetsExpression = body.Mentions("expression"),
                Expression = body.Text("expression"),
                SetsAnnotations = body.Mentions("annotations"),
                Annotations = Annotations(body),
                Note = body.Text("note"),
                Override = body.Text("override"),
            },
            ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string filterId, Viewer viewer, DeleteFilter delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Id(filterId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ValidateAsync(Viewer viewer, ApiBody body, CheckFilter check, CancellationToken ct)
    {
        body.AllowOnly("stream_id", "expression", "annotations");
        var faults = await check.HandleAsync(viewer, body.RequiredInt("stream_id"), body.RequiredText("expression"), Annotations(body), ct);
        return ApiResults.Success(new { Valid = faults.Count == 0, Errors = faults });
    }

    private static object Wire(FilterRecord filter) => new
    {
        filter.Id, filter.Name, filter.StreamId, filter.GroupId, filter.BrokerId, filter.Altdata, filter.Autosave,
        filter.Expression, filter.Annotations, filter.Active, filter.Version, filter.CreatedAt, filter.Modified,
    };

    private static object WireWithStream(FilterRecord filter) => new
    {
        filter.Id, filter.Name, filter.StreamId, filter.GroupId, filter.BrokerId, filter.Altdata, filter.Autosave,
        filter.Expression, filter.Annotations, filter.Active, filter.Version, filter.CreatedAt, filter.Modified, filter.Stream,
    };

    internal static Dictionary<string, string>? Annotations(ApiBody body) => body.Object("annotations")?.EnumerateObject().ToDictionary(
        item => item.Name,
        item => item.Value.ValueKind == JsonValueKind.String
            ? item.Value.GetString()!
            : throw ApiBody.Wrong($"annotations.{item.Name}", "Input should be a valid string"));

    internal static int Id(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid filter_id: {text}");
}
