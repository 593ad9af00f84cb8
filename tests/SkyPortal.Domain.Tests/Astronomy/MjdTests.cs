using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class MjdTests
{
    private const double MicrosecondDays = 1e-6 / 86_400;

    [Fact]
    public void Conversions_AstropyMoments_Agree()
    {
        foreach (var row in Vectors.Rows("time.csv"))
        {
            Assert.True(Mjd.TryParseIso(row[0], out var moment));
            Assert.Equal(Vectors.Number(row[1]), moment.UtcDays, 2 * MicrosecondDays);
            Assert.Equal(row[0], moment.ToIsoText());
            Assert.Equal(Vectors.Number(row[2]), moment.JulianDateDays, 1e-9);
        }
    }

    [Fact]
    public void Tai_AstropyMoments_Agrees()
    {
        foreach (var row in Vectors.Rows("time.csv"))
        {
            var tai = Vectors.Number(row[3]);
            Assert.Equal(tai, new Mjd(Vectors.Number(row[1])).TaiDays, 2 * MicrosecondDays);
            Assert.Equal(Vectors.Number(row[1]), Mjd.FromTai(tai).UtcDays, 2 * MicrosecondDays);
        }
    }

    [Theory]
    [InlineData(41317.0, 10)]
    [InlineData(41498.9, 10)]
    [InlineData(41499.0, 11)]
    [InlineData(57753.9, 36)]
    [InlineData(57754.0, 37)]
    [InlineData(61000.0, 37)]
    public void TaiMinusUtc_AroundTheSteps_IsTheBulletins(double utcMjdDays, double seconds) =>
        Assert.Equal(seconds, LeapSeconds.TaiMinusUtcSeconds(utcMjdDays));

    [Fact]
    public void FromTai_JustAfterALeapSecond_LeadsBack()
    {
        foreach (var utc in (double[])[57754.0, 57754 + (1.0 / 86_400), 57753.9999, 60000.25])
        {
            Assert.Equal(utc, Mjd.FromTai(new Mjd(utc).TaiDays).UtcDays, 2 * MicrosecondDays);
        }
    }

    [Theory]
    [InlineData("2024-02-29T23:15:42.125")]
    [InlineData("2024-02-29 23:15:42.125")]
    [InlineData("2024-02-29T23:15:42.125Z")]
    [InlineData("2024-03-01T00:15:42.125+01:00")]
    public void TryParseIso_UsualForms_Reads(string text)
    {
        Assert.True(Mjd.TryParseIso(text, out var moment));
        Assert.Equal("2024-02-29T23:15:42.125", moment.ToIsoText());
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 23, 15, 42, 125, TimeSpan.Zero), moment.ToDateTimeOffset());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("60000.5")]
    [InlineData("2024-02-30T00:00:00")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    public void TryParseIso_Nonsense_IsRefused(string? text) => Assert.False(Mjd.TryParseIso(text, out _));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e9)]
    [InlineData(-700_000)]
    public void Constructor_ImpossibleDays_Throws(double utcDays) => Assert.Throws<ArgumentOutOfRangeException>(() => new Mjd(utcDays));

    [Fact]
    public void EndsOfTime_BothWays_DoNotThrow()
    {
        Assert.Equal(9999, Mjd.FromDateTimeOffset(DateTimeOffset.MaxValue).ToDateTimeOffset().Year);
        Assert.StartsWith("9999-12-31", Mjd.FromDateTimeOffset(DateTimeOffset.MaxValue).ToIsoText(), StringComparison.Ordinal);
        Assert.Equal("0001-01-01T00:00:00.000", Mjd.FromDateTimeOffset(DateTimeOffset.MinValue).ToIsoText());
    }

    [Fact]
    public void Order_TwoMoments_FollowsTheClock()
    {
        var early = Mjd.FromJulianDate(2_460_000.5);
        var late = early.AddDays(0.5);
        Assert.Equal(60_000, early.UtcDays);
        Assert.True(early < late && late > early);
        Assert.Equal(0.5, late - early);
    }
}
