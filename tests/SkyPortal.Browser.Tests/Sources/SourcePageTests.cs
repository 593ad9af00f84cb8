using Microsoft.Playwright;
using SkyPortal.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The page of one source, as a person uses it.</summary>
public sealed class SourcePageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Open_WithPhotometry_DrawsPointsAndListsThem()
    {
        var world = await SourceWorld.MakeAsync(browser, "open");

        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        await page.Tab.Keyboard.PressAsync("l");

        await page.TitleAsync(world.ObjId);
        await Expect(page.Tab.Locator(".points tbody tr[data-id]")).ToHaveCountAsync(4);
        await Expect(page.Tab.Locator(".light-curve .count")).ToHaveTextAsync("3 detections, 1 limit");
        await Expect(page.Tab.Locator(".facts")).ToContainTextAsync("37.3");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Axes_EveryChoice_IsDrawnAndThePageCanBeLeft()
    {
        var world = await SourceWorld.MakeAsync(browser, "axes");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "flux", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".plot .ytitle")).ToHaveTextAsync("flux, µJy");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "days ago" }).ClickAsync();
        await Expect(page.Tab.Locator(".plot .xtitle")).ToHaveTextAsync("days ago");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "mag", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".plot .ytitle")).ToHaveTextAsync("AB magnitude");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Groups" }).ClickAsync();

        await page.TitleAsync("Groups");
        await Expect(page.Tab.Locator("table tbody tr").First).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Classify_ByKeyboard_ShowsTheClassAndUndoTakesItBack()
    {
        var world = await SourceWorld.MakeAsync(browser, "classify");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();

        await page.Tab.Keyboard.PressAsync("c");
        await Expect(page.Tab.GetByRole(AriaRole.Combobox, new() { Name = "Class", Exact = true })).ToBeFocusedAsync();
        await page.Tab.Keyboard.TypeAsync("sn ia");
        await Expect(page.Tab.Locator(".options li").First).ToContainTextAsync("Ia");
        await page.Tab.Keyboard.PressAsync("Enter");

        await Expect(page.Tab.Locator(".class-now")).ToHaveTextAsync("Ia");
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator(".class-now")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Comment_WithCtrlEnter_AppearsForTheOtherTabWithoutTakingItsFocus()
    {
        var world = await SourceWorld.MakeAsync(browser, "comment");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await using var other = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await other.Tab.FillAsync("textarea[data-press=m]", "half a thought");

        await page.Tab.FillAsync("textarea[data-press=m]", "Looks young <b>");
        await page.Tab.Keyboard.PressAsync("Control+Enter");

        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("Looks young <b>");
        await Expect(other.Tab.Locator(".words")).ToHaveTextAsync("Looks young <b>");
        await Expect(other.Tab.Locator("textarea[data-press=m]")).ToHaveValueAsync("half a thought");
        await Expect(other.Tab.Locator("textarea[data-press=m]")).ToBeFocusedAsync();
        page.AssertNoFaults();
        other.AssertNoFaults();
    }

    [Fact]
    public async Task Save_ToAnotherGroup_IsOneChipMoreAndUndoIsOneLess()
    {
        var world = await SourceWorld.MakeAsync(browser, "save");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var chips = page.Tab.Locator(".group-chips .chip.on");
        await Expect(chips).ToHaveCountAsync(1);

        await page.Tab.Keyboard.PressAsync("s");
        await Expect(page.Tab.GetByRole(AriaRole.Menuitem, new() { Name = "save second" })).ToBeFocusedAsync();
        await page.Tab.Keyboard.PressAsync("Enter");

        await Expect(chips).ToHaveCountAsync(2);
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(chips).ToHaveCountAsync(1);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Photometry_Arrives_IsDrawnAndTheZoomIsKept()
    {
        var world = await SourceWorld.MakeAsync(browser, "live");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        await page.Tab.EvaluateAsync("() => Plotly.relayout(document.querySelector('.plot'), { 'xaxis.range': [60000, 60002] })");

        await world.MeasureAsync([60005.2], ["ztfr"], [300], "fp");

        await Expect(page.Tab.Locator(".plot[data-drawn='5']")).ToBeVisibleAsync();
        Assert.Equal("60000,60002", await page.Tab.EvaluateAsync<string>("() => document.querySelector('.plot').layout.xaxis.range.join()"));
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Open_ByAnOutsider_SaysTheSameAsOfAMissingSource()
    {
        var world = await SourceWorld.MakeAsync(browser, "hidden");

        await using var page = await world.OpenAsync(world.Outsider, $"/source/{world.ObjId}");
        await page.TitleAsync("There is no such source");
        var hidden = await page.Tab.Locator(".state").InnerTextAsync();
        await page.OpenAsync("/source/ZTF_absent");
        await page.TitleAsync("There is no such source");
        var missing = await page.Tab.Locator(".state").InnerTextAsync();
        await page.OpenAsync($"/sources?q={world.ObjId}");
        await Expect(page.Tab.Locator(".state-title")).ToHaveTextAsync("Nothing fits");

        Assert.Equal(hidden.Replace(world.ObjId, "ZTF_absent", StringComparison.Ordinal), missing);
    }

    [Fact]
    public async Task Access_LostWhileOpen_SaysThatItIsGone()
    {
        var world = await SourceWorld.MakeAsync(browser, "lost");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.TitleAsync(world.ObjId);

        await (await browser.Node.AdminAsync()).DataAsync(HttpMethod.Delete, $"/api/groups/{world.Group}/users/{world.Member.UserId}");
        await page.TitleAsync("This source is gone");
    }

    [Fact]
    public async Task Open_RealPackets_ShowsRealPixelsOnEveryScreen()
    {
        var folder = SharedData.PathOrSkip("alerts/ztf");
        var world = await SourceWorld.MakeAsync(browser, "real");
        var objId = await world.IngestAsync(folder);
        foreach (var (name, scheme, width) in new[] { ("light-wide", ColorScheme.Light, 1440), ("dark-wide", ColorScheme.Dark, 1440), ("light-narrow", ColorScheme.Light, 390), ("dark-narrow", ColorScheme.Dark, 390) })
        {
            await using var page = await world.OpenAsync(world.Member, $"/source/{objId}", scheme, width);

            await Expect(page.Tab.Locator(".plot[data-drawn]")).ToBeVisibleAsync();
            await page.Tab.Locator(".cutouts").ScrollIntoViewIfNeededAsync();
            await Expect(page.Tab.Locator(".cutouts img")).ToHaveCountAsync(3);
            await page.Tab.WaitForFunctionAsync("() => [...document.querySelectorAll('.cutouts img')].every(image => image.complete && image.naturalWidth > 20)");
            await page.Tab.EvaluateAsync("() => scrollTo(0, 0)");
            await page.PictureAsync($"source-{name}");
            Assert.Equal("", await page.Tab.EvaluateAsync<string>("() => document.documentElement.scrollWidth <= innerWidth + 1 ? '' : [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 5).map(e => e.tagName + '.' + e.getAttribute('class')).join(' ')"));
            await page.OpenAsync("/sources");
            await Expect(page.Tab.Locator(".table a.name").First).ToBeVisibleAsync();
            await page.PictureAsync($"sources-{name}");
            page.AssertNoFaults();
        }
    }
}
