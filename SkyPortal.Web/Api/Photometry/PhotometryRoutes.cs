using System.Globalization;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Infrastructure.Sources;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Points: upload, read, change, delete.</summary>
public static class PhotometryRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapPhotometry(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/photometry", PostAsync).Needs(Acl.UploadData).WithName("PostPhotometry");
        routes.MapPut("/api/photometry", PutAsync).Needs(Acl.UploadData).WithName("PutPhotometry");
        routes.MapGet("/api/photometry", () => NoId()).SignedIn().WithName("GetPhotometryWithoutId");
        routes.MapGet("/api/photometry/origins", () => ApiResults.Error(400, "This feature is deprecated")).SignedIn().WithName("GetPhotometryOrigins");
        routes.MapGet("/api/photometry/{id}", GetAsync).SignedIn().WithName("GetPhotometry");
        routes.MapPatch("/api/photometry/{id}", PatchAsync).Needs(Acl.UploadData).WithName("PatchPhotometry");
        routes.MapDelete("/api/photometry/{id}", DeleteAsync).Needs(Acl.UploadData).WithName("DeletePhotometry");
        routes.MapDelete("/api/photometry/bulk_delete/{uploadId}", DeleteUploadAsync).Needs(Acl.DeleteBulkPhotometry).WithName("DeletePhotometryUpload");
        routes.MapGet("/api/sources/{objId}/photometry", GetOfSourceAsync).SignedIn().WithName("GetSourcePhotometry");
        routes.MapDelete("/api/sources/{objId}/photometry", DeleteOfSourceAsync).Needs(Acl.DeleteBulkPhotometry).WithName("DeleteSourcePhotometry");
        routes.MapPhotometryRange();
        routes.MapSharing();
        routes.MapSeries();
        routes.MapPhotometryValidations();
    }

    private static async Task<IResult> PostAsync(Viewer viewer, PhotometryBody body, ApiQuery query, PostPhotometry post, CancellationToken ct) =>
        query.Bool("report")
            ? ApiResults.Success(await post.ReportAsync(viewer, body.Root, ct))
            : ApiResults.Success(await post.HandleAsync(viewer, body.Root, ct));

    private static async Task<IResult> PutAsync(Viewer viewer, PhotometryBody body, ApiQuery query, PutPhotometry put, CancellationToken ct) =>
        ApiResults.Success(new { ids = await put.HandleAsync(viewer, body.Root, query.Bool("duplicate_ignore_flux"), query.Bool("overwrite_flux"), ct) });

    private static IResult NoId() => ApiResults.Error(400, "Missing required parameter: photometry_id");

    private static async Task<IResult> GetAsync(
        string id, Viewer viewer, ApiQuery query, ReadPhotometry read, ReadPhotometryAnnotations readAnnotations,
        ReadPhotometryValidations readValidations, CancellationToken ct)
    {
        var key = Key(id);
        var output = PhotometryOutput.From(query, plot: false) with { Annotations = true };
        var view = await readAnnotations.AddToAsync(viewer, await read.OneAsync(viewer, key, ct), ct);
        view = output.Validations ? await readValidations.AddToAsync(viewer, view, ct) : view;
        return view.Points.Count == 1
            ? ApiResults.Success(PhotometryWire.Row(view.Points[0], view, output))
            : ApiResults.Error(400, $"Cannot find photometry point with ID: {key}.");
    }

    private static async Task<IResult> PatchAsync(string id, Viewer viewer, ApiBody body, ChangePhotometry change, CancellationToken ct)
    {
        await change.HandleAsync(viewer, Key(id), body.Root, ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteAsync(string id, Viewer viewer, DeletePhotometry delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(id), ct);
        return ApiResults.Success();
    }

    private static async Task<IResult> DeleteUploadAsync(string uploadId, Viewer viewer, DeletePhotometryUpload delete, CancellationToken ct) =>
        ApiResults.Success($"Deleted {await delete.HandleAsync(viewer, uploadId, ct)} photometry point(s).");

    private static async Task<IResult> GetOfSourceAsync(
        string objId, Viewer viewer, ApiQuery query, ReadPhotometry read, ReadPhotometryAnnotations readAnnotations,
        ReadPhotometryValidations readValidations, FindObject find, ReadSuperObjs supers, SearchSeries searchSeries, AddExtinction extinction, PhotometryParts parts,
        CancellationToken ct)
    {
        var export = PhotometryExport.IsCsv(query);
        var output = PhotometryOutput.From(query, plot: export is null, export is null ? "mag" : "both");
        var series = query.Text("individualOrSeries") ?? "both";
        if (series is not ("individual" or "series" or "both"))
        {
            throw Refusal.Invalid($"Invalid individualOrSeries: {series}");
        }

        if (!await find.IsVisibleAsync(viewer, objId, ct))
        {
            return ApiResults.Error(403, $"Insufficient permissions for User {viewer.UserId} to read Obj {objId}");
        }

        string[] ids = query.Bool("includeSuperObjsPhotometry") ? await supers.WithAssociatedAsync(viewer, objId, ct) : [objId];
        double? period = query.Bool("phaseFoldData")
            ? await find.PeriodDaysAsync(viewer, objId, ct) ?? throw Refusal.Invalid($"No period for object {objId} available in its annotations.")
            : null;
        if (export is { } csv)
        {
            var shape = new PhotometryShape(output, query.Bool("includeExtinction"), query.Bool("deduplicatePhotometry"), period);
            return series == "series"
                ? throw Refusal.Invalid("Invalid individualOrSeries: an export holds individual points; series are read under /api/photometric_series.")
                : new PhotometryExport(objId, csv, output.Format, PhotometryExport.Columns(query, output), parts.OfObjectsAsync(viewer, ids, shape, ct));
        }

        var view = series == "series" ? PhotometryView.OfPoints() : await read.OfObjectsAsync(viewer, ids, ct);
        if (query.Bool("deduplicatePhotometry"))
        {
            view = view with { Points = PhotometryParts.Newest(view.Points) };
        }

        view = output.Annotations ? await readAnnotations.AddToAsync(viewer, view, ct) : view;
        view = output.Validations ? await readValidations.AddToAsync(viewer, view, ct) : view;
        var rows = PhotometryWire.Rows(view, output);
        if (query.Bool("includeExtinction") && output.Format != PhotometryFormat.Plot)
        {
            await extinction.AddToAsync(viewer, rows, ct);
        }

        if (series != "individual" && output.Format != PhotometryFormat.Plot)
        {
            rows.AddRange((await searchSeries.OfObjectsAsync(viewer, ids, ct)).SelectMany(SeriesWire.Points));
        }

        rows.Sort((one, other) => ((double)one["mjd"]!).CompareTo((double)other["mjd"]!));
        if (period is { } days)
        {
            rows.ForEach(row => row["phase"] = PhotometryParts.Phase((double)row["mjd"]!, days));
        }

        return ApiResults.Success(rows);
    }

    private static async Task<IResult> DeleteOfSourceAsync(string objId, Viewer viewer, DeleteObjectPhotometry delete, CancellationToken ct) =>
        ApiResults.Success($"Deleted {await delete.HandleAsync(viewer, objId, ct)} photometry point(s) of {objId}.");

    internal static long Key(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key)
        ? key
        : throw Refusal.Invalid($"Invalid photometry_id: {id}");
}
