using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The panels of the page of a source: moved, resized, folded, hidden, and found so again.</summary>
public sealed class PanelGridTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Grip_ArrowKeys_MoveAndResizeAndAReloadKeepsIt()
    {
        var world = await SourceWorld.MakeAsync(browser, "grip");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        var grip = page.Tab.GetByRole(AriaRole.Button, new() { Name = "Move History", Exact = true });
        await grip.FocusAsync();
        var before = await TopAsync(page, "history");

        await page.Tab.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Tab.GetByRole(AriaRole.Status).Filter(new() { HasText = "History: column 9" })).ToHaveCountAsync(1);
        Assert.True(await TopAsync(page, "history") < before);
        await page.Tab.Keyboard.PressAsync("Shift+ArrowDown");
        await Expect(Slot(page, "history")).ToHaveAttributeAsync("data-height", "10");
        await page.Tab.Keyboard.PressAsync("Shift+ArrowLeft");
        await Expect(Slot(page, "history")).ToHaveAttributeAsync("data-width", "3");

        await Expect(grip).ToBeFocusedAsync();
        var kept = await Slot(page, "history").GetAttributeAsync("data-row");
        await page.OpenAsync($"/source/{world.ObjId}");
        await Expect(Slot(page, "history")).ToHaveAttributeAsync("data-row", kept!);
        await Expect(Slot(page, "history")).ToHaveAttributeAsync("data-width", "3");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Drag_ByGripAndCorner_LandsWhereItIsDroppedAndEscapeLeavesIt()
    {
        var world = await SourceWorld.MakeAsync(browser, "drag");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", height: 1400);
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.plot .main-svg')");
        var width = await page.Tab.EvaluateAsync<double>("() => document.querySelector('.plot .main-svg').getBoundingClientRect().width");

        // The classification goes above the cut-outs.
        var above = (await Slot(page, "cutouts").BoundingBoxAsync())!.Y - (await Slot(page, "classifications").BoundingBoxAsync())!.Y;
        await DragAsync(page, "[data-panel=classifications] [data-grip]", 0, (int)above, drop: true);
        await Expect(Slot(page, "classifications")).ToHaveAttributeAsync("data-row", "0");

        var row = await Slot(page, "history").GetAttributeAsync("data-row");
        await DragAsync(page, "[data-panel=history] [data-grip]", -600, -300, drop: false);
        await Expect(Slot(page, "history")).ToHaveAttributeAsync("data-row", row!);
        await Expect(Slot(page, "history")).ToHaveAttributeAsync("data-column", "8");

        // The plot follows its panel.
        await DragAsync(page, "[data-panel=light-curve] [data-corner]", -300, 60, drop: true);
        await Expect(Slot(page, "light-curve")).Not.ToHaveAttributeAsync("data-width", "8");
        await page.Tab.WaitForFunctionAsync("wide => document.querySelector('.plot .main-svg').getBoundingClientRect().width < wide - 150", width);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Fold_AndHide_TakeThePanelOutAndTheMenuBringsItBack()
    {
        var world = await SourceWorld.MakeAsync(browser, "fold");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Fold Light curve", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".light-curve")).ToHaveCountAsync(0);
        await page.OpenAsync($"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".conversation")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".light-curve")).ToHaveCountAsync(0);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Unfold Light curve", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Layout of Conversation", Exact = true }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Menuitem, new() { Name = "Hide" }).ClickAsync();
        await Expect(page.Tab.Locator(".conversation")).ToHaveCountAsync(0);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Panels (1 hidden)" }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Menuitem, new() { Name = "Show Conversation" }).ClickAsync();
        await Expect(page.Tab.Locator(".conversation")).ToBeVisibleAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Fold Spectra", Exact = true }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Panels", Exact = true }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Menuitem, new() { Name = "Reset the layout" }).ClickAsync();
        await Expect(page.Tab.Locator(".spectra")).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task LiveUpdate_WhileAMenuIsOpen_ClosesNothingAndKeepsTheFocus()
    {
        var world = await SourceWorld.MakeAsync(browser, "menu");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Layout of Conversation", Exact = true }).ClickAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Menuitem, new() { Name = "Hide" })).ToBeFocusedAsync();

        await world.Member.PostAsync($"/api/sources/{world.ObjId}/comments", new { text = "from elsewhere" });

        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("from elsewhere");
        await Expect(page.Tab.GetByRole(AriaRole.Menuitem, new() { Name = "Hide" })).ToBeFocusedAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Phone_AnyLayout_IsOneColumnWithoutSidewaysScrolling()
    {
        var world = await SourceWorld.MakeAsync(browser, "phone");
        foreach (var (name, scheme, width) in new[] { ("light-wide", ColorScheme.Light, 1440), ("dark-wide", ColorScheme.Dark, 1440), ("light-narrow", ColorScheme.Light, 390), ("dark-narrow", ColorScheme.Dark, 390) })
        {
            await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", scheme, width);
            await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
            await page.PictureAsync($"panels-{name}");
            Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1"));
            if (width == 390)
            {
                var lefts = await page.Tab.EvaluateAsync<double[]>("() => [...document.querySelectorAll('.slot')].map(slot => slot.getBoundingClientRect().left)");
                Assert.Single(lefts.Distinct());
            }

            page.AssertNoFaults();
        }
    }

    private static ILocator Slot(BrowserPage page, string id) => page.Tab.Locator($"[data-panel={id}]");

    private static async Task<double> TopAsync(BrowserPage page, string id) => (await Slot(page, id).BoundingBoxAsync())!.Y;

    private static async Task DragAsync(BrowserPage page, string handle, int dx, int dy, bool drop)
    {
        await page.Tab.Locator(handle).ScrollIntoViewIfNeededAsync();
        var box = (await page.Tab.Locator(handle).BoundingBoxAsync())!;
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await page.Tab.Mouse.MoveAsync(x, y);
        await page.Tab.Mouse.DownAsync();
        await page.Tab.Mouse.MoveAsync(x + (dx / 2), y + (dy / 2));
        await page.Tab.Mouse.MoveAsync(x + dx, y + dy);
        await Expect(page.Tab.Locator(".landing")).ToBeVisibleAsync();
        if (!drop)
        {
            await page.Tab.Keyboard.PressAsync("Escape");
        }

        await page.Tab.Mouse.UpAsync();
        await Expect(page.Tab.Locator(".landing")).ToBeHiddenAsync();
    }
}
