using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Candidates;

/// <summary>Scan reports and profiles by hand.</summary>
public sealed class ScanReportPageTests : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        var night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await night.GroupAsync("transients");
        await night.AddMeasuredCandidatesAsync(_groupId, 8);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Report_MadeBySheet_ListsItsSourcesAndKeepsTheComment(ColorScheme scheme, int width, int height)
    {
        await SaveAsync(3);
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, scheme, width, height, (_groupId, false));
        var tab = page.Tab;
        await page.OpenAsync("/candidates/scan_reports");
        await Expect(tab.Locator(".state-title")).ToContainTextAsync("There are no scan reports yet");
        await page.PictureAsync($"reports-none-{width}");

        await tab.Locator("button", new() { HasText = "New report" }).ClickAsync();
        await Expect(tab.Locator("#scan-report-form")).ToBeVisibleAsync();
        await page.PictureAsync($"reports-sheet-{width}");
        await tab.Locator("button", new() { HasText = "Make it" }).ClickAsync();
        await Expect(tab.Locator(".dense-report tbody tr")).ToHaveCountAsync(3);
        await tab.Locator(".comment input").First.FillAsync("look again");
        await tab.Keyboard.PressAsync("Tab");
        await Expect(tab.Locator(".toast")).ToContainTextAsync(["Made the report", "Kept the comment"]);
        await tab.ReloadAsync();
        await page.InteractiveAsync();

        await Expect(tab.Locator(".comment input").First).ToHaveValueAsync("look again");
        await page.PictureAsync($"reports-{scheme}-{width}".ToLowerInvariant());
        Assert.True(await tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Outsider_OpensAReportOfOthers_SeesNothing()
    {
        await SaveAsync(1);
        var member = await _browser.Node.ClientAsync("maker", Role.FullUser, (_groupId, false));
        await member.PostAsync("/api/candidates/scan_reports", new { group_ids = new[] { _groupId }, passed_filters_window_hours = 24, saved_candidates_window_hours = 24 });
        await using var outsider = await _browser.SignedInPageAsync("outsider");

        await outsider.OpenAsync("/candidates/scan_reports?report=1");

        await Expect(outsider.Tab.Locator(".error")).ToContainTextAsync("not there, or not shared");
        await Expect(outsider.Tab.Locator(".dense-report")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Profile_MadeDefault_LoadsOnEntry()
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, ColorScheme.Light, 1440, 900, (_groupId, false));
        var tab = page.Tab;
        await page.OpenAsync("/candidates?hours=72&seen=notByGroup&cards=25");
        await tab.Locator(".chip-menu summary", new() { HasText = "profiles" }).ClickAsync();
        await tab.Locator("[aria-label='Name of the profile']").FillAsync("three nights");
        await tab.Locator(".chip-items button", new() { HasText = "Keep" }).ClickAsync();
        await tab.Locator(".profile button", new() { HasText = "first" }).ClickAsync();
        await Expect(tab.Locator(".profile button[aria-pressed='true']")).ToHaveCountAsync(1);
        await page.PictureAsync("scan-profiles");

        await page.OpenAsync("/candidates");

        await Expect(tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("hours=72.*profile=three"));
        await Expect(tab.Locator(".chip-menu summary", new() { HasText = "last 3 d" })).ToBeVisibleAsync();
        await tab.Locator(".chip-menu summary", new() { HasText = "profile three nights" }).ClickAsync();
        await tab.Locator("[aria-label='Forget the profile three nights']").ClickAsync();
        await Expect(tab.Locator(".profile")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(1440, 900)]
    [InlineData(390, 844)]
    public async Task Conditions_ChosenInTheSheet_StandInTheAddress(int width, int height)
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, ColorScheme.Dark, width, height, (_groupId, false));
        var tab = page.Tab;
        await page.OpenAsync("/candidates");
        await tab.Locator("#scan-more").ClickAsync();
        await tab.Locator("[aria-label='A class']").FillAsync("Ia");
        await tab.Locator(".found button", new() { HasText = "without" }).First.ClickAsync();
        await Expect(tab.Locator(".chosen .chip")).ToContainTextAsync("not Ia");
        await page.PictureAsync($"scan-conditions-{width}");
        await tab.Locator("button[form='scan-conditions']").ClickAsync();

        await Expect(tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("not=Ia"));
        await Expect(tab.Locator("#scan-cards > .scan-card")).ToHaveCountAsync(8);
        Assert.True(await tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        page.AssertNoFaults();
    }

    private async Task SaveAsync(int count)
    {
        var member = await _browser.Node.ClientAsync("saver", Role.FullUser, (_groupId, false));
        for (var i = 1; i <= count; i++)
        {
            await member.PostAsync("/api/sources", new { id = $"seen{i:0000}", group_ids = new[] { _groupId } });
        }
    }
}
