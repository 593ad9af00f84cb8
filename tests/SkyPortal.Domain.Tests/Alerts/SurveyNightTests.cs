using System.Globalization;
using SkyPortal.Domain.Alerts;
using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Alerts;

/// <summary>The night to which an exposure counts.</summary>
public sealed class SurveyNightTests
{
    // Local mean noon: 12 h + 116.86 / 15 = 19:47:26 UTC at Palomar, 12 h + 70.75 / 15 = 16:43:00 at Cerro Pachon.
    [Theory]
    [InlineData("ZTF", "2025-12-21T00:50:00", "2025-12-20")]
    [InlineData("ZTF", "2025-12-21T11:59:00", "2025-12-20")]
    [InlineData("ZTF", "2025-12-21T12:01:00", "2025-12-20")]
    [InlineData("ZTF", "2025-12-21T14:20:00", "2025-12-20")]
    [InlineData("ZTF", "2025-12-21T19:47:00", "2025-12-20")]
    [InlineData("ZTF", "2025-12-21T19:48:00", "2025-12-21")]
    [InlineData("ZTF", "2025-06-21T04:10:00", "2025-06-20")]
    [InlineData("ztf", "2025-06-21T12:05:00", "2025-06-20")]
    [InlineData("WINTER", "2025-06-21T12:05:00", "2025-06-20")]
    [InlineData("LSST", "2025-12-20T23:50:00", "2025-12-20")]
    [InlineData("LSST", "2025-12-21T08:30:00", "2025-12-20")]
    [InlineData("LSST", "2025-06-20T22:40:00", "2025-06-20")]
    [InlineData("LSST", "2025-06-21T10:50:00", "2025-06-20")]
    [InlineData("LSST", "2025-06-21T16:42:00", "2025-06-20")]
    [InlineData("LSST", "2025-06-21T16:44:00", "2025-06-21")]
    [InlineData("DECam", "2025-06-21T10:50:00", "2025-06-20")]
    [InlineData("Unknown", "2025-06-21T11:59:00", "2025-06-20")]
    [InlineData("Unknown", "2025-06-21T12:01:00", "2025-06-21")]
    [InlineData(null, "2025-06-21T12:01:00", "2025-06-21")]
    public void Of_ATime_IsTheEveningOfTheSite(string? survey, string utc, string night) =>
        Assert.Equal(DateOnly.Parse(night, CultureInfo.InvariantCulture), SurveyNight.Of(survey, MjdOf(utc)));

    [Theory]
    [InlineData("ZTF", 33.3563, -116.8648)]
    [InlineData("LSST", -30.2446, -70.7494)]
    public void Of_EveryNightOfAYear_IsNeverCutBetweenSunsetAndSunrise(string survey, double latitude, double longitude)
    {
        var site = new ObservingSite(latitude, longitude, 2000);
        for (var day = 0; day < 365; day += 5)
        {
            var night = ObservingNight.At(site, new Mjd(60_676.5 + day - (longitude / 360)))!;

            var evening = SurveyNight.Of(survey, night.Sunset.UtcDays);

            Assert.Equal(evening, SurveyNight.Of(survey, night.Sunrise.UtcDays));
            // The site's own date of the evening.
            Assert.Equal(Math.Floor(night.Sunset.UtcDays + (longitude / 360)), evening.DayNumber - new DateOnly(1858, 11, 17).DayNumber);
        }
    }

    [Fact]
    public void Range_OfSurveys_HoldsTheNightOfEach()
    {
        var mjd = MjdOf("2025-06-21T17:00:00");

        Assert.Equal((new DateOnly(2025, 6, 20), new DateOnly(2025, 6, 21)), SurveyNight.Range(null, mjd));
        Assert.Equal((new DateOnly(2025, 6, 20), new DateOnly(2025, 6, 20)), SurveyNight.Range(["ZTF"], mjd));
        Assert.Equal((new DateOnly(2025, 6, 20), new DateOnly(2025, 6, 21)), SurveyNight.Range(["ZTF", "LSST"], mjd));
    }

    [Theory]
    [InlineData(double.MinValue)]
    [InlineData(double.MaxValue)]
    [InlineData(double.PositiveInfinity)]
    public void Of_ATimeThatNoPacketHas_IsTheFirstOrTheLastNight(double mjd) => Assert.NotEqual(default, SurveyNight.Of("ZTF", mjd));

    private static double MjdOf(string utc) =>
        (DateTime.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).TotalDays + 40587;
}
