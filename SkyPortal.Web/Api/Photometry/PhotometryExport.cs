using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>
/// A light curve as a file, written part by part as it is read: rows of comma-separated values under a fixed header, or one JSON
/// object a line with the same names. Times are UTC MJD in days; flux, fluxerr, ref_flux and ref_fluxerr are microjansky, of the
/// zero point in zp; mag, magerr and limiting_mag are of the system in magsys; ra and dec are degrees, ra_unc and dec_unc
/// arcseconds. What is not known is empty. What else the query asks for comes in columns behind these.
/// </summary>
internal sealed class PhotometryExport(string objId, bool csv, PhotometryFormat format, IReadOnlyList<string> more, IAsyncEnumerable<List<Dictionary<string, object?>>> parts) : IResult
{
    private static readonly string[] InMag = ["mag", "magerr", "limiting_mag"];
    private static readonly string[] InFlux = ["flux", "fluxerr", "zp", "ref_flux", "ref_fluxerr"];

    private static readonly string[] All =
    [
        "id", "obj_id", "mjd", "filter", "flux", "fluxerr", "zp", "mag", "magerr", "limiting_mag", "magsys", "snr", "instrument_id", "instrument_name", "origin", "ra", "dec",
        "ra_unc", "dec_unc", "ref_flux", "ref_fluxerr", "altdata", "created_at",
    ];

    private readonly string[] _columns =
    [
        .. All.Where(column => (format != PhotometryFormat.Mag || !InFlux.Contains(column)) && (format != PhotometryFormat.Flux || !InMag.Contains(column))), .. more,
    ];

    /// <summary>Reads which file is wanted; null for none. Refuses kinds that are none.</summary>
    public static bool? IsCsv(ApiQuery query) => query.Text("export") switch
    {
        null => null,
        "csv" => true,
        "ndjson" => false,
        var other => throw Refusal.Invalid($"Invalid export: {other} is neither csv nor ndjson."),
    };

    /// <summary>The columns that the query asks for behind the fixed ones.</summary>
    public static IReadOnlyList<string> Columns(ApiQuery query, PhotometryOutput output) =>
    [
        .. output.Owner ? ["owner"] : Array.Empty<string>(),
        .. output.Streams ? ["streams"] : Array.Empty<string>(),
        .. output.Annotations ? ["annotations"] : Array.Empty<string>(),
        .. output.Validations ? ["validations"] : Array.Empty<string>(),
        .. query.Bool("includeExtinction")
            ? ["extinction", .. output.Format == PhotometryFormat.Flux ? [] : new[] { "mag_corr" }, .. output.Format == PhotometryFormat.Mag ? [] : new[] { "flux_corr" }]
            : Array.Empty<string>(),
        .. query.Bool("phaseFoldData") ? ["phase"] : Array.Empty<string>(),
    ];

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        var text = new StringBuilder(csv ? string.Join(',', _columns) + "\r\n" : "");
        await foreach (var part in parts.WithCancellation(ct))
        {
            // Nothing is promised before the first part is there, so that what is refused until then gets its own reply.
            Begin(response);
            foreach (var row in part)
            {
                if (csv)
                {
                    text.AppendJoin(',', _columns.Select(column => Quoted(Text(row.GetValueOrDefault(column))))).Append("\r\n");
                }
                else
                {
                    text.Append(JsonSerializer.Serialize(_columns.ToDictionary(column => column, row.GetValueOrDefault), ApiJson.Options)).Append('\n');
                }
            }

            await response.WriteAsync(text.ToString(), Encoding.UTF8, ct);
            text.Clear();
        }

        Begin(response);
        await response.WriteAsync(text.ToString(), Encoding.UTF8, ct);
    }

    private void Begin(HttpResponse response)
    {
        if (!response.HasStarted)
        {
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName($"{objId}.{(csv ? "csv" : "ndjson")}");
            response.ContentType = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
            response.Headers.ContentDisposition = disposition.ToString();
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string word => word,
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        DateTime time => ApiJson.Time(time),
        JsonElement json => json.GetRawText(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(value, ApiJson.Options),
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
