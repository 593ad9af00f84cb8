using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>What a person keeps of a light curve's look: sets of bandpasses, origins, the size of marks, and points of a double.</summary>
public sealed class LightCurveSetsTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Set_KeptOnOneSource_IsAButtonOnTheNextAndItsDeletionCanBeUndone()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-set");
        var admin = await browser.Node.AdminAsync();
        await admin.PostAsync("/api/sources", new { id = "AT_second", ra = 10.0, dec = 10.0, group_ids = new[] { world.Group } });
        await using (var db = browser.Node.Contexts.For(Viewer.System))
        {
            var instrument = await db.Set<Instrument>().Where(row => row.Name == "ZTF").Select(row => row.Id).FirstAsync();
            await world.Member.PostAsync("/api/photometry", new
            {
                obj_id = "AT_second", instrument_id = instrument, mjd = new[] { 60010.1, 60011.1, 60012.1 }, filter = new[] { "ztfg", "ztfr", "ztfr" }, flux = 90.0, fluxerr = 4.0, zp = 23.9, magsys = "ab",
                group_ids = new[] { world.Group },
            });
        }

        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await ShownAsync(page, 4);
        var sets = page.Tab.GetByRole(AriaRole.Group, new() { Name = "Own sets" });
        await Expect(sets).ToHaveCountAsync(0);

        await page.Tab.GetByRole(AriaRole.Group, new() { Name = "Bandpasses" }).GetByRole(AriaRole.Button, new() { Name = "ztfg" }).ClickAsync();
        await ShownAsync(page, 2);
        await sets.GetByRole(AriaRole.Button, new() { Name = "keep as a set" }).ClickAsync();
        await sets.GetByLabel("Name of the set").FillAsync("red only");
        await page.Tab.Keyboard.PressAsync("Enter");
        var button = sets.GetByRole(AriaRole.Button, new() { Name = "red only", Exact = true });
        await Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
        await button.ClickAsync();
        await ShownAsync(page, 4);

        await page.OpenAsync($"/source/AT_second?hide=ztfr");
        await ShownAsync(page, 1);
        await Expect(button).ToHaveAttributeAsync("aria-pressed", "false");
        await button.ClickAsync();
        await page.Tab.WaitForFunctionAsync("() => location.search.includes('hide=ztfg') && !location.search.includes('hide=ztfr')");
        await page.PictureAsync("lc-sets");
        await sets.GetByRole(AriaRole.Button, new() { Name = "Delete the set red only" }).ClickAsync();
        await Expect(button).ToHaveCountAsync(0);
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(button).ToHaveCountAsync(1);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task OriginsAndSize_Chosen_AreDrawnAndInTheAddress()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-origin");
        await world.MeasureAsync([60005.1, 60006.1], ["ztfg", "ztfg"], [150, 140], "survey-b");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await ShownAsync(page, 6);
        await page.Tab.GetByRole(AriaRole.Group, new() { Name = "Origins" }).GetByRole(AriaRole.Button, new() { Name = "survey-b" }).ClickAsync();
        await ShownAsync(page, 4);
        await page.Tab.GetByLabel("Size of the marks").FillAsync("14");
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.plot').data.some(trace => trace.marker?.size === 14)");
        await page.Tab.WaitForFunctionAsync("() => location.search.includes('m14') && location.search.includes('survey-b')");

        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await ShownAsync(page, 4);
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.plot').data.some(trace => trace.marker?.size === 14)");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task PointsOfADouble_Asked_AreDrawnAsAnotherInstrumentAndStayInTheAddress()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-double");
        await world.Member.PostAsync("/api/sources", new { id = "AT_double", ra = 299.0002, dec = 59.1001, group_ids = new[] { world.Group } });
        await using (var db = browser.Node.Contexts.For(Viewer.System))
        {
            var instrument = await db.Set<Instrument>().Where(row => row.Name == "ZTF").Select(row => row.Id).FirstAsync();
            await world.Member.PostAsync("/api/photometry", new
            {
                obj_id = "AT_double", instrument_id = instrument, mjd = new[] { 60010.1, 60011.1 }, filter = "ztfg", flux = new[] { 90.0, 80.0 }, fluxerr = 4.0, zp = 23.9, magsys = "ab",
                group_ids = new[] { world.Group },
            });
        }

        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await ShownAsync(page, 4);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "+ AT_double" }).ClickAsync();
        await ShownAsync(page, 6);
        await Expect(page.Tab.GetByRole(AriaRole.Group, new() { Name = "Instruments" })).ToContainTextAsync("ZTF · AT_double");
        await Expect(page.Tab.Locator(".light-curve .count")).ToHaveTextAsync("3 detections, 1 limit");
        await page.PictureAsync("lc-double");
        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await ShownAsync(page, 6);
        page.AssertNoFaults();
    }

    private static Task ShownAsync(BrowserPage page, int points) => Expect(page.Tab.Locator($".plot[data-shown='{points}']")).ToBeVisibleAsync();
}
