using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Alerts;

/// <summary>Watch lists by hand: made, filled, looked through, and hidden from others.</summary>
public sealed class WatchListPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    public async Task WatchList_MadeAndFilledByPaste_ShowsEntriesAndWhatIsWrong(ColorScheme scheme, int width, string name)
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = $"Watchers {name}", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await using var page = await browser.SignedInPageAsync($"watcher-{name}", scheme: scheme, width: width, groups: (group, false));
        await using var outsider = await browser.SignedInPageAsync($"watch-outsider-{name}");
        var tab = page.Tab;
        await page.OpenAsync("/watchlists");
        await Expect(tab.Locator(".state-title")).ToContainTextAsync("Nothing is watched yet");
        await page.PressAsync("n");
        await tab.GetByLabel("Name", new() { Exact = true }).FillAsync("Nearby hosts");
        await tab.GetByLabel("Add a group").SelectOptionAsync($"Watchers {name}");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Make the list" }).ClickAsync();
        await page.TitleAsync("Nearby hosts");

        await page.PressAsync("a");
        var box = tab.GetByPlaceholder("ra, dec, radius, label");
        await box.FillAsync("10.68471, 41.26875, 3, M31 nucleus\n10, 95, 3\nZTF26*");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Add them" }).ClickAsync();
        await Expect(tab.Locator(".sheet [role=alert]")).ToContainTextAsync("line 2: '10', '95' is no position");
        await page.PictureAsync($"watchlist-fault-{name}");
        await box.FillAsync("10.68471, 41.26875, 3, M31 nucleus\n187.70593, 12.39112, 5, M87\nZTF26*, this year");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Add them" }).ClickAsync();
        await Expect(tab.Locator(".toast")).ToContainTextAsync("3 entries added");
        await Expect(tab.Locator("table tbody tr")).ToHaveCountAsync(3);
        await page.PictureAsync($"watchlist-entries-{name}");
        var overflow = await tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels too wide at {width}");
        await page.PressAsync("2");
        await Expect(tab.Locator(".state-title")).ToContainTextAsync("No match yet");
        var path = new Uri(tab.Url).AbsolutePath;
        await page.OpenAsync("/watchlists");
        await Expect(tab.Locator("table tbody tr").First).ToContainTextAsync("Nearby hosts");
        await page.PictureAsync($"watchlists-{name}");

        foreach (var hidden in new[] { path, $"{path}?tab=matches" })
        {
            await outsider.Tab.GotoAsync(hidden);
            await Expect(outsider.Tab.Locator("main")).ToContainTextAsync("There is no watch list");
            await Expect(outsider.Tab.Locator("main")).Not.ToContainTextAsync("Nearby hosts");
        }

        await outsider.OpenAsync("/watchlists");
        await Expect(outsider.Tab.Locator(".state-title")).ToContainTextAsync("Nothing is watched yet");
        page.AssertNoFaults();
    }
}
