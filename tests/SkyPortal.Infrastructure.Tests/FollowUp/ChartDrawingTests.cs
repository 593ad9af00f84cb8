using SkyPortal.Domain.Astronomy;
using SkyPortal.Domain.FollowUp;
using SkyPortal.Infrastructure.FollowUp;
using SkyPortal.Infrastructure.Formats;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.FollowUp;

public sealed class ChartDrawingTests
{
    private static readonly SkyPosition Crab = new(83.6331, 22.0145);
    private static readonly ObservabilityLimits Limits = new(2.5, Sun.AstronomicalAltitudeDegrees, "astronomical");

    [Fact]
    public void ObservabilityPages_ManyTelescopes_ShowThoseThatSeeItFirst()
    {
        var telescopes = Enumerable.Range(0, 80)
            .Select(i => new TelescopeSite(i, $"Telescope {i}", $"T{i:00}", new ObservingSite(-80 + (2 * i), -180 + (4.5 * i), 1000)))
            .Append(new TelescopeSite(99, "In orbit", "IO", null)).ToList();
        Assert.True(Mjd.TryParseIso("2026-01-15T20:00:00", out var from));

        var pages = DrawObservability.Pages("ZTF26charts", Crab, telescopes, Limits, from);

        Assert.Equal(2, pages.Count);
        var names = pages.SelectMany(page => page.Marks).OfType<TextMark>().Where(text => text.Text.Length == 3 && text.Text[0] == 'T').Select(text => text.Text).ToList();
        Assert.Equal(80, names.Distinct().Count());
        // From the far south, in summer, nothing is seen: those sites come last.
        Assert.Contains("T00", names.TakeLast(20));
        Keep("observability.png", pages[0]);
    }

    [Fact]
    public void ObservabilityPages_NoTelescope_AreOneEmptyPage() => Assert.Single(DrawObservability.Pages("a", Crab, [], Limits, new Mjd(61000)));

    [Theory]
    [InlineData(189.5, 36.5)]
    [InlineData(0.001, -89.99)]
    [InlineData(359.999, 89.999)]
    [InlineData(0.0, 0.0)]
    public void FinderChart_AnywhereOnTheSky_IsDrawn(double ra, double dec)
    {
        var place = new SkyPosition(ra, dec);
        var facility = StarlistFacility.All[0];
        var star = new CatalogStar("5", place.OffsetBy(45, 0.02), 2016, 0, 0, 1, 14.5);
        var stars = new OffsetStarRules(0.04, 10, 18, 4).Select(place, [(star, star.Position)], 3);
        var chart = new FinderChart("Target (1)", place, 4, facility, new Mjd(61000), null, "No survey answered, so that stars are drawn.", stars, [(star, star.Position)], Starlist.Write(facility, "Target (1)", place, stars));

        var page = DrawFinderChart.Draw(chart);

        Assert.Contains(page.Marks.OfType<TextMark>(), text => text.Text == "N");
        Assert.True(page.Marks.OfType<PathMark>().Count() > 10);
        Assert.NotEmpty(PdfWriter.Write([page], "t"));
        Keep(FormattableString.Invariant($"finder-{dec:0}.png"), page);
    }

    [Fact]
    public void Square_AnImageTurnedAndOffCentre_HasNorthUpAndEastLeft()
    {
        const int Side = 200;
        const double Scale = 1.0 / 3600;
        var turn = 30 * Math.PI / 180;
        var pixels = new float[Side * Side];
        FitsCard[] cards =
        [
            new("CTYPE1", "RA---TAN"), new("CTYPE2", "DEC--TAN"), new("CRVAL1", Crab.RaDegrees), new("CRVAL2", Crab.DecDegrees), new("CRPIX1", 90.0), new("CRPIX2", 110.0),
            new("CD1_1", -Scale * Math.Cos(turn)), new("CD1_2", Scale * Math.Sin(turn)), new("CD2_1", Scale * Math.Sin(turn)), new("CD2_2", Scale * Math.Cos(turn)),
        ];
        var blank = FitsReader.ReadImage(FitsWriter.WriteImage(pixels, Side, Side, cards));
        var wcs = FitsWcs.Read(blank.Header);
        var (bestX, bestY, best) = (0, 0, double.MaxValue);
        var wanted = TangentPlane.Deproject(Crab, 20 * Scale, 35 * Scale);
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var distance = wcs.At(x, y).SeparationDegrees(wanted);
                (bestX, bestY, best) = distance < best ? (x, y, distance) : (bestX, bestY, best);
            }
        }

        pixels[(bestY * Side) + bestX] = 100;
        var square = SkyResampling.Square(FitsReader.ReadImage(FitsWriter.WriteImage(pixels, Side, Side, cards)), Crab, 120 * Scale, 120);
        var at = Array.IndexOf(square, square.Where(float.IsFinite).Max());

        // East is to the left of the centre, north above it: 20 and 35 arcseconds at an arcsecond a pixel.
        Assert.InRange(at % 120, 60 - 20 - 2, 60 - 20 + 1);
        Assert.InRange(at / 120, 60 - 35 - 2, 60 - 35 + 1);
    }

    [Fact]
    public void Wcs_NoProjection_IsRefused() =>
        Assert.Throws<FitsFormatException>(() => FitsWcs.Read(FitsReader.ReadImage(FitsWriter.WriteImage(new float[4], 2, 2)).Header));

    [Fact]
    public void ZScale_SkyWithStars_ShowsTheSkyAndCutsTheStars()
    {
        var random = new Random(1);
        var pixels = Enumerable.Range(0, 40_000).Select(i => i % 97 == 0 ? 5000f : 100 + (float)(10 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))).ToArray();

        var (low, high) = ZScale.Range(pixels)!.Value;

        Assert.InRange(low, 80, 100);
        Assert.InRange(high, 100, 200);
        Assert.Null(ZScale.Range([float.NaN]));
    }

    private static void Keep(string name, Drawing page)
    {
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, name), PngDrawing.Write(page, 1.6));
        }
    }
}
