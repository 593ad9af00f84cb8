namespace SkyPortal.Infrastructure.Formats;

/// <summary>A colour of light: red, green and blue, 0 to 255.</summary>
public readonly record struct Ink(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Ink Black { get; } = new(0, 0, 0);

    /// <summary>White.</summary>
    public static Ink White { get; } = new(255, 255, 255);

    /// <summary>A shade of grey, 0 black to 255 white.</summary>
    public static Ink Grey(byte level) => new(level, level, level);
}

/// <summary>Which point of a text its place is: its start, middle or end on the baseline.</summary>
public enum TextAnchor
{
    Start,
    Middle,
    End,
}

/// <summary>A typeface. All three are known to every PDF reader.</summary>
public enum Typeface
{
    Sans,
    SansBold,
    Mono,
}

/// <summary>A point of a drawing: points (1/72 inch) from the left and from the top.</summary>
public readonly record struct DrawingPoint(double X, double Y);

/// <summary>One mark of a drawing.</summary>
public abstract record DrawingMark;

/// <summary>A line through points, and what it encloses.</summary>
/// <param name="Points">Two or more.</param>
/// <param name="IsClosed">Whether it returns to its first point.</param>
/// <param name="Stroke">Colour of the line; null for none.</param>
/// <param name="WidthPoints">Width of the line.</param>
/// <param name="Fill">Colour inside; null for none.</param>
/// <param name="DashPoints">Length of dashes and of the gaps between them; 0 for a full line.</param>
public sealed record PathMark(IReadOnlyList<DrawingPoint> Points, bool IsClosed, Ink? Stroke, double WidthPoints, Ink? Fill, double DashPoints) : DrawingMark;

/// <summary>A line of text.</summary>
/// <param name="IsUpright">Whether it reads from below to above.</param>
public sealed record TextMark(double X, double Y, string Text, double SizePoints, Ink Ink, TextAnchor Anchor, Typeface Face, bool IsUpright) : DrawingMark;

/// <summary>A greyscale picture.</summary>
/// <param name="Pixels">One byte per pixel, row after row from the top.</param>
public sealed record PictureMark(double X, double Y, double WidthPoints, double HeightPoints, byte[] Pixels, int WidthPixels, int HeightPixels) : DrawingMark;

/// <summary>
/// A page of lines, texts and pictures in order from back to front. Lengths are in points of 1/72 inch, from the left and from
/// the top. Written by <see cref="PdfWriter"/> and <see cref="PngDrawing"/>.
/// </summary>
public sealed class Drawing(double widthPoints, double heightPoints)
{
    private const int CircleCorners = 64;
    private readonly List<DrawingMark> _marks = [];

    /// <summary>Width of the page.</summary>
    public double WidthPoints { get; } = widthPoints;

    /// <summary>Height of the page.</summary>
    public double HeightPoints { get; } = heightPoints;

    /// <summary>What is drawn, from back to front.</summary>
    public IReadOnlyList<DrawingMark> Marks => _marks;

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, Ink ink, double widthPoints = 0.6, double dashPoints = 0) =>
        _marks.Add(new PathMark([new(x1, y1), new(x2, y2)], false, ink, widthPoints, null, dashPoints));

    /// <summary>A line through points.</summary>
    public void Path(IReadOnlyList<DrawingPoint> points, Ink ink, double widthPoints = 0.8)
    {
        if (points.Count > 1)
        {
            _marks.Add(new PathMark(points, false, ink, widthPoints, null, 0));
        }
    }

    /// <summary>A closed shape.</summary>
    public void Shape(IReadOnlyList<DrawingPoint> points, Ink? stroke, Ink? fill, double widthPoints = 0.6) =>
        _marks.Add(new PathMark(points, true, stroke, widthPoints, fill, 0));

    /// <summary>A rectangle by its upper left corner.</summary>
    public void Rectangle(double x, double y, double width, double height, Ink? stroke, Ink? fill, double widthPoints = 0.6) =>
        Shape([new(x, y), new(x + width, y), new(x + width, y + height), new(x, y + height)], stroke, fill, widthPoints);

    /// <summary>A circle.</summary>
    public void Circle(double centerX, double centerY, double radius, Ink? stroke, Ink? fill, double widthPoints = 0.8)
    {
        var points = new DrawingPoint[CircleCorners];
        for (var i = 0; i < CircleCorners; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / CircleCorners);
            points[i] = new DrawingPoint(centerX + (radius * cos), centerY + (radius * sin));
        }

        Shape(points, stroke, fill, widthPoints);
    }

    /// <summary>A text on its baseline.</summary>
    public void Text(
        double x, double y, string text, double sizePoints, Ink ink, TextAnchor anchor = TextAnchor.Start, Typeface face = Typeface.Sans, bool isUpright = false) =>
        _marks.Add(new TextMark(x, y, text, sizePoints, ink, anchor, face, isUpright));

    /// <summary>A greyscale picture, stretched to a rectangle.</summary>
    public void Picture(double x, double y, double widthPoints, double heightPoints, byte[] pixels, int widthPixels, int heightPixels)
    {
        if (pixels.Length != (long)widthPixels * heightPixels || pixels.Length == 0)
        {
            throw new ArgumentException($"{pixels.Length} bytes do not make a picture of {widthPixels} x {heightPixels}.", nameof(pixels));
        }

        _marks.Add(new PictureMark(x, y, widthPoints, heightPoints, pixels, widthPixels, heightPixels));
    }
}
