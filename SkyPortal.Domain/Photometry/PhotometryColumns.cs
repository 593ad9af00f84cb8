using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkyPortal.Domain.Photometry;

/// <summary>
/// The columns of an upload: every field is a value for all rows or a list with one value per row. What is wrong is refused
/// with the field and the row, counted from 0.
/// </summary>
public sealed class PhotometryColumns
{
    private readonly JsonElement _body;
    private readonly RowFaults? _faults;

    /// <summary>Reads the shape of an upload.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="unbroadcast">Fields that are not columns.</param>
    /// <param name="faults">Takes the rows that are wrong, in place of a refusal for the first of them; null to refuse.</param>
    /// <exception cref="Refusal">There are no rows, too many, or lists of different lengths.</exception>
    public PhotometryColumns(JsonElement body, IReadOnlySet<string> unbroadcast, RowFaults? faults = null)
    {
        _body = body;
        _faults = faults;
        var longest = 1;
        var anyList = false;
        foreach (var property in body.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array && !unbroadcast.Contains(property.Name))
            {
                longest = anyList ? Math.Max(longest, property.Value.GetArrayLength()) : property.Value.GetArrayLength();
                anyList = true;
            }
        }

        Count = longest;
        if (Count == 0)
        {
            throw Refusal.Invalid("There are no rows: every list is empty.");
        }

        if (Count > PhotometryUpload.MostRows)
        {
            throw Refusal.Invalid(
                $"Maximum number of photometry rows to post exceeded: {Count} > {PhotometryUpload.MostRows}. Please break up the data into smaller sets and try again.");
        }

        foreach (var property in body.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Array && !unbroadcast.Contains(property.Name)
                && property.Value.GetArrayLength() is var length && length != Count && length != 1)
            {
                throw Refusal.Invalid($"{property.Name}: the list has {length} values where the longest list has {Count}.");
            }
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Whether rows that are wrong are collected; what is read of them means nothing.</summary>
    public bool Collects => _faults is not null;

    /// <summary>Whether a row is known to be wrong; never where the first such row is refused.</summary>
    public bool IsBad(int row) => _faults is not null && _faults.Has(row);

    /// <summary>Refuses a row, or notes it where such are collected.</summary>
    /// <exception cref="Refusal">Such rows are not collected, or there are too many.</exception>
    public void Refuse(string field, int row, string reason)
    {
        if (_faults is null)
        {
            throw Wrong(field, row, reason);
        }

        _faults.Add(row, field, reason);
    }

    /// <summary>Whether a field is there, be it null.</summary>
    public bool Mentions(string field) => _body.TryGetProperty(field, out _);

    /// <summary>A column of numbers within a range; null where absent or null.</summary>
    public double?[] Numbers(string field, double least, double most) => Read<double?>(field, (value, row) => NumberOf(value, field, row, least, most));

    /// <summary>A column of numbers of which none is missing.</summary>
    public double[] RequiredNumbers(string field, double least, double most) => Required(field, Numbers(field, least, most));

    /// <summary>A column of keys; null where absent or null.</summary>
    public int?[] Keys(string field) => Read<int?>(field, (value, row) =>
        NumberOf(value, field, row, int.MinValue, int.MaxValue) is var number && number == Math.Floor(number)
            ? (int)number
            : throw Wrong(field, row, "is not an integer"));

    /// <summary>A column of keys of which none is missing.</summary>
    public int[] RequiredKeys(string field) => Required(field, Keys(field));

    /// <summary>A column of texts; null where absent or null.</summary>
    public string?[] Texts(string field)
    {
        // A column of a million rows holds few texts, each many times.
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        return Read<string?>(field, (value, row) =>
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(field, row, "is not text");
            if (!known.TryGetValue(text, out var same))
            {
                known.Add(text, same = Stored(text, field, row));
            }

            return same;
        });
    }

    /// <summary>A column of texts of which none is missing.</summary>
    public string[] RequiredTexts(string field)
    {
        var values = Texts(field);
        RequireAll(field, values);
        return values!;
    }

    /// <summary>
    /// The free-form data of each row: of an object, lists hold one value per row; of a list, each item is a row's object. Empty
    /// values are left out, and a row without any has null.
    /// </summary>
    public JsonElement?[] Objects(string field)
    {
        var rows = new JsonElement?[Count];
        if (!_body.TryGetProperty(field, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return rows;
        }

        if (given.ValueKind == JsonValueKind.Array)
        {
            return Read<JsonElement?>(field, (value, row) => value.ValueKind == JsonValueKind.Object
                ? WithoutEmpty(value.EnumerateObject().Select(item => (item.Name, item.Value)))
                : throw Wrong(field, row, "is not an object"));
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Invalid($"{field}: is not an object.");
        }

        foreach (var item in given.EnumerateObject())
        {
            if (item.Value.ValueKind == JsonValueKind.Array && item.Value.GetArrayLength() is var length && length != Count && length != 1)
            {
                throw Refusal.Invalid($"{item.Name} in {field} incorrect length: {length} where there are {Count} rows.");
            }
        }

        var items = given.EnumerateObject().ToList();
        if (items.TrueForAll(item => item.Value.ValueKind != JsonValueKind.Array))
        {
            Array.Fill(rows, WithoutEmpty(items.Select(item => (item.Name, item.Value))));
            return rows;
        }

        var lists = items.Select(item => (item.Name, Values: item.Value.ValueKind == JsonValueKind.Array ? item.Value.EnumerateArray().ToArray() : [item.Value])).ToList();
        for (var row = 0; row < Count; row++)
        {
            rows[row] = WithoutEmpty(lists.Select(item => (item.Name, item.Values.Length == 1 ? item.Values[0] : item.Values[row])));
        }

        return rows;
    }

    /// <summary>The refusal of a value.</summary>
    public static Refusal Wrong(string field, int row, string reason) =>
        new(RefusalKind.Invalid, $"{field}: row {row}: {reason}.") { Faults = [new FieldFault(row, field, reason)] };

    // Notes the refusal of a row where such are collected, and answers whether it did.
    private bool Takes(Refusal refusal)
    {
        if (_faults is null || refusal.Faults is not [{ Row: { } row, Field: { } field } fault])
        {
            return false;
        }

        _faults.Add(row, field, fault.Reason);
        return true;
    }

    private static JsonElement? WithoutEmpty(IEnumerable<(string Name, JsonElement Value)> items)
    {
        var kept = new JsonObject();
        foreach (var (name, value) in items)
        {
            if (value.ValueKind is not JsonValueKind.Null && !(value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0))
            {
                kept[name] = JsonNode.Parse(value.GetRawText().Replace("\\u0000", "", StringComparison.Ordinal));
            }
        }

        return kept.Count == 0 ? null : JsonSerializer.SerializeToElement(kept);
    }

    private static string Stored(string text, string field, int row) => text.Contains('\0', StringComparison.Ordinal)
        ? throw Wrong(field, row, "contains a NUL character")
        : text.Length <= 500 ? text : throw Wrong(field, row, "is longer than 500 characters");

    private static double NumberOf(JsonElement value, string field, int row, double least, double most)
    {
        var number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var plain) => plain,
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => throw Wrong(field, row, "is not a number"),
        };
        if (!double.IsFinite(number))
        {
            throw Wrong(field, row, "is not a finite number");
        }

        return number >= least && number <= most
            ? number
            : throw Wrong(field, row, string.Create(CultureInfo.InvariantCulture, $"{number} is not between {least} and {most}"));
    }

    private T?[] Read<T>(string field, Func<JsonElement, int, T> read)
    {
        var column = new T?[Count];
        if (!_body.TryGetProperty(field, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return column;
        }

        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() == 1)
        {
            var only = given.ValueKind == JsonValueKind.Array ? given[0] : given;
            Array.Fill(column, only.ValueKind == JsonValueKind.Null ? default : read(only, 0));
            return column;
        }

        var row = 0;
        foreach (var value in given.EnumerateArray())
        {
            try
            {
                column[row] = value.ValueKind == JsonValueKind.Null ? default : read(value, row);
            }
            catch (Refusal refusal)
            {
                if (!Takes(refusal))
                {
                    throw;
                }
            }

            row++;
        }

        return column;
    }

    private T[] Required<T>(string field, T?[] values)
        where T : struct
    {
        RequireAll(field, values);
        return Array.ConvertAll(values, value => value.GetValueOrDefault());
    }

    private void RequireAll<T>(string field, T?[] values)
    {
        if (!Mentions(field))
        {
            throw Refusal.Invalid($"Error parsing packet: missing required field {field}.");
        }

        if (Collects && values.Length > 1)
        {
            for (var each = 0; each < values.Length; each++)
            {
                if (values[each] is null && !IsBad(each))
                {
                    _faults!.Add(each, field, "is missing");
                }
            }
        }
        else if (Array.FindIndex(values, value => value is null) is >= 0 and var row)
        {
            throw Refusal.Invalid($"Error parsing packet: missing required field {field} in row {row}.");
        }
    }
}
