using Microsoft.Playwright;
using SkyPortal.Browser.Tests.Sources;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.FollowUp;

/// <summary>When a source can be observed, as a person sees it.</summary>
public sealed class ObservabilityPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Panel_AnotherTelescopeAndNight_AreInTheAddressAndRemembered()
    {
        var world = await SourceWorld.MakeAsync(browser, "night");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".observability .night-plot")).ToBeVisibleAsync();

        await page.Tab.GetByLabel("Telescope", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "NOT" });
        await Expect(page.Tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("telescope="));
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "The night after" }).ClickAsync();
        await Expect(page.Tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("night="));
        await Expect(page.Tab.Locator(".night-facts")).ToContainTextAsync("UTC");
        await page.Tab.Locator(".observability .hot rect").Nth(20).HoverAsync();
        await Expect(page.Tab.Locator(".observability .told").Nth(20)).ToBeVisibleAsync();
        await page.PictureAsync("observability-panel");
        await page.OpenAsync($"/source/{world.ObjId}");

        await Expect(page.Tab.GetByLabel("Telescope", new() { Exact = true }).Locator("option:checked")).ToHaveTextAsync("NOT");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Page_AllTelescopes_AreListedAndFound(ColorScheme scheme, int width)
    {
        var world = await SourceWorld.MakeAsync(browser, $"all{width}");
        await using var page = await browser.SignedInPageAsync($"all{width}-member", scheme: scheme, width: width);

        await page.OpenAsync($"/source/{world.ObjId}/observability?night=2026-06-01");
        await Expect(page.Tab.Locator(".nights .panel")).ToHaveCountAsync(16);
        await page.PictureAsync($"observability-{scheme}-{width}");
        await page.Tab.GetByRole(AriaRole.Searchbox, new() { Name = "Telescopes whose name holds this" }).FillAsync("Palomar 1.2");
        await page.Tab.Keyboard.PressAsync("Enter");

        await Expect(page.Tab.Locator(".nights .panel")).ToHaveCountAsync(1);
        await Expect(page.Tab.Locator(".nights .panel h2")).ToContainTextAsync("P48");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Page_OfAnOutsider_TellsNothing()
    {
        var world = await SourceWorld.MakeAsync(browser, "hidden");
        await using var page = await world.OpenAsync(world.Outsider, $"/source/{world.ObjId}/observability");

        await page.TitleAsync("There is no such source");
    }
}
