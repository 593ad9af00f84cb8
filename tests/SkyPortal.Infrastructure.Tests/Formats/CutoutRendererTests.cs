using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Formats;

public sealed class CutoutRendererTests
{
    [Theory]
    [InlineData(63, 63, 189, 189)]
    [InlineData(30, 30, 180, 180)]
    [InlineData(81, 81, 243, 243)]
    [InlineData(1, 1, 168, 168)]
    [InlineData(400, 2, 400, 16)]
    [InlineData(1001, 700, 334, 234)]
    public void Render_AnySize_StaysWithinThumbnailSides(int width, int height, int shownWidth, int shownHeight)
    {
        var pixels = Enumerable.Range(0, width * height).Select(i => (float)(i % 17)).ToArray();

        var picture = CutoutRenderer.Render(FitsWriter.WriteImage(pixels, width, height), CutoutKind.Science, CutoutOrientation.AsStored);

        Assert.Equal((shownWidth, shownHeight), (picture.WidthPixels, picture.HeightPixels));
        Assert.Equal(new PngInfo(shownWidth, shownHeight, true), PngInfo.Read(picture.Png));
        Assert.True(PngInfo.Read(picture.Png).IsThumbnailSize);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-7f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(3e30f)]
    public void Render_ConstantImage_GivesAFlatPng(float value)
    {
        var fits = FitsWriter.WriteImage(Enumerable.Repeat(value, 63 * 63).ToArray(), 63, 63, gzip: true);

        var picture = CutoutRenderer.Render(fits, CutoutKind.Difference, CutoutOrientation.FlipVertically);

        Assert.Equal(PngEncoder.EncodeGrey(new byte[189 * 189], 189, 189), picture.Png);
    }

    [Theory]
    [InlineData("linear", 0, 100, 0, 127, 255)]
    [InlineData("log", 0, 100, 0, 230, 255)]
    [InlineData("linear", 25, 75, 0, 128, 255)]
    public void Render_AskedStretch_MapsDarkMiddleAndBright(string scale, double low, double high, int dark, int middle, int bright)
    {
        // Columns rise from 0 to 200, so that the middle one is the median; log: 255 ln(1 + 500) / ln(1001) is 229.5.
        var pixels = Enumerable.Range(0, 201 * 201).Select(i => (float)(i % 201)).ToArray();

        var picture = CutoutRenderer.Render(FitsWriter.WriteImage(pixels, 201, 201), CutoutKind.Science, CutoutOrientation.AsStored, CutoutStretch.Of(scale, low, high));

        var grey = PngRows.Grey(picture.Png);
        Assert.Equal(201, picture.WidthPixels);
        Assert.Equal(dark, grey[0]);
        Assert.InRange(grey[100], middle - 1, middle + 1);
        Assert.Equal(bright, grey[200]);
    }

    [Theory]
    [InlineData("sqrt", null, null)]
    [InlineData("log", -1.0, 50.0)]
    [InlineData(null, 50.0, 50.0)]
    [InlineData(null, 0.0, double.NaN)]
    public void Of_WhatIsNoStretch_IsRefused(string? scale, double? low, double? high) => Assert.Throws<Domain.Refusal>(() => CutoutStretch.Of(scale, low, high));

    [Fact]
    public void Draw_EachOrientation_PutsTheMarkedPixelInItsPlace()
    {
        // The mark is in the first row, at the left.
        var view = new CutoutView([255, 0, 0, 0], 2, 2);

        Assert.Equal(2, Corner(view.Draw(8, 0, firstRowAtTop: false)));
        Assert.Equal(0, Corner(view.Draw(8, 0, firstRowAtTop: true)));
        Assert.Equal(3, Corner(view.Draw(8, 90, firstRowAtTop: false)));
        Assert.Equal(1, Corner(view.Draw(8, 180, firstRowAtTop: false)));
        Assert.Equal(0, Corner(view.Draw(8, -90, firstRowAtTop: false)));
    }

    [Fact]
    public void CounterclockwiseDegrees_RotpaOrWcs_TurnsNorthUp()
    {
        Assert.Equal(40, Angle(new FitsCard("ROTPA", 40.0)));
        Assert.Equal(0, Angle());

        // North up and east left needs no turn; upside down needs half a turn.
        Assert.Equal(0, Angle(new FitsCard("CD1_1", -1e-4), new FitsCard("CD2_2", 1e-4)), 1e-9);
        Assert.Equal(180, Math.Abs(Angle(new FitsCard("CD1_1", 1e-4), new FitsCard("CD2_2", -1e-4))), 1e-9);

        // The image's second axis points to position angle 30 degrees, so the picture must turn by 30 counterclockwise.
        var (sin, cos) = Math.SinCos(Math.PI / 6);
        Assert.Equal(
            30,
            Angle(new FitsCard("PC1_1", -cos), new FitsCard("PC1_2", sin), new FitsCard("PC2_1", sin), new FitsCard("PC2_2", cos)),
            1e-9);
        Assert.Equal(0, Angle(new FitsCard("CD1_1", 0.0), new FitsCard("CD2_2", 1.0)));
    }

    private static double Angle(params FitsCard[] cards) =>
        CutoutRenderer.CounterclockwiseDegrees(FitsReader.ReadImage(FitsWriter.WriteImage(new float[1], 1, 1, cards)).Header);

    /// <summary>Which corner is bright: 0 upper left, 1 upper right, 2 lower left, 3 lower right.</summary>
    private static int Corner(CutoutView picture)
    {
        byte[] corners = [picture.Pixels[0], picture.Pixels[15], picture.Pixels[15 * 16], picture.Pixels[^1]];
        return Array.IndexOf(corners, (byte)255);
    }
}
