using System.Globalization;
using SkyPortal.Domain.Astronomy;

namespace SkyPortal.Domain.Alerts.Watches;

/// <summary>An entry to be added: a position with a radius, or a name.</summary>
public sealed record NewWatchEntry(SkyPosition? Position, double? RadiusArcsec, string? Name, string? Label);

/// <summary>What a text of entries says.</summary>
/// <param name="Entries">Those that can be used.</param>
/// <param name="Faults">What is wrong, by line.</param>
public sealed record WatchTextResult(IReadOnlyList<NewWatchEntry> Entries, IReadOnlyList<string> Faults);

/// <summary>
/// Reads entries from comma-, semicolon- or tab-separated lines. A first line with column names (ra, dec, radius, label, name, in any
/// order) is followed; without one a line is <c>ra, dec[, radius[, label]]</c>, <c>ra dec[, radius[, label]]</c>, <c>ra dec [radius] [label]</c> or <c>name[, label]</c>. Positions are in decimal degrees
/// or sexagesimal, radii in arcseconds. Empty lines and lines that begin with # are passed over.
/// </summary>
public static class WatchText
{
    /// <summary>Most faults that are told.</summary>
    public const int MostFaults = 20;

    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ra"] = "ra", ["ra_deg"] = "ra", ["dec"] = "dec", ["dec_deg"] = "dec", ["radius"] = "radius", ["radius_arcsec"] = "radius", ["arcsec"] = "radius",
        ["label"] = "label", ["name"] = "name", ["object"] = "name", ["object_id"] = "name", ["obj_id"] = "name", ["objectid"] = "name",
    };

    /// <summary>Reads a text; lines count from 1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="radiusArcsec">Radius of positions without one; null where each must have its own.</param>
    public static WatchTextResult Read(string text, double? radiusArcsec)
    {
        var (entries, faults) = (new List<NewWatchEntry>(), new List<string>());
        string[]? header = null;
        var (number, isFirst) = (0, true);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            // Tabs at either end are empty cells.
            var row = line.Trim(' ');
            if (row.IsWhiteSpace() || row[0] == '#')
            {
                continue;
            }

            var cells = Cells(row);
            if (isFirst)
            {
                isFirst = false;
                if (cells.TrueForAll(cell => Columns.ContainsKey(cell)))
                {
                    header = [.. cells.Select(cell => Columns[cell])];
                    continue;
                }
            }

            var fault = Entry(cells, header, radiusArcsec, out var entry);
            if (fault is null)
            {
                entries.Add(entry!);
            }
            else if (faults.Count < MostFaults)
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"line {number}: {fault}"));
            }
        }

        return new WatchTextResult(entries, faults);
    }

    /// <summary>An entry of its parts, or what is wrong with them.</summary>
    public static string? Make(string? ra, string? dec, string? radius, string? name, string? label, double? radiusArcsec, out NewWatchEntry? entry)
    {
        entry = null;
        if (label?.Length > WatchEntry.MostCharacters)
        {
            return $"the label has more than {WatchEntry.MostCharacters} characters";
        }

        if (string.IsNullOrEmpty(ra) && string.IsNullOrEmpty(dec))
        {
            entry = new NewWatchEntry(null, null, name, Blank(label));
            return Name(name);
        }

        if (!string.IsNullOrEmpty(name))
        {
            return "an entry is a position or a name, not both; what a position is called goes into label";
        }

        if (!SkyPosition.TryParse(ra, dec, out var position))
        {
            return $"'{Short(ra)}', '{Short(dec)}' is no position: right ascension 0 to 360 and declination -90 to 90 in degrees, or sexagesimal";
        }

        var own = radiusArcsec;
        if (!string.IsNullOrEmpty(radius))
        {
            own = double.TryParse(radius, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) ? given : double.NaN;
        }

        entry = new NewWatchEntry(position, own, null, Blank(label));
        return own switch
        {
            null => "it has no radius",
            > 0 and <= WatchEntry.MostRadiusArcsec => null,
            _ => $"the radius must be above 0 and at most {WatchEntry.MostRadiusArcsec} arcsec, not '{Short(radius) ?? Convert.ToString(own, CultureInfo.InvariantCulture)}'",
        };
    }

    private static string? Entry(List<string> cells, string[]? header, double? radiusArcsec, out NewWatchEntry? entry)
    {
        string? Cell(string name) => header is null || Array.IndexOf(header, name) is not (>= 0 and var at) || at >= cells.Count || cells[at].Length == 0 ? null : cells[at];
        string? At(int index) => index < cells.Count && cells[index].Length > 0 ? cells[index] : null;
        if (cells.Skip(header?.Length ?? 4).Any(cell => cell.Length > 0))
        {
            entry = null;
            return header is null ? "it has more than ra, dec, radius and label" : "it has more parts than there are column names";
        }

        if (header is not null)
        {
            return Make(Cell("ra"), Cell("dec"), Cell("radius"), Cell("name"), Cell("label"), radiusArcsec, out entry);
        }

        if (Sexagesimal.TryParseRaDegrees(cells[0], out _))
        {
            return Make(At(0), At(1) ?? "", At(2), null, At(3), radiusArcsec, out entry);
        }

        // Both coordinates in one part, as pages show them and they are copied from there.
        if (cells[0].Contains(' ') && Sexagesimal.TrySplit(cells[0], out var ra, out var dec) && SkyPosition.TryParse(ra, dec, out _))
        {
            return Make(ra, dec, At(1), null, At(2), radiusArcsec, out entry);
        }

        if (cells is [var only] && Spaced(only) is { } parts)
        {
            return Make(parts[0], parts[1], parts[2], null, parts[3], radiusArcsec, out entry);
        }

        if (cells.Skip(2).Any(cell => cell.Length > 0))
        {
            entry = null;
            return $"'{Short(cells[0])}' is no right ascension, and a name has only a label after it";
        }

        return Make(null, null, null, At(0), At(1), radiusArcsec, out entry);
    }

    // Coordinates, radius and label with nothing but spaces between them; null where it does not begin with a position.
    private static string?[]? Spaced(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var taken = words.Length >= 6 && SkyPosition.TryParse(string.Join(' ', words[..3]), string.Join(' ', words[3..6]), out _) ? 6
            : words.Length >= 2 && SkyPosition.TryParse(words[0], words[1], out _) ? 2
            : 0;
        if (taken == 0)
        {
            return null;
        }

        var rest = words[taken..];
        var radius = rest.Length > 0 && double.TryParse(rest[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? rest[0] : null;
        return [string.Join(' ', words[..(taken / 2)]), string.Join(' ', words[(taken / 2)..taken]), radius, string.Join(' ', rest[(radius is null ? 0 : 1)..])];
    }

    private static string? Name(string? name) => name switch
    {
        null or "" => "it has neither a position nor a name",
        { Length: > WatchEntry.MostCharacters } => $"the name has more than {WatchEntry.MostCharacters} characters",
        _ when name.AsSpan(0, name.Length - 1).Contains('*') => "a star may stand only at the end of a name",
        _ when name.EndsWith('*') && name.Length - 1 < WatchEntry.FewestBeginning => $"a star needs the beginning of a name before it, at least {WatchEntry.FewestBeginning} characters",
        _ when name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)) => $"'{Short(name)}' is no name: it holds a space",
        _ => null,
    };

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Short(string? text) => text is { Length: > 40 } ? text[..40] + "…" : text;

    private static List<string> Cells(ReadOnlySpan<char> row)
    {
        var separator = row.Contains('\t') ? '\t' : row.Contains(';') && !row.Contains(',') ? ';' : ',';
        var cells = new List<string>();
        var (cell, isQuoted) = (new System.Text.StringBuilder(), false);
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == '"')
            {
                if (isQuoted && i + 1 < row.Length && row[i + 1] == '"')
                {
                    cell.Append(row[i++]);
                }
                else
                {
                    isQuoted = !isQuoted;
                }
            }
            else if (row[i] == separator && !isQuoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(row[i]);
            }
        }

        cells.Add(cell.ToString().Trim());
        return cells;
    }
}
