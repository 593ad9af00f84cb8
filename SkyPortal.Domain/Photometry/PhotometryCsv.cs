using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace SkyPortal.Domain.Photometry;

/// <summary>
/// An upload of photometry as comma-separated values (RFC 4180, UTF-8): a header of the names that the fields of the JSON upload
/// have, then one line per row. An empty value is no value, and so are nan, null and none where a number is expected. A column of
/// row numbers as pandas writes it, without a name or named index, is passed over. What all rows share may be given beside the file.
/// </summary>
public static class PhotometryCsv
{
    /// <summary>Fields that may be given for all rows beside the file.</summary>
    public static IReadOnlyList<string> Shared { get; } =
    [
        "obj_id", "instrument_id", "filter", "magsys", "zp", "origin", "limiting_mag_nsigma",
    ];

    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "obj_id", "filter", "magsys", "origin" };

    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "instrument_id", "mjd", "mag", "magerr", "limiting_mag", "limiting_mag_nsigma", "magref", "e_magref", "flux", "fluxerr", "zp", "ref_flux",
        "ref_fluxerr", "ref_zp", "ra", "dec", "ra_unc", "dec_unc", "assignment_id",
    };

    private static readonly HashSet<string> RowNumbers = new(StringComparer.Ordinal) { "", "index", "Unnamed: 0" };

    // What the columns of other tables are called, and the field that is probably meant.
    private static readonly Dictionary<string, string> Meant = new(StringComparer.OrdinalIgnoreCase)
    {
        ["object"] = "obj_id", ["object_id"] = "obj_id", ["objid"] = "obj_id", ["name"] = "obj_id", ["source"] = "obj_id", ["instrument"] = "instrument_id",
        ["time"] = "mjd, in days, UTC", ["date"] = "mjd, in days, UTC", ["jd"] = "mjd, which is JD - 2400000.5", ["hjd"] = "mjd, in days, UTC", ["bjd"] = "mjd, in days, UTC",
        ["obsmjd"] = "mjd", ["band"] = "filter", ["filt"] = "filter", ["passband"] = "filter", ["bandpass"] = "filter", ["fid"] = "filter", ["magnitude"] = "mag", ["m"] = "mag",
        ["mag_err"] = "magerr", ["e_mag"] = "magerr", ["emag"] = "magerr", ["dmag"] = "magerr", ["dm"] = "magerr", ["sigmag"] = "magerr", ["sigmapsf"] = "magerr",
        ["magnitude_error"] = "magerr", ["e_magnitude"] = "magerr", ["magpsf"] = "mag", ["limmag"] = "limiting_mag", ["lim_mag"] = "limiting_mag", ["maglim"] = "limiting_mag",
        ["diffmaglim"] = "limiting_mag", ["mag5sig"] = "limiting_mag", ["upperlimit"] = "limiting_mag", ["flux_err"] = "fluxerr", ["e_flux"] = "fluxerr", ["flux_error"] = "fluxerr",
        ["dflux"] = "fluxerr", ["ujy"] = "flux, with zp 23.9", ["dujy"] = "fluxerr, with zp 23.9", ["flux_unc"] = "fluxerr", ["zeropoint"] = "zp", ["zero_point"] = "zp",
        ["zpt"] = "zp", ["mag_sys"] = "magsys", ["system"] = "magsys", ["declination"] = "dec", ["right_ascension"] = "ra", ["decl"] = "dec", ["group_ids"] = "group_ids in the query",
        ["stream_ids"] = "stream_ids in the query",
    };

    /// <summary>Reads a file into the columns of an upload.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="shared">Values for all rows by field, of <see cref="Shared"/>, and the lists group_ids and stream_ids.</param>
    /// <exception cref="Refusal">The file cannot be read so; the message names the columns, or the row, counted from 0 below the header.</exception>
    public static JsonElement Read(ReadOnlyMemory<byte> utf8, IReadOnlyDictionary<string, JsonElement> shared)
    {
        if (!Utf8.IsValid(utf8.Span) || utf8.Span.Contains((byte)0))
        {
            throw Refusal.Invalid("The file is not text in UTF-8.");
        }

        var cells = new CsvCells(utf8.Span.StartsWith(Encoding.UTF8.Preamble) ? utf8.Span[3..] : utf8.Span);
        var names = ReadHeader(ref cells);
        Check(names, shared);
        var columns = names.Select(name => RowNumbers.Contains(name) ? null : new Column(name)).ToArray();
        var row = 0;
        while (cells.SkipToRow())
        {
            if (row == PhotometryUpload.MostRows)
            {
                throw Refusal.Invalid($"Maximum number of photometry rows to post exceeded: more than {PhotometryUpload.MostRows}. Please break up the data into smaller sets and try again.");
            }

            ReadRow(ref cells, columns, row++);
        }

        return row > 0 ? Join(columns.OfType<Column>(), shared) : throw Refusal.Invalid("There are no rows: the file has no line below its header.");
    }

    private static List<string> ReadHeader(ref CsvCells cells)
    {
        var names = new List<string>();
        if (!cells.SkipToRow())
        {
            throw Refusal.Invalid("The file is empty: its first line names the columns.");
        }

        bool last;
        do
        {
            names.Add(Encoding.UTF8.GetString(cells.Next(-1, out last)).Trim());
        }
        while (!last && names.Count < 1000);
        return names;
    }

    private static void Check(List<string> names, IReadOnlyDictionary<string, JsonElement> shared)
    {
        var unknown = names.Where(name => !Texts.Contains(name) && !Numbers.Contains(name) && !RowNumbers.Contains(name)).ToList();
        if (names.Count == 1 && names[0].IndexOfAny([';', '\t', '|']) is var at and >= 0)
        {
            var mark = names[0][at] switch { ';' => "semicolons", '\t' => "tabs", _ => "bars" };
            throw Refusal.Invalid($"Unknown column(s): {Named(names[0])}. The values are separated by {mark}; commas are expected.");
        }

        if (unknown.Count > 0)
        {
            throw Refusal.Invalid($"Unknown column(s): {string.Join(", ", unknown.Take(20).Select(Named))}. Columns are named as the fields of the JSON upload.");
        }

        if (names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw Refusal.Invalid($"The column {twice.Key} is there twice.");
        }

        if (names.FirstOrDefault(shared.ContainsKey) is { } both)
        {
            throw Refusal.Invalid($"{both}: it is a column of the file and in the query; give it once.");
        }

        bool Has(string field) => names.Contains(field) || shared.ContainsKey(field);
        var missing = new[] { "obj_id", "instrument_id", "mjd", "filter", "magsys" }.Where(field => !Has(field)).ToList();
        if (Has("flux") || Has("fluxerr"))
        {
            missing.AddRange(new[] { "fluxerr", "zp" }.Where(field => !Has(field)));
        }
        else if (Has("mag"))
        {
            missing.AddRange(new[] { "magerr" }.Where(field => !Has(field)));
        }
        else if (!Has("limiting_mag"))
        {
            missing.Add("mag and magerr, or flux, fluxerr and zp");
        }

        if (missing.Count > 0)
        {
            throw Refusal.Invalid($"Missing column(s): {string.Join(", ", missing)}. What all rows share may be in the query: {string.Join(", ", Shared)}.");
        }
    }

    private static string Named(string name)
    {
        var shown = name.Length <= 60 ? name : name[..60];
        var known = name.ToLowerInvariant();
        return Texts.Contains(known) || Numbers.Contains(known) ? $"{shown} (is it {known}?)" : Meant.TryGetValue(name, out var meant) ? $"{shown} (is it {meant}?)" : shown;
    }

    private static void ReadRow(ref CsvCells cells, Column?[] columns, int row)
    {
        for (var place = 0; ; place++)
        {
            var cell = cells.Next(row, out var last);
            if (place >= columns.Length || (last && place != columns.Length - 1))
            {
                throw Refusal.Invalid(string.Create(
                    CultureInfo.InvariantCulture, $"row {row}: it has {(place >= columns.Length ? "more" : $"{place + 1}")} values where the header has {columns.Length} columns."));
            }

            columns[place]?.Add(cell);
            if (last)
            {
                return;
            }
        }
    }

    private static JsonElement Join(IEnumerable<Column> columns, IReadOnlyDictionary<string, JsonElement> shared)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var column in columns)
            {
                json.WritePropertyName(column.Name);
                json.WriteRawValue(column.Finish(), skipInputValidation: true);
            }

            foreach (var (field, value) in shared)
            {
                json.WritePropertyName(field);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }

    /// <summary>A column as a JSON array, written as it is read: a million rows make no million texts.</summary>
    private sealed class Column
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();
        private readonly Utf8JsonWriter _json;
        private readonly bool _isNumber;

        public Column(string name)
        {
            Name = name;
            _isNumber = Numbers.Contains(name);
            _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            _json.WriteStartArray();
        }

        public string Name { get; }

        public void Add(ReadOnlySpan<byte> cell)
        {
            var value = cell.Trim((byte)' ');
            if (value.IsEmpty || (_isNumber && IsNoNumber(value)))
            {
                _json.WriteNullValue();
            }
            else
            {
                _json.WriteStringValue(value);
            }
        }

        public ReadOnlySpan<byte> Finish()
        {
            _json.WriteEndArray();
            _json.Dispose();
            return _buffer.WrittenSpan;
        }

        private static bool IsNoNumber(ReadOnlySpan<byte> value) =>
            value.Length <= 4 && (Ascii.EqualsIgnoreCase(value, "nan"u8) || Ascii.EqualsIgnoreCase(value, "null"u8) || Ascii.EqualsIgnoreCase(value, "none"u8));
    }
}
