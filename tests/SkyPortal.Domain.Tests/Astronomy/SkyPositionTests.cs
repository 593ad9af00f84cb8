using SkyPortal.Domain.Astronomy;
using Xunit;

namespace SkyPortal.Domain.Tests.Astronomy;

public sealed class SkyPositionTests
{
    private const double TenthArcsecDegrees = 0.1 / 3600;

    [Theory]
    [InlineData(360, 0)]
    [InlineData(-10, 350)]
    [InlineData(725, 5)]
    [InlineData(-1e-20, 0)]
    public void Constructor_AnyTurn_NormalizesRa(double raDegrees, double expectedDegrees) =>
        Assert.Equal(expectedDegrees, new SkyPosition(raDegrees, 0).RaDegrees);

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(0, double.NaN)]
    [InlineData(0, 90.0001)]
    [InlineData(0, -91)]
    public void Constructor_BadNumbers_Throws(double raDegrees, double decDegrees)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SkyPosition(raDegrees, decDegrees));
        Assert.False(SkyPosition.TryCreate(raDegrees, decDegrees, out _, out var error));
        Assert.Contains(double.IsFinite(raDegrees) ? "Declination" : "Right ascension", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ToGalactic_AstropyPositions_AgreesToANanodegree()
    {
        foreach (var row in Vectors.Rows("sky.csv"))
        {
            var position = new SkyPosition(Vectors.Number(row[0]), Vectors.Number(row[1]));
            var galactic = position.ToGalactic();
            var found = new SkyPosition(galactic.LongitudeDegrees, galactic.LatitudeDegrees);
            Assert.InRange(found.SeparationDegrees(new SkyPosition(Vectors.Number(row[2]), Vectors.Number(row[3]))), 0, 1e-9);
            Assert.InRange(galactic.ToIcrs().SeparationDegrees(position), 0, 1e-12);
        }
    }

    [Fact]
    public void ToGalactic_CapturedSource_GivesTheCapturedNumbers()
    {
        var galactic = new SkyPosition(234.22, -22.33).ToGalactic();
        Assert.Equal(345.9647872456891, galactic.LongitudeDegrees, 1e-9);
        Assert.Equal(26.401343020728902, galactic.LatitudeDegrees, 1e-9);
    }

    [Fact]
    public void SeparationAndPositionAngle_AstropyPairs_Agree()
    {
        foreach (var row in Vectors.Rows("sky.csv"))
        {
            var n = row[..8].Select(Vectors.Number).ToArray();
            var a = new SkyPosition(n[0], n[1]);
            var b = new SkyPosition(n[4], n[5]);
            Assert.Equal(n[6], a.SeparationDegrees(b), 1e-12);
            var difference = Angle.FromDegrees(a.PositionAngleDegrees(b) - n[7]).NormalizedSigned().Degrees;
            Assert.InRange(Math.Abs(difference), 0, 1e-8);
            Assert.InRange(a.OffsetBy(n[7], n[6]).SeparationDegrees(b), 0, TenthArcsecDegrees * 1e-6);
        }
    }

    [Fact]
    public void ToSexagesimal_AstropyPositions_ReadsTheSameAndLeadsBack()
    {
        foreach (var row in Vectors.Rows("sky.csv"))
        {
            var position = new SkyPosition(Vectors.Number(row[0]), Vectors.Number(row[1]));
            var words = row[8].Split(' ');
            AssertSameToTheLastPlace(words[0].Replace("24:00:00.0000", "00:00:00.0000", StringComparison.Ordinal), Sexagesimal.FormatRa(position.RaDegrees, 4));
            AssertSameToTheLastPlace(words[1], Sexagesimal.FormatDec(position.DecDegrees, 4));
            Assert.True(SkyPosition.TryParse(row[8], out var read));
            Assert.InRange(read.SeparationDegrees(position), 0, TenthArcsecDegrees);
        }
    }

    [Theory]
    [InlineData("10.68471 41.26875", 10.68471, 41.26875)]
    [InlineData("10.68471, -41.26875", 10.68471, -41.26875)]
    [InlineData("10.68471 -41.26875", 10.68471, -41.26875)]
    [InlineData("00:42:44.33 +41:16:07.5", 10.6847083333333, 41.26875)]
    [InlineData("00 42 44.33 +41 16 07.5", 10.6847083333333, 41.26875)]
    [InlineData("00 42 44.33 41 16 07.5", 10.6847083333333, 41.26875)]
    [InlineData("00h42m44.33s +41d16m07.5s", 10.6847083333333, 41.26875)]
    [InlineData("0h 42m 44.33s, 41° 16' 7.5\"", 10.6847083333333, 41.26875)]
    [InlineData("00:42:44.33 -00:00:07.5", 10.6847083333333, -0.00208333333333333)]
    [InlineData("00 42 44.33 -00 00 07.5", 10.6847083333333, -0.00208333333333333)]
    [InlineData("12:30 -0:30", 187.5, -0.5)]
    [InlineData("12.5h −30.25", 187.5, -30.25)]
    [InlineData("187d30m -30d15m", 187.5, -30.25)]
    [InlineData("187.5d -30.25d", 187.5, -30.25)]
    [InlineData("1e1 1e-5", 10, 1e-5)]
    public void TryParse_UsualForms_Reads(string text, double raDegrees, double decDegrees)
    {
        Assert.True(SkyPosition.TryParse(text, out var position));
        Assert.Equal(raDegrees, position.RaDegrees, 1e-10);
        Assert.Equal(decDegrees, position.DecDegrees, 1e-10);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10 91")]
    [InlineData("NaN 1")]
    [InlineData("inf 1")]
    [InlineData("25:00:00 +10:00:00")]
    [InlineData("12:61:00 +10:00:00")]
    [InlineData("12:00:00 +10:75:00")]
    [InlineData("-12:00:00 +10:00:00")]
    [InlineData("12::00 +10:00:00")]
    [InlineData("12:00: +10:00:00")]
    [InlineData("12m00s +10:00:00")]
    [InlineData("12h00h00s +10:00:00")]
    [InlineData("12:00:00 +10h00m")]
    [InlineData("12:00:00 --10:00:00")]
    [InlineData("12.5:30:00 +10:00:00")]
    [InlineData("1:2:3:4 5:6:7:8")]
    [InlineData("abc def")]
    [InlineData("M31")]
    public void TryParse_Nonsense_IsRefused(string? text) => Assert.False(SkyPosition.TryParse(text, out _));

    [Theory]
    [InlineData(-0.002083333333, 1, "-00:00:07.5")]
    [InlineData(-1e-9, 1, "+00:00:00.0")]
    [InlineData(59.99999999, 2, "+60:00:00.00")]
    [InlineData(-89.99999, 0, "-90:00:00")]
    public void FormatDec_SignsAndCarries_AreRight(double decDegrees, int decimals, string expected) =>
        Assert.Equal(expected, Sexagesimal.FormatDec(decDegrees, decimals));

    [Theory]
    [InlineData(SexagesimalStyle.Colons, "12:30:00.50")]
    [InlineData(SexagesimalStyle.Letters, "12h30m00.50s")]
    [InlineData(SexagesimalStyle.Spaces, "12 30 00.50")]
    public void FormatRa_EveryStyle_IsRight(SexagesimalStyle style, string expected) =>
        Assert.Equal(expected, Sexagesimal.FormatRa(187.5 + (0.5 / 240), 2, style));

    [Fact]
    public void FormatRa_RoundsUpToAFullDay_Wraps() => Assert.Equal("00:00:00.0", Sexagesimal.FormatRa(359.9999999, 1));

    [Fact]
    public void BoundingBox_PointsOfTheCone_LieInside()
    {
        var random = new Random(11);
        for (var i = 0; i < 400; i++)
        {
            var center = MillionPositions.At((ulong)(i * 6661));
            var radius = Math.Pow(10, (random.NextDouble() * 6) - 4);
            var box = center.BoundingBox(radius);
            for (var j = 0; j < 20; j++)
            {
                var point = center.OffsetBy(random.NextDouble() * 360, radius);
                Assert.True(center.SeparationDegrees(point) > radius || box.Contains(point), $"{point} around {center} by {radius}: {box}");
            }
        }

        Assert.True(new SkyPosition(0.5, 0).BoundingBox(1).Wraps);
        Assert.False(new SkyPosition(0.5, 0).BoundingBox(1).Contains(new SkyPosition(2, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SkyPosition(0, 0).BoundingBox(double.NaN));
    }

    [Fact]
    public void Angle_Units_Agree()
    {
        var angle = Angle.FromHours(2);
        Assert.Equal(30, angle.Degrees);
        Assert.Equal(1800, angle.Arcmin);
        Assert.Equal(108_000, angle.Arcsec);
        Assert.Equal(Math.PI / 6, angle.Radians, 1e-15);
        Assert.Equal(angle.Degrees, Angle.FromRadians(angle.Radians).Degrees, 1e-12);
        Assert.Equal(-170, Angle.FromDegrees(190).NormalizedSigned().Degrees);
        Assert.True(Angle.FromArcsec(59) < Angle.FromArcmin(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Angle.FromDegrees(double.NaN));
    }

    [Fact]
    public void UnitVector_AnyPosition_LeadsBack()
    {
        for (var i = 0UL; i < 500; i++)
        {
            var position = MillionPositions.At(i);
            Assert.InRange(SkyPosition.FromUnitVector(position.ToUnitVector()).SeparationDegrees(position), 0, 1e-13);
        }

        Assert.Throws<ArgumentException>(() => UnitVector.FromComponents(0, 0, 0));
    }

    // Both round to the nearest, but a tie in decimal is none in binary and falls either way.
    private static void AssertSameToTheLastPlace(string expected, string actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(expected[..6], actual[..6]);
        Assert.Equal(Vectors.Number(expected[^7..].TrimStart(':')), Vectors.Number(actual[^7..].TrimStart(':')), 1.01e-4);
    }
}
