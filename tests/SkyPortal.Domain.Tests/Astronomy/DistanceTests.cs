using System.Text.Json;
using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class DistanceTests
{
    [Fact]
    public void Planck18_AstropyRedshifts_AgreesToABillionth()
    {
        foreach (var row in Vectors.Numbers("cosmology.csv"))
        {
            Assert.Equal(row[1], FlatLambdaCdm.Planck18.LuminosityDistanceMpc(row[0]), row[1] * 1e-8);
            Assert.Equal(row[2], FlatLambdaCdm.Planck18.AngularDiameterDistanceMpc(row[0]), row[2] * 1e-8);
            Assert.Equal(row[3], FlatLambdaCdm.Planck18.DistanceModulusMag(row[0]), 1e-7);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void LuminosityDistance_BadRedshift_Throws(double redshift) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FlatLambdaCdm.Planck18.LuminosityDistanceMpc(redshift));

    [Theory]
    [InlineData(0.05, 229.8806284648579, 208.5085065440888, 36.80751187885012)]
    [InlineData(3.0, 26016.015955798568, 1626.0009972374105, 47.076203951348994)]
    public void Of_CapturedRedshifts_GivesTheCapturedNumbers(double redshift, double luminosity, double angular, double modulus)
    {
        var distance = ObjectDistance.Of(redshift, null);
        Assert.Equal(luminosity, distance.LuminosityDistanceMpc!.Value, luminosity * 1e-8);
        Assert.Equal(angular, distance.AngularDiameterDistanceMpc!.Value, angular * 1e-8);
        Assert.Equal(modulus, distance.DistanceModulusMag!.Value, 1e-7);
    }

    [Theory]
    [InlineData("""{"dm": 25, "parallax": 1, "dist_Mpc": 7}""", 1)]
    [InlineData("""{"dm": "30"}""", 10)]
    [InlineData("""{"parallax": 0.001, "dist_kpc": 5}""", 0.001)]
    [InlineData("""{"parallax": -1, "dist_kpc": 5, "dist_Mpc": 7}""", 0.005)]
    [InlineData("""{"dist_Mpc": 7, "dist_pc": 1}""", 7)]
    [InlineData("""{"dist_pc": 2000000}""", 2)]
    [InlineData("""{"dist_cm": 3.0856775814913673e24}""", 1)]
    [InlineData("""{"dm": "unknown", "dist_Mpc": 7}""", 7)]
    [InlineData("""{"dm": null, "parallax": [], "dist_Mpc": 7}""", 7)]
    public void Of_AltdataKeys_FollowsTheirOrder(string altdata, double expectedMpc)
    {
        using var document = JsonDocument.Parse(altdata);
        var distance = ObjectDistance.Of(null, document.RootElement);
        Assert.Equal(expectedMpc, distance.LuminosityDistanceMpc!.Value, expectedMpc * 1e-12);
        Assert.Equal(expectedMpc, distance.AngularDiameterDistanceMpc!.Value, expectedMpc * 1e-12);
        Assert.Equal((5 * Math.Log10(expectedMpc)) + 25, distance.DistanceModulusMag!.Value, 1e-9);
    }

    [Fact]
    public void Of_AltdataAndRedshift_TakesTheMeasuredDistance()
    {
        using var document = JsonDocument.Parse("""{"dist_Mpc": 100}""");
        var distance = ObjectDistance.Of(0.02, document.RootElement);
        Assert.Equal(100, distance.LuminosityDistanceMpc);
        Assert.Equal(100 / 1.0404, distance.AngularDiameterDistanceMpc!.Value, 1e-9);
    }

    [Theory]
    [InlineData(null, "{}")]
    [InlineData(0.0, "{}")]
    [InlineData(0.001, "{}")]
    [InlineData(-0.1, "{}")]
    [InlineData(double.NaN, "{}")]
    [InlineData(0.001, "[]")]
    [InlineData(null, """{"dist_Mpc": true, "dm": 1e300}""")]
    public void Of_NothingKnown_IsNull(double? redshift, string altdata)
    {
        using var document = JsonDocument.Parse(altdata);
        Assert.Equal(default, ObjectDistance.Of(redshift, document.RootElement));
    }

    [Fact]
    public void Of_DistanceZero_HasNoModulus()
    {
        using var document = JsonDocument.Parse("""{"dist_Mpc": 0}""");
        var distance = ObjectDistance.Of(null, document.RootElement);
        Assert.Equal(0, distance.LuminosityDistanceMpc);
        Assert.Null(distance.DistanceModulusMag);
    }
}
