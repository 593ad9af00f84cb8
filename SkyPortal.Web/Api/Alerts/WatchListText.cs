using System.Globalization;
using System.Text;
using SkyPortal.Infrastructure.Alerts.Watches;

namespace SkyPortal.Web.Api.Alerts;

/// <summary>Entries of a watch list as comma-separated values, which can be read in again.</summary>
public static class WatchListText
{
    /// <summary>A line of column names, then one for each entry.</summary>
    public static string Write(IReadOnlyList<WatchEntryRecord> entries)
    {
        var text = new StringBuilder("ra,dec,radius_arcsec,name,label\n");
        foreach (var entry in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"{entry.Ra},{entry.Dec},{entry.RadiusArcsec},{Cell(entry.Name)},{Cell(entry.Label)}\n");
        }

        return text.ToString();
    }

    // A spreadsheet takes a cell that begins so for a formula.
    private static string Cell(string? value) => value switch
    {
        null => "",
        _ when value.AsSpan().ContainsAny(",;\"\t\r\n") || "=+-@".Contains(value[0], StringComparison.Ordinal) =>
            $"\"{("=+-@".Contains(value[0], StringComparison.Ordinal) ? "'" : "")}{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => value,
    };
}
