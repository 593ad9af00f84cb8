using System.Globalization;
using System.Text.RegularExpressions;

namespace SkyPortal.Infrastructure.Facilities;

/// <summary>Fields of view as DS9 regions, centred at (0, 0) ICRS; sizes in degrees.</summary>
public static partial class FieldOfView
{
    private const string Header = "# Region file format: DS9 astropy/regions\nicrs\n";

    /// <summary>A circle.</summary>
    public static string Circle(double radiusDegrees) => string.Create(CultureInfo.InvariantCulture, $"{Header}circle(0.00000000,0.00000000,{radiusDegrees:F8})\n");

    /// <summary>A rectangle.</summary>
    public static string Rectangle(double widthDegrees, double heightDegrees) =>
        string.Create(CultureInfo.InvariantCulture, $"{Header}box(0.00000000,0.00000000,{widthDegrees:F8},{heightDegrees:F8},0.00000000)\n");

    /// <summary>A region of circles, boxes and polygons that a client sent; null where it is none.</summary>
    public static string? Parse(string text)
    {
        var shapes = Shape().Matches(text);
        return shapes.Count == 0 || text.Length > 100_000 ? null : text.Contains("icrs", StringComparison.OrdinalIgnoreCase) || text.Contains("fk5", StringComparison.OrdinalIgnoreCase)
            ? text.EndsWith('\n') ? text : text + "\n"
            : Header + string.Join('\n', shapes.Select(shape => shape.Value)) + "\n";
    }

    /// <summary>A region in words.</summary>
    public static string Summary(string? region)
    {
        if (region is null)
        {
            return "";
        }

        var shapes = Shape().Matches(region);
        if (shapes.Count == 1 && shapes[0].Groups["kind"].Value.ToLowerInvariant() is "circle" or "box")
        {
            var numbers = shapes[0].Groups["numbers"].Value.Split(',').Select(Number).ToList();
            if (numbers.Count == 3)
            {
                return $"Circle [radius]: {Text(numbers[2])}";
            }

            if (numbers.Count >= 4)
            {
                return $"Rectangle [width, height]: ({Text(numbers[2])}, {Text(numbers[3])})";
            }
        }

        return $"Polygon [num. fields]: {shapes.Count}";
    }

    /// <summary>Whether a region holds a point at an offset from its centre. Boxes may be turned.</summary>
    /// <param name="eastDegrees">Towards the east of the centre.</param>
    /// <param name="northDegrees">Towards the north of the centre.</param>
    public static bool Holds(string region, double eastDegrees, double northDegrees) => Shape().Matches(region).Any(shape =>
    {
        var numbers = shape.Groups["numbers"].Value.Split(',').Select(Number).ToArray();
        return shape.Groups["kind"].Value.ToLowerInvariant() switch
        {
            "circle" => numbers.Length >= 3 && Math.Sqrt(Math.Pow(eastDegrees - Signed(numbers[0]), 2) + Math.Pow(northDegrees - numbers[1], 2)) <= numbers[2],
            "box" => numbers.Length >= 4 && HoldsBox(numbers, eastDegrees, northDegrees),
            _ => HoldsPolygon(numbers, eastDegrees, northDegrees),
        };
    });

    private static bool HoldsBox(double[] numbers, double east, double north)
    {
        var (sin, cos) = Math.SinCos((numbers.Length > 4 ? numbers[4] : 0) * Math.PI / 180);
        var (x, y) = (east - Signed(numbers[0]), north - numbers[1]);
        return Math.Abs((x * cos) + (y * sin)) <= numbers[2] / 2 && Math.Abs((y * cos) - (x * sin)) <= numbers[3] / 2;
    }

    private static bool HoldsPolygon(double[] numbers, double east, double north)
    {
        var isIn = false;
        var corners = numbers.Length / 2;
        for (int i = 0, j = corners - 1; i < corners; j = i++)
        {
            var (xi, yi, xj, yj) = (Signed(numbers[2 * i]), numbers[(2 * i) + 1], Signed(numbers[2 * j]), numbers[(2 * j) + 1]);
            isIn ^= yi > north != yj > north && east < ((xj - xi) * (north - yi) / (yj - yi)) + xi;
        }

        return isIn;
    }

    // A corner west of the centre may be told as a longitude below 360.
    private static double Signed(double longitudeDegrees) => longitudeDegrees > 180 ? longitudeDegrees - 360 : longitudeDegrees;

    private static double Number(string text) => double.TryParse(text.Trim().TrimEnd('d', '"'), CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private static string Text(double value) => value == Math.Floor(value) ? value.ToString("F1", CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<kind>circle|box|polygon)\s*\((?<numbers>[-+0-9eE.,\s""d]+)\)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Shape();
}
