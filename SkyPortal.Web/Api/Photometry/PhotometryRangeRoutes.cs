using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Points of all objects by time, and copies from one object to another.</summary>
internal static class PhotometryRangeRoutes
{
    public static void MapPhotometryRange(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/photometry/range", Range).SignedIn().WithName("GetPhotometryRange");
        routes.MapPost("/api/sources/{objId}/copy_photometry", CopyAsync).Needs(Acl.UploadData).WithName("CopyPhotometry");
    }

    // Clients send the bounds in the body; those that cannot give a GET a body say the same in the query.
    private static PhotometryListReply Range(Viewer viewer, ApiBody body, ApiQuery query, ReadPhotometry read, CancellationToken ct)
    {
        body.AllowOnly("instrument_ids", "min_date", "max_date");
        var output = PhotometryOutput.From(query, plot: false);
        if (output.Format == PhotometryFormat.Both)
        {
            throw Refusal.Invalid("Invalid output format specified. Must be one of ['flux', 'mag']: both");
        }

        var range = new PhotometryRange(
            body.Ints("instrument_ids") ?? query.Ints("instrument_ids", "Invalid instrument_ids: a list of integers is needed."),
            Mjd(body.Time("min_date") ?? query.Time("min_date")),
            Mjd(body.Time("max_date") ?? query.Time("max_date")));
        if (range.MinMjd > range.MaxMjd)
        {
            throw Refusal.Invalid("Invalid min_date: it is after max_date.");
        }

        return new PhotometryListReply(
            read.BatchesInRangeAsync(viewer, range, PhotometryListReply.Without(output.MagSystem), ct),
            output with { Owner = false, Streams = false, Annotations = false, Validations = false });
    }

    private static async Task<IResult> CopyAsync(string objId, Viewer viewer, ApiBody body, CopyPhotometry copy, CancellationToken ct)
    {
        body.AllowOnly("origin_id", "group_ids");
        var groups = body.Ints("group_ids") ?? throw ApiBody.Wrong("group_ids", "Field required");
        return ApiResults.Success(await copy.HandleAsync(viewer, objId, body.RequiredText("origin_id"), groups, ct));
    }

    private static double? Mjd(DateTime? time) => time is { } moment
        ? Domain.Astronomy.Mjd.FromDateTimeOffset(new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc))).UtcDays
        : null;
}
