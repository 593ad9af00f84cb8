using SkyPortal.Infrastructure.Facilities;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Facilities;

public sealed class FacilitySeedTests
{
    private static readonly FacilitySeed Seed = FacilitySeed.Read(ProductData.Folder);

    [Fact]
    public void Read_ProductData_HoldsEveryFacility()
    {
        Assert.Equal(88, Seed.Telescopes.Count);
        Assert.Equal(104, Seed.Instruments.Count);
    }

    [Theory]
    [InlineData("ZTF", "P48", "ztfg,ztfr,ztfi")]
    [InlineData("LSST", "Simonyi", "lsstu,lsstg,lsstr,lssti,lsstz,lssty")]
    [InlineData("DECam", "CTIO-4m", "sdssu,desg,desr,desi,desz,desy")]
    [InlineData("WINTER", "WINTER-1m", "desy,2massj,2massh")]
    [InlineData("ATLAS", "ATLAS-0.5m", "atlasc,atlaso")]
    [InlineData("SEDM", "P60", "sdssu,sdssg,sdssr,sdssi")]
    [InlineData("SPRAT", "LT", "")]
    public void Read_SurveyInstrument_SitsOnItsTelescopeWithItsFilters(string name, string telescope, string filters)
    {
        var instrument = Seed.Instruments.Single(i => i.Name == name);

        Assert.Equal(telescope, instrument.TelescopeNickname);
        Assert.Equal(filters, string.Join(',', instrument.Filters));
    }

    [Fact]
    public void Read_Telescope_HasItsSite()
    {
        var palomar = Seed.Telescopes.Single(t => t.Nickname == "P48");

        Assert.NotNull(palomar.Site);
        Assert.Equal(33.358056, palomar.Site.LatitudeDegrees, 1e-6);
        Assert.Equal(-116.861944, palomar.Site.LongitudeDegrees, 1e-6);
        Assert.Equal(1706, palomar.Site.ElevationMetres);
        Assert.Equal(1.26, palomar.DiameterMetres);
        Assert.True(palomar.Robotic);
        Assert.False(Seed.Telescopes.Single(t => t.Nickname == "HST").HasFixedLocation);
    }

    [Fact]
    public void Read_FieldOfView_IsCircleOrRectangle()
    {
        Assert.Equal((6.8, 6.8), Seed.Instruments.Single(i => i.Name == "ZTF").FieldOfView?.RectangleDegrees);
        Assert.Equal(0.38, Seed.Instruments.Single(i => i.Name == "GIT").FieldOfView?.CircleRadiusDegrees);
    }

    [Theory]
    [InlineData("filters: [nosuch]", "instruments[0]: filters: 'nosuch' is not a bandpass")]
    [InlineData("telescope: Elsewhere", "instruments[0]: telescope: no telescope has the nickname 'Elsewhere'")]
    [InlineData("type: camera", "instruments[0]: type: 'camera' is not one of")]
    [InlineData("api: 3", "instruments.yaml: instruments[0]: ")]
    public void Read_FaultyInstrument_NamesFileAndEntry(string fault, string part)
    {
        var folder = Directory.CreateTempSubdirectory("seed");
        try
        {
            var key = fault[..fault.IndexOf(':', StringComparison.Ordinal)];
            string[] lines = ["name: A", "telescope: T", "type: imager", "band: optical"];
            File.WriteAllText(
                Path.Combine(folder.FullName, "telescopes.yaml"),
                "telescopes: [{nickname: T, name: T, diameter: 1, robotic: true, fixed_location: false}]");
            File.WriteAllText(
                Path.Combine(folder.FullName, "instruments.yaml"),
                $"instruments: [{{{string.Join(", ", lines.Where(l => !l.StartsWith(key, StringComparison.Ordinal)).Append(fault))}}}]");

            var error = Assert.Throws<FormatException>(() => FacilitySeed.Read(folder.FullName));

            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
