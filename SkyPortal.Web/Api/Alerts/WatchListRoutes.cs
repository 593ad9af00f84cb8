using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Infrastructure.Alerts.Watches;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Watch lists: additions of ours.</summary>
public static class WatchListRoutes
{
    private const int PerPage = 100;

    /// <summary>Maps the routes.</summary>
    public static void MapWatchLists(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/watchlists", ListAsync).SignedIn().WithName("ListWatchLists");
        routes.MapGet("/api/watchlists/matches", AllMatchesAsync).SignedIn().WithName("ListAllWatchMatches");
        routes.MapGet("/api/watchlists/{watchListId}", GetAsync).SignedIn().WithName("GetWatchList");
        routes.MapGet("/api/watchlists/{watchListId}/entries", EntriesAsync).SignedIn().WithName("ListWatchEntries");
        routes.MapGet("/api/watchlists/{watchListId}/export", ExportAsync).SignedIn().WithName("ExportWatchList");
        routes.MapGet("/api/watchlists/{watchListId}/matches", MatchesAsync).SignedIn().WithName("ListWatchMatches");
        routes.MapPost("/api/watchlists", PostAsync).Needs(Acl.UploadData).WithName("PostWatchList");
        routes.MapPatch("/api/watchlists/{watchListId}", PatchAsync).Needs(Acl.UploadData).WithName("PatchWatchList");
        routes.MapDelete("/api/watchlists/{watchListId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteWatchList");
        routes.MapPost("/api/watchlists/{watchListId}/entries", AddAsync).Needs(Acl.UploadData).WithName("PostWatchEntries");
        routes.MapDelete("/api/watchlists/{watchListId}/entries/{entryId}", RemoveAsync).Needs(Acl.UploadData).WithName("DeleteWatchEntry");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ReadWatchLists read, CancellationToken ct) => ApiResults.Success(await read.AllAsync(viewer, ct));

    private static async Task<IResult> GetAsync(string watchListId, Viewer viewer, ReadWatchLists read, CancellationToken ct) =>
        ApiResults.Success(await read.OneAsync(viewer, Id(watchListId), ct));

    private static async Task<IResult> EntriesAsync(string watchListId, Viewer viewer, ApiQuery query, ReadWatchLists read, CancellationToken ct)
    {
        var (page, size) = query.Page(PerPage);
        var found = await read.EntriesAsync(viewer, Id(watchListId), (page - 1) * size, size, ct);
        return Page("entries", found.Rows, found.Total, page, size);
    }

    private static Task<IResult> AllMatchesAsync(Viewer viewer, ApiQuery query, ReadWatchLists read, CancellationToken ct) => MatchesOfAsync(viewer, null, query, read, ct);

    private static Task<IResult> MatchesAsync(string watchListId, Viewer viewer, ApiQuery query, ReadWatchLists read, CancellationToken ct) =>
        MatchesOfAsync(viewer, Id(watchListId), query, read, ct);

    private static async Task<IResult> MatchesOfAsync(Viewer viewer, int? listId, ApiQuery query, ReadWatchLists read, CancellationToken ct)
    {
        var (page, size) = query.Page(PerPage);
        var found = await read.MatchesAsync(viewer, listId, (page - 1) * size, size, ct);
        return Page("matches", found.Rows, found.Total, page, size);
    }

    private static IResult Page(string name, object rows, int total, int page, int size) =>
        ApiResults.Success(new Dictionary<string, object> { [name] = rows, ["totalMatches"] = total, ["pageNumber"] = page, ["numPerPage"] = size });

    private static async Task<IResult> ExportAsync(string watchListId, Viewer viewer, ReadWatchLists read, CancellationToken ct)
    {
        var found = await read.EntriesAsync(viewer, Id(watchListId), 0, WatchList.MostEntries, ct);
        return Results.Text(WatchListText.Write(found.Rows), "text/csv; charset=utf-8");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateWatchList create, CancellationToken ct)
    {
        body.AllowOnly("name", "description", "group_ids", "active");
        return ApiResults.Success(new { Id = await create.HandleAsync(viewer, Changes(body) with { Name = body.RequiredText("name") }, ct) });
    }

    private static async Task<IResult> PatchAsync(string watchListId, Viewer viewer, ApiBody body, ChangeWatchList change, CancellationToken ct)
    {
        body.AllowOnly("name", "description", "group_ids", "active");
        await change.HandleAsync(viewer, Id(watchListId), Changes(body), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string watchListId, Viewer viewer, DeleteWatchList delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Id(watchListId), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> AddAsync(string watchListId, Viewer viewer, ApiBody body, AddWatchEntries add, CancellationToken ct)
    {
        body.AllowOnly("csv", "entries", "radius_arcsec");
        var radius = body.Number("radius_arcsec");
        if (radius is not (null or (> 0 and <= WatchEntry.MostRadiusArcsec)))
        {
            throw ApiBody.Wrong("radius_arcsec", $"Input should be above 0 and at most {WatchEntry.MostRadiusArcsec}");
        }

        var entries = new List<NewWatchEntry>();
        if (body.Text("csv") is { } text)
        {
            var read = WatchText.Read(text, radius);
            entries.AddRange(read.Faults.Count == 0 ? read.Entries : throw ApiBody.Wrong("csv", string.Join("; ", read.Faults)));
        }

        entries.AddRange((body.List("entries") ?? []).Select((item, index) => Entry(item, $"entries[{index}]", radius)));
        return ApiResults.Success(await add.HandleAsync(viewer, Id(watchListId), entries, ct));
    }

    private static async Task<IResult> RemoveAsync(string watchListId, string entryId, Viewer viewer, RemoveWatchEntries remove, CancellationToken ct)
    {
        var entry = long.TryParse(entryId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid entry_id: {entryId}");
        await remove.HandleAsync(viewer, Id(watchListId), entry, ct);
        return ApiResults.Success();
    }

    private static WatchListChanges Changes(ApiBody body) => new()
    {
        Name = body.Text("name"), Description = body.Text("description"), GroupIds = body.Ints("group_ids"), Active = body.Bool("active"),
    };

    private static NewWatchEntry Entry(JsonElement item, string field, double? radius)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw ApiBody.Wrong(field, "Input should be a valid dictionary");
        }

        var one = new ApiBody(item);
        if (one.Fields.Except(["ra", "dec", "radius_arcsec", "name", "label"]).FirstOrDefault() is { } extra)
        {
            throw ApiBody.Wrong($"{field}.{extra}", "Extra inputs are not permitted");
        }

        string? Number(string name) => one.Number(name)?.ToString("R", CultureInfo.InvariantCulture);
        var fault = WatchText.Make(Number("ra"), Number("dec"), Number("radius_arcsec"), one.Text("name"), one.Text("label"), radius, out var entry);
        return fault is null ? entry! : throw ApiBody.Wrong(field, fault);
    }

    private static int Id(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Refusal.Invalid($"Invalid watch_list_id: {text}");
}
