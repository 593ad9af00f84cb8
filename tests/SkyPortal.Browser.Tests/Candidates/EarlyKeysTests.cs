using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Candidates;

/// <summary>Keys pressed while a page already shows and does not listen yet.</summary>
public sealed class EarlyKeysTests : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private readonly TaskCompletionSource _mayStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SimulatedNight? _night;
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        _night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await _night.GroupAsync("transients");
        await _night.IngestAsync(0, 5);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Keys_BeforeThePageListens_AreDoneOnceItDoes()
    {
        await using var page = await ShownAsync();
        var tab = page.Tab;

        await tab.Keyboard.PressAsync("j");
        await tab.Keyboard.PressAsync("j");
        await tab.Keyboard.PressAsync("s");
        _mayStart.SetResult();

        await Expect(tab.Locator(".scan-card").Nth(2)).ToHaveAttributeAsync("data-saved", "yes");
        await Expect(tab.Locator(".scan-card").Nth(2)).ToHaveAttributeAsync("data-focused", "");
        await Expect(tab.Locator(".scan-card[data-saved]")).ToHaveCountAsync(1);
        await tab.Keyboard.PressAsync("k");
        await Expect(tab.Locator(".scan-card").Nth(1)).ToHaveAttributeAsync("data-focused", "");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Keys_MoreThanAreKept_EndAtTheLastKept()
    {
        await using var page = await ShownAsync();
        var tab = page.Tab;

        for (var i = 0; i < 10; i++)
        {
            await tab.Keyboard.PressAsync("j");
            await tab.Keyboard.PressAsync("k");
        }

        await tab.Keyboard.PressAsync("j");
        _mayStart.SetResult();

        await Expect(tab.Locator(".scan-card").Nth(0)).ToHaveAttributeAsync("data-focused", "");
    }

    [Fact]
    public async Task Keys_ForRowsThatAreOthersByThen_AreNotDone()
    {
        await using var page = await ShownAsync();
        var tab = page.Tab;

        await tab.Keyboard.PressAsync("s");
        await _night!.IngestAsync(5, 2);
        _mayStart.SetResult();

        await Expect(tab.Locator("#scan-cards > .scan-card")).ToHaveCountAsync(7);
        await Expect(tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        await tab.Keyboard.PressAsync("i");
        await Expect(tab.Locator(".scan-card").Nth(0)).ToHaveAttributeAsync("data-interesting", "yes");
        await Expect(tab.Locator(".scan-card[data-saved]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Words_TypedIntoAField_AreNotKeys()
    {
        await using var page = await ShownAsync();
        var tab = page.Tab;
        await tab.Locator("#quick-search").FocusAsync();

        await tab.Keyboard.TypeAsync("jjs");
        _mayStart.SetResult();

        await Expect(tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        await Expect(tab.Locator(".scan-card").Nth(0)).ToHaveAttributeAsync("data-focused", "");
        await Expect(tab.Locator(".scan-card[data-saved]")).ToHaveCountAsync(0);
    }

    // The page as it comes from the server; the script that makes it live is held back.
    private async Task<BrowserPage> ShownAsync()
    {
        var page = await _browser.SignedInPageAsync("member", Role.FullUser, ColorScheme.Light, 1440, 900, (_groupId, false));
        await page.Tab.RouteAsync("**/js/start*.js", async route =>
        {
            await _mayStart.Task;
            await route.ContinueAsync();
        });
        await page.Tab.GotoAsync("/candidates", new() { WaitUntil = WaitUntilState.Commit });
        await Expect(page.Tab.Locator("#scan-cards > .scan-card")).ToHaveCountAsync(5);
        return page;
    }
}
