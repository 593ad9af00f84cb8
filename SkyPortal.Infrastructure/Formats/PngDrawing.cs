namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Paints a drawing into pixels. Lines and shapes have smooth edges: a pixel takes as much of a mark's colour as its centre lies
/// inside it, by distance. Texts are set in a font of strokes, as wide as the letters of the PDF's fonts.
/// </summary>
public static class PngDrawing
{
    private const int MaxSidePixels = 8_192;
    private const double RowsPerSize = 0.718 / StrokeFont.CapitalRows;
    private const double SideBearing = 0.13;

    /// <summary>The drawing as PNG, on white.</summary>
    /// <param name="pixelsPerPoint">Scale: 2 are 144 dots per inch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side would be longer than 8192 pixels, or empty.</exception>
    public static byte[] Write(Drawing drawing, double pixelsPerPoint)
    {
        var width = (int)Math.Ceiling(drawing.WidthPoints * pixelsPerPoint);
        var height = (int)Math.Ceiling(drawing.HeightPoints * pixelsPerPoint);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(width, height), MaxSidePixels, nameof(pixelsPerPoint));
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(width, height), 1, nameof(pixelsPerPoint));
        var canvas = new Canvas(width, height);
        foreach (var mark in drawing.Marks)
        {
            switch (mark)
            {
                case PathMark path:
                    Paint(canvas, path, pixelsPerPoint);
                    break;
                case TextMark text:
                    Paint(canvas, text, pixelsPerPoint);
                    break;
                case PictureMark picture:
                    canvas.Picture(picture, pixelsPerPoint);
                    break;
            }
        }

        return PngEncoder.EncodeRgb(canvas.Pixels, width, height);
    }

    private static void Paint(Canvas canvas, PathMark path, double scale)
    {
        var points = path.Points.Select(point => new DrawingPoint(point.X * scale, point.Y * scale)).ToList();
        if (path.Fill is { } fill)
        {
            canvas.Fill(points, fill);
        }

        if (path.Stroke is { } stroke)
        {
            canvas.Stroke(path.IsClosed ? [.. points, points[0]] : points, path.WidthPoints * scale, stroke, path.DashPoints * scale);
        }
    }

    private static void Paint(Canvas canvas, TextMark mark, double scale)
    {
        var size = mark.SizePoints * scale;
        var length = FontWidths.Measure(mark.Text, size, mark.Face);
        var start = mark.Anchor switch { TextAnchor.Middle => -length / 2, TextAnchor.End => -length, _ => 0 };
        var pen = Math.Max(1.1, size * (mark.Face == Typeface.SansBold ? 0.125 : 0.085));
        foreach (var letter in mark.Text)
        {
            var advance = FontWidths.Of(letter, mark.Face) * size / 1000;
            var left = start + (advance * SideBearing);
            var column = advance * (1 - (2 * SideBearing)) / 6;
            foreach (var stroke in StrokeFont.Of(letter))
            {
                canvas.Stroke(
                    [.. stroke.Select(point =>
                    {
                        var (along, up) = (left + (point.X * column), point.Y * size * RowsPerSize);
                        return mark.IsUpright
                            ? new DrawingPoint((mark.X * scale) - up, (mark.Y * scale) - along)
                            : new DrawingPoint((mark.X * scale) + along, (mark.Y * scale) - up);
                    })],
                    pen,
                    mark.Ink,
                    0);
            }

            start += advance;
        }
    }

    /// <summary>Pixels, and how marks cover them.</summary>
    private sealed class Canvas
    {
        private readonly int _width;
        private readonly int _height;
        private readonly float[] _coverage;

        public Canvas(int width, int height)
        {
            (_width, _height) = (width, height);
            Pixels = new byte[3 * width * height];
            Pixels.AsSpan().Fill(255);
            _coverage = new float[width * height];
        }

        public byte[] Pixels { get; }

        // One mark covers a pixel once, however often its segments meet there.
        public void Stroke(IReadOnlyList<DrawingPoint> points, double width, Ink ink, double dash)
        {
            var half = Math.Max(width, 1) / 2;
            var strength = Math.Min(1, width);
            var box = Box(points, half + 1);
            var along = 0.0;
            for (var i = 0; i + 1 < points.Count; i++)
            {
                Cover(points[i], points[i + 1], half, dash, along);
                along += Math.Sqrt(Math.Pow(points[i + 1].X - points[i].X, 2) + Math.Pow(points[i + 1].Y - points[i].Y, 2));
            }

            Blend(box, ink, strength);
        }

        public void Fill(IReadOnlyList<DrawingPoint> points, Ink ink)
        {
            const int Lines = 4;
            var box = Box(points, 1);
            var crossings = new List<double>();
            for (var y = box.Top; y < box.Bottom; y++)
            {
                for (var line = 0; line < Lines; line++)
                {
                    var at = y + ((line + 0.5) / Lines);
                    crossings.Clear();
                    for (var i = 0; i < points.Count; i++)
                    {
                        var (a, b) = (points[i], points[(i + 1) % points.Count]);
                        if (a.Y <= at != b.Y <= at)
                        {
                            crossings.Add(a.X + ((at - a.Y) / (b.Y - a.Y) * (b.X - a.X)));
                        }
                    }

                    crossings.Sort();
                    for (var i = 0; i + 1 < crossings.Count; i += 2)
                    {
                        var (from, to) = (Math.Max(box.Left, crossings[i]), Math.Min(box.Right, crossings[i + 1]));
                        for (var x = (int)Math.Floor(from); x < to; x++)
                        {
                            _coverage[(y * _width) + x] += (float)(Math.Max(0, Math.Min(to, x + 1) - Math.Max(from, x)) / Lines);
                        }
                    }
                }
            }

            Blend(box, ink, 1);
        }

        public void Picture(PictureMark picture, double scale)
        {
            var (left, top) = ((int)Math.Round(picture.X * scale), (int)Math.Round(picture.Y * scale));
            var (right, bottom) = ((int)Math.Round((picture.X + picture.WidthPoints) * scale), (int)Math.Round((picture.Y + picture.HeightPoints) * scale));
            for (var y = Math.Max(0, top); y < Math.Min(_height, bottom); y++)
            {
                var row = (int)((y + 0.5 - top) / (bottom - top) * picture.HeightPixels);
                for (var x = Math.Max(0, left); x < Math.Min(_width, right); x++)
                {
                    var column = (int)((x + 0.5 - left) / (right - left) * picture.WidthPixels);
                    Pixels.AsSpan(3 * ((y * _width) + x), 3).Fill(picture.Pixels[(row * picture.WidthPixels) + column]);
                }
            }
        }

        private void Cover(DrawingPoint a, DrawingPoint b, double half, double dash, double along)
        {
            var box = Box([a, b], half + 1);
            var (dx, dy) = (b.X - a.X, b.Y - a.Y);
            var squared = (dx * dx) + (dy * dy);
            var length = Math.Sqrt(squared);
            for (var y = box.Top; y < box.Bottom; y++)
            {
                for (var x = box.Left; x < box.Right; x++)
                {
                    var (px, py) = (x + 0.5 - a.X, y + 0.5 - a.Y);
                    var part = squared == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / squared, 0, 1);
                    if (dash > 0 && ((along + (part * length)) / dash) % 2 >= 1)
                    {
                        continue;
                    }

                    var distance = Math.Sqrt(Math.Pow(px - (part * dx), 2) + Math.Pow(py - (part * dy), 2));
                    ref var covered = ref _coverage[(y * _width) + x];
                    covered = Math.Max(covered, (float)Math.Clamp(half + 0.5 - distance, 0, 1));
                }
            }
        }

        private void Blend((int Left, int Top, int Right, int Bottom) box, Ink ink, double strength)
        {
            for (var y = box.Top; y < box.Bottom; y++)
            {
                for (var x = box.Left; x < box.Right; x++)
                {
                    var place = (y * _width) + x;
                    var part = Math.Min(1, _coverage[place]) * strength;
                    if (part > 0)
                    {
                        var pixel = Pixels.AsSpan(3 * place, 3);
                        pixel[0] = Mix(pixel[0], ink.Red, part);
                        pixel[1] = Mix(pixel[1], ink.Green, part);
                        pixel[2] = Mix(pixel[2], ink.Blue, part);
                        _coverage[place] = 0;
                    }
                }
            }
        }

        private static byte Mix(byte below, byte above, double part) => (byte)Math.Round(below + ((above - below) * part));

        private (int Left, int Top, int Right, int Bottom) Box(IReadOnlyList<DrawingPoint> points, double margin) => (
            (int)Math.Clamp(Math.Floor(points.Min(point => point.X) - margin), 0, _width),
            (int)Math.Clamp(Math.Floor(points.Min(point => point.Y) - margin), 0, _height),
            (int)Math.Clamp(Math.Ceiling(points.Max(point => point.X) + margin), 0, _width),
            (int)Math.Clamp(Math.Ceiling(points.Max(point => point.Y) + margin), 0, _height));
    }
}
