using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Discussion;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Candidates;

/// <summary>A person's own buttons of classes on the cards.</summary>
public sealed class ClassButtonTests : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        var night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await night.GroupAsync("transients");
        await night.IngestAsync(0, 4);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Button_MadePressedAndUndone_ClassifiesForTheGroupAndStaysForTheNextTime()
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, ColorScheme.Light, 1440, 900, (_groupId, false));
        var tab = page.Tab;
        await page.OpenAsync("/candidates");
        await Expect(tab.Locator("[data-focused]")).ToHaveCountAsync(1);

        await tab.Locator(".chip-menu summary", new() { HasText = "class buttons" }).ClickAsync();
        await tab.GetByLabel("Name of the button").FillAsync("probably Ia");
        await tab.GetByLabel("Class of the button").FillAsync("Ia");
        await tab.Locator(".chip-menu .found .chip", new() { HasText = "+ Ia" }).First.ClickAsync();
        await tab.GetByLabel("Class of the button").FillAsync("AGN");
        await Expect(tab.Locator(".chip-menu .found .chip", new() { HasText = "+ AGN" }).First).ToBeVisibleAsync();
        await tab.GetByLabel("Class of the button").PressAsync("Enter");
        await Expect(tab.GetByLabel("Without AGN")).ToBeVisibleAsync();
        await page.PictureAsync("class-buttons-menu");
        await tab.Locator("#class-buttons button", new() { HasText = "Make" }).ClickAsync();

        var button = tab.Locator(".scan-card").Nth(0).Locator("[data-shortcut='probably Ia']");
        await Expect(button).ToBeVisibleAsync();
        await tab.Locator(".scan-card").Nth(0).Locator(".curve").ClickAsync();
        await tab.Keyboard.PressAsync("1");
        await Expect(tab.Locator(".scan-card").Nth(0).Locator(".chip.class")).ToHaveCountAsync(2);
        await Expect(tab.Locator(".toast").Last).ToContainTextAsync("as Ia, AGN");
        await page.PictureAsync("class-buttons-light");
        await using (var db = _browser.Node.Contexts.For(Viewer.System))
        {
            var made = await db.Set<Classification>().OrderBy(row => row.Id).ToListAsync();
            Assert.Equal(["Ia", "AGN"], made.Select(row => row.ClassName));
            Assert.All(made, row => Assert.Equal([_groupId], row.GroupIds));
        }

        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card").Nth(0).Locator(".chip.class")).ToHaveCountAsync(0);
        await tab.ReloadAsync();
        await page.InteractiveAsync();
        await Expect(tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        await tab.Locator(".scan-card").Nth(1).Locator("[data-shortcut='probably Ia']").ClickAsync();
        await Expect(tab.Locator(".scan-card").Nth(1).Locator(".chip.class")).ToHaveCountAsync(2);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Dark, 1440, 900)]
    [InlineData(ColorScheme.Light, 390, 844)]
    public async Task Buttons_Many_FitTheWindow(ColorScheme scheme, int width, int height)
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, scheme, width, height, (_groupId, false));
        await page.OpenAsync("/candidates");
        await page.Tab.EvaluateAsync("""
            fetch('/api/internal/profile', { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ preferences: { classificationShortcuts: {
              'Ia': ['Ia'], 'core collapse': ['II'], 'a variable star in our own Galaxy': ['Varstar'], 'AGN': ['AGN'], 'no such class': ['Nonesuch'] } } }) }).then(answer => answer.status)
            """);
        await page.OpenAsync("/candidates");
        await Expect(page.Tab.Locator(".scan-card").First.Locator("[data-shortcut]")).ToHaveCountAsync(5);
        await page.PictureAsync($"class-buttons-{scheme}-{width}".ToLowerInvariant());

        Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await page.Tab.Locator(".scan-card").First.Locator("[data-shortcut='no such class']").ClickAsync();
        await Expect(page.Tab.Locator(".toast.bad")).ToContainTextAsync("Nonesuch");
    }
}
