using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Candidates;

/// <summary>Times are written alike in every browser.</summary>
public sealed class UtcInputTests : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        var night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await night.GroupAsync("transients");
        await night.IngestAsync(0, 2);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Window_WrittenInIso_StandsInTheAddressAndNonsenseIsSaid()
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, ColorScheme.Light, 1440, 900, (_groupId, false));
        var tab = page.Tab;
        await page.OpenAsync("/candidates");
        await Expect(tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        await tab.Locator(".chip-menu summary", new() { HasText = "last 24 h" }).ClickAsync();
        var from = tab.GetByLabel("from (UTC)");

        await from.FillAsync("2026-13-45 10:00");
        await from.PressAsync("Tab");
        await Expect(tab.Locator(".utc-wrong")).ToContainTextAsync("2026-01-31 04:12");
        await Expect(from).ToHaveValueAsync("2026-13-45 10:00");
        await page.PictureAsync("utc-input");
        await from.FillAsync("2026-01-05T10:00");
        await from.PressAsync("Tab");
        await Expect(from).ToHaveValueAsync("2026-01-05 10:00");
        await Expect(tab.Locator(".utc-wrong")).ToHaveCountAsync(0);
        await tab.Locator(".chip-menu[open] button", new() { HasText = "Use" }).ClickAsync();

        await Expect(tab).ToHaveURLAsync(new Regex("from=2026-01-05T10(:|%3A)00"));
        await Expect(tab.Locator("#scan-cards > .scan-card")).ToHaveCountAsync(2);
        page.AssertNoFaults();
    }
}
