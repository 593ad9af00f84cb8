using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>What the head of a source's page says of it, who set it, and how it is set and undone there.</summary>
public sealed class SourceHeaderTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Redshift_SetInPlace_IsShownWithItsHistoryAndUndoSetsItBack()
    {
        var world = await SourceWorld.MakeAsync(browser, "redshift");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var redshift = page.Tab.GetByRole(AriaRole.Button, new() { Name = "Edit redshift" });

        await redshift.ClickAsync();
        await Expect(page.Tab.GetByLabel("Redshift", new() { Exact = true }).And(page.Tab.Locator("input"))).ToBeFocusedAsync();
        await page.Tab.Keyboard.PressAsync("Control+a");
        await page.Tab.Keyboard.TypeAsync("0.12");
        await page.Tab.GetByLabel("Uncertainty").FillAsync("0.003");
        await page.Tab.GetByRole(AriaRole.Textbox, new() { Name = "From" }).FillAsync("host lines");
        await page.PictureAsync("redshift");
        await page.Tab.Keyboard.PressAsync("Enter");

        await Expect(redshift).ToContainTextAsync("0.12 ± 0.003 (host lines)");
        await redshift.ClickAsync();
        var newest = page.Tab.Locator(".fact-history li").First;
        await Expect(newest).ToContainTextAsync("0.12 ± 0.003 from host lines");
        await Expect(newest).ToContainTextAsync("redshift-member");
        await page.Tab.Keyboard.PressAsync("Escape");
        await Expect(page.Tab.Locator(".history-panel .history li").First).ToContainTextAsync("redshift-member set redshift to 0.12");
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(redshift).ToContainTextAsync("0.0647");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Redshift_NoNumber_IsRefusedAndWhatIsTypedIsKept()
    {
        var world = await SourceWorld.MakeAsync(browser, "refused");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Edit redshift" }).ClickAsync();
        var input = page.Tab.GetByLabel("Redshift", new() { Exact = true }).And(page.Tab.Locator("input"));
        await input.FillAsync("about 0.1");
        await page.Tab.Keyboard.PressAsync("Enter");

        await Expect(page.Tab.Locator(".toast.bad")).ToContainTextAsync("redshift");
        await Expect(input).ToHaveValueAsync("about 0.1");
    }

    [Fact]
    public async Task History_UndoOfAChange_SetsTheValueBefore()
    {
        var world = await SourceWorld.MakeAsync(browser, "undo");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Edit T0" }).ClickAsync();
        await page.Tab.GetByLabel("T0, MJD (UTC)").FillAsync("60000.5");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "Edit T0" })).ToContainTextAsync("60000.5");

        await page.Tab.Locator(".history-panel li").Filter(new() { HasText = "set t0 to 60000.5" }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();

        await Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "Edit T0" })).ToContainTextAsync("–");
        await Expect(page.Tab.Locator(".history-panel li").First).ToContainTextAsync("set t0 to nothing");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Tns_NameClassRedshiftAndOffset_AreAtTheTop()
    {
        var world = await SourceWorld.MakeAsync(browser, "tns");
        await world.Member.DataAsync(HttpMethod.Patch, $"/api/sources/{world.ObjId}", new
        {
            tns_name = "SN 2026abc", tns_info = new { object_type = new { name = "SN Ia" }, redshift = 0.065, radeg = 299.0, decdeg = 59.1 + (0.5 / 3600) }, alias = new[] { "PS26xyz" },
        });

        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", width: 390);

        await Expect(page.Tab.Locator("a.tns")).ToHaveAttributeAsync("href", "https://www.wis-tns.org/object/2026abc");
        await Expect(page.Tab.Locator(".source-head")).ToContainTextAsync("(TNS: SN Ia, z 0.065, 0.5″)");
        await Expect(page.Tab.Locator(".source-head")).ToContainTextAsync("PS26xyz");
        await page.PictureAsync("header-narrow");
        Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1"));
        page.AssertNoFaults();
    }
}
