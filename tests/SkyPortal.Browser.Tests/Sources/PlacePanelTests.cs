using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>Where the detections of a source lie on the sky, and where it lies among the stars.</summary>
public sealed class PlacePanelTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Centroid_OfDetectionsAndACatalogue_SaysMeanAndSpread(ColorScheme scheme, int width)
    {
        var world = await SourceWorld.MakeAsync(browser, $"centroid-{width}");
        await ScatterAsync(world);
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/annotations", new { origin = "PS1 DR1", data = new { RA = 299.0 + (1.2 / 3600), Dec = 59.1 - (0.8 / 3600), gmag = 18.25 } });
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", scheme, width);
        await Expect(page.Tab.Locator(".plot[data-drawn='34']")).ToBeVisibleAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Unfold Centroid" }).ClickAsync();
        // Thirty points of three hundred stand above the cut; the forced one has no place of its own.
        await Expect(page.Tab.Locator(".centroid-plot[data-drawn='29']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".centroid .numbers")).ToContainTextAsync("29 of 29 detections");
        await page.Tab.Locator(".centroid").ScrollIntoViewIfNeededAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "2″", Exact = true }).ClickAsync();
        await page.Tab.WaitForFunctionAsync("() => { const [left, right] = document.querySelector('.centroid-plot').layout.xaxis.range; return left > right && Math.abs(left - right - 4) < 1e-6; }");
        await page.PictureAsync($"centroid-{width}");
        await page.Tab.GetByRole(AriaRole.Group, new() { Name = "Centre" }).GetByRole(AriaRole.Button, new() { Name = "source" }).ClickAsync();
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.centroid-plot').layout.xaxis.range.join() === '2,-2'");
        Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.querySelector('.centroid-plot').data.some(trace => trace.uid === 'catalogs' && trace.customdata[0].includes('gmag 18.25'))"));
        await page.Tab.WaitForFunctionAsync("() => new URL(location.href).searchParams.get('centroid') === 'source,r2'");
        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.centroid-plot')?.layout?.xaxis.range.join() === '2,-2'");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Hr_OfGaiaAnnotations_ShowsEachOriginAmongTheStars(ColorScheme scheme)
    {
        var world = await SourceWorld.MakeAsync(browser, $"hr-{scheme}");
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/annotations", new { origin = "gaia DR3", data = new { Mag_G = 12.0, Plx = 4.0, Mag_Bp = 12.5, Mag_Rp = 11.4 } });
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/annotations", new { origin = "gaia DR2", data = new { Mag_G = 12.0, Plx = 3.1, Mag_Bp = 12.6, Mag_Rp = 11.4 } });
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", scheme);
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Unfold HR diagram" }).ClickAsync();
        await Expect(page.Tab.Locator(".hr-plot[data-drawn='2']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".hr .numbers")).ToContainTextAsync("gaia DR3: M_G 5.01, BP − RP 1.10");
        await page.Tab.Locator(".hr").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync($"hr-{scheme}");
        await page.Tab.Locator(".hr").GetByRole(AriaRole.Button, new() { Name = "gaia DR2" }).ClickAsync();
        await Expect(page.Tab.Locator(".hr-plot[data-drawn='1']")).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    private static async Task ScatterAsync(SourceWorld world)
    {
        await using var db = world.Browser.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().Where(row => row.Name == "ZTF").Select(row => row.Id).FirstAsync();
        var random = new Random(3);
        var places = Enumerable.Range(0, 30).ToList();
        await world.Member.PostAsync("/api/photometry", new
        {
            obj_id = world.ObjId, instrument_id = instrument, mjd = places.Select(place => 60010.0 + place), filter = places.Select(place => place % 2 == 0 ? "ztfg" : "ztfr"),
            flux = places.Select(place => 100.0 + place), fluxerr = places.Select(_ => 5.0), zp = 23.9, magsys = "ab", group_ids = new[] { world.Group },
            origin = places.Select(place => place == 29 ? "alert_fp" : "alert"),
            ra = places.Select(_ => 299.0 + ((0.3 + (0.15 * (random.NextDouble() - 0.5))) / 3600 / 0.5135)), dec = places.Select(_ => 59.1 + ((0.1 + (0.15 * (random.NextDouble() - 0.5))) / 3600)),
        });
    }
}
