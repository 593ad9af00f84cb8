using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed partial class DrawingTests
{
    private const string Everything = "The quick brown fox jumps over the lazy dog 0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ABCDEFGHIJKLMNOPQRSTUVWXYZ ±°µ";

    [Fact]
    public void WritePdf_TwoPages_EveryCrossReferencePointsAtItsObject()
    {
        var pdf = PdfWriter.Write([Sample(), Sample()], "A (title)");
        var text = Encoding.Latin1.GetString(pdf);

        Assert.StartsWith("%PDF-1.4\n", text, StringComparison.Ordinal);
        Assert.EndsWith("%%EOF\n", text, StringComparison.Ordinal);
        var start = int.Parse(StartPattern().Match(text).Groups[1].Value, null);
        Assert.StartsWith("xref\n", text[start..], StringComparison.Ordinal);
        var places = EntryPattern().Matches(text[start..]).Select(match => int.Parse(match.Groups[1].Value, null)).ToList();
        Assert.NotEmpty(places);
        for (var i = 0; i < places.Count; i++)
        {
            Assert.StartsWith($"{i + 1} 0 obj\n", text[places[i]..], StringComparison.Ordinal);
        }

        Assert.Equal(2, Regex.Count(text, "/Type /Page /Parent"));
        Assert.Contains("/Title (A \\(title\\))", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WritePdf_TextWithBracketsAndBackslash_IsEscapedAndSearchable()
    {
        var page = new Drawing(100, 100);
        page.Text(10, 20, @"a (b) \ α", 10, Ink.Black);

        var content = Content(PdfWriter.Write([page], "t"));

        Assert.Contains(@"(a \(b\) \\ ?) Tj", content, StringComparison.Ordinal);
        Assert.Contains("1 0 0 1 10 80 Tm", content, StringComparison.Ordinal);
    }

    [Fact]
    public void WritePdf_AnchoredText_StandsByItsWidth()
    {
        var page = new Drawing(100, 100);
        page.Text(50, 50, "AA", 10, Ink.Black, TextAnchor.End);

        Assert.Contains("1 0 0 1 36.66 50 Tm", Content(PdfWriter.Write([page], "t")), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SameDrawing_GivesTheSameBytes()
    {
        Assert.Equal(PdfWriter.Write([Sample()], "t"), PdfWriter.Write([Sample()], "t"));
        Assert.Equal(PngDrawing.Write(Sample(), 1.5), PngDrawing.Write(Sample(), 1.5));
    }

    [Fact]
    public void WritePng_ADrawing_IsAValidPictureOfItsSize()
    {
        var png = PngDrawing.Write(Sample(), 2);

        var info = PngInfo.Read(png);
        Assert.Equal((1200, 600, false), (info.WidthPixels, info.HeightPixels, info.IsGreyscale));
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, "drawing.png"), png);
        }
    }

    [Fact]
    public void WritePng_ASideTooLong_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PngDrawing.Write(new Drawing(5000, 10), 2));

    [Fact]
    public void WritePng_MarksOutsideThePage_AreCutOff()
    {
        var page = new Drawing(20, 20);
        page.Line(-50, 10, 80, 10, Ink.Black);
        page.Rectangle(-10, -10, 100, 100, Ink.Black, Ink.Grey(200));
        page.Circle(19, 19, 30, Ink.Black, null);
        page.Text(15, 25, "outside", 12, Ink.Black);
        page.Picture(10, 10, 40, 40, [1, 2, 3, 4], 2, 2);

        Assert.Equal(20, PngInfo.Read(PngDrawing.Write(page, 1)).WidthPixels);
    }

    private static Drawing Sample()
    {
        var page = new Drawing(600, 300);
        page.Rectangle(10, 10, 580, 280, Ink.Black, Ink.Grey(246));
        page.Picture(450, 150, 100, 100, [.. Enumerable.Range(0, 256).Select(i => (byte)i)], 16, 16);
        var y = 30.0;
        foreach (var size in new[] { 7.0, 8, 9, 10, 12, 15 })
        {
            page.Text(20, y, Everything, size, Ink.Black);
            y += size + 5;
        }

        page.Text(20, y + 4, Everything[..60], 12, new Ink(180, 20, 20), face: Typeface.SansBold);
        page.Text(20, y + 22, "ZTF21abcdefg 12 38 11.071 +36 30 02.31 2000.0 # mono", 10, Ink.Black, face: Typeface.Mono);
        page.Text(590, 290, "upright", 10, Ink.Black, isUpright: true);
        page.Circle(400, 200, 30, new Ink(20, 120, 40), null, 1.5);
        page.Line(300, 160, 420, 280, Ink.Black, 0.6, 4);
        page.Shape([new(200, 200), new(240, 280), new(160, 280)], new Ink(0, 0, 200), new Ink(200, 220, 255), 1);
        return page;
    }

    private static string Content(byte[] pdf)
    {
        var text = Encoding.Latin1.GetString(pdf);
        var match = StreamPattern().Match(text);
        using var zlib = new ZLibStream(new MemoryStream(pdf, match.Index + match.Length, int.Parse(match.Groups[1].Value, null)), CompressionMode.Decompress);
        using var reader = new StreamReader(zlib, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"startxref\n(\d+)")]
    private static partial Regex StartPattern();

    [GeneratedRegex(@"(\d{10}) 00000 n ")]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"/Length (\d+) >>\nstream\n")]
    private static partial Regex StreamPattern();
}
