using System.Globalization;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What counts as observable.</summary>
/// <param name="MaxAirmass">Largest airmass.</param>
/// <param name="SunAltitudeDegrees">Altitude of the Sun below which it is dark.</param>
/// <param name="Darkness">Its name, for people.</param>
public sealed record ObservabilityLimits(double MaxAirmass, double SunAltitudeDegrees, string Darkness);

/// <summary>
/// The chart of when a target can be observed in the 24 hours after a moment, from every telescope that stands at one place: the dark
/// hours of each and, within them, those in which the target is high enough. Telescopes that see it come first, by when they begin.
/// </summary>
public static class DrawObservability
{
    private const double PageWidth = 595;
    private const double PageHeight = 842;
    private const double ChartLeft = 176;
    private const double ChartRight = 485;
    private const double FirstRow = 122;
    private const double LastRow = 790;
    private const double RowHeight = 11;
    private const int Steps = 24 * 12;
    private static readonly Ink Faint = Ink.Grey(225);
    private static readonly Ink Quiet = Ink.Grey(110);
    private static readonly Ink Dark = new(196, 205, 222);
    private static readonly Ink Good = new(36, 94, 190);

    /// <summary>The pages of the document; one at least.</summary>
    public static IReadOnlyList<Drawing> Pages(string name, SkyPosition target, IReadOnlyList<TelescopeSite> telescopes, ObservabilityLimits limits, Mjd from)
    {
        var rows = telescopes.Where(telescope => telescope.Site is not null)
            .Select(telescope => Row.Of(telescope, target, limits, from))
            .OrderBy(row => row.First ?? int.MaxValue).ThenBy(row => row.Telescope.Nickname, StringComparer.OrdinalIgnoreCase)
            .ToList();
        var perPage = (int)((LastRow - FirstRow) / RowHeight);
        var pages = new List<Drawing>();
        for (var start = 0; start == 0 || start < rows.Count; start += perPage)
        {
            var page = new Drawing(PageWidth, PageHeight);
            var shown = rows.Skip(start).Take(perPage).ToList();
            Head(page, name, target, limits, from);
            Axis(page, from, shown.Count);
            for (var i = 0; i < shown.Count; i++)
            {
                Bar(page, shown[i], FirstRow + (i * RowHeight));
            }

            page.Text(PageWidth / 2, PageHeight - 24, $"{pages.Count + 1} of {Math.Max(1, (rows.Count + perPage - 1) / perPage)}", 8, Quiet, TextAnchor.Middle);
            pages.Add(page);
        }

        return pages;
    }

    private static void Head(Drawing page, string name, SkyPosition target, ObservabilityLimits limits, Mjd from)
    {
        page.Text(36, 46, $"Observability of {name}", 16, Ink.Black, face: Typeface.SansBold);
        page.Text(36, 62, $"{target.ToSexagesimal()} (ICRS)", 10, Ink.Black);
        page.Text(36, 76, Invariant(
            $"24 hours from {from.ToDateTimeOffset():yyyy-MM-dd HH:mm} UTC; airmass below {limits.MaxAirmass:0.##}, Sun {-limits.SunAltitudeDegrees:0}° down ({limits.Darkness} twilight); Moon {Moon.IlluminatedFraction(from.AddDays(0.5)) * 100:0}% lit"), 9, Quiet);
        page.Rectangle(36, 86, 14, 7, null, Dark);
        page.Text(54, 92.5, "dark", 8, Quiet);
        page.Rectangle(84, 86, 14, 7, null, Good);
        page.Text(102, 92.5, "observable", 8, Quiet);
        page.Text(ChartRight + 38, 106, "hours", 8, Quiet, TextAnchor.End);
        page.Text(ChartRight + 74, 106, "airmass", 8, Quiet, TextAnchor.End);
    }

    private static void Axis(Drawing page, Mjd from, int rows)
    {
        var bottom = FirstRow + (Math.Max(1, rows) * RowHeight);
        var firstHour = (int)Math.Ceiling(from.UtcDays * 24 / 2) * 2;
        for (var hour = firstHour; hour / 24.0 <= from.UtcDays + 1; hour += 2)
        {
            var x = X((hour / 24.0) - from.UtcDays);
            page.Line(x, FirstRow - 6, x, bottom, Faint, 0.5);
            page.Text(x, FirstRow - 16, Invariant($"{hour % 24:00}"), 8, Quiet, TextAnchor.Middle);
        }

        page.Text(ChartLeft - 8, FirstRow - 16, "UTC", 8, Quiet, TextAnchor.End);
    }

    private static void Bar(Drawing page, Row row, double top)
    {
        page.Text(36, top + 7.5, Fit(row.Telescope.Nickname, 130, 8), 8, row.First is null ? Quiet : Ink.Black);
        foreach (var (start, end) in Runs(row.IsDark))
        {
            page.Rectangle(X(start), top + 1, X(end) - X(start), RowHeight - 3, null, Dark);
        }

        foreach (var (start, end) in Runs(row.IsGood))
        {
            page.Rectangle(X(start), top + 1, X(end) - X(start), RowHeight - 3, null, Good);
        }

        var hours = row.IsGood.Count(good => good) * 24.0 / Steps;
        page.Text(ChartRight + 38, top + 7.5, hours > 0 ? Invariant($"{hours:0.0}") : "-", 8, hours > 0 ? Ink.Black : Quiet, TextAnchor.End);
        page.Text(ChartRight + 74, top + 7.5, row.Best is { } best ? Invariant($"{best:0.00}") : "-", 8, hours > 0 ? Ink.Black : Quiet, TextAnchor.End);
    }

    private static IEnumerable<(double Start, double End)> Runs(bool[] flags)
    {
        for (var i = 0; i < flags.Length; i++)
        {
            if (flags[i])
            {
                var start = i;
                while (i < flags.Length && flags[i])
                {
                    i++;
                }

                yield return (start / (double)Steps, i / (double)Steps);
            }
        }
    }

    private static string Fit(string text, double widthPoints, double sizePoints)
    {
        var length = text.Length;
        while (length > 1 && FontWidths.Measure(text[..length], sizePoints) > widthPoints)
        {
            length--;
        }

        return text[..length];
    }

    private static double X(double day) => ChartLeft + (Math.Clamp(day, 0, 1) * (ChartRight - ChartLeft));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Best">Smallest airmass while observable.</param>
    /// <param name="First">First step in which it is observable; null for none.</param>
    private sealed record Row(TelescopeSite Telescope, bool[] IsDark, bool[] IsGood, double? Best, int? First)
    {
        public static Row Of(TelescopeSite telescope, SkyPosition target, ObservabilityLimits limits, Mjd from)
        {
            var site = telescope.Site!.Value;
            var (dark, good) = (new bool[Steps], new bool[Steps]);
            double? best = null;
            for (var step = 0; step < Steps; step++)
            {
                var moment = from.AddDays((step + 0.5) / Steps);
                dark[step] = Sun.AltitudeDegrees(site, moment) < limits.SunAltitudeDegrees;
                var airmass = dark[step] ? site.AirmassTowards(target, moment) : null;
                good[step] = airmass < limits.MaxAirmass;
                best = good[step] && !(best <= airmass) ? airmass : best;
            }

            var first = Array.IndexOf(good, true);
            return new Row(telescope, dark, good, best, first < 0 ? null : first);
        }
    }
}
