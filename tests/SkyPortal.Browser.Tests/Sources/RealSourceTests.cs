using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The page of a source that is as full as real ones are: a kilonova with its light curve, spectra, remarks and classes.</summary>
public sealed class RealSourceTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private static readonly string[] Spectra = ["zac_spec.dat", "ZTF20abucjsa_20200909_LT_v1.ascii", "ZTF20abwdwoa_20200902_P60_v1.ascii"];

    [Fact]
    public async Task Page_OfAFullSource_FitsEveryWindowAndTheme()
    {
        var world = await SourceWorld.MakeAsync(browser, "real");
        var objId = await FillAsync(world);
        foreach (var (scheme, width, height) in new[] { (ColorScheme.Light, 1440, 2600), (ColorScheme.Dark, 1440, 2600), (ColorScheme.Light, 390, 844), (ColorScheme.Dark, 390, 844) })
        {
            await using var page = await world.OpenAsync(world.Member, $"/source/{objId}", scheme, width, height);
            await Expect(page.Tab.Locator(".plot[data-drawn]")).ToBeVisibleAsync();
            await page.Tab.Locator(".spectrum-plot").ScrollIntoViewIfNeededAsync();
            await Expect(page.Tab.Locator(".spectrum-plot .main-svg").First).ToBeVisibleAsync();
            await page.Tab.EvaluateAsync("() => scrollTo(0, 0)");
            var overflow = await page.Tab.EvaluateAsync<string[]>("""
                () => {
                  const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
                  for (const panel of document.querySelectorAll('.slot > .panel')) if (panel.scrollWidth > panel.clientWidth + 1) wide.push(panel.className);
                  return wide;
                }
                """);
            Assert.Empty(overflow);
            if (Environment.GetEnvironmentVariable("SKYPORTAL_SCREENSHOTS") is { Length: > 0 } folder)
            {
                await page.Tab.ScreenshotAsync(new() { Path = Path.Combine(folder, $"real-{scheme}-{width}.png"), FullPage = true });
                foreach (var part in new[] { ".light-curve", ".spectra" })
                {
                    await page.Tab.Locator(part).ScreenshotAsync(new() { Path = Path.Combine(folder, $"real{part}-{scheme}-{width}.png") });
                }
            }

            page.AssertNoFaults();
        }
    }

    // Points of a kilonova, spectra of three instruments, and what people and programs say of it.
    private static async Task<string> FillAsync(SourceWorld world)
    {
        var optical = SharedData.PathOrSkip("photometry/AT2017gfo_optical.csv");
        var folder = SharedData.PathOrSkip("spectra");
        const string ObjId = "AT2017gfo";
        await world.Member.PostAsync("/api/sources", new { id = ObjId, ra = 197.450354, dec = -23.381484, redshift = 0.009783, redshift_error = 0.000023, redshift_origin = "NGC 4993", group_ids = new[] { world.Group } });
        await world.Member.PostAsync("/api/sources", new { id = "DLT17ck", ra = 197.45036, dec = -23.38150, group_ids = new[] { world.Group } });
        await using var db = world.Browser.Node.Contexts.For(Viewer.System);
        var instruments = await db.Set<Instrument>().Select(row => new { row.Id, row.Name, row.Filters }).ToListAsync();
        var points = File.ReadLines(optical).Skip(1).Select(line => line.Split(',')).Select(cells => (Band: cells[0], Mjd: Number(cells[1]), Flux: Number(cells[2]), Error: Number(cells[5]))).Where(row => row.Error is not null).ToList();
        foreach (var band in points.GroupBy(row => row.Band))
        {
            if (instruments.FirstOrDefault(instrument => instrument.Filters.Contains(band.Key)) is { } instrument)
            {
                await world.Member.PostAsync("/api/photometry", new
                {
                    obj_id = ObjId, instrument_id = instrument.Id, filter = band.Key, magsys = "ab", zp = 23.9, origin = "Villar17", group_ids = new[] { world.Group },
                    mjd = band.Select(row => row.Mjd), flux = band.Select(row => row.Flux), fluxerr = band.Select(row => row.Error),
                });
            }
        }

        foreach (var (place, file) in Spectra.Index())
        {
            await world.Member.PostAsync("/api/spectra/ascii", new
            {
                obj_id = ObjId, instrument_id = instruments[place].Id, observed_at = new DateTime(2017, 8, 18 + place, 0, 30, 0), filename = file, ascii = await File.ReadAllTextAsync(Path.Combine(folder, file)),
                group_ids = new[] { world.Group },
            });
        }

        await world.Member.PostAsync($"/api/sources/{ObjId}/annotations", new { origin = "gaia:DR3", data = new { Mag_G = 15.2, Plx = 1.25, Mag_Bp = 15.6, Mag_Rp = 14.7, distance_arcsec = 9.84 }, group_ids = new[] { world.Group } });
        await world.Member.PostAsync($"/api/sources/{ObjId}/annotations", new { origin = "host", data = new { name = "NGC 4993", offset_kpc = 2.1, log_stellar_mass = 10.65 }, group_ids = new[] { world.Group } });
        await world.Member.PostAsync($"/api/sources/{ObjId}/comments", new { text = "Fades by more than a magnitude a day in the blue; the infrared stays up. Spectrum again tonight, please.", group_ids = new[] { world.Group } });
        await world.Member.PostAsync($"/api/sources/{ObjId}/comments", new { text = "Gemini is set up; twilight start.", group_ids = new[] { world.Group } });
        return ObjId;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
