using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Alerts.Brokers;
using SkyPortal.Web.Api.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>What brokers hold: alerts, cut-outs, light curves, catalogues; and taking objects over from them.</summary>
internal static class BrokerAlertRoutes
{
    private const double DefaultRadiusArcsec = 5;

    public static void MapBrokerAlerts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/brokers/{brokerId}/alerts", ListAsync).SignedIn().WithName("ListBrokerAlerts");
        routes.MapGet("/api/brokers/{brokerId}/alerts/{alertName}", GetAsync).SignedIn().WithName("GetBrokerAlert");
        routes.MapGet("/api/brokers/{brokerId}/alerts/{alertName}/cutouts", CutoutsAsync).SignedIn().WithName("GetBrokerCutouts");
        routes.MapGet("/api/brokers/{brokerId}/alerts/{alertName}/photometry", PhotometryAsync).SignedIn().WithName("GetBrokerPhotometry");
        routes.MapPost("/api/brokers/{brokerId}/alerts/{alertName}/save", SaveAsync).Needs(Acl.UploadData).WithName("SaveBrokerAlert");
        routes.MapPost("/api/brokers/{brokerId}/save", SaveNearestAsync).Needs(Acl.UploadData).WithName("SaveBrokerPosition");
        routes.MapPost("/api/brokers/{brokerId}/sources/{objId}/refresh", RefreshAsync).Needs(Acl.UploadData).WithName("RefreshFromBroker");
        routes.MapGet("/api/brokers/{brokerId}/cone_search", ConeAsync).SignedIn().WithName("SearchBrokerCone");
        routes.MapGet("/api/brokers/photometry/{alertName}", SurveyPhotometryAsync).SignedIn().WithName("GetBrokersPhotometry");
    }

    private static async Task<IResult> ListAsync(string brokerId, Viewer viewer, ApiQuery query, SearchBroker search, CancellationToken ct) =>
        ApiResults.Success((await search.AlertsAsync(viewer, BrokerRoutes.Key(brokerId), Query(query), ct)).Select(BrokerWire.Of));

    private static async Task<IResult> GetAsync(string brokerId, string alertName, Viewer viewer, SearchBroker search, CancellationToken ct) =>
        ApiResults.Success(BrokerWire.Of(await search.OneAsync(viewer, BrokerRoutes.Key(brokerId), Name(alertName), ct)));

    private static async Task<IResult> CutoutsAsync(string brokerId, string alertName, Viewer viewer, ApiQuery query, SearchBroker search, CancellationToken ct)
    {
        var (cutouts, survey) = await search.CutoutsAsync(viewer, BrokerRoutes.Key(brokerId), Name(alertName), query.Text("objectId"), ct);
        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["candid"] = cutouts.AlertId,
            ["survey"] = survey,
            ["cutoutScience"] = cutouts.Science,
            ["cutoutTemplate"] = cutouts.Template,
            ["cutoutDifference"] = cutouts.Difference,
        });
    }

    private static async Task<IResult> PhotometryAsync(string brokerId, string alertName, Viewer viewer, ApiQuery query, ReadBrokerPhotometry read, CancellationToken ct)
    {
        var output = PhotometryOutput.From(query, plot: false);
        return ApiResults.Success(Rows(await read.HandleAsync(viewer, BrokerRoutes.Key(brokerId), Name(alertName), query.Bool("refresh"), ct), output));
    }

    private static async Task<IResult> SurveyPhotometryAsync(string alertName, Viewer viewer, ApiQuery query, ReadBrokerPhotometry read, CancellationToken ct)
    {
        var survey = query.Text("survey") ?? throw Refusal.Invalid("Missing required parameter: survey.");
        var output = PhotometryOutput.From(query, plot: false);
        return ApiResults.Success(Rows(await read.OfSurveyAsync(viewer, survey.ToUpperInvariant(), Name(alertName), query.Bool("refresh"), ct), output));
    }

    // Points that are not kept have no id and no time of their own.
    private static List<Dictionary<string, object?>> Rows(BrokerLightCurve curve, PhotometryOutput output)
    {
        var rows = PhotometryWire.Rows(curve.View, output);
        foreach (var row in rows.Where(row => row["id"] is 0L))
        {
            row["id"] = null;
            row["created_at"] = null;
        }

        return rows;
    }

    private static async Task<IResult> SaveAsync(string brokerId, string alertName, Viewer viewer, ApiBody body, ImportFromBroker import, CancellationToken ct) =>
        Imported(await import.SaveAsync(viewer, BrokerRoutes.Key(brokerId), Name(alertName), Groups(body), ct));

    private static async Task<IResult> SaveNearestAsync(string brokerId, Viewer viewer, ApiBody body, ImportFromBroker import, CancellationToken ct)
    {
        if (!SkyPosition.TryCreate(body.RequiredNumber("ra"), body.RequiredNumber("dec"), out var center, out var error))
        {
            throw Refusal.Invalid($"Invalid position: {error}");
        }

        return Imported(await import.SaveNearestAsync(viewer, BrokerRoutes.Key(brokerId), center, body.Number("radius") ?? DefaultRadiusArcsec, Groups(body), ct));
    }

    private static async Task<IResult> RefreshAsync(string brokerId, string objId, Viewer viewer, ImportFromBroker import, CancellationToken ct) =>
        Imported(await import.RefreshAsync(viewer, BrokerRoutes.Key(brokerId), objId, ct));

    private static IResult Imported(ImportResult result) =>
        ApiResults.Success(new { id = result.ObjId, result.Found, result.Added, result.Dropped, result.Pictures, result.Warnings });

    private static async Task<IResult> ConeAsync(string brokerId, Viewer viewer, ApiQuery query, SearchBroker search, CancellationToken ct)
    {
        if (query.Text("ra") is null || query.Text("dec") is null || query.Text("radius") is null)
        {
            throw Refusal.Invalid("Missing required parameters: ra, dec, radius.");
        }

        return ApiResults.Success(await search.ConeAsync(viewer, BrokerRoutes.Key(brokerId), Center(query)!.Value, RadiusArcsec(query), ct));
    }

    private static AlertQuery Query(ApiQuery query)
    {
        var parsed = new AlertQuery
        {
            ObjectId = query.Text("objectId") ?? query.Text("object_id"),
            AlertId = query.Text("candid"),
            Survey = query.Text("survey"),
            Center = Center(query),
            RadiusArcsec = RadiusArcsec(query),
            StartJd = query.StrictNumber("jd_start"),
            EndJd = query.StrictNumber("jd_end"),
            Limit = Math.Clamp(query.StrictInt("limit") ?? 200, 1, 1000),
        };
        _ = parsed.ObjectId is { } objectId ? Name(objectId) : null;
        _ = parsed.AlertId is { } alertId ? Name(alertId) : null;
        return parsed.ObjectId is null && parsed.AlertId is null && parsed.Center is null
            ? throw Refusal.Invalid("Missing required parameters: objectId, or ra and dec, or candid.")
            : parsed;
    }

    private static SkyPosition? Center(ApiQuery query)
    {
        if (query.Text("ra") is not { } ra || query.Text("dec") is not { } dec)
        {
            return null;
        }

        return SkyPosition.TryParse(ra, dec, out var center) ? center : throw Refusal.Invalid("Invalid ra or dec: degrees or sexagesimal are needed.");
    }

    private static double RadiusArcsec(ApiQuery query) => (query.StrictNumber("radius") ?? DefaultRadiusArcsec) * (query.Text("radius_units") ?? "arcsec") switch
    {
        "arcsec" => 1,
        "arcmin" => 60,
        "deg" => 3600,
        var other => throw Refusal.Invalid($"Invalid radius_units: {other} is not one of deg, arcmin, arcsec."),
    };

    private static string Name(string name) => Domain.Sources.ObjNames.AreLettersRight(name) && !Domain.Sources.ObjNames.IsUnreachable(name)
        ? name
        : throw Refusal.Invalid("Invalid object or alert ID: only letters, numbers, and - _ ; : + . are allowed.");

    private static int[] Groups(ApiBody body) => body.Ints("group_ids") is { Length: > 0 } groups
        ? groups
        : throw Refusal.Invalid("Invalid/missing parameters: group_ids: List should have at least 1 item");
}
