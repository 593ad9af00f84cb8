using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class SunMoonTests
{
    private static IEnumerable<(ObservingSite Site, Mjd Moment, double[] Row)> Rows() =>
        Vectors.Numbers("ephemeris.csv").Select(row => (new ObservingSite(row[0], row[1], row[2]), new Mjd(row[3]), row));

    [Fact]
    public void LocalSiderealTime_AstropyMoments_AgreesToASecond()
    {
        foreach (var (site, moment, row) in Rows())
        {
            var difference = Angle.FromDegrees(site.LocalSiderealTimeDegrees(moment) - row[4]).NormalizedSigned().Degrees;
            Assert.InRange(Math.Abs(difference), 0, 0.9 * 15 / 3600);
        }
    }

    [Fact]
    public void SunAltitude_AstropyMoments_AgreesToAFiftiethOfADegree()
    {
        foreach (var (site, moment, row) in Rows())
        {
            Assert.Equal(row[5], Sun.AltitudeDegrees(site, moment), 0.02);
        }
    }

    [Fact]
    public void MoonAltitude_AstropyMoments_AgreesToATwentiethOfADegree()
    {
        foreach (var (site, moment, row) in Rows())
        {
            Assert.Equal(row[6], Moon.AltitudeDegrees(site, moment), 0.05);
        }
    }

    [Fact]
    public void MoonIlluminatedFraction_AstropyMoments_AgreesToAThousandth()
    {
        foreach (var (_, moment, row) in Rows())
        {
            Assert.Equal(row[7], Moon.IlluminatedFraction(moment), 1e-3);
        }
    }

    [Fact]
    public void Locate_AstropyPositions_AgreesToAFiftiethOfADegree()
    {
        foreach (var (site, moment, row) in Rows())
        {
            var found = site.Locate(new SkyPosition(row[8], row[9]), moment);
            var separation = new SkyPosition(found.AzimuthDegrees, found.AltitudeDegrees).SeparationDegrees(new SkyPosition(row[11], row[10]));
            Assert.InRange(separation, 0, 0.02);
        }
    }

    [Fact]
    public void PositionAt_SunAndMoon_StandWhereTheyAreLocated()
    {
        foreach (var (site, moment, _) in Rows().Take(40))
        {
            Assert.Equal(Sun.AltitudeDegrees(site, moment), site.Locate(Sun.PositionAt(moment), moment).AltitudeDegrees, 1e-9);
            Assert.Equal(Moon.AltitudeDegrees(site, moment), site.Locate(Moon.PositionAt(site, moment), moment).AltitudeDegrees, 1e-9);
        }
    }

    [Fact]
    public void Crossings_AstropyEvents_AgreeToTwentySeconds()
    {
        const double ToleranceDays = 20.0 / 86_400;
        foreach (var row in Vectors.Numbers("sun-events.csv"))
        {
            var site = new ObservingSite(row[0], row[1], row[2]);
            var next = Sun.NextCrossing(site, new Mjd(row[3]), row[4], rising: row[5] == 1);
            Assert.NotNull(next);
            Assert.Equal(row[6], next.Value.UtcDays, ToleranceDays);

            var previous = Sun.PreviousCrossing(site, next.Value.AddDays(0.2), row[4], rising: row[5] == 1);
            Assert.NotNull(previous);
            Assert.Equal(next.Value.UtcDays, previous.Value.UtcDays, 0.2 / 86_400);
        }
    }

    [Fact]
    public void NextCrossing_PolarDay_IsNull()
    {
        var kiruna = new ObservingSite(67.8558, 20.2253, 420);
        Assert.True(Mjd.TryParseIso("2024-06-21T00:00:00", out var midsummer));
        Assert.Null(Sun.NextCrossing(kiruna, midsummer, Sun.RiseSetAltitudeDegrees, rising: false));
        Assert.NotNull(Sun.NextCrossing(kiruna, midsummer, Sun.RiseSetAltitudeDegrees, rising: false, searchDays: 60));
    }

    [Theory]
    [InlineData(90, 1.0)]
    [InlineData(60, 1.154)]
    [InlineData(30, 1.994)]
    [InlineData(10, 5.581)]
    [InlineData(0, 38.75)]
    public void Airmass_KnownAltitudes_FollowsPickering(double altitudeDegrees, double expected) =>
        Assert.Equal(expected, Airmass.AtAltitude(altitudeDegrees)!.Value, expected * 2e-3);

    [Theory]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    [InlineData(91)]
    public void Airmass_NoAltitudeAboveTheHorizon_IsNull(double altitudeDegrees) => Assert.Null(Airmass.AtAltitude(altitudeDegrees));

    [Fact]
    public void AirmassTowards_APosition_IsThatOfItsAltitude()
    {
        var site = new ObservingSite(0, 0);
        var moment = new Mjd(60_000);
        var zenith = new SkyPosition(site.LocalSiderealTimeDegrees(moment), 0);
        Assert.Equal(1, site.AirmassTowards(zenith, moment)!.Value, 1e-3);
        Assert.Null(site.AirmassTowards(new SkyPosition(zenith.RaDegrees + 180, 0), moment));
    }

    [Theory]
    [InlineData(10, TwilightState.Day)]
    [InlineData(-0.5, TwilightState.Day)]
    [InlineData(-1, TwilightState.Civil)]
    [InlineData(-7, TwilightState.Nautical)]
    [InlineData(-13, TwilightState.Astronomical)]
    [InlineData(-18.01, TwilightState.Night)]
    public void TwilightAt_SunAltitudes_NamesTheState(double sunAltitudeDegrees, TwilightState expected) =>
        Assert.Equal(expected, NightState.TwilightAt(sunAltitudeDegrees));

    [Fact]
    public void Over_ASite_GathersTheNumbers()
    {
        var (site, moment, row) = Rows().First();
        var state = NightState.Over(site, moment);
        Assert.Equal(row[5], state.SunAltitudeDegrees, 0.02);
        Assert.Equal(row[6], state.MoonAltitudeDegrees, 0.05);
        Assert.Equal(row[7], state.MoonIlluminatedFraction, 1e-3);
        Assert.Equal(row[4] / 15, state.LocalSiderealTimeHours, 1e-3);
        Assert.Equal(NightState.TwilightAt(state.SunAltitudeDegrees), state.Twilight);
        Assert.Equal(state.MoonAltitudeDegrees > 0, state.IsMoonUp);
    }

    [Theory]
    [InlineData(91, 0, 0)]
    [InlineData(0, 361, 0)]
    [InlineData(double.NaN, 0, 0)]
    [InlineData(0, 0, double.NaN)]
    public void ObservingSite_ImpossiblePlace_Throws(double latitude, double longitude, double elevation) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ObservingSite(latitude, longitude, elevation));
}
