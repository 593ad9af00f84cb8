using System.Globalization;
using System.Text;
using SkyPortal.Domain.Photometry;

namespace SkyPortal.Web.Components.Plots;

/// <summary>How the bandpasses look: shape and colour, so that neither alone has to tell them apart.</summary>
public static class Marks
{
    private static readonly Bandpass Unknown = new("?", "", 1, "#5e6876", "#8f99a7", "circle", null, null);

    /// <summary>The bandpass, or a grey circle for one that is not known.</summary>
    public static Bandpass Of(string filter) => Bandpasses.Find(filter) ?? Unknown;

    /// <summary>Colour as a CSS value that follows the theme.</summary>
    public static string Css(string filter) => Of(filter) is var band ? $"light-dark({band.Color}, {band.ColorOnDark})" : "";

    /// <summary>Short name for legends: ztfg is g, ps1::i is i.</summary>
    public static string Short(string filter)
    {
        var name = filter.Contains("::", StringComparison.Ordinal) ? filter[(filter.LastIndexOf(':') + 1)..] : filter;
        foreach (var survey in (string[])["ztf", "sdss", "lsst", "atlas", "des", "2mass", "bessell"])
        {
            if (name.StartsWith(survey, StringComparison.Ordinal) && name.Length > survey.Length)
            {
                return name[survey.Length..];
            }
        }

        return name;
    }

    /// <summary>Outline of a mark around the origin with a half width of <paramref name="r"/>, as SVG path data.</summary>
    public static string Path(string mark, double r) => mark.Replace("-open", "", StringComparison.Ordinal) switch
    {
        "square" => Polygon(r * 1.25, 4, 45),
        "diamond" => Polygon(r * 1.3, 4, 0),
        "triangle-up" or "star-triangle-up" => Polygon(r * 1.3, 3, 0),
        "triangle-down" => Polygon(r * 1.3, 3, 180),
        "hexagon2" or "hexagon" => Polygon(r * 1.15, 6, 0),
        "pentagon" => Polygon(r * 1.2, 5, 0),
        "star" => Star(r * 1.4, r * .58, 5),
        "star-diamond" => Star(r * 1.4, r * .6, 4),
        "star-square" => Star(r * 1.2, r * .8, 8),
        "cross" => string.Create(CultureInfo.InvariantCulture, $"M{-r / 3:0.##},{-r:0.##}h{2 * r / 3:0.##}v{2 * r / 3:0.##}h{2 * r / 3:0.##}v{2 * r / 3:0.##}h{-2 * r / 3:0.##}v{2 * r / 3:0.##}h{-2 * r / 3:0.##}v{-2 * r / 3:0.##}h{-2 * r / 3:0.##}v{-2 * r / 3:0.##}h{2 * r / 3:0.##}z"),
        "bowtie" => string.Create(CultureInfo.InvariantCulture, $"M{-r:0.##},{-r:0.##}L{r:0.##},{r:0.##}V{-r:0.##}L{-r:0.##},{r:0.##}z"),
        "hourglass" => string.Create(CultureInfo.InvariantCulture, $"M{-r:0.##},{-r:0.##}H{r:0.##}L{-r:0.##},{r:0.##}H{r:0.##}z"),
        _ => string.Create(CultureInfo.InvariantCulture, $"M{-r:0.##},0a{r:0.##},{r:0.##} 0 1 0 {2 * r:0.##},0a{r:0.##},{r:0.##} 0 1 0 {-2 * r:0.##},0z"),
    };

    private static string Polygon(double r, int corners, double turnDegrees) => Corners(corners, turnDegrees, _ => r);

    private static string Star(double outer, double inner, int points) => Corners(points * 2, 0, i => i % 2 == 0 ? outer : inner);

    private static string Corners(int count, double turnDegrees, Func<int, double> radius)
    {
        var path = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            var angle = ((360.0 * i / count) + turnDegrees) * Math.PI / 180;
            path.Append(i == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{radius(i) * Math.Sin(angle):0.##},{-radius(i) * Math.Cos(angle):0.##}");
        }

        return path.Append('z').ToString();
    }
}
