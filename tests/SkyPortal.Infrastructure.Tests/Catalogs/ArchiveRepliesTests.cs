using System.Text.Json;
using SkyPortal.Infrastructure.Catalogs;
using SkyPortal.Infrastructure.Outside;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Catalogs;

/// <summary>
/// Units, signs and times of what archives answer. Fluxes come from 10**(-0.4*(m_AB-23.9)); times from
/// astropy: Time(a, b, format='jd', scale='tcb').utc.mjd and Time(t, format='mjd', scale='tai').utc.mjd.
/// </summary>
public sealed class ArchiveRepliesTests
{
    private const double Close = 1e-6;
    private const double TdbMinusTtDays = 5e-8;

    [Fact]
    public void Ztf_Epochs_AreAbMagnitudesAndBadOnesLeftOut()
    {
        var points = ZtfArchive.Parse(RecordedReplies.Ztf);

        Assert.Equal(["ztfg", "ztfr", "ztfi"], points.Select(point => point.Filter));
        Flux(72.44359600749891, 3.3361508849949995, points[0]);
        Assert.Equal((58206.25, "ZTF DR", 150.10001), (points[0].MjdUtcDays, points[0].Origin, points[0].RaDegrees!.Value));
        Assert.Equal("1234567890123456", points[0].Data!["oid"]);
    }

    [Fact]
    public void Neowise_Magnitudes_AreVegaAndMissingErrorsLimits()
    {
        var points = new NeowiseArchive(null!).Parse(RecordedReplies.Neowise);

        Assert.Equal(["wise::w1", "wise::w2", "wise::w1", "wise::w2"], points.Select(point => point.Filter));
        Assert.Equal(479.071130003075, points[0].FluxMicroJansky!.Value, Close);
        Assert.Equal(384.0608157258114, points[1].FluxMicroJansky!.Value, Close);
        Assert.Null(points[3].FluxMicroJansky);
        Assert.Equal(36.59063988372271, points[3].FluxErrMicroJansky, Close);
    }

    [Fact]
    public void Allwise_FourBands_HaveTheirOwnOffsets()
    {
        var points = new AllwiseArchive(null!).Parse(RecordedReplies.Allwise);

        Assert.Equal(4, points.Count);
        Assert.Equal(2572.76429534678, points[2].FluxMicroJansky!.Value, Close);
        Assert.Equal(4698.941086052156, points[3].FluxMicroJansky!.Value, Close);
    }

    [Fact]
    public void GaiaAlert_Epochs_AreVegaAtUtcTimes()
    {
        var point = Assert.Single(GaiaAlertsArchive.Parse(RecordedReplies.GaiaAlert));

        Assert.Equal(171.55366477283448, point.FluxMicroJansky!.Value, Close);
        Assert.Equal(56999.99900757481, point.MjdUtcDays, TdbMinusTtDays);
        Assert.Equal(0.0211017061287, GaiaAlertsArchive.ExpectedErrorMag(18), 1e-12);
    }

    [Fact]
    public void GaiaDr3_Fluxes_KeepTheirSignAndRejectedTransitsAreLeftOut()
    {
        var points = GaiaDr3Archive.Parse(RecordedReplies.GaiaEpochs);

        Assert.Equal(["gaia::g", "gaia::gbp", "gaia::grp"], points.Select(point => point.Filter));
        Assert.Equal(173.55614696294205, points[0].FluxMicroJansky!.Value, Close);
        Assert.Equal(1.7355614696294205, points[0].FluxErrMicroJansky, Close);
        Assert.Equal(-13.096945018607457, points[1].FluxMicroJansky!.Value, Close);
        Assert.Equal(263.9550570707398, points[2].FluxMicroJansky!.Value, Close);
        Assert.Equal(56897.249009174826, points[0].MjdUtcDays, TdbMinusTtDays);
    }

    [Fact]
    public void Crts_Page_IsReadAsVWithoutBlends()
    {
        var point = Assert.Single(CrtsArchive.Parse(RecordedReplies.Crts));

        Assert.Equal(428.5485203974392, point.FluxMicroJansky!.Value, Close);
        Assert.Equal((53705.5, "bessellv", 2.20002), (point.MjdUtcDays, point.Filter, point.DecDegrees!.Value));
    }

    [Fact]
    public void Crts_PageWithoutTable_HoldsNothing() => Assert.Empty(CrtsArchive.Parse("<html><body>No objects found</body></html>"));

    [Fact]
    public void Sdss_Nanomaggies_KeepTheirSign()
    {
        var points = SdssArchive.Parse(RecordedReplies.Sdss);

        Assert.Equal(["sdssu", "sdssg", "sdssr", "sdssi", "sdssz"], points.Select(point => point.Filter));
        Flux(9.417594974597701, 9.417594974597701 / 2.5 / 2, points[0]);
        Flux(36.30780547701009, 36.30780547701009 / 10 / 5, points[1]);
        Assert.Equal(-4.277413601114927, points[4].FluxMicroJansky!.Value, Close);
        Assert.Equal(54000.123074055555, points[0].MjdUtcDays, 1e-9);
    }

    [Fact]
    public void Sdss_NothingFound_HoldsNothing() => Assert.Empty(SdssArchive.Parse("No objects have been found"));

    [Fact]
    public void PanStarrs_Janskys_KeepTheirSignAndBadPixelsAreLeftOut()
    {
        var points = PanStarrsArchive.Parse(RecordedReplies.PanStarrsDetections);

        Assert.Equal(["ps1::g", "ps1::y"], points.Select(point => point.Filter));
        Flux(100, 2, points[0]);
        Flux(-30, 10, points[1]);
    }

    [Fact]
    public void Linear_File_IsReadAsR()
    {
        var points = LinearArchive.Parse(RecordedReplies.Linear);

        Assert.Equal(2, points.Count);
        Assert.Equal(1000, points[0].FluxMicroJansky!.Value, Close);
        Assert.Equal(("sdssr", 52650.41), (points[0].Filter, points[0].MjdUtcDays));
    }

    [Fact]
    public void AsasSn_LightCurve_HasBothBandsAndLimits()
    {
        var points = AsasSnArchive.Parse(RecordedReplies.AsasSn);

        Assert.Equal(["bessellv", "sdssg", "sdssg"], points.Select(point => point.Filter));
        Assert.Equal(4134.281080471342, points[0].FluxMicroJansky!.Value, Close);
        Assert.Null(points[1].FluxMicroJansky);
        Assert.Equal(104.96149204995424, points[1].FluxErrMicroJansky, Close);
        Assert.Equal(1202.2644346174131, points[2].FluxMicroJansky!.Value, Close);
        Assert.Equal(57999.97009, points[0].MjdUtcDays, 1e-6);
    }

    [Fact]
    public void First_PeakFlux_IsMilliJansky()
    {
        var point = Assert.Single(FirstArchive.Parse(RecordedReplies.First));

        Flux(2750, 140, point);
        Assert.Equal(("radio-1.4GHz", 51055.5), (point.Filter, point.MjdUtcDays));
    }

    [Fact]
    public void AtlasForced_MicroJanskys_KeepTheirSignAndBadFitsAreLeftOut()
    {
        var points = AtlasForcedArchive.Parse(RecordedReplies.AtlasForced);

        Assert.Equal(["atlaso", "atlasc"], points.Select(point => point.Filter));
        Flux(99, 4.6, points[0]);
        Flux(-33.2, 5.1, points[1]);
    }

    [Fact]
    public void AtlasServer_Object_HasDetectionsLimitsAndForcedPoints()
    {
        using var document = JsonDocument.Parse(RecordedReplies.AtlasObjects);
        var points = AtlasServerArchive.Parse(document.RootElement[0]);

        Assert.Equal(["ATLAS", "ATLAS", "ATLAS", "fp"], points.Select(point => point.Origin));
        Assert.Equal(144.54397707459265, points[0].FluxMicroJansky!.Value, Close);
        Assert.Equal(-144.54397707459265, points[1].FluxMicroJansky!.Value, Close);
        Assert.Null(points[2].FluxMicroJansky);
        Assert.Equal(10.496149204995424, points[2].FluxErrMicroJansky, Close);
        Flux(-12.5, 6.5, points[3]);
    }

    [Fact]
    public void Antares_Differences_KeepTheirSign()
    {
        using var document = JsonDocument.Parse(RecordedReplies.AntaresAlerts);
        var points = AntaresArchive.Parse(document.RootElement);

        Assert.Equal(["ztfg", "ztfr", "ztfg", "lssti"], points.Select(point => point.Filter));
        Flux(100, 9.210340371976182, points[0]);
        Flux(-100, 9.210340371976182, points[1]);
        Assert.Null(points[2].FluxMicroJansky);
        Assert.Equal(4.58173530553554, points[2].FluxErrMicroJansky, Close);
        Flux(-1.5, 0.25, points[3]);
        Assert.Equal(61000.24957175926, points[3].MjdUtcDays, 1e-9);
    }

    [Theory]
    [InlineData("<html><body><h1>503</h1>Maintenance</body></html>")]
    [InlineData("""{"error":"no"}""")]
    [InlineData("mjd,mag\n1,2\n")]
    [InlineData("mjd,mag,magerr,filtercode,catflags\n58000,x,0.1,zg,0\n")]
    [InlineData("mjd,mag,magerr,filtercode,catflags\n58000,19\n")]
    public void Ztf_WhatIsNoLightCurve_IsRefusedByName(string reply)
    {
        var error = Assert.Throws<OutsideException>(() => ZtfArchive.Parse(reply));

        Assert.Equal(OutsideFailure.Unreadable, error.Failure);
        Assert.StartsWith("IRSA answered what cannot be read: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mjd,mag,magerr,filtercode,catflags\n")]
    public void Ztf_WithoutRows_HoldsNothing(string reply) => Assert.Empty(ZtfArchive.Parse(reply));

    [Fact]
    public void Csv_QuotedCells_AreWhole()
    {
        var table = ReplyTable.Csv(Irsa.Service, "a,b\r\n\"x, \"\"y\"\"\",2\r\n");

        Assert.Equal(("x, \"y\"", 2), (table.Rows[0].Text("A"), table.Rows[0].Number("b")!.Value));
    }

    private static void Flux(double microJansky, double errorMicroJansky, ArchivePoint point)
    {
        Assert.Equal(microJansky, point.FluxMicroJansky!.Value, Close);
        Assert.Equal(errorMicroJansky, point.FluxErrMicroJansky, Close);
    }
}
