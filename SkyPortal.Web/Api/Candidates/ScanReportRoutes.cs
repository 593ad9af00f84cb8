using System.Globalization;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Web.Auth;
using SkyPortal.Web.Components.Candidates;

namespace SkyPortal.Web.Api.Candidates;

/// <summary>Reports of scanning sessions.</summary>
public static class ScanReportRoutes
{
    private const double MostHours = 24 * 3650;

    /// <summary>Maps the routes.</summary>
    public static void MapScanReports(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/candidates/scan_reports", PostAsync).SignedIn().WithName("PostScanReport");
        routes.MapGet("/api/candidates/scan_reports", ListAsync).SignedIn().WithName("ListScanReports");
        routes.MapGet("/api/candidates/scan_reports/{reportId}/items", ItemsAsync).SignedIn().WithName("ListScanReportItems");
        routes.MapGet("/api/candidates/scan_reports/{reportId}/export", ExportAsync).SignedIn().WithName("ExportScanReport");
        routes.MapPatch("/api/candidates/scan_reports/{reportId}/items/{itemId}", EditAsync).SignedIn().WithName("EditScanReportItem");
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, CreateScanReport verb, Contexts contexts, CancellationToken ct)
    {
        if (body.Ints("group_ids") is not { Length: > 0 } groups)
        {
            throw Refusal.Invalid("No groups provided");
        }

        var now = contexts.Clock.GetUtcNow().UtcDateTime;
        var (passedFrom, passedTo) = Window(body, now, "passed_filters_range", "passed_filters_window_hours", "start_date", "end_date", "No passed filters range provided");
        var (savedFrom, savedTo) = Window(body, now, "saved_candidates_range", "saved_candidates_window_hours", "start_saved_date", "end_saved_date", "No saved candidates range provided");
        RefuseEvent(body);
        await verb.HandleAsync(viewer, new NewScanReport(groups, passedFrom, passedTo, savedFrom, savedTo), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, ReadScanReports read, CancellationToken ct)
    {
        var page = query.StrictInt("page") ?? 1;
        var (_, perPage) = query.Page(10);
        if (page < 1)
        {
            throw Refusal.Invalid("Invalid page: it must be 1 or more.");
        }

        var (reports, total) = await read.PageAsync(viewer, page, perPage, ct);
        return ApiResults.Success(new Dictionary<string, object?> { ["reports"] = reports, ["totalMatches"] = total, ["pageNumber"] = page, ["numPerPage"] = perPage });
    }

    private static async Task<IResult> ItemsAsync(Viewer viewer, string reportId, ReadScanReports read, CancellationToken ct) =>
        ApiResults.Success(await read.ItemsAsync(viewer, (int)Id(reportId, int.MaxValue), ct));

    private static async Task<IResult> ExportAsync(Viewer viewer, string reportId, ApiQuery query, ReadScanReports read, HttpContext http, CancellationToken ct)
    {
        var id = (int)Id(reportId, int.MaxValue);
        var report = await read.OneAsync(viewer, id, ct) ?? throw Refusal.Invalid("Report not found");
        var items = await read.ItemsAsync(viewer, id, ct);
        var (text, type, ending) = (query.Text("format") ?? "csv") switch
        {
            "csv" => (ScanReportText.Csv(items), "text/csv", "csv"),
            "md" => (ScanReportText.Markdown(report, items, $"{http.Request.Scheme}://{http.Request.Host}"), "text/markdown", "md"),
            var other => throw Refusal.Invalid($"Invalid format: {other}. It must be csv or md."),
        };
        return Results.File(Encoding.UTF8.GetBytes(text), $"{type}; charset=utf-8", $"scan-report-{id}.{ending}");
    }

    private static async Task<IResult> EditAsync(Viewer viewer, string reportId, string itemId, ApiBody body, EditScanReportItem verb, CancellationToken ct)
    {
        await verb.HandleAsync(viewer, (int)Id(reportId, int.MaxValue), Id(itemId, long.MaxValue), body.Text("comment"), ct);
        return ApiResults.Success();
    }

    private static long Id(string text, long most) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= most
        ? id
        : throw Refusal.Invalid($"Invalid id: {text}");

    // A range with two times, or so many hours back from now.
    private static (DateTime From, DateTime To) Window(ApiBody body, DateTime now, string range, string hours, string start, string end, string missing)
    {
        if (body.Object(range) is { } given)
        {
            return (Time(given, range, start), Time(given, range, end));
        }

        return Hours(body, hours) is { } back ? (now.AddHours(-back), now) : throw Refusal.Invalid(missing);
    }

    private static double? Hours(ApiBody body, string field) => body.Element(field) switch
    {
        null => null,
        { } value when Number(value) is { } hours and >= 0 and <= MostHours => hours,
        _ => throw Refusal.Invalid($"{field} must be a number of hours"),
    };

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) => number,
        JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    private static DateTime Time(JsonElement given, string range, string name) =>
        given.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && ApiTime.Parse(value.GetString()!) is { } time
            ? time
            : throw Refusal.Invalid($"Invalid {range}: {name} must be a time.");

    // There are no events on this site: a good name of one is answered as for an event that is missing.
    private static void RefuseEvent(ApiBody body)
    {
        if (body.Element("gcn_event_dateobs") is not { } named || named is { ValueKind: JsonValueKind.String } && named.GetString() is "")
        {
            return;
        }

        throw Refusal.Invalid(named.ValueKind == JsonValueKind.String && ApiTime.Parse(named.GetString()!) is not null
            ? "GCN event not found or not accessible"
            : "Invalid gcn_event_dateobs: it must be the time of an event.");
    }
}
