using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>Photometric series.</summary>
internal static class SeriesRoutes
{
    private static readonly string[] Fields =
    [
        "data", "series_name", "series_obj_id", "obj_id", "instrument_id", "ra", "dec", "exp_time", "filter", "channel", "origin", "limiting_mag", "magref", "e_magref", "ref_flux", "ref_fluxerr",
        "ra_unc", "dec_unc", "followup_request_id", "assignment_id", "time_stamp_alignment", "altdata", "group_ids", "stream_ids",
    ];

    public static void MapSeries(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/photometric_series", ListAsync).Needs(Acl.UploadData).WithName("ListSeries");
        routes.MapGet("/api/photometric_series/{seriesId}", GetAsync).Needs(Acl.UploadData).WithName("GetSeries");
        routes.MapPost("/api/photometric_series", PostAsync).Needs(Acl.UploadData).WithName("PostSeries");
        routes.MapPatch("/api/photometric_series/{seriesId}", PatchAsync).Needs(Acl.UploadData).WithName("PatchSeries");
        routes.MapDelete("/api/photometric_series/{seriesId}", DeleteAsync).Needs(Acl.UploadData).WithName("DeleteSeries");
    }

    private static async Task<IResult> ListAsync(Viewer viewer, ApiQuery query, SearchSeries search, SeriesData data, CancellationToken ct)
    {
        var format = Format(query, "none");
        var criteria = SeriesQueries.Read(query);
        var page = await search.HandleAsync(viewer, criteria, ct);
        var rows = new List<Dictionary<string, object?>>();
        foreach (var record in page.Series)
        {
            rows.Add(await SeriesWire.RowAsync(record, data, format, ct));
        }

        return ApiResults.Success(new Dictionary<string, object?>
        {
            ["series"] = rows, ["totalMatches"] = page.TotalMatches, ["numPerPage"] = criteria.NumPerPage, ["pageNumber"] = criteria.PageNumber,
        });
    }

    private static async Task<IResult> GetAsync(string seriesId, Viewer viewer, ApiQuery query, SearchSeries search, SeriesData data, CancellationToken ct)
    {
        var format = Format(query, "json");
        var record = await search.OneAsync(viewer, Key(seriesId), ct) ?? throw Refusal.Invalid("Invalid photometric series ID.");
        return ApiResults.Success(await SeriesWire.RowAsync(record, data, format, ct));
    }

    private static async Task<IResult> PostAsync(Viewer viewer, ApiBody body, PostSeries post, CancellationToken ct)
    {
        try
        {
            return ApiResults.Success(new { Id = await post.HandleAsync(viewer, Read(body), ct) });
        }
        catch (Refusal refusal)
        {
            throw new Refusal(refusal.Kind, $"Unable to post photometric series: {refusal.Message}", refusal);
        }
    }

    private static async Task<IResult> PatchAsync(string seriesId, Viewer viewer, ApiBody body, ChangeSeries change, CancellationToken ct)
    {
        var id = Key(seriesId);
        await change.HandleAsync(viewer, id, Read(body), ct);
        return ApiResults.Success(new { Id = id });
    }

    private static async Task<IResult> DeleteAsync(string seriesId, Viewer viewer, DeleteSeries delete, CancellationToken ct)
    {
        await delete.HandleAsync(viewer, Key(seriesId), ct);
        return ApiResults.Success();
    }

    private static SeriesDataFormat Format(ApiQuery query, string fallback) => (query.Text("dataFormat") ?? fallback) switch
    {
        "json" => SeriesDataFormat.Json,
        "none" => SeriesDataFormat.None,
        "hdf5" => SeriesDataFormat.Hdf5,
        var other => throw Refusal.Invalid($"Invalid dataFormat: {other}; it must be json, hdf5 or none."),
    };

    private static SeriesFields Read(ApiBody body)
    {
        body.AllowOnly(Fields);
        var everybody = body.Element("group_ids") is { ValueKind: JsonValueKind.String } text && text.GetString() == "all";
        return new SeriesFields
        {
            Data = body.Element("data"),
            SeriesName = body.Text("series_name"),
            SeriesObjId = body.Text("series_obj_id"),
            ObjId = body.Text("obj_id"),
            InstrumentId = body.Int("instrument_id"),
            Ra = body.Number("ra"),
            Dec = body.Number("dec"),
            ExpTime = body.Number("exp_time"),
            Filter = body.Text("filter"),
            Channel = body.Text("channel"),
            Origin = body.Text("origin"),
            LimitingMag = body.Number("limiting_mag"),
            Magref = body.Number("magref"),
            EMagref = body.Number("e_magref"),
            RefFlux = body.Number("ref_flux"),
            RefFluxerr = body.Number("ref_fluxerr"),
            RaUnc = body.Number("ra_unc"),
            DecUnc = body.Number("dec_unc"),
            FollowupRequestId = body.Int("followup_request_id"),
            AssignmentId = body.Int("assignment_id"),
            TimeStampAlignment = body.Text("time_stamp_alignment"),
            Altdata = body.Object("altdata"),
            GroupIds = everybody ? null : body.Ints("group_ids"),
            WithPublicGroup = everybody,
            StreamIds = body.Ints("stream_ids"),
        };
    }

    private static long Key(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : throw Refusal.Invalid($"Invalid photometric_series_id: {id}");
}
