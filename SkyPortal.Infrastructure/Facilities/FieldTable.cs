using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain;
using SkyPortal.Domain.Facilities;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>The grid of an instrument as clients send it: columns ID, RA and Dec, as an object of lists or as delimited text.</summary>
public static class FieldTable
{
    private const int MostFields = 200_000;
    private static readonly string[] Names = ["ID", "RA", "Dec"];

    /// <summary>Reads a grid; a field with ID −1 gets the next free number.</summary>
    /// <param name="given">An object or text.</param>
    /// <exception cref="Refusal">Something is wrong; the message names the column and the row.</exception>
    public static IReadOnlyList<InstrumentField> Read(JsonElement given)
    {
        var rows = given.ValueKind switch
        {
            JsonValueKind.Object => Columns(given),
            JsonValueKind.String => Lines(given.GetString()!),
            _ => throw Refusal.Invalid("field_data: an object with ID, RA and Dec, or delimited text, is needed."),
        };
        if (rows.Count > MostFields)
        {
            throw Refusal.Invalid($"field_data: more than {MostFields} fields.");
        }

        var next = rows.Count == 0 ? 1 : Math.Max(0, rows.Max(row => (int)row[0])) + 1;
        var fields = rows.Select(row => new InstrumentField { FieldId = row[0] == -1 ? next++ : (int)row[0], Ra = row[1], Dec = row[2] }).ToList();
        return fields.GroupBy(field => field.FieldId).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw Refusal.Invalid($"field_data: ID {twice.Key} is there more than once.")
            : fields;
    }

    private static List<double[]> Columns(JsonElement given)
    {
        var columns = Names.Select(name => given.EnumerateObject().FirstOrDefault(item => item.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { ValueKind: JsonValueKind.Array } column
            ? column.EnumerateArray().ToArray()
            : throw Refusal.Invalid($"field_data: {name}: a list is needed.")).ToArray();
        return columns.Any(column => column.Length != columns[0].Length)
            ? throw Refusal.Invalid("field_data: ID, RA and Dec must have equal lengths.")
            : [.. Enumerable.Range(0, columns[0].Length).Select(row => Checked(columns.Select(column => column[row].ToString()).ToArray(), row))];
    }

    private static List<double[]> Lines(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var cells = lines.Select(line => line.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var order = Enumerable.Range(0, Names.Length).ToArray();
        if (cells.Count > 0 && cells[0].Any(cell => Names.Contains(cell, StringComparer.OrdinalIgnoreCase)))
        {
            order = Names.Select(name => Array.FindIndex(cells[0], cell => cell.Equals(name, StringComparison.OrdinalIgnoreCase))).ToArray();
            cells.RemoveAt(0);
        }

        return order.Contains(-1) || cells.Exists(row => row.Length <= order.Max())
            ? throw Refusal.Invalid("field_data: every line needs ID, RA and Dec.")
            : [.. cells.Select((row, index) => Checked(order.Select(column => row[column]).ToArray(), index))];
    }

    private static double[] Checked(string[] cells, int row)
    {
        var id = Number(cells, row, 0, -1, int.MaxValue);
        return id == Math.Floor(id)
            ? [id, Number(cells, row, 1, 0, 360), Number(cells, row, 2, -90, 90)]
            : throw Refusal.Invalid($"field_data: ID: row {row}: is not an integer.");
    }

    private static double Number(string[] cells, int row, int column, double least, double most) =>
        double.TryParse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Refusal.Invalid(string.Create(CultureInfo.InvariantCulture, $"field_data: {Names[column]}: row {row}: '{cells[column]}' is not a number between {least} and {most}."));
}
