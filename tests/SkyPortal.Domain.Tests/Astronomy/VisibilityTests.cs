using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

/// <summary>Against astropy: visibility.csv was written by make_visibility_vectors.py.</summary>
public sealed class VisibilityTests
{
    private static readonly ObservingSite Palomar = new(33.358056, -116.861944, 1706);
    private static readonly ObservingSite Longyearbyen = new(78.22, 15.63, 10);

    [Fact]
    public void At_AstropyPositions_AgreesToATwentiethOfADegree()
    {
        foreach (var row in Vectors.Numbers("visibility.csv"))
        {
            var sample = Visibility.At(new ObservingSite(row[0], row[1], row[2]), new SkyPosition(row[3], row[4]), new Mjd(row[5]));

            Assert.Equal(row[6], sample.AltitudeDegrees, 0.02);
            Assert.InRange(Math.Abs(Angle.FromDegrees(sample.AzimuthDegrees - row[7]).NormalizedSigned().Degrees) * Math.Cos(row[6] * Math.PI / 180), 0, 0.02);
            Assert.Equal(row[8], sample.MoonSeparationDegrees, 0.05);
            Assert.Equal(row[9], sample.MoonAltitudeDegrees, 0.05);
            Assert.Equal(row[6] < 0, sample.Airmass is null);
        }
    }

    [Theory]
    [InlineData("2024-01-01T06:00:00")]
    [InlineData("2023-12-31T20:00:00")]
    [InlineData("2024-01-01T14:50:00")]
    public void NightAt_AnyMomentOfTheNightOrTheDayBefore_IsTheSameNight(string moment)
    {
        Assert.True(Mjd.TryParseIso(moment, out var at));

        var night = ObservingNight.At(Palomar, at)!;

        // sun-events.csv holds this sunrise and the sunset a day later, at 00:50.
        Assert.Equal("2024-01-01T00:49", night.Sunset.ToIsoText()[..16]);
        Assert.Equal("2024-01-01T14:51", night.Sunrise.ToIsoText()[..16]);
        Assert.True(night.Sunset < night.EveningCivil && night.EveningCivil < night.EveningNautical && night.EveningNautical < night.EveningAstronomical);
        Assert.True(night.MorningAstronomical < night.MorningNautical && night.MorningNautical < night.MorningCivil && night.MorningCivil < night.Sunrise);
        Assert.Equal((night.EveningNautical, night.MorningNautical), (night.Dark(Palomar, Sun.NauticalAltitudeDegrees)?.From, night.Dark(Palomar, Sun.NauticalAltitudeDegrees)?.To));
    }

    [Fact]
    public void NightAt_PolarDay_IsNull()
    {
        Assert.True(Mjd.TryParseIso("2024-06-21T00:00:00", out var midsummer));
        Assert.Null(ObservingNight.At(Longyearbyen, midsummer));
    }

    [Fact]
    public void NightAt_PolarNight_RunsFromNoonToNoon()
    {
        Assert.True(Mjd.TryParseIso("2024-12-21T20:00:00", out var midwinter));

        var night = ObservingNight.At(Longyearbyen, midwinter)!;

        Assert.Equal(24, night.Hours, 1e-6);
        Assert.True(night.Sunset <= midwinter && midwinter <= night.Sunrise);
        Assert.NotNull(night.Dark(Longyearbyen, Sun.CivilAltitudeDegrees));
    }

    [Fact]
    public void Between_ANight_RunsFromOneEndToTheOther()
    {
        var (from, to) = (new Mjd(60310.1), new Mjd(60310.5));

        var samples = Visibility.Between(Palomar, new SkyPosition(83.6, 22), from, to, 5);

        Assert.Equal([60310.1, 60310.2, 60310.3, 60310.4, 60310.5], samples.Select(sample => Math.Round(sample.Moment.UtcDays, 6)));
    }

    [Fact]
    public void HoursBelow_AYear_HasAPointAWeekAndFollowsTheSeason()
    {
        // The Crab culminates at midnight in December and at noon in June.
        var weeks = Visibility.HoursBelow(Palomar, new SkyPosition(83.63, 22.01), 2024, Visibility.YearAirmass);

        Assert.Equal(52, weeks.Count);
        Assert.Equal(new DateOnly(2024, 1, 1), weeks[0].Date);
        Assert.InRange(weeks[50].Hours, 9, 11);
        Assert.InRange(weeks[24].Hours, 0, 0.5);
        Assert.Equal(0, Visibility.HoursBelow(Palomar, new SkyPosition(10, -80), 2024, Visibility.YearAirmass).Max(week => week.Hours));
    }
}
