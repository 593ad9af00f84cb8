using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Domain.Tests.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.FollowUp;

public sealed class StarlistTests
{
    private static readonly SkyPosition Target = new(189.54613, 36.50064);
    private static readonly Mjd Observed = new(60_400);

    [Fact]
    public void At_AstropyStars_AgreesToAMilliarcsecond()
    {
        foreach (var row in Vectors.Numbers("stars.csv"))
        {
            var star = new CatalogStar("1", new SkyPosition(row[0], row[1]), row[2], row[3], row[4], row[5], 15);

            var moved = star.At(new Mjd(row[6]));

            Assert.InRange(moved.SeparationDegrees(new SkyPosition(row[7], row[8])) * 3_600_000, 0, 1);
        }
    }

    [Fact]
    public void Towards_AstropyOffsets_AgreesToAMilliarcsecond()
    {
        foreach (var row in Vectors.Numbers("stars.csv"))
        {
            var star = OffsetStar.Towards(new SkyPosition(row[9], row[10]), Star("1", 0, 0), new SkyPosition(row[7], row[8]));

            Assert.Equal(row[11], star.EastArcsec, 1e-3);
            Assert.Equal(row[12], star.NorthArcsec, 1e-3);
            Assert.Equal(row[13], star.PositionAngleDegrees, 0.02);
        }
    }

    [Fact]
    public void Select_OfAField_TakesTheNearestThatServe()
    {
        var rules = new OffsetStarRules(2.0 / 60, 11, 18.5, 4);
        var found = rules.Select(
            Target,
            At([
                Star("on the target", 0, 0.2, 15), Star("too near", 3, 0, 15), Star("good 30", 30, 0, 15), Star("good 20", 0, -20, 18), Star("bright", 0, 50, 10.9), Star("faint", 10, 10, 18.6),
                Star("one of a pair", 60, 0, 15), Star("its companion", 61.5, 0, 19), Star("near us", 0, 70, 15) with { ParallaxMas = 300 }, Star("far", 125, 0, 15), Star("good 80", -80, 0, 12),
            ]),
            3);

        Assert.Equal(["good 20", "good 30", "good 80"], found.Select(star => star.Star.Id));
    }

    [Fact]
    public void Select_FaintNeighbourBelowTheDeeperLimit_DoesNotCount()
    {
        var rules = new OffsetStarRules(2.0 / 60, 11, 18.5, 4);

        Assert.Single(rules.Select(Target, At([Star("star", 60, 0, 15), Star("neighbour", 61.5, 0, 20.1)]), 3));
    }

    [Fact]
    public void Relaxed_OfRules_IsWiderAndDeeper()
    {
        var rules = new OffsetStarRules(2.0 / 60, 11, 18.5, 4).Relaxed();

        Assert.Equal((10, 19.5, 4), (rules.MagMin, rules.MagLimit, rules.MinSepArcsec));
        Assert.Equal(2.6 / 60, rules.RadiusDegrees, 1e-12);
    }

    [Fact]
    public void Write_Keck_HasItsColumns()
    {
        var lines = Starlist.Write(StarlistFacility.Find("Keck")!, "ZTF23aadqhaexyz12", Target, Offsets());

        Assert.Equal("F23aadqhaexyz12 12 38 11.07 +36 30 02.30 2000.0 # source_name=ZTF23aadqhaexyz12", lines[0].Text);
        Assert.Equal("aadqhaexyz12_o1 12 38 13.56 +36 30 02.30 2000.0 raoffset=-30.00 decoffset=0.00 # dist=30.00\"; 15.00 mag; 30.00\" W, 0.00\" N to the target; PA=270.01 deg; ID=77", lines[1].Text);
        Assert.All(lines, line => Assert.Equal(' ', line.Text[15]));
    }

    [Fact]
    public void Write_Palomar_HasTwoSpacesAndExclamationMarks()
    {
        var lines = Starlist.Write(StarlistFacility.Find("P200")!, "AT2026abc", Target, Offsets());

        Assert.Equal("AT2026abc           12 38 11.07  +36 30 02.30  2000.0  ! source_name=AT2026abc", lines[0].Text);
        Assert.StartsWith("AT2026abc_o1        12 38 13.56  +36 30 02.30  2000.0  ! dist=30.00", lines[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("raoffset", lines[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Ngps_HasAsManyFieldsAsColumns()
    {
        var lines = Starlist.Write(StarlistFacility.Find("P200-NGPS")!, "AT2026abc", Target, Offsets(), new TargetBrightness(18.456, "ztfg"), new TargetAssignment("first, please", "3"));

        Assert.Equal("AT2026abc,12:38:11.07,+36:30:02.30,,,first  please,3,2,3,PA,1.5,2.5,650,680,R,18.46,G,SNR 5,1", lines[0].Text);
        Assert.All(lines, line => Assert.Equal(Starlist.NgpsColumns.Split(',').Length, line.Text.Split(',').Length));
        Assert.Contains(",-30.00,0.00,", lines[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Shane_BeginsWithItsColumns()
    {
        var lines = Starlist.Write(StarlistFacility.Find("Shane")!, "AT 2026abc", Target, []);

        Assert.StartsWith("!Data {name %16}", lines[0].Text, StringComparison.Ordinal);
        Assert.Null(lines[0].Position);
        Assert.StartsWith("AT_2026abc      12 38 11.07 +36 30 02.30 2000.0 # ", lines[1].Text, StringComparison.Ordinal);
    }

    private static IReadOnlyList<OffsetStar> Offsets() => new OffsetStarRules(2.0 / 60, 11, 18.5, 4).Select(Target, At([Star("77", 30, 0, 15)]), 1);

    private static IReadOnlyList<(CatalogStar, SkyPosition)> At(IEnumerable<CatalogStar> stars) => [.. stars.Select(star => (star, star.At(Observed)))];

    private static CatalogStar Star(string id, double eastArcsec, double northArcsec, double mag = 15) =>
        new(id, TangentPlane.Deproject(Target, eastArcsec / 3600, northArcsec / 3600), 2016, 0, 0, 1, mag);
}
