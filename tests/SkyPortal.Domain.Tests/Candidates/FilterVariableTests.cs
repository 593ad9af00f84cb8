using SkyPortal.Domain.Candidates.Expressions;
using Xunit;

namespace SkyPortal.Domain.Tests.Candidates;

public class FilterVariableTests
{
    [Theory]
    [InlineData("mjd", 60000)]
    [InlineData("mag", 18.5)]
    [InlineData("flux_ujy", 144.543977)]
    [InlineData("snr", 10.857362)]
    [InlineData("fluxerr_ujy", 13.312992)]
    [InlineData("drb", 0.9)]
    [InlineData("age_days", 4)]
    [InlineData("first_detection_mjd", 59996)]
    [InlineData("limiting_mag", 20.5)]
    [InlineData("peak_mag", 18.5)]
    [InlineData("star_galaxy_score", 0.25)]
    [InlineData("star_distance_arcsec", 3.5)]
    [InlineData("count(history)", 6)]
    [InlineData("count(history, is_forced)", 1)]
    [InlineData("first(history, mag, is_forced)", 18.9)]
    [InlineData("min(history, flux_ujy, band == 'r')", -57.543994)]
    [InlineData("last(history, mag)", 18.5)]
    [InlineData("rise_rate", 0.5)]
    [InlineData("colour_g_r", -0.5)]
    public void Value_Ztf_IsNormalised(string name, double expected) =>
        Assert.Equal(expected, Assert.IsType<double>(Alerts.Value(name)), 5);

    [Theory]
    [InlineData("mjd", 61000)]
    [InlineData("mag", 21.4)]
    [InlineData("flux_ujy", 10)]
    [InlineData("fluxerr_ujy", 0.2)]
    [InlineData("snr", 50)]
    [InlineData("drb", 0.8)]
    [InlineData("age_days", 20)]
    [InlineData("peak_mag", 21.4)]
    [InlineData("count(history)", 4)]
    [InlineData("count(history, is_detection)", 3)]
    [InlineData("count(history, is_positive and is_detection)", 2)]
    [InlineData("limiting_mag", 23.9)]
    [InlineData("rise_rate", 0.099485002168)]
    public void Value_Lsst_IsNormalised(string name, double expected) =>
        Assert.Equal(expected, Assert.IsType<double>(Alerts.Value(name, Alerts.Lsst(), FilterEnvironment.Lsst)), 5);

    [Fact]
    public void Value_Lsst_IdentifiersAndCounts()
    {
        Assert.Equal("123456789012345678", Alerts.Value("object_id", Alerts.Lsst(), FilterEnvironment.Lsst));
        Assert.Equal(7L, Alerts.Value("n_detections", Alerts.Lsst(), FilterEnvironment.Lsst));
        Assert.Equal("lsst", Alerts.Value("survey", Alerts.Lsst(), FilterEnvironment.Lsst));
    }

    [Theory]
    [InlineData(0.9, -0.5)]
    [InlineData(1.1, null)]
    public void ColourGMinusR_OfDetectionsDaysApart_IsNullBeyondTwo(double laterDays, double? expected) =>
        Assert.Equal(expected, (double?)Alerts.Value("colour_g_r", Alerts.Ztf(("jd", Alerts.Jd + laterDays))));

    [Fact]
    public void RiseRate_OfOneDetection_IsNull() => Assert.Null(Alerts.Value("rise_rate", Alerts.Ztf(("fid", 3L))));

    [Theory]
    [InlineData(-999.0, false, null)]
    [InlineData(2.0, true, 2.0)]
    [InlineData(20.0, false, 20.0)]
    public void IsMoving_Ztf_DependsOnNearestBody(double ssdistnr, bool expected, double? distance)
    {
        var packet = Alerts.Ztf(("ssdistnr", ssdistnr), ("ssnamenr", "433"));

        Assert.Equal(expected, Alerts.Value("is_moving", packet));
        Assert.Equal(distance, Alerts.Value("nearest_solar_system_arcsec", packet));
    }

    [Fact]
    public void IsMoving_LsstWithSolarSystemSource_IsTrue()
    {
        var body = Alerts.Make(Alerts.Nested(KnownLayouts.Lsst, "ssSource"), ("designation", "2020 AB1"), ("ephOffset", 0.3));
        var packet = Alerts.Lsst(("ssSource", body), ("diaObject", null));

        Assert.True(Alerts.Passes("is_moving and solar_system_name == '2020 AB1' and nearest_solar_system_arcsec < 1 and object_id is null", packet, FilterEnvironment.Lsst));
    }

    [Fact]
    public void Value_NegativeDetection_HasNegativeFlux() =>
        Assert.True(Alerts.Passes("flux_ujy < 0 and not is_positive and abs(peak_mag - 18.9) < 0.000001", Alerts.Ztf(("isdiffpos", "f"))));

    [Fact]
    public void Compile_OneText_ServesBothSurveys()
    {
        const string Text = "drb > 0.5 and snr > 5 and n_detections >= 2 and not is_moving and count(history, is_detection and is_positive) >= 2";

        Assert.True(Alerts.Passes(Text));
        Assert.True(Alerts.Passes(Text, Alerts.Lsst(), FilterEnvironment.Lsst));
    }

    [Fact]
    public void KnownLayouts_MatchTheSurveysFieldCounts()
    {
        Assert.Equal(98, Alerts.Nested(KnownLayouts.Lsst, "diaSource").Fields.Count);
        Assert.Equal(14, Alerts.Nested(KnownLayouts.Lsst, "prvDiaForcedSources").Fields.Count);
        Assert.Equal(82, Alerts.Nested(KnownLayouts.Lsst, "diaObject").Fields.Count);
        Assert.Equal(39, Alerts.Nested(KnownLayouts.Lsst, "ssSource").Fields.Count);
        Assert.Equal(53, Alerts.Nested(KnownLayouts.Lsst, "mpc_orbits").Fields.Count);
        Assert.Equal(29, Alerts.Nested(KnownLayouts.Ztf, "fp_hists").Fields.Count);
    }
}
