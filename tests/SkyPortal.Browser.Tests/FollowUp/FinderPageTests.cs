using Microsoft.Playwright;
using SkyPortal.Browser.Tests.Sources;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.FollowUp;

/// <summary>Finding charts and star lists, as a person makes them. No server outside answers here.</summary>
public sealed class FinderPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Finder_NothingInReach_SaysSoAndDrawsTheChart(ColorScheme scheme, int width)
    {
        var world = await SourceWorld.MakeAsync(browser, $"find{width}");
        await using var page = await browser.SignedInPageAsync($"find{width}-member", scheme: scheme, width: width);

        await page.OpenAsync($"/source/{world.ObjId}/finder?use_ztfref=false");
        await Expect(page.Tab.Locator("img.chart")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".finder-page")).ToContainTextAsync("the chart shows only where the target lies. Gaia is out of reach: there are no offset stars.");
        await page.PictureAsync($"finder-{scheme}-{width}");
        await page.Tab.GetByLabel("Observatory").SelectOptionAsync("Shane");
        await Expect(page.Tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("facility=Shane"));

        await Expect(page.Tab.Locator(".list pre")).ToContainTextAsync("!Data");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Starlist_GaiaOutOfReach_SaysSoAndGivesTheTarget()
    {
        var world = await SourceWorld.MakeAsync(browser, "stars");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Star list" }).ClickAsync();

        await Expect(page.Tab.Locator(".starlist pre")).ToContainTextAsync("ZTF_stars");
        await Expect(page.Tab.Locator(".note-warn")).ToContainTextAsync("Gaia is out of reach");
        await page.PictureAsync("starlist");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "P200", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".starlist pre")).ToContainTextAsync("2000.0  ! source_name=ZTF_stars");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Finder_OfAnOutsider_TellsNothing()
    {
        var world = await SourceWorld.MakeAsync(browser, "nofind");
        await using var page = await world.OpenAsync(world.Outsider, $"/source/{world.ObjId}/finder");

        await page.TitleAsync("There is no such source");
    }
}
