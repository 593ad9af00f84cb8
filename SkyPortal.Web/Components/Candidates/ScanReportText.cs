using System.Globalization;
using System.Text;
using System.Text.Json;
using SkyPortal.Infrastructure.Candidates;

namespace SkyPortal.Web.Components.Candidates;

/// <summary>The columns of a scan report's items, and the report as text.</summary>
public static class ScanReportText
{
    private const char Apostrophe = '\'';

    /// <summary>Columns by name, each with a heading with its unit, its meaning, and what an item says there; empty where it says nothing.</summary>
    public static IReadOnlyList<(string Name, string Heading, string Title, Func<ScanReportItemRecord, string> Value)> Columns { get; } =
    [
        ("obj_id", "Object", "Name of the object", item => item.ObjId),
        ("tns_name", "TNS name", "Name at the Transient Name Server", item => Text(item, "tns_name")),
        ("comment", "Comment", "Comment", item => Text(item, "comment")),
        ("saved_info", "Saved (UTC)", "When it was saved, to which group, by whom", item => Each(item, "saved_info", row => $"{Time(row, "saved_at")} {One(row, "group")}{By(row)}")),
        ("groups_saved_to", "Saved to", "Groups of the report to which it is saved", item => Each(item, "groups_saved_to", row => row.ToString())),
        ("classifications", "Classes", "Classes with their probabilities", item => Each(item, "classifications", row => $"{One(row, "classification")}{(One(row, "probability") is { Length: > 0 } p ? $" {p}" : "")}{(One(row, "ml") == "true" ? " (machine)" : "")}")),
        ("current_mag", "Last mag (AB)", "Last detection: AB magnitude, band", item => Join(Number(item, "current_mag", 3), Text(item, "current_filter"))),
        ("current_mjd", "Last (MJD)", "MJD of the last detection", item => Number(item, "current_mjd", 5)),
        ("current_age", "Age (d)", "Days from the first detection to the report", item => Number(item, "current_age", 2)),
        ("abs_mag", "Absolute mag (AB)", "Absolute AB magnitude", item => Number(item, "abs_mag", 3)),
        ("previous_mag", "Previous mag (AB)", "The detection before: AB magnitude, band", item => Join(Number(item, "previous_mag", 3), Text(item, "previous_filter"))),
        ("previous_mjd", "Previous (MJD)", "Its MJD", item => Number(item, "previous_mjd", 5)),
        ("host_redshift", "Host z", "Redshift of the host galaxy", item => Number(item, "host_redshift", 5)),
        ("desi_redshift", "DESI z", "Redshift of DESI", item => Number(item, "desi_redshift", 5)),
        ("offset", "Host offset (″, kpc)", "Offset from the host: arcseconds, kiloparsec", item => item.Data.TryGetProperty("offset", out var offset) && offset.ValueKind == JsonValueKind.Object
            ? Join($"{Rounded(offset, "arcsec", 2)}\"", Rounded(offset, "kpc", 2) is { Length: > 0 } kpc ? $"{kpc} kpc" : "")
            : ""),
        ("detections_by_survey", "Detections (AB mag, d ago)", "First, peak and last detection of each instrument", Detections),
        ("associated_objs", "Same as", "The same thing under other names", item => Each(item, "associated_objs", row => One(row, "obj_id"))),
        ("followups", "Follow-up", "Requests of follow-up observations", item => Each(item, "followups", row => $"{One(row, "instrument")} {One(row, "type")} priority {One(row, "priority")} {One(row, "status")}")),
        ("assignments", "Runs", "Assignments to observing runs", item => Each(item, "assignments", row => $"{One(row, "instrument")} {One(row, "run_date")} priority {One(row, "priority")} {One(row, "status")}")),
        ("gcn_match", "Event", "How it lies to the event", item => item.Data.TryGetProperty("gcn_match", out var match) && match.ValueKind == JsonValueKind.Object ? One(match, "status") : ""),
    ];

    /// <summary>The items as comma-separated values with a header (RFC 4180).</summary>
    public static string Csv(IReadOnlyList<ScanReportItemRecord> items)
    {
        var text = new StringBuilder().AppendJoin(',', Columns.Select(column => column.Name)).Append("\r\n");
        foreach (var item in items)
        {
            text.AppendJoin(',', Columns.Select(column => Cell(column.Value(item)))).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>The report as Markdown, which reads as plain text too: one heading for each source with what is known of it.</summary>
    public static string Markdown(ScanReportRecord report, IReadOnlyList<ScanReportItemRecord> items, string site)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Scan report {report.Id}\n\n{report.CreatedAt:yyyy-MM-dd HH:mm} UTC by {Escape(report.Author ?? "a removed account")}; {items.Count} sources\n");
        foreach (var item in items)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## [{Escape(item.ObjId)}]({site.TrimEnd('/')}/source/{Uri.EscapeDataString(item.ObjId)})\n\n");
            foreach (var (_, _, title, value) in Columns.Skip(1))
            {
                if (value(item) is { Length: > 0 } says)
                {
                    text.Append(CultureInfo.InvariantCulture, $"- {title}: {Escape(says)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Detections(ScanReportItemRecord item)
    {
        if (!item.Data.TryGetProperty("detections_by_survey", out var surveys) || surveys.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        return string.Join("; ", surveys.EnumerateObject().Select(survey => $"{survey.Name}: " + string.Join(", ", survey.Value.EnumerateObject()
            .Where(point => point.Value.ValueKind == JsonValueKind.Object)
            .Select(point => $"{point.Name.Replace('_', ' ')} {Rounded(point.Value, "mag", 2)} {One(point.Value, "filter")} {Rounded(point.Value, "days_ago", 1)} d ago"))));
    }

    private static string By(JsonElement row) =>
        row.TryGetProperty("saved_by", out var by) && by.ValueKind == JsonValueKind.Object && Join(One(by, "first_name"), One(by, "last_name")) is { Length: > 0 } name ? $" by {name}" : "";

    private static string Each(ScanReportItemRecord item, string name, Func<JsonElement, string> one) =>
        item.Data.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? string.Join("; ", list.EnumerateArray().Select(one)) : "";

    private static string Text(ScanReportItemRecord item, string name) => item.Data.ValueKind == JsonValueKind.Object ? One(item.Data, name) : "";

    private static string Number(ScanReportItemRecord item, string name, int digits) => item.Data.ValueKind == JsonValueKind.Object ? Rounded(item.Data, name, digits) : "";

    private static string One(JsonElement row, string name) => row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value)
        ? value.ValueKind switch { JsonValueKind.Null => "", JsonValueKind.True => "true", JsonValueKind.False => "false", _ => value.ToString() }
        : "";

    private static string Rounded(JsonElement row, string name, int digits) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        ? value.GetDouble().ToString($"F{digits}", CultureInfo.InvariantCulture)
        : "";

    private static string Time(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTime(out var time) ? time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "";

    private static string Join(string first, string second) => $"{first} {second}".Trim();

    // What begins like a formula would be one to a spreadsheet.
    private static string Cell(string value)
    {
        var safe = value.Length > 0 && "=+-@\t\r".Contains(value[0], StringComparison.Ordinal) && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? Apostrophe + value : value;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var letter in text.ReplaceLineEndings(" "))
        {
            escaped.Append("\\`*_[]<>#|".Contains(letter, StringComparison.Ordinal) ? "\\" : "").Append(letter);
        }

        return escaped.ToString();
    }
}
