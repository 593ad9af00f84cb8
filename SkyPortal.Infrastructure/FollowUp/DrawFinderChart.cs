using System.Globalization;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Infrastructure.FollowUp;

/// <summary>What a finding chart shows.</summary>
/// <param name="Image">The sky behind; null where no survey answered.</param>
/// <param name="Note">What the reader must know of the image; null for nothing.</param>
/// <param name="Field">Stars that are drawn where there is no image.</param>
public sealed record FinderChart(
    string Name, SkyPosition Place, double SizeArcmin, StarlistFacility Facility, Mjd ObservedAt, ChartImage? Image, string? Note,
    IReadOnlyList<OffsetStar> Stars, IReadOnlyList<(CatalogStar Star, SkyPosition Position)> Field, IReadOnlyList<StarlistLine> Lines);

/// <summary>
/// Draws a finding chart: the sky in negative with north up and east to the left, its grid, scale and directions, the target between
/// two strokes, each offset star in a circle of its own colour and number, the steps to the target, and the star list.
/// </summary>
public static class DrawFinderChart
{
    private const double Left = 62;
    private const double Top = 58;
    private const double Side = 400;
    private const double TableLeft = 486;
    private const double RaLabelWidth = 34;
    private const double ListTop = 502;
    private const double ListSize = 6.6;
    private static readonly Ink Red = new(200, 20, 30);
    private static readonly Ink Quiet = Ink.Grey(95);
    private static readonly Ink Grid = Ink.Grey(150);
    private static readonly Ink[] Colours = [new(0, 92, 185), new(176, 84, 0), new(0, 122, 82), new(128, 30, 140)];
    private static readonly double[] ScalesArcsec = [5, 10, 15, 20, 30, 60, 120, 180, 300];
    private static readonly double[] DecStepsArcsec = [10, 15, 30, 60, 120, 180, 300, 600];
    private static readonly double[] RaStepsSeconds = [0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 1800];

    /// <summary>The page.</summary>
    public static Drawing Draw(FinderChart chart)
    {
        var page = new Drawing(792, 612);
        page.Text(Left, 30, chart.Name, 17, Ink.Black, face: Typeface.SansBold);
        page.Text(Left, 46, $"{chart.Place.ToSexagesimal()} (ICRS)", 11, Ink.Black);
        page.Text(Left + Side, 46, chart.Image?.Source.Title ?? "no image", 10, Quiet, TextAnchor.End);
        Sky(page, chart);
        Coordinates(page, chart);
        page.Rectangle(Left, Top, Side, Side, Ink.Black, null, 0.9);
        Marks(page, chart);
        Scale(page, chart);
        Table(page, chart);
        List(page, chart);
        return page;
    }

    private static void Sky(Drawing page, FinderChart chart)
    {
        if (chart.Image is { } image)
        {
            page.Picture(Left, Top, Side, Side, Negative(image.Pixels), image.SidePixels, image.SidePixels);
            return;
        }

        foreach (var (star, position) in chart.Field)
        {
            if (Place(chart, position) is { } at)
            {
                page.Circle(at.X, at.Y, Math.Clamp((21.5 - star.Mag) * 0.55, 0.5, 5), null, Ink.Grey(60));
            }
        }
    }

    /// <summary>Grey levels of a negative: the sky light, stars dark, from the range of <see cref="ZScale"/> with its bright end compressed.</summary>
    public static byte[] Negative(float[] pixels)
    {
        const double Headroom = 6;
        const double Softening = 3;

        // So much of the range is noise of the sky, which stays nearly white.
        const double SkyPart = 0.4;
        if (ZScale.Range(pixels) is not var (low, high) || !(high > low))
        {
            return Array.ConvertAll(pixels, _ => (byte)255);
        }

        low += (float)(SkyPart * (high - low));
        var top = Math.Asinh(Softening * Headroom);
        return Array.ConvertAll(pixels, pixel => float.IsFinite(pixel)
            ? (byte)Math.Round(255 * (1 - (Math.Asinh(Softening * Math.Clamp((pixel - low) / (high - low), 0, Headroom)) / top)))
            : (byte)255);
    }

    private static void Coordinates(Drawing page, FinderChart chart)
    {
        var half = chart.SizeArcmin / 120;
        var decStep = Step(DecStepsArcsec, chart.SizeArcmin * 60 / 5) / 3600;
        for (var index = Math.Ceiling((chart.Place.DecDegrees - half) / decStep); index * decStep <= chart.Place.DecDegrees + half; index++)
        {
            var dec = index * decStep;
            if (dec is > -90 and < 90)
            {
                var line = Curve(chart, part => new SkyPosition(chart.Place.RaDegrees + ((part - 0.5) * 2.4 * half / Math.Max(0.02, Math.Cos(dec * Math.PI / 180))), dec));
                page.Path(line, Grid, 0.35);
                if (line.Count > 1)
                {
                    page.Text(Left - 5, line.MinBy(point => point.X).Y + 2.5, Sexagesimal.FormatDec(dec, 0), 7.5, Ink.Black, TextAnchor.End);
                }
            }
        }

        var cos = Math.Max(0.02, Math.Cos(chart.Place.DecDegrees * Math.PI / 180));
        var raStep = Step(RaStepsSeconds, chart.SizeArcmin * 4 / cos / 4) / 240;
        var lastLabel = double.MaxValue;
        for (var index = Math.Ceiling((chart.Place.RaDegrees - (half / cos)) / raStep); index * raStep <= chart.Place.RaDegrees + (half / cos); index++)
        {
            var ra = index * raStep;
            var line = Curve(chart, part => new SkyPosition(ra, Math.Clamp(chart.Place.DecDegrees + ((part - 0.5) * 2.4 * half), -90, 90)));
            page.Path(line, Grid, 0.35);
            // Near a pole the meridians meet, and their numbers would, too.
            if (line.Count > 1 && line.MaxBy(point => point.Y) is var foot && Math.Abs(foot.X - lastLabel) >= RaLabelWidth)
            {
                lastLabel = foot.X;
                page.Text(foot.X, Top + Side + 11, Sexagesimal.FormatRa(ra, raStep < 1 / 240.0 ? 1 : 0), 7.5, Ink.Black, TextAnchor.Middle);
            }
        }
    }

    private static void Marks(Drawing page, FinderChart chart)
    {
        var (x, y) = (Left + (Side / 2), Top + (Side / 2));
        page.Line(x + 9, y, x + 27, y, Red, 1.6);
        page.Line(x, y - 9, x, y - 27, Red, 1.6);
        for (var i = 0; i < chart.Stars.Count; i++)
        {
            if (Place(chart, chart.Stars[i].Position) is { } at)
            {
                var colour = Colours[i % Colours.Length];
                page.Circle(at.X, at.Y, 9, colour, null, 1.4);
                var isLeft = at.X > Left + Side - 24;
                page.Text(at.X + (isLeft ? -11 : 11), at.Y - 7, $"{i + 1}", 11, colour, isLeft ? TextAnchor.End : TextAnchor.Start, Typeface.SansBold);
            }
        }
    }

    private static void Scale(Drawing page, FinderChart chart)
    {
        var arcsec = Step(ScalesArcsec, chart.SizeArcmin * 60 / 5);
        var length = arcsec / 60 / chart.SizeArcmin * Side;
        page.Rectangle(Left + 6, Top + Side - 30, length + 14, 24, null, Ink.White);
        page.Line(Left + 13, Top + Side - 12, Left + 13 + length, Top + Side - 12, Ink.Black, 2);
        page.Text(Left + 13 + (length / 2), Top + Side - 17, arcsec < 60 ? Text($"{arcsec:0}\"") : Text($"{arcsec / 60:0}'"), 9, Ink.Black, TextAnchor.Middle);

        var (x, y) = (Left + Side - 18, Top + Side - 18);
        page.Rectangle(x - 46, y - 46, 58, 58, null, Ink.White);
        page.Line(x, y, x, y - 28, Ink.Black, 1.3);
        page.Shape([new(x, y - 34), new(x - 3, y - 27), new(x + 3, y - 27)], null, Ink.Black);
        page.Line(x, y, x - 28, y, Ink.Black, 1.3);
        page.Shape([new(x - 34, y), new(x - 27, y - 3), new(x - 27, y + 3)], null, Ink.Black);
        page.Text(x, y - 37, "N", 9, Ink.Black, TextAnchor.Middle, Typeface.SansBold);
        page.Text(x - 37, y + 3, "E", 9, Ink.Black, TextAnchor.End, Typeface.SansBold);
    }

    private static void Table(Drawing page, FinderChart chart)
    {
        var y = Top + 8;
        page.Text(TableLeft, y, "Offset stars", 12, Ink.Black, face: Typeface.SansBold);
        page.Text(792 - 36, y, chart.Facility.Name, 10, Quiet, TextAnchor.End);
        y += 16;
        page.Text(TableLeft, y, $"Positions for {chart.ObservedAt.ToDateTimeOffset():yyyy-MM-dd HH:mm} UTC. Steps lead from the star to", 8, Quiet);
        page.Text(TableLeft, y + 10, "the target.", 8, Quiet);
        y += 30;
        for (var i = 0; i < chart.Stars.Count; i++)
        {
            var star = chart.Stars[i];
            var colour = Colours[i % Colours.Length];
            page.Circle(TableLeft + 7, y - 3, 7, colour, null, 1.3);
            page.Text(TableLeft + 7, y, $"{i + 1}", 8.5, colour, TextAnchor.Middle, Typeface.SansBold);
            page.Text(TableLeft + 22, y, star.Position.ToSexagesimal(), 10, Ink.Black);
            page.Text(792 - 36, y, Text($"{star.Star.Mag:0.00} mag"), 10, Ink.Black, TextAnchor.End);
            page.Text(TableLeft + 22, y + 14, $"{Starlist.Toward(star.EastArcsec, 'E', 'W')}   {Starlist.Toward(star.NorthArcsec, 'N', 'S')}", 12, colour, face: Typeface.SansBold);
            page.Text(792 - 36, y + 14, Text($"{star.DistanceArcsec:0.0}\" at {star.PositionAngleDegrees:0.0}°"), 9, Quiet, TextAnchor.End);
            page.Text(TableLeft + 22, y + 25, star.Star.Id, 7.5, Quiet);
            y += 44;
        }

        if (chart.Stars.Count == 0)
        {
            page.Text(TableLeft, y, "None found.", 10, Quiet);
            y += 18;
        }

        foreach (var line in Wrapped(chart.Note ?? "", 270, 8.5))
        {
            page.Text(TableLeft, y + 6, line, 8.5, Red);
            y += 11;
        }

        page.Text(TableLeft, Top + Side, Text($"{chart.SizeArcmin:0.##}' x {chart.SizeArcmin:0.##}'; the target stands between the red strokes."), 8, Quiet);
    }

    private static void List(Drawing page, FinderChart chart)
    {
        page.Text(36, ListTop - 12, $"Star list for {chart.Facility.Name}", 8.5, Quiet);
        var y = ListTop;
        foreach (var line in chart.Lines)
        {
            // A list must be copied whole: long lines become smaller, not shorter.
            var size = Math.Min(ListSize, (792 - 72) / Math.Max(1, line.Text.Length * 0.6));
            page.Text(36, y, line.Text, size, Ink.Black, face: Typeface.Mono);
            y += 10;
        }
    }

    private static IEnumerable<string> Wrapped(string text, double width, double size)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && FontWidths.Measure(longer, size) > width)
            {
                yield return line;
                longer = word;
            }

            line = longer;
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }

    private static List<DrawingPoint> Curve(FinderChart chart, Func<double, SkyPosition> along)
    {
        const int Steps = 60;
        var points = new List<DrawingPoint>();
        for (var i = 0; i <= Steps; i++)
        {
            if (Place(chart, along(i / (double)Steps)) is { } at)
            {
                points.Add(at);
            }
        }

        return points;
    }

    // Null outside the chart.
    private static DrawingPoint? Place(FinderChart chart, SkyPosition position)
    {
        if (TangentPlane.Project(chart.Place, position) is not var (east, north))
        {
            return null;
        }

        var side = chart.SizeArcmin / 60;
        var at = new DrawingPoint(Left + ((0.5 - (east / side)) * Side), Top + ((0.5 - (north / side)) * Side));
        return at.X >= Left && at.X <= Left + Side && at.Y >= Top && at.Y <= Top + Side ? at : null;
    }

    private static double Step(double[] steps, double wanted) => steps.LastOrDefault(step => step <= wanted, steps[0]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
