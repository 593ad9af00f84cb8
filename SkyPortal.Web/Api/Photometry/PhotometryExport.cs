using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using SkyPortal.Domain;
using SkyPortal.Domain.Photometry;
using SkyPortal.Infrastructure.Photometry;

namespace SkyPortal.Web.Api.Photometry;

/// <summary>
/// A light curve as a file, written point by point as it is read: rows of comma-separated values under a fixed header, or one JSON
/// object a line with the same names. Times are UTC MJD in days; flux, fluxerr, ref_flux and ref_fluxerr are microjansky (zp 23.9);
/// mag, magerr and limiting_mag are AB magnitudes; ra and dec are degrees, ra_unc and dec_unc arcseconds. What is not known is empty.
/// </summary>
internal sealed class PhotometryExport(string objId, bool csv, IAsyncEnumerable<PointRecord> points) : IResult
{
    private const int FlushBytes = 1 << 16;

    private static readonly string[] Columns =
    [
        "id", "obj_id", "mjd", "filter", "flux", "fluxerr", "zp", "mag", "magerr", "limiting_mag", "magsys", "snr", "instrument_id", "instrument_name", "origin", "ra", "dec",
        "ra_unc", "dec_unc", "ref_flux", "ref_fluxerr", "altdata", "created_at",
    ];

    private static readonly PhotometryOutput Output = new(PhotometryFormat.Both, MagnitudeSystems.Ab, Owner: false, Streams: false, Annotations: false, Validations: false);

    /// <summary>The header line of the comma-separated file.</summary>
    public static string Header => string.Join(',', Columns);

    /// <summary>Reads which file is wanted; null for none. Refuses kinds that are none, and anything but the AB system.</summary>
    public static bool? IsCsv(ApiQuery query)
    {
        var csv = query.Text("export") switch
        {
            null => (bool?)null,
            "csv" => true,
            "ndjson" => false,
            var other => throw Refusal.Invalid($"Invalid export: {other} is neither csv nor ndjson."),
        };
        return csv is null || query.Text("magsys") is null or MagnitudeSystems.Ab
            ? csv
            : throw Refusal.Invalid("Invalid magsys: an export is in the AB system; leave magsys out.");
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{objId}.{(csv ? "csv" : "ndjson")}");
        response.ContentType = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        response.Headers.ContentDisposition = disposition.ToString();
        var text = new StringBuilder(csv ? Header + "\r\n" : "");
        await foreach (var point in points.WithCancellation(ct))
        {
            var row = PhotometryWire.Row(point, PhotometryView.OfPoints(point), Output);
            if (csv)
            {
                text.AppendJoin(',', Columns.Select(column => Quoted(Text(row.GetValueOrDefault(column))))).Append("\r\n");
            }
            else
            {
                text.Append(JsonSerializer.Serialize(Columns.ToDictionary(column => column, row.GetValueOrDefault), ApiJson.Options)).Append('\n');
            }

            if (text.Length >= FlushBytes)
            {
                await WriteAsync(response, text, ct);
            }
        }

        await WriteAsync(response, text, ct);
    }

    private static async Task WriteAsync(HttpResponse response, StringBuilder text, CancellationToken ct)
    {
        await response.WriteAsync(text.ToString(), Encoding.UTF8, ct);
        text.Clear();
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        DateTime time => ApiJson.Time(time),
        JsonElement json => json.GetRawText(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
