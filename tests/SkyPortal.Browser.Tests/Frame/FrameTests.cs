using Microsoft.Playwright;
using Xunit;

namespace SkyPortal.Browser.Tests.Frame;

/// <summary>The frame around every page.</summary>
public sealed class FrameTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task SignIn_ByLink_ArrivesOnAPageThatAnswers()
    {
        await using var page = await browser.SignedInPageAsync("linked");

        await Assertions.Expect(page.Tab.Locator(".user-name")).ToHaveTextAsync("linked");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Page_NotSignedIn_SendsToSignInAndKeepsTheAddress()
    {
        await using var page = await browser.PageAsync();

        await page.Tab.GotoAsync("/groups?x=1");

        Assert.Contains("/sign-in?return=%2Fgroups%3Fx%3D1", page.Tab.Url, StringComparison.Ordinal);
        await page.PictureAsync("sign-in");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Theme_Chosen_PersistsOverReload()
    {
        await using var page = await browser.SignedInPageAsync("themed");

        await page.Tab.ClickAsync("[data-menu=theme-menu]");
        await page.Tab.ClickAsync("[data-theme-choice=dark]");
        await page.Tab.ReloadAsync();

        await Assertions.Expect(page.Tab.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    [Fact]
    public async Task Keys_GoAndHelp_Work()
    {
        await using var page = await browser.SignedInPageAsync("keyed");

        await page.Tab.Keyboard.PressAsync("g");
        await page.Tab.Keyboard.PressAsync("p");
        await page.TitleAsync("Profile");
        await page.Tab.Keyboard.PressAsync("g");
        await page.Tab.Keyboard.PressAsync("g");
        await page.TitleAsync("Groups");
        await page.Tab.Keyboard.PressAsync("?");

        await Assertions.Expect(page.Tab.Locator("#keys-help")).ToContainTextAsync("Profile");
        await page.PictureAsync("keys");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Rail_Folded_PersistsOverReload()
    {
        await using var page = await browser.SignedInPageAsync("folder");

        await page.Tab.Keyboard.PressAsync("[");
        await page.Tab.ReloadAsync();

        await Assertions.Expect(page.Tab.Locator("html")).ToHaveAttributeAsync("data-rail", "narrow");
    }

    [Fact]
    public async Task Page_ColdVisit_StaysUnderItsWeight()
    {
        await using var page = await browser.SignedInPageAsync("weigher");
        var client = await page.Tab.Context.NewCDPSessionAsync(page.Tab);
        await client.SendAsync("Network.enable");
        await client.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        double bytes = 0;
        client.Event("Network.loadingFinished").OnEvent += (_, message) => bytes += message!.Value.GetProperty("encodedDataLength").GetDouble();

        await page.OpenAsync("/groups");

        Assert.InRange(bytes, 10_000, 500_000);
    }

    [Fact]
    public async Task Page_Unknown_Answers404InsideTheFrame()
    {
        await using var page = await browser.SignedInPageAsync("stray");

        var response = await page.Tab.GotoAsync("/no/such/page");

        Assert.Equal(404, response!.Status);
        await page.TitleAsync("No such page");
    }

    [Fact]
    public async Task Page_WithoutPermission_SaysWhichOne()
    {
        await using var page = await browser.SignedInPageAsync("plain");

        var response = await page.Tab.GotoAsync("/users");

        Assert.Equal(403, response!.Status);
        await Assertions.Expect(page.Tab.Locator("main")).ToContainTextAsync("Manage users");
    }
}
