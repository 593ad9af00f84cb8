using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Discussion;
using SkyPortal.Infrastructure.Sources;

namespace SkyPortal.Web.Api.Sources;

/// <summary>
/// Writes every source of a list, or every row that hangs on them, one by one: a batch is read behind the last, so that the memory
/// is that of a batch, and what is saved meanwhile neither repeats nor hides a source.
/// </summary>
internal sealed class SourceExport(SearchSources search, Viewer viewer, SourceCriteria criteria, SourceListIncludes includes, ExportShape shape) : IResult
{
    private const int Batch = 500;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var ct = httpContext.RequestAborted;
        var response = httpContext.Response;
        // Read ahead of the first byte, so that what is wrong with the question is said in the usual way.
        var page = await ReadAsync("", ct);
        response.ContentType = shape.IsCsv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename={shape.Rows}.{(shape.IsCsv ? "csv" : "ndjson")}";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Total-Matches"] = page.TotalMatches.ToString(CultureInfo.InvariantCulture);
        if (shape.IsCsv)
        {
            Csv.Line(response.BodyWriter, shape.Columns.Select(column => (object?)column.Name));
        }

        while (true)
        {
            foreach (var row in page.Sources.SelectMany(shape.RowsOf))
            {
                Write(response.BodyWriter, row);
            }

            await response.BodyWriter.FlushAsync(ct);
            if (page.NextCursor is not { } next)
            {
                return;
            }

            page = await ReadAsync(next, ct);
        }
    }

    private Task<SourcePage> ReadAsync(string cursor, CancellationToken ct) =>
        search.HandleAsync(viewer, criteria with { Cursor = cursor, PageNumber = 1, NumPerPage = Batch }, includes, null, ct);

    private void Write(PipeWriter writer, object row)
    {
        if (shape.IsCsv)
        {
            Csv.Line(writer, shape.Columns.Select(column => column.Get(row)));
            return;
        }

        using (var json = new Utf8JsonWriter(writer, new JsonWriterOptions { Encoder = ApiJson.Options.Encoder, SkipValidation = true }))
        {
            JsonSerializer.Serialize(json, shape.Json(row), ApiJson.Options);
        }

        writer.Write("\n"u8);
    }
}

/// <summary>What an export writes.</summary>
/// <param name="Rows">Kind of row; also the name of the file.</param>
/// <param name="Columns">Columns of a file of comma-separated values.</param>
/// <param name="RowsOf">The rows of a source.</param>
/// <param name="Json">A row as it is written where each is an object.</param>
internal sealed record ExportShape(
    string Rows, bool IsCsv, IReadOnlyList<(string Name, Func<object, object?> Get)> Columns, Func<ObjRecord, IEnumerable<object>> RowsOf, Func<object, object> Json)
{
    private static readonly string[] Summary =
    [
        "id", "ra", "dec", "gal_lon", "gal_lat", "tns_name", "mpc_name", "alias", "origin", "redshift", "redshift_error", "redshift_origin", "luminosity_distance", "dm",
        "classifications", "groups", "saved_at", "saved_by", "created_at", "modified",
    ];

    /// <summary>Reads what is wanted; refuses formats and rows that there are not.</summary>
    public static (ExportShape Shape, SourceListIncludes Includes) Read(ApiQuery query)
    {
        var isCsv = IsCsvWanted(query);
        var fields = SourceFields.Read(query);
        var includes = SourceFields.Includes(query, fields);
        return query.Text("rows") switch
        {
            null or "sources" => (Sources(isCsv, fields), isCsv && fields is null ? includes with { Fields = new HashSet<string> { "classifications", "groups" } } : includes),
            "classifications" => Part<ClassificationRecord>("classifications", isCsv, includes),
            "annotations" => Part<AnnotationRecord>("annotations", isCsv, includes),
            "comments" => Part<CommentRecord>("comments", isCsv, includes with { Comments = true }),
            var other => throw Refusal.Invalid($"Invalid rows: {other} is none of sources, classifications, annotations, comments and photometry."),
        };
    }

    /// <summary>Reads the format; refuses one that there is not.</summary>
    public static bool IsCsvWanted(ApiQuery query) => (query.Text("format") ?? "csv").ToLowerInvariant() switch
    {
        "csv" => true,
        "ndjson" => false,
        var other => throw Refusal.Invalid($"Invalid format: {other} is neither csv nor ndjson."),
    };

    private static ExportShape Sources(bool isCsv, IReadOnlyList<string>? fields) => new(
        "sources", isCsv, [.. (fields ?? Summary).Select(name => (name, (Func<object, object?>)(row => Cell((ObjRecord)row, name))))],
        source => [source], row => SourceFields.Pick((ObjRecord)row, fields));

    private static (ExportShape Shape, SourceListIncludes Includes) Part<T>(string name, bool isCsv, SourceListIncludes includes)
        where T : class => (
            new ExportShape(name, isCsv, SourceFields.Of(typeof(T)), source => source.Parts.GetValueOrDefault(name) as IEnumerable<T> ?? [], row => row),
            includes with { Fields = new HashSet<string> { name }, Nested = true });

    // Lists are summed up in a word each: a cell is read by people and spreadsheets.
    private static object? Cell(ObjRecord source, string name)
    {
        var groups = source.Parts.GetValueOrDefault("groups") as IReadOnlyList<SavedGroupRecord> ?? [];
        return name switch
        {
            "groups" => string.Join("; ", groups.Select(group => group.Name)),
            "classifications" => string.Join("; ", (source.Parts.GetValueOrDefault(name) as IReadOnlyList<ClassificationRecord> ?? []).Select(one => one.Classification)),
            "alias" => string.Join("; ", source.Alias ?? []),
            "saved_at" => groups.MaxBy(group => group.SavedAt)?.SavedAt,
            "saved_by" => groups.MaxBy(group => group.SavedAt)?.SavedBy?.Username,
            _ => SourceFields.Value(source, name),
        };
    }
}

/// <summary>Writes lines of comma-separated values (RFC 4180, UTF-8, line feeds).</summary>
internal static class Csv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>Writes a line; texts are quoted where they must be, times are UTC, what is no plain value is JSON.</summary>
    public static void Line(PipeWriter writer, IEnumerable<object?> cells)
    {
        var line = new StringBuilder();
        line.AppendJoin(',', cells.Select(Text)).Append('\n');
        Encoding.UTF8.GetBytes(line.ToString(), writer);
    }

    private static string Text(object? cell)
    {
        var text = cell switch
        {
            null => "",
            string word => word,
            DateTime time => ApiJson.Time(time),
            double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
            bool yes => yes ? "true" : "false",
            IFormattable value and (int or long or float or Guid) => value.ToString(null, CultureInfo.InvariantCulture),
            _ => JsonSerializer.Serialize(cell, ApiJson.Options),
        };
        return text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
