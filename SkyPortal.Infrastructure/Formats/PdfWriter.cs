using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace SkyPortal.Infrastructure.Formats;

/// <summary>
/// Writes drawings as a PDF 1.4 document (ISO 32000): texts in the standard fonts, so that they can be searched and copied, lines as
/// vectors, pictures as they are. Equal input gives equal bytes. Characters outside Latin 1 become question marks.
/// </summary>
public static class PdfWriter
{
    private static readonly Encoding Latin = Encoding.GetEncoding("ISO-8859-1", new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback);

    private static readonly string[] Fonts = ["Helvetica", "Helvetica-Bold", "Courier"];

    /// <summary>Writes a document of one or more pages.</summary>
    /// <param name="title">Title as readers show it.</param>
    public static byte[] Write(IReadOnlyList<Drawing> pages, string title)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pages.Count);
        var objects = new List<byte[]>
        {
            Plain("<< /Type /Catalog /Pages 2 0 R >>"),
            Array.Empty<byte>(),
        };
        objects.AddRange(Fonts.Select(font => Plain($"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>")));
        var kids = new List<int>();
        foreach (var page in pages)
        {
            kids.Add(objects.Count + 1);
            AddPage(objects, page);
        }

        objects[1] = Plain($"<< /Type /Pages /Count {kids.Count} /Kids [{string.Join(' ', kids.Select(kid => $"{kid} 0 R"))}] >>");
        objects.Add(Latin.GetBytes($"<< /Title ({Escape(title)}) /Producer (SkyPortal) >>"));
        return Assemble(objects);
    }

    private static void AddPage(List<byte[]> objects, Drawing page)
    {
        var number = objects.Count + 1;
        var pictures = page.Marks.OfType<PictureMark>().ToList();
        var content = new StringBuilder();
        foreach (var mark in page.Marks)
        {
            Append(content, mark, page.HeightPoints, pictures);
        }

        var named = string.Concat(pictures.Select((_, index) => $" /P{index} {number + 2 + index} 0 R"));
        objects.Add(Plain(
            $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {Text(page.WidthPoints)} {Text(page.HeightPoints)}] /Contents {number + 1} 0 R "
            + $"/Resources << /Font << /F0 3 0 R /F1 4 0 R /F2 5 0 R >> /XObject <<{named} >> >> >>"));
        objects.Add(Stream("", Latin.GetBytes(content.ToString())));
        objects.AddRange(pictures.Select(picture => Stream(
            $"/Type /XObject /Subtype /Image /Width {picture.WidthPixels} /Height {picture.HeightPixels} /ColorSpace /DeviceGray /BitsPerComponent 8 ", picture.Pixels)));
    }

    private static void Append(StringBuilder content, DrawingMark mark, double height, List<PictureMark> pictures)
    {
        switch (mark)
        {
            case PathMark path:
                AppendPath(content, path, height);
                break;
            case TextMark text:
                AppendText(content, text, height);
                break;
            case PictureMark picture:
                content.Append(CultureInfo.InvariantCulture,
                    $"q {Text(picture.WidthPoints)} 0 0 {Text(picture.HeightPoints)} {Text(picture.X)} {Text(height - picture.Y - picture.HeightPoints)} cm /P{pictures.IndexOf(picture)} Do Q\n");
                break;
        }
    }

    private static void AppendPath(StringBuilder content, PathMark path, double height)
    {
        content.Append("q 1 J 1 j ");
        if (path.Stroke is { } stroke)
        {
            content.Append($"{Colour(stroke)} RG {Text(path.WidthPoints)} w ");
        }

        if (path.Fill is { } fill)
        {
            content.Append($"{Colour(fill)} rg ");
        }

        if (path.DashPoints > 0)
        {
            content.Append($"0 J [{Text(path.DashPoints)}] 0 d ");
        }

        for (var i = 0; i < path.Points.Count; i++)
        {
            content.Append($"{Text(path.Points[i].X)} {Text(height - path.Points[i].Y)} {(i == 0 ? 'm' : 'l')} ");
        }

        content.Append((path.IsClosed, path.Stroke is not null, path.Fill is not null) switch
        {
            (true, true, true) => "b",
            (_, false, true) => "f",
            (true, true, false) => "s",
            (_, true, _) => "S",
            _ => "n",
        }).Append(" Q\n");
    }

    private static void AppendText(StringBuilder content, TextMark mark, double height)
    {
        var shift = mark.Anchor switch
        {
            TextAnchor.Middle => FontWidths.Measure(mark.Text, mark.SizePoints, mark.Face) / 2,
            TextAnchor.End => FontWidths.Measure(mark.Text, mark.SizePoints, mark.Face),
            _ => 0,
        };
        var (x, y) = mark.IsUpright ? (mark.X, height - mark.Y - shift) : (mark.X - shift, height - mark.Y);
        var turn = mark.IsUpright ? "0 1 -1 0" : "1 0 0 1";
        content.Append($"BT {Colour(mark.Ink)} rg /F{(int)mark.Face} {Text(mark.SizePoints)} Tf {turn} {Text(x)} {Text(y)} Tm ({Escape(mark.Text)}) Tj ET\n");
    }

    private static byte[] Stream(string entries, byte[] data)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(data);
        }

        return [.. Plain($"<< {entries}/Filter /FlateDecode /Length {packed.Length} >>\nstream\n"), .. packed.ToArray(), .. "\nendstream"u8];
    }

    private static byte[] Assemble(List<byte[]> objects)
    {
        using var file = new MemoryStream();
        file.Write("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n"u8);
        var places = new List<long>();
        for (var i = 0; i < objects.Count; i++)
        {
            places.Add(file.Length);
            file.Write(Plain($"{i + 1} 0 obj\n"));
            file.Write(objects[i]);
            file.Write("\nendobj\n"u8);
        }

        var start = file.Length;
        file.Write(Plain($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n"));
        foreach (var place in places)
        {
            file.Write(Plain($"{place:0000000000} 00000 n \n"));
        }

        file.Write(Plain($"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R /Info {objects.Count} 0 R >>\nstartxref\n{start}\n%%EOF\n"));
        return file.ToArray();
    }

    private static byte[] Plain(string text) => Encoding.ASCII.GetBytes(text);

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            escaped.Append(character is '(' or ')' or '\\' ? "\\" : "").Append(char.IsControl(character) ? ' ' : character);
        }

        return escaped.ToString();
    }

    private static string Colour(Ink ink) => $"{Text(ink.Red / 255.0)} {Text(ink.Green / 255.0)} {Text(ink.Blue / 255.0)}";

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}
