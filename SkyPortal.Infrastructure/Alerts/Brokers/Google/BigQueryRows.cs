using System.Text.Json;
using System.Text.Json.Nodes;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Alerts.Brokers.Google;

/// <summary>Reads rows of BigQuery: values come as texts under f and v, in the order of the schema; records and lists are nested.</summary>
internal static class BigQueryRows
{
    private const int Deepest = 4;

    /// <summary>The rows of a page as records by the names of their columns; values stay texts.</summary>
    /// <exception cref="OutsideException">They cannot be read.</exception>
    public static IReadOnlyList<JsonElement> Read(OutsideService service, JsonElement page)
    {
        if (BrokerJson.Maybe(page, "rows") is not { } list)
        {
            return [];
        }

        var columns = Columns(service, BrokerJson.Field(service, page, "schema"), 0);
        return [.. BrokerJson.Rows(service, list, "its list of rows").Select(row => JsonSerializer.SerializeToElement(Record(service, columns, row)))];
    }

    private static List<Column> Columns(OutsideService service, JsonElement schema, int depth)
    {
        if (depth > Deepest)
        {
            throw OutsideException.Unreadable(service, "its records are nested too deep.");
        }

        return [.. BrokerJson.Rows(service, BrokerJson.Field(service, schema, "fields"), "its list of columns").Select(field => new Column(
            Word(service, field, "name"),
            Word(service, field, "type") is "RECORD" or "STRUCT" ? Columns(service, field, depth + 1) : null,
            BrokerJson.Text(field, "mode") == "REPEATED"))];
    }

    private static string Word(OutsideService service, JsonElement field, string name) =>
        BrokerJson.Text(field, name) is { Length: > 0 } text ? text : throw OutsideException.Unreadable(service, $"a column has no {name}.");

    private static JsonObject Record(OutsideService service, List<Column> columns, JsonElement row)
    {
        var cells = BrokerJson.Rows(service, BrokerJson.Field(service, row, "f"), "a row");
        if (cells.Count != columns.Count)
        {
            throw OutsideException.Unreadable(service, $"a row has {cells.Count} values for {columns.Count} columns.");
        }

        var record = new JsonObject();
        foreach (var (column, cell) in columns.Zip(cells))
        {
            record[column.Name] = BrokerJson.Maybe(cell, "v") is not { } value ? null
                : column.IsList ? new JsonArray([.. BrokerJson.Rows(service, value, $"the list {column.Name}").Select(item => BrokerJson.Maybe(item, "v") is { } one ? Value(service, column, one) : null)])
                : Value(service, column, value);
        }

        return record;
    }

    private static JsonNode? Value(OutsideService service, Column column, JsonElement value) => column.Fields is { } fields ? Record(service, fields, value)
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw OutsideException.Unreadable(service, $"a value of {column.Name} is no text.");

    private sealed record Column(string Name, List<Column>? Fields, bool IsList);
}
