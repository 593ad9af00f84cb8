using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SkyPortal.Infrastructure.Outside;

namespace SkyPortal.Infrastructure.Catalogs;

/// <summary>A table in the reply of another server. Names of columns are found whatever their case.</summary>
public sealed partial class ReplyTable
{
    /// <summary>Most rows that are read.</summary>
    public const int MostRows = 500_000;

    private readonly OutsideService _service;
    private readonly Dictionary<string, int> _places;

    private ReplyTable(OutsideService service, IReadOnlyList<string> columns, List<string[]> rows)
    {
        _service = service;
        Columns = columns;
        _places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < columns.Count; i++)
        {
            _places.TryAdd(columns[i], i);
        }

        Rows = [.. rows.Select(cells => new Row(this, cells))];
    }

    /// <summary>Names of the columns, in order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows, in order.</summary>
    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Whether there is a column.</summary>
    public bool Has(string column) => _places.ContainsKey(column);

    /// <summary>The same table where it has all of these columns or no rows at all.</summary>
    /// <exception cref="OutsideException">A column is missing.</exception>
    public ReplyTable With(params string[] columns)
    {
        var missing = Rows.Count == 0 ? null : Array.Find(columns, column => !Has(column));
        return missing is null ? this : throw OutsideException.Unreadable(_service, $"there is no column {missing}.");
    }

    /// <summary>Reads comma-separated values with a header; lines that begin with # are passed over.</summary>
    /// <exception cref="OutsideException">It is not such a table.</exception>
    public static ReplyTable Csv(OutsideService service, string text, char separator = ',')
    {
        RefuseMarkup(service, text);
        return Of(service, Records(text, separator));
    }

    /// <summary>Reads columns parted by white space, with a header whose first name may begin with # signs.</summary>
    /// <exception cref="OutsideException">It is not such a table.</exception>
    public static ReplyTable Spaced(OutsideService service, string text)
    {
        RefuseMarkup(service, text);
        var lines = text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
        return Of(service, lines.Select((line, i) => (i == 0 ? line.TrimStart('#') : line).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where((cells, i) => i == 0 || cells[0][0] != '#'));
    }

    /// <summary>
    /// Reads the tables of VizieR's tab-separated form: comments with #, a line of names, a line of units, a line of dashes, rows
    /// up to an empty line.
    /// </summary>
    public static IReadOnlyList<ReplyTable> Vizier(OutsideService service, string text)
    {
        RefuseMarkup(service, text);
        var tables = new List<ReplyTable>();
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !line.StartsWith('#')).ToList();
        for (var i = 2; i < lines.Count; i++)
        {
            if (lines[i].Length > 0 && lines[i].All(letter => letter is '-' or '\t'))
            {
                var rows = lines.Skip(i + 1).TakeWhile(line => line.Trim().Length > 0).Select(line => line.Split('\t')).Take(MostRows).ToList();
                tables.Add(new ReplyTable(service, Trimmed(lines[i - 2].Split('\t')), rows));
                i += rows.Count;
            }
        }

        return tables;
    }

    /// <summary>Reads the first table of an HTML page that has a column; without rows where there is none.</summary>
    public static ReplyTable Html(OutsideService service, string text, string column)
    {
        foreach (Match table in HtmlTable().Matches(text))
        {
            var rows = HtmlRow().Matches(table.Value).Select(row => HtmlCell().Matches(row.Value).Select(cell => WebUtility.HtmlDecode(HtmlTag().Replace(cell.Groups[1].Value, "")).Trim()).ToArray()).ToList();
            var header = rows.FindIndex(cells => cells.Contains(column, StringComparer.OrdinalIgnoreCase));
            if (header >= 0)
            {
                return new ReplyTable(service, rows[header], [.. rows.Skip(header + 1).Where(cells => cells.Length == rows[header].Length).Take(MostRows)]);
            }
        }

        return new ReplyTable(service, [], []);
    }

    private static ReplyTable Of(OutsideService service, IEnumerable<string[]> records)
    {
        string[]? header = null;
        var rows = new List<string[]>();
        foreach (var cells in records)
        {
            if (header is null)
            {
                header = Trimmed(cells);
            }
            else if (cells.Length < header.Length)
            {
                throw OutsideException.Unreadable(service, $"row {rows.Count + 1} has {cells.Length} values where there are {header.Length} columns.");
            }
            else if (rows.Count == MostRows)
            {
                throw OutsideException.Unreadable(service, $"there are more than {MostRows} rows.");
            }
            else
            {
                rows.Add(cells);
            }
        }

        return new ReplyTable(service, header ?? [], rows);
    }

    // An error page in place of a table.
    private static void RefuseMarkup(OutsideService service, string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start.Length > 0 && (start[0] == '<' || start[0] == '{'))
        {
            var plain = Spaces().Replace(HtmlTag().Replace(text.Length > 4000 ? text[..4000] : text, " "), " ").Trim();
            throw OutsideException.Unreadable(service, plain.Length > 200 ? plain[..200] : plain);
        }
    }

    private static string[] Trimmed(string[] cells) => [.. cells.Select(cell => cell.Trim().Trim('"').TrimStart('#').Trim())];

    // RFC 4180, with lines of comments.
    private static IEnumerable<string[]> Records(string text, char separator)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        var atStart = true;
        for (var i = 0; i <= text.Length; i++)
        {
            var letter = i < text.Length ? text[i] : '\n';
            if (atStart && letter == '#' && cells.Count == 0 && cell.Length == 0 && !IsHeaderMark(text, i, separator))
            {
                i = text.IndexOf('\n', i) is var end and >= 0 ? end : text.Length;
                continue;
            }

            atStart = false;
            if (quoted)
            {
                if (letter != '"')
                {
                    cell.Append(letter);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else
                {
                    quoted = false;
                }
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (letter == separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else if (letter == '\n')
            {
                cells.Add(cell.ToString().TrimEnd('\r'));
                cell.Clear();
                if (cells.Count > 1 || cells[0].Trim().Length > 0)
                {
                    yield return [.. cells];
                }

                cells.Clear();
                atStart = true;
            }
            else
            {
                cell.Append(letter);
            }
        }
    }

    // A header may begin with # too: it is one where its line has separators.
    private static bool IsHeaderMark(string text, int start, char separator)
    {
        var end = text.IndexOf('\n', start);
        return (end < 0 ? text[start..] : text[start..end]).Contains(separator, StringComparison.Ordinal);
    }

    [GeneratedRegex("<table.*?</table>", RegexOptions.IgnoreCase | RegexOptions.Singleline, 5000)]
    private static partial Regex HtmlTable();

    [GeneratedRegex("<tr.*?(?=<tr|</tr|</table)", RegexOptions.IgnoreCase | RegexOptions.Singleline, 5000)]
    private static partial Regex HtmlRow();

    [GeneratedRegex("<t[dh][^>]*>(.*?)(?=<t[dh]|</t[dh]|</tr|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline, 5000)]
    private static partial Regex HtmlCell();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 5000)]
    private static partial Regex HtmlTag();

    [GeneratedRegex(@"\s+", RegexOptions.None, 5000)]
    private static partial Regex Spaces();

    /// <summary>One row.</summary>
    public readonly struct Row(ReplyTable table, string[] cells)
    {
        /// <summary>A value as text; null where the column is absent or the value is missing.</summary>
        public string? Text(string column) =>
            table._places.TryGetValue(column, out var place) && place < cells.Length && cells[place].Trim() is { Length: > 0 } text && !IsMissing(text) ? text : null;

        /// <summary>A value as a finite number; null where it is missing.</summary>
        /// <exception cref="OutsideException">It is there and not a number.</exception>
        public double? Number(string column)
        {
            if (Text(column) is not { } text)
            {
                return null;
            }

            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? double.IsFinite(number) ? number : null
                : throw OutsideException.Unreadable(table._service, $"{column} holds \"{(text.Length > 40 ? text[..40] : text)}\", which is not a number.");
        }

        /// <summary>A value that must be there.</summary>
        /// <exception cref="OutsideException">It is missing or not a number.</exception>
        public double Required(string column) => Number(column) ?? throw OutsideException.Unreadable(table._service, $"{column} is missing in a row.");

        private static bool IsMissing(string text) => text.ToLowerInvariant() is "null" or "nan" or "none" or "--" or "masked" or "untrusted" or "\\n";
    }
}
