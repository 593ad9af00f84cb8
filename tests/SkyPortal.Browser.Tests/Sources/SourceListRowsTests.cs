using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>What a row of the list of sources tells: tags, host, picture; and, opened, its spectrum and its place among the stars.</summary>
public sealed class SourceListRowsTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Row_WithTagsHostAndSpectrum_ShowsThemAndOpens()
    {
        var (world, admin) = await WorldAsync("rows");
        var option = await TagAsync(admin, "rowsNuclear");
        await world.Member.PostAsync("/api/objtag", new { objtagoption_id = option, obj_id = world.ObjId });
        await admin.PostAsync("/api/galaxy_catalog", new { catalog_name = "rows", catalog_data = new { name = new[] { "NGC rows" }, ra = new[] { 299.001 }, dec = new[] { 59.1 }, z = new[] { 0.0647 } } });
        await world.Member.PostAsync($"/api/sources/{world.ObjId}/host", new { galaxyName = "NGC rows" });
        var pixels = Enumerable.Range(0, 63 * 63).Select(i => (byte)(255 * Math.Exp(-(Math.Pow((i % 63) - 31, 2) + Math.Pow((i / 63) - 31, 2)) / 40))).ToArray();
        await world.Member.PostAsync("/api/thumbnail", new { obj_id = world.ObjId, data = Convert.ToBase64String(PngEncoder.EncodeGrey(pixels, 63, 63)), ttype = "new" });
        await using var page = await world.OpenAsync(world.Member, "/sources?cols=favorite,picture,id,position,tags,host,redshift,latest,saved_at");

        var row = page.Tab.Locator($"tr[data-row='{world.ObjId}']");
        await Expect(row).ToContainTextAsync("rowsNuclear");
        await Expect(row).ToContainTextAsync("NGC rows");
        await Expect(row).ToContainTextAsync("1.8″");
        await Expect(row.Locator("img.row-picture")).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = $"Details of {world.ObjId}" }).ClickAsync();
        await Expect(page.Tab.Locator(".mini-spectrum")).ToContainTextAsync("newest of 2");
        await Expect(page.Tab.Locator(".mini-hr circle")).ToHaveCountAsync(1);
        await Expect(page.Tab.Locator(".mini-curve")).ToBeVisibleAsync();
        await page.PictureAsync("list-rows");

        await using var narrow = await world.OpenAsync(world.Member, "/sources?cols=favorite,picture,id,tags,host", ColorScheme.Dark, 390, 844);
        await narrow.Tab.Locator($"tr[data-row='{world.ObjId}'] .expander").ClickAsync();
        await Expect(narrow.Tab.Locator(".mini-spectrum")).ToBeVisibleAsync();
        Assert.True(await narrow.Tab.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1"));
        await narrow.PictureAsync("list-rows-narrow");
        page.AssertNoFaults();
        narrow.AssertNoFaults();
    }

    [Fact]
    public async Task Tag_ForTheChosen_IsPutAndUndone()
    {
        var (world, admin) = await WorldAsync("bulktag");
        await TagAsync(admin, "bulkFast");
        await using var page = await world.OpenAsync(world.Member, "/sources");
        await Expect(page.Tab.Locator("[data-heard] tbody a.name").First).ToBeVisibleAsync();
        await page.Tab.GetByLabel("Choose all rows of this page").CheckAsync();
        await page.Tab.GetByLabel("Tag with").SelectOptionAsync(new SelectOptionValue { Label = "bulkFast" });

        await Expect(page.Tab.Locator(".toast")).ToContainTextAsync("2 of 2 sources tagged bulkFast");
        await Expect(page.Tab.Locator("tbody .tag").GetByText("bulkFast")).ToHaveCountAsync(2);
        await page.PictureAsync("list-bulk-tag");
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator("tbody .tag").GetByText("bulkFast")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    private async Task<(SourceWorld World, TestClient Admin)> WorldAsync(string name)
    {
        var world = await SourceWorld.MakeAsync(browser, name);
        var admin = await browser.Node.AdminAsync();
        await admin.PostAsync("/api/sources", new { id = $"LIST_{name}", ra = 20.0, dec = 10.0, redshift = 0.02, group_ids = new[] { world.Group } });
        await admin.PostAsync($"/api/sources/{world.ObjId}/annotations", new { origin = "gaia:DR3", data = new { Mag_G = 15.2, Plx = 1.25, Mag_Bp = 15.6, Mag_Rp = 14.7 }, group_ids = new[] { world.Group } });
        await using var db = browser.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().Where(row => row.Name == "SEDM").Select(row => row.Id).FirstAsync();
        var wavelengths = Enumerable.Range(0, 600).Select(i => 3800.0 + (9 * i)).ToArray();
        foreach (var (day, width) in new[] { (20, 300.0), (24, 700.0) })
        {
            await world.Member.PostAsync("/api/spectra", new
            {
                obj_id = world.ObjId, instrument_id = instrument, observed_at = $"2023-02-{day}T04:00:00", group_ids = new[] { world.Group },
                wavelengths, fluxes = wavelengths.Select(x => 1 + (2 * Math.Exp(-Math.Pow((x - 6563) / width, 2))) + (0.05 * Math.Sin(x))).ToArray(),
            });
        }

        return (world, admin);
    }

    private static async Task<int> TagAsync(TestClient admin, string name) =>
        (await admin.PostAsync("/api/objtagoption", new { name, color = "#c2185b" })).GetProperty("id").GetInt32();
}
