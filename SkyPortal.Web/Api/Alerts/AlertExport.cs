using System.Buffers;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>
/// Writes every alert of a search, in order of time, as it is read: lines of JSON, comma-separated values, or a tar of the original
/// packets. What breaks after the first byte ends with a mark that says so; a file without the mark is whole.
/// </summary>
internal sealed class AlertExport(Viewer viewer, AlertCriteria criteria, AlertExportFormat format, SearchAlerts search, ReadOriginals originals, ILogger<AlertExport> logger) : IResult
{
    private const string Broken = "The export broke off here: what follows is missing.";
    private const int MostNamedSkips = 10_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = format switch { AlertExportFormat.Csv => "text/csv; charset=utf-8", AlertExportFormat.Tar => "application/x-tar", _ => "application/x-ndjson; charset=utf-8" };
        response.Headers.ContentDisposition = $"attachment; filename=alerts.{format.ToString().ToLowerInvariant()}";
        response.Headers.CacheControl = "no-store";
        try
        {
            await (format == AlertExportFormat.Tar ? TarAsync(response, ct) : LinesAsync(response, ct));
        }
        catch (Exception error) when (response.HasStarted && !ct.IsCancellationRequested)
        {
            logger.LogError(error, "An export of alerts broke off");
            await response.WriteAsync(format == AlertExportFormat.Csv ? $"# error: {Broken}\n" : JsonSerializer.Serialize(new { error = Broken }) + "\n", ct);
        }
    }

    private async Task LinesAsync(HttpResponse response, CancellationToken ct)
    {
        var columns = AlertColumns.Of(criteria);
        var isFirst = true;
        await foreach (var batch in search.ReadAllAsync(viewer, criteria, ct))
        {
            if (isFirst && format == AlertExportFormat.Csv)
            {
                columns.Head(response.BodyWriter);
            }

            isFirst = false;
            foreach (var alert in batch)
            {
                if (format == AlertExportFormat.Csv)
                {
                    columns.Row(response.BodyWriter, alert);
                }
                else
                {
                    Line(response.BodyWriter, AlertWire.Row(alert, withFields: true));
                }
            }

            await response.BodyWriter.FlushAsync(ct);
        }
    }

    private async Task TarAsync(HttpResponse response, CancellationToken ct)
    {
        await using var packets = originals.HandleAsync(viewer, criteria, ct).GetAsyncEnumerator(ct);
        // Read ahead of the first byte, so that what is wrong with the search is said in the usual way.
        var more = await packets.MoveNextAsync();
        await using var tar = new TarWriter(response.Body, leaveOpen: true);
        try
        {
            var (skipped, names) = (0, new StringBuilder());
            for (; more; more = await packets.MoveNextAsync())
            {
                var (alert, bytes) = packets.Current;
                var name = string.Create(CultureInfo.InvariantCulture, $"{alert.Survey}/{alert.AlertId}.avro");
                if (bytes is not null)
                {
                    await tar.WriteEntryAsync(Entry(name, bytes, alert.Time), ct);
                }
                else if (++skipped <= MostNamedSkips)
                {
                    names.Append(name).Append('\n');
                }
            }

            if (skipped > 0)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{skipped} packets are left out: they also hold measurements of programmes whose streams you do not have.\n");
                await tar.WriteEntryAsync(Entry("LEFT_OUT.txt", Encoding.UTF8.GetBytes(text + names), DateTime.UnixEpoch), ct);
            }
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            logger.LogError(error, "An export of packets broke off");
            await tar.WriteEntryAsync(Entry("INCOMPLETE.txt", Encoding.UTF8.GetBytes(Broken + "\n"), DateTime.UnixEpoch), ct);
        }
    }

    private static UstarTarEntry Entry(string name, byte[] bytes, DateTime time) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes, writable: false), ModificationTime = new DateTimeOffset(time, TimeSpan.Zero) };

    private static void Line(PipeWriter writer, object row)
    {
        using (var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(json, row, ApiJson.Options);
        }

        writer.Write("\n"u8);
    }
}

/// <summary>What an export writes.</summary>
internal enum AlertExportFormat
{
    Ndjson,
    Csv,
    Tar,
}
