using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>
/// The archive of alerts: its search in the platform's own words and in those of MARS, single alerts with their cut-outs, exports.
/// The addresses of the pages answer in the words of MARS, too, where format=json or csv asks for it.
/// </summary>
public static class AlertArchiveRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapAlertArchive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/alerts", ListAsync).OpenWithArchive().WithName("ListAlerts");
        routes.MapGet("/api/alerts/export", ExportAsync).SignedIn().WithName("ExportAlerts");
        routes.MapGet("/api/alerts/fields", Fields).OpenWithArchive().WithName("ListAlertFields");
        routes.MapGet("/api/alerts/{survey}/{alertId}", GetAsync).OpenWithArchive().WithName("GetAlert");
        routes.MapGet("/api/alerts/{survey}/{alertId}/cutouts/{cutout}", GetCutoutAsync).OpenWithArchive().WithName("GetAlertCutout");
        routes.MapGet("/api/mars", MarsAsync).OpenWithArchive().WithName("SearchMars");
        routes.MapPost("/api/mars", MarsManyAsync).OpenWithArchive().WithName("SearchMarsTogether");
        routes.MapGet("/api/mars/{alertId}", MarsOneAsync).OpenWithArchive().WithName("GetMarsAlert");
        routes.MapGet("/api/mars/{survey}/{alertId}", MarsOneAsync).OpenWithArchive().WithName("GetMarsAlertOfSurvey");
    }

    /// <summary>
    /// Sends requests to the pages of the archive that are meant for programs to the routes that answer them: those with format=json
    /// or format=csv, and what is posted there.
    /// </summary>
    public static void ToPrograms(HttpRequest request)
    {
        if (!request.Path.StartsWithSegments("/alerts", out var rest) || rest.Value!.StartsWith("/export", StringComparison.Ordinal))
        {
            return;
        }

        var isPost = HttpMethods.IsPost(request.Method) && rest.Value.Trim('/').Length == 0;
        if (isPost || (request.Query["format"] is [.., { Length: > 0 } format] && !format.Equals("html", StringComparison.OrdinalIgnoreCase)))
        {
            request.Path = "/api/mars" + rest.Value.TrimEnd('/');
        }
    }

    private static async Task<IResult> ListAsync(HttpRequest request, Viewer viewer, AlertQueryReader reader, SearchAlerts search, CancellationToken ct)
    {
        var query = Query(request);
        var withFields = query.Remove("includeFields", out var fields) && fields.ToLowerInvariant() is "true" or "1" or "yes" or "t";
        var criteria = await reader.ReadAsync(viewer, query, ct);
        var page = await search.HandleAsync(viewer, criteria, ct);
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["alerts"] = page.Alerts.Select(alert => AlertWire.Row(alert, withFields)).ToArray(),
            ["totalMatches"] = page.Total,
            ["totalIsLowerBound"] = page.IsAtLeast,
            ["pageNumber"] = criteria.Page,
            ["numPerPage"] = criteria.PerPage,
            ["hasNext"] = page.HasNext,
            ["nextCursor"] = page.NextCursor,
        });
    }

    private static async Task<IResult> GetAsync(string survey, string alertId, Viewer viewer, GetAlert getAlert, OpenPackets open, ReadAlertsAtPlace atPlace, CancellationToken ct)
    {
        var alert = await getAlert.HandleAsync(viewer, survey, AlertRoutes.Parse(alertId, "alert_id"), ct);
        var packet = (await open.HandleAsync(viewer, [alert], ct))[0];
        var near = await atPlace.HandleAsync(viewer, alert, ct);
        var row = AlertWire.Row(alert, withFields: true);
        row["packet"] = packet is null ? null : AlertWire.Record(packet.Packet);
        row["packet_is_whole"] = packet?.IsWhole ?? false;
        row["photometry"] = packet?.Measurements.Select(point => new
        {
            mjd = point.Mjd, filter = point.Filter, flux = point.FluxMicroJansky, fluxerr = point.FluxerrMicroJansky, origin = point.Origin, programid = point.Programme,
        }).ToArray();
        row["same_object"] = near.OfObject.Select(other => AlertWire.Row(other, withFields: false)).ToArray();
        row["same_place"] = near.OfOthers.Select(other => AlertWire.Row(other.Alert, withFields: false)).ToArray();
        return ApiResults.Success(row);
    }

    private static async Task<IResult> GetCutoutAsync(
        string survey, string alertId, string cutout, HttpContext context, Viewer viewer, ApiQuery query, ReadCutout readCutout, CancellationToken ct)
    {
        var id = AlertRoutes.Parse(alertId, "alert_id");
        var isFits = (query.Text("format") ?? "png").ToLowerInvariant() switch
        {
            "fits" => true,
            "png" => false,
            var other => throw Refusal.Invalid($"Invalid format: {other} is neither png nor fits."),
        };
        var stretch = isFits ? null : CutoutStretch.Of(query.Text("scale"), query.StrictNumber("low"), query.StrictNumber("high"));
        var bytes = await readCutout.HandleAsync(viewer, survey, id, cutout, stretch, ct);
        // A shared cache must not hand it to others, and who loses access must lose the picture soon.
        context.Response.Headers.CacheControl = "private, max-age=300";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return isFits
            ? Results.Bytes(bytes, "application/fits", string.Create(CultureInfo.InvariantCulture, $"{id}_{cutout.ToLowerInvariant()}.fits"))
            : Results.Bytes(bytes, AlertRoutes.TypeOf(bytes.Span));
    }

    private static async Task<IResult> ExportAsync(
        HttpRequest request, Viewer viewer, AlertQueryReader reader, SearchAlerts search, ReadOriginals originals, ILogger<AlertExport> logger, CancellationToken ct)
    {
        var query = Query(request);
        var format = query.GetValueOrDefault("format", "ndjson").ToLowerInvariant() switch
        {
            "ndjson" => AlertExportFormat.Ndjson,
            "csv" => AlertExportFormat.Csv,
            "tar" or "avro" => AlertExportFormat.Tar,
            var other => throw Refusal.Invalid($"Invalid format: {other} is none of ndjson, csv and tar."),
        };
        return new AlertExport(viewer, await reader.ReadAsync(viewer, query, ct), format, search, originals, logger);
    }

    private static IResult Fields() => ApiResults.Success(new Dictionary<string, object?>
    {
        ["all"] = AlertFieldSql.Named.Select(column => new { name = column.Name, meaning = column.Meaning }).ToArray(),
        ["surveys"] = AlertFields.SurveyNames.ToDictionary(survey => survey, survey => AlertFields.Of(survey).Select(field => new { name = field.Name, meaning = field.Meaning, computed = field.IsComputed }).ToArray()),
    });

    private static async Task<IResult> MarsAsync(
        HttpRequest request, Viewer viewer, MarsSearch mars, AlertQueryReader reader, SearchAlerts search, SiteAddress site, CancellationToken ct)
    {
        var query = Query(request);
        switch (query.GetValueOrDefault("format", "json").ToLowerInvariant())
        {
            case "json":
                return Json(await mars.HandleAsync(viewer, query, site.For(request), ct));
            case "csv":
                var criteria = await reader.ReadAsync(viewer, query, ct);
                return new AlertPageAsCsv((await search.HandleAsync(viewer, criteria, ct)).Alerts, AlertColumns.Of(criteria));
            case var other:
                throw Refusal.Invalid($"Invalid format: {other} is none of html, json and csv.");
        }
    }

    private static async Task<IResult> MarsManyAsync(HttpRequest request, Viewer viewer, ApiBody body, MarsSearch mars, SiteAddress site, CancellationToken ct) =>
        Json(await mars.HandleManyAsync(viewer, body, site.For(request), ct));

    private static async Task<IResult> MarsOneAsync(
        HttpRequest request, string? survey, string alertId, Viewer viewer, GetAlert getAlert, OpenPackets open, SiteAddress site, CancellationToken ct)
    {
        if (Query(request).GetValueOrDefault("format", "json").ToLowerInvariant() is not "json" and var other)
        {
            throw Refusal.Invalid($"Invalid format: {other} is neither html nor json.");
        }

        var alert = await getAlert.HandleAsync(viewer, survey, AlertRoutes.Parse(alertId, "alert_id"), ct);
        return Json(AlertWire.Mars(alert, (await open.HandleAsync(viewer, [alert], ct))[0], site.For(request)));
    }

    // Scripts that spoke to MARS find what they ask for at the top, not in the platform's envelope.
    private static IResult Json(object body) => Results.Json(body, ApiJson.Options);

    // A repeated key counts with all its values where a list is taken, as with the last elsewhere.
    private static Dictionary<string, string> Query(HttpRequest request) =>
        request.Query.Where(pair => pair.Value.Count > 0).ToDictionary(pair => pair.Key, pair => pair.Key is "filter" or "objectId" or "candid" or "survey" or "programid" ? string.Join(',', pair.Value.ToArray()) : pair.Value[^1] ?? "");

    private sealed class AlertPageAsCsv(IReadOnlyList<AlertRow> alerts, AlertColumns columns) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/csv; charset=utf-8";
            httpContext.Response.Headers.ContentDisposition = "attachment; filename=alerts.csv";
            columns.Head(httpContext.Response.BodyWriter);
            foreach (var alert in alerts)
            {
                columns.Row(httpContext.Response.BodyWriter, alert);
            }

            await httpContext.Response.BodyWriter.FlushAsync(httpContext.RequestAborted);
        }
    }
}
