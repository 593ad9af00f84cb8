using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Sources;
using SkyPortal.Infrastructure.Candidates;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Candidates;

/// <summary>Pages full of cards: how fast they stand, and how many are done with at once.</summary>
public sealed class ScanManyTests : IAsyncLifetime
{
    // Other work of the machine makes single loads slower, never all of them faster: the page must manage it once in so many loads.
    private const double MostSeconds = 2;
    private const int MostLoads = 10;
    private readonly BrowserFixture _browser = new();
    private SimulatedNight? _night;
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        _night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await _night.GroupAsync("transients");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Page_HundredCards_DrawsEveryPlotSoon()
    {
        await _night!.AddMeasuredCandidatesAsync(_groupId, 100);
        await using var page = await ScanAsync("/candidates?cards=100");
        await page.Tab.AddInitScriptAsync("""
            const look = () => {
              const plots = [...document.querySelectorAll('#scan-cards > .scan-card svg.mini-curve')];
              const drawn = plots.filter(plot => plot.querySelectorAll('path.mark').length === 16 && plot.getBoundingClientRect().height > 50).length;
              if (drawn === 100) window.drawnAt ??= performance.now();
              if (drawn === 100 && document.querySelector('[data-focused]')) window.readyAt = performance.now(); else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
            """);
        var (times, ready) = (new List<double>(), new List<double>());
        for (var i = 0; i < MostLoads && (i < 2 || times.Min() >= MostSeconds); i++)
        {
            await page.Tab.GotoAsync("/candidates?cards=100&hours=" + (48 + i));
            await page.Tab.WaitForFunctionAsync("window.readyAt");
            times.Add(await page.Tab.EvaluateAsync<double>("window.drawnAt") / 1000);
            ready.Add(await page.Tab.EvaluateAsync<double>("window.readyAt") / 1000);
        }

        await page.PictureAsync("scan-hundred");
        TestContext.Current.TestOutputHelper?.WriteLine($"100 plots drawn: {Seconds(times)}; answering to keys: {Seconds(ready)}");
        Assert.True(times.Min() < MostSeconds, $"100 plots took {times.Min():0.0} s at best.");
        Assert.Equal(100, await page.Tab.Locator("#scan-cards svg.mini-curve").CountAsync());
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Keys_FiftyCandidates_AreScannedWithoutTheMouse()
    {
        await _night!.AddMeasuredCandidatesAsync(_groupId, 50);
        await using var page = await ScanAsync("/candidates");
        var tab = page.Tab;
        var cards = tab.Locator("#scan-cards > .scan-card");
        await Expect(cards).ToHaveCountAsync(50);
        var names = await cards.EvaluateAllAsync<string[]>("cards => cards.map(card => card.id)");
        var saved = new List<string>();
        var rejected = new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            await Expect(tab.Locator("[data-focused]")).ToHaveAttributeAsync("id", names[i]);
            switch (i % 5)
            {
                case 0:
                    await tab.Keyboard.PressAsync("s");
                    saved.Add(names[i]);
                    await tab.Keyboard.PressAsync("j");
                    break;
                case 1:
                    await tab.Keyboard.PressAsync("i");
                    await tab.Keyboard.PressAsync("j");
                    break;
                case 2:
                    await tab.Keyboard.PressAsync("s");
                    await Expect(tab.Locator($"[id='{names[i]}']")).ToHaveAttributeAsync("data-saved", "yes");
                    await tab.Keyboard.PressAsync("u");
                    await Expect(tab.Locator($"[id='{names[i]}']")).Not.ToHaveAttributeAsync("data-saved", "yes");
                    await tab.Keyboard.PressAsync("j");
                    break;
                default:
                    // The last card has no next one to go on to.
                    await tab.Keyboard.PressAsync("r");
                    rejected.Add(names[i]);
                    break;
            }
        }

        await Expect(tab.Locator(".scan-card[data-rejected]")).ToHaveCountAsync(rejected.Count);
        await Expect(tab.Locator(".scan-card[data-saved]")).ToHaveCountAsync(saved.Count);
        await Expect(tab.Locator(".counters")).ToContainTextAsync($"{saved.Count} saved");
        await Expect(tab.Locator(".counters")).ToContainTextAsync("0 left");
        await page.PictureAsync("scan-fifty");
        await using var db = _browser.Node.Contexts.For(Viewer.System);
        Assert.Equal(saved.Order(), await db.Set<Source>().Where(row => row.Active).Select(row => row.ObjId).OrderBy(id => id).ToListAsync());
        Assert.Equal(rejected.Order(), await db.Set<Listing>().Where(row => row.ListName == ScanListNames.Rejected).Select(row => row.ObjId).OrderBy(id => id).ToListAsync());
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Chosen_BySeveralKeys_AreActedOnTogetherAndUndoneAtOnce()
    {
        await _night!.AddMeasuredCandidatesAsync(_groupId, 12);
        await using var page = await ScanAsync("/candidates");
        var tab = page.Tab;
        await tab.Keyboard.PressAsync("x");
        for (var i = 0; i < 4; i++)
        {
            await tab.Keyboard.PressAsync("j");
        }

        await tab.Keyboard.PressAsync("Shift+X");
        await Expect(tab.Locator("#scan-chosen")).ToHaveTextAsync("5");
        await page.PictureAsync("scan-chosen");
        await tab.Keyboard.PressAsync("s");
        await Expect(tab.Locator(".scan-card[data-saved]")).ToHaveCountAsync(5);
        await Expect(tab.Locator("#scan-bulk")).ToBeHiddenAsync();
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card[data-saved]")).ToHaveCountAsync(0);

        await tab.Keyboard.PressAsync("Shift+A");
        await Expect(tab.Locator("#scan-chosen")).ToHaveTextAsync("12");
        await tab.Keyboard.PressAsync("r");
        await Expect(tab.Locator(".scan-card[data-rejected]")).ToHaveCountAsync(12);
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card[data-rejected]")).ToHaveCountAsync(0);

        await tab.Keyboard.PressAsync("Shift+A");
        await tab.Keyboard.PressAsync("c");
        await Expect(tab.Locator("#classify-box h2")).ToContainTextAsync("12 objects");
        await tab.Keyboard.TypeAsync("Ia");
        await Expect(tab.Locator("#classify-list li").First).ToContainTextAsync("Ia");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".scan-card .chip.class")).ToHaveCountAsync(12);
        await page.PictureAsync("scan-chosen-classified");
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card .chip.class")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Tags_PutOnByKey_ShowAndGoWithUndo()
    {
        await _night!.AddMeasuredCandidatesAsync(_groupId, 3);
        var admin = await _browser.Node.AdminAsync();
        await admin.PostAsync("/api/objtagoption", new { name = "Fast", color = "#2266aa" });
        await using var page = await ScanAsync("/candidates");
        var tab = page.Tab;

        await tab.Keyboard.PressAsync("t");
        await Expect(tab.Locator("#tag-list li")).ToContainTextAsync("Fast");
        await page.PictureAsync("scan-tag");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(tab.Locator(".scan-card").First.Locator(".tag-chip")).ToContainTextAsync("Fast");
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".tag-chip")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1440, 900)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Chosen_ByTouch_FitAnyWindow(ColorScheme scheme, int width, int height)
    {
        await _night!.AddMeasuredCandidatesAsync(_groupId, 4);
        await using var page = await ScanAsync("/candidates", scheme, width, height);
        await page.Tab.Locator("[data-select]").First.ClickAsync();
        await Expect(page.Tab.Locator("#scan-bulk")).ToBeVisibleAsync();
        await page.Tab.Locator(".stats-box summary").First.ClickAsync();
        await Expect(page.Tab.Locator(".stats-box .stats dl, .stats-box .stats p").First).ToBeVisibleAsync();
        await page.PictureAsync($"scan-choose-{scheme}-{width}".ToLowerInvariant());

        Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        page.AssertNoFaults();
    }

    private static string Seconds(IEnumerable<double> times) => string.Join(", ", times.Select(time => $"{time:0.00} s"));

    private async Task<BrowserPage> ScanAsync(string path, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var page = await _browser.SignedInPageAsync("member", Role.FullUser, scheme, width, height, (_groupId, false));
        await page.OpenAsync(path);
        await Expect(page.Tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        return page;
    }
}
