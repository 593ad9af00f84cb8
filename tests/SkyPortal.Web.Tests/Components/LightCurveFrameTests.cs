using SkyPortal.Domain.Photometry;
using SkyPortal.Web.Components.Plots;
using Xunit;

namespace SkyPortal.Web.Tests.Components;

/// <summary>Small light curves: brighter is up, ranges hold the detections, marks differ by shape.</summary>
public sealed class LightCurveFrameTests
{
    private static LightCurvePoint Seen(double mjd, double mag) => new(mjd, "ztfr", mag, 0.1, 20.5);

    private static LightCurvePoint Limit(double mjd, double mag) => new(mjd, "ztfr", null, null, mag);

    [Fact]
    public void Around_Detections_BrighterIsUpAndLaterIsRight()
    {
        var frame = LightCurveFrame.Around([Seen(60000, 19.5), Seen(60010, 18.0)], 360, 150);

        Assert.True(frame.Y(18.0) < frame.Y(19.5));
        Assert.True(frame.X(60000) < frame.X(60010));
        Assert.InRange(frame.Y(18.0), LightCurveFrame.Top, 150 - LightCurveFrame.Bottom);
        Assert.InRange(frame.X(60010), LightCurveFrame.Left, 360 - LightCurveFrame.Right);
    }

    [Fact]
    public void Around_OnePoint_IsAtLeastOneMagnitudeAndHalfADay()
    {
        var frame = LightCurveFrame.Around([Seen(60000, 19.5)], 360, 150);

        Assert.True(frame.FaintMag - frame.BrightMag >= 1);
        Assert.True(frame.LastMjd - frame.FirstMjd >= .5);
    }

    [Fact]
    public void Around_ShallowLimit_DoesNotSqueezeTheCurve()
    {
        var frame = LightCurveFrame.Around([Seen(60000, 19.5), Seen(60001, 19.3), Limit(60002, 14.0)], 360, 150);

        Assert.True(frame.BrightMag > 17);
        Assert.Equal(LightCurveFrame.Top, frame.Y(14.0));
    }

    [Theory]
    [InlineData(18.1, 20.4, 4)]
    [InlineData(0, 1200, 5)]
    [InlineData(0.001, 0.0042, 3)]
    public void Ticks_Range_AreRoundAndInside(double from, double to, int count)
    {
        var ticks = LightCurveFrame.Ticks(from, to, count);

        Assert.InRange(ticks.Count, 2, 2 * count);
        Assert.All(ticks, tick => Assert.InRange(tick, from, to));
    }

    [Fact]
    public void Marks_EveryBandpass_HasAnOutline() =>
        Assert.All(Bandpasses.All, band => Assert.EndsWith("z", Marks.Path(band.Mark, 3), StringComparison.Ordinal));

    [Theory]
    [InlineData("ztfg", "g")]
    [InlineData("ps1::i", "i")]
    [InlineData("atlaso", "o")]
    [InlineData("sdssu", "u")]
    public void Short_SurveyBand_IsItsLetter(string filter, string letter) => Assert.Equal(letter, Marks.Short(filter));
}
