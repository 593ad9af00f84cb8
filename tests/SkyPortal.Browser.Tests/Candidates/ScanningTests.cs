using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Candidates;
using SkyPortal.Domain.Discussion;
using SkyPortal.Domain.Sources;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Candidates;

/// <summary>A scanner at work, with the keys alone.</summary>
public sealed class ScanningTests : IAsyncLifetime
{
    private const int OnFirstList = 10;
    private readonly BrowserFixture _browser = new();
    private SimulatedNight? _night;
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        _night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await _night.GroupAsync("transients");
        await _night.IngestAsync(0, OnFirstList);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Fact]
    public async Task Keys_SaveClassifyUndoAndReload_KeepTheListAndWhatWasDone()
    {
        await using var page = await ScanAsync();
        var tab = page.Tab;
        var names = await NamesAsync(tab);
        await tab.Keyboard.PressAsync("j");
        var second = tab.Locator(".scan-card").Nth(1);
        await Expect(second).ToHaveAttributeAsync("data-focused", "");

        var height = (await second.BoundingBoxAsync())!.Height;
        await tab.Keyboard.PressAsync("s");
        await Expect(second).ToHaveAttributeAsync("data-saved", "yes");
        Assert.Equal(height, (await second.BoundingBoxAsync())!.Height);
        await tab.Keyboard.PressAsync("c");
        await Expect(tab.Locator("#classify-input")).ToBeFocusedAsync();
        await tab.Keyboard.TypeAsync("Ia 0.9");
        await Expect(tab.Locator("#classify-list li").First).ToContainTextAsync("Ia");
        await page.PictureAsync("scan-classify");
        await tab.Keyboard.PressAsync("Enter");
        await Expect(second.Locator(".chip.class")).ToContainTextAsync("Ia p=0.9");
        await Expect(tab.Locator(".counters")).ToContainTextAsync("1 saved");
        await page.PictureAsync("scan-saved");
        await tab.Keyboard.PressAsync("j");
        await tab.Keyboard.PressAsync("s");
        await Expect(tab.Locator(".scan-card").Nth(2)).ToHaveAttributeAsync("data-saved", "yes");
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card").Nth(2)).Not.ToHaveAttributeAsync("data-saved", "yes");
        await tab.Keyboard.PressAsync("k");
        await tab.ReloadAsync();
        await page.InteractiveAsync();

        await Expect(tab.Locator($"[id='{names[1]}']")).ToHaveAttributeAsync("data-saved", "yes");
        await Expect(tab.Locator($"[id='{names[1]}']")).ToHaveAttributeAsync("data-focused", "");
        Assert.Equal(names, await NamesAsync(tab));
        await using var db = _browser.Node.Contexts.For(Viewer.System);
        Assert.Equal([names[1]], await db.Set<Source>().Where(row => row.Active).Select(row => row.ObjId).ToListAsync());
        var classification = await db.Set<Classification>().SingleAsync();
        Assert.Equal((names[1], "Ia", 0.9), (classification.ObjId, classification.ClassName, classification.Probability));
        Assert.Equal([_groupId], classification.GroupIds);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Keys_RejectAndMarkInteresting_StayInPlaceAndUndo()
    {
        await using var page = await ScanAsync();
        var tab = page.Tab;
        var names = await NamesAsync(tab);

        await tab.Keyboard.PressAsync("r");
        await Expect(tab.Locator(".scan-card").Nth(0)).ToHaveAttributeAsync("data-rejected", "yes");
        await Expect(tab.Locator(".scan-card").Nth(1)).ToHaveAttributeAsync("data-focused", "");
        await tab.Keyboard.PressAsync("i");
        await Expect(tab.Locator(".scan-card").Nth(1)).ToHaveAttributeAsync("data-interesting", "yes");
        await page.PictureAsync("scan-rejected");
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card").Nth(1)).Not.ToHaveAttributeAsync("data-interesting", "yes");
        await tab.Keyboard.PressAsync("u");
        await Expect(tab.Locator(".scan-card").Nth(0)).Not.ToHaveAttributeAsync("data-rejected", "yes");

        await Expect(tab.Locator(".scan-card").Nth(0)).ToHaveAttributeAsync("data-focused", "");
        Assert.Equal(names, await NamesAsync(tab));
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Arrival_WhileScanning_WaitsBehindTheChip()
    {
        await using var page = await ScanAsync();
        var tab = page.Tab;
        var names = await NamesAsync(tab);
        await tab.Keyboard.PressAsync("j");
        await tab.Keyboard.PressAsync("j");
        var top = await tab.EvaluateAsync<double>("document.querySelector('[data-focused]').getBoundingClientRect().top");

        await _night!.IngestAsync(OnFirstList, 3);
        await Expect(tab.Locator("#scan-fresh")).ToContainTextAsync("3 new");

        Assert.Equal(names, await NamesAsync(tab));
        Assert.Equal(top, await tab.EvaluateAsync<double>("document.querySelector('[data-focused]').getBoundingClientRect().top"));
        await tab.Keyboard.PressAsync("n");
        await Expect(tab.Locator("#scan-fresh")).ToHaveCountAsync(0);
        await Expect(tab.Locator("#scan-cards > .scan-card")).ToHaveCountAsync(names.Length + 3);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Focus_HeldForASecond_IsMarkedAsSeen()
    {
        await using var page = await ScanAsync();

        await Expect(page.Tab.Locator(".counters")).ToContainTextAsync("1 scanned");

        await using var db = _browser.Node.Contexts.For(Viewer.System);
        var seen = await db.Set<CandidateView>().Select(view => view.ObjId).ToListAsync();
        Assert.Equal([(await NamesAsync(page.Tab))[0]], seen);
    }

    [Fact]
    public async Task Keys_MoveTheFocus_AnswerWithinFiftyMilliseconds()
    {
        await using var page = await ScanAsync();
        await page.Tab.EvaluateAsync("""
            window.waits = [];
            document.addEventListener('keydown', event => {
              const before = event.timeStamp;
              requestAnimationFrame(() => window.waits.push(performance.now() - before));
            }, true);
            """);

        for (var i = 0; i < 8; i++)
        {
            await page.Tab.Keyboard.PressAsync(i < 6 ? "j" : "k");
        }

        await page.Tab.WaitForFunctionAsync("window.waits.length === 8");
        var waits = await page.Tab.EvaluateAsync<double[]>("window.waits.sort((a, b) => a - b)");
        Assert.True(waits[4] < 50, $"The median key took {waits[4]:0} ms.");
        await Expect(page.Tab.Locator(".scan-card").Nth(4)).ToHaveAttributeAsync("data-focused", "");
    }

    [Fact]
    public async Task Save_WithoutTheRight_IsTakenBackAndSaidSo()
    {
        await using (var db = _browser.Node.Contexts.For(Viewer.System))
        {
            var reader = await _browser.Node.ClientAsync("reader", Role.FullUser, (_groupId, false));
            await db.Set<GroupUser>().Where(member => member.UserId == reader.UserId && member.GroupId == _groupId)
                .ExecuteUpdateAsync(set => set.SetProperty(member => member.CanSave, false));
        }

        await using var page = await ScanAsync("reader");
        await page.Tab.Keyboard.PressAsync("s");

        await Expect(page.Tab.Locator(".toast.bad")).ToContainTextAsync("you may not save");
        await Expect(page.Tab.Locator(".scan-card").Nth(0)).Not.ToHaveAttributeAsync("data-pending-save", "");
        await Expect(page.Tab.Locator(".scan-card").Nth(0)).Not.ToHaveAttributeAsync("data-saved", "yes");
    }

    [Fact]
    public async Task Outsider_OpensTheListOfAnother_SeesNoCard()
    {
        await using var page = await ScanAsync();
        var address = new Uri(page.Tab.Url);
        await using var outsider = await _browser.SignedInPageAsync("outsider");

        await outsider.OpenAsync(address.PathAndQuery);

        await Expect(outsider.Tab.Locator(".state-title")).ToContainTextAsync("None of your groups has a filter");
        await Expect(outsider.Tab.Locator("#scan-cards")).ToHaveCountAsync(0);
        await outsider.PictureAsync("scan-empty");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1600, 1000)]
    [InlineData(ColorScheme.Dark, 1600, 1000)]
    [InlineData(ColorScheme.Light, 1100, 900)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Page_AnyThemeAndWidth_HoldsItsCardsWithinTheWindow(ColorScheme scheme, int width, int height)
    {
        await using var page = await ScanAsync("member", scheme, width, height);
        await page.Tab.Locator(".scan-card img").First.EvaluateAsync("image => image.decode()");
        await page.PictureAsync($"scan-{scheme}-{width}".ToLowerInvariant());

        var overflow = await page.Tab.EvaluateAsync<double>("document.documentElement.scrollWidth - window.innerWidth");

        Assert.True(overflow <= 0, $"The page is {overflow} px wider than the window.");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Picker_ObjectOfTwoGroups_SavesToTheChosenOne()
    {
        var (other, _) = await _night!.GroupAsync("novae");
        await _night.IngestAsync(OnFirstList, 2);
        await using var page = await _browser.SignedInPageAsync("both", Role.FullUser, ColorScheme.Dark, 1440, 900, (_groupId, false), (other, false));
        await page.OpenAsync("/candidates");
        var first = page.Tab.Locator(".scan-card").First;
        await Expect(first).ToHaveAttributeAsync("data-focused", "");

        await page.Tab.Keyboard.PressAsync("s");
        await Expect(first.Locator(".picker")).ToBeVisibleAsync();
        await page.PictureAsync("scan-picker");
        await first.Locator($"[data-pick='{other}']").ClickAsync();

        await Expect(first).ToHaveAttributeAsync("data-saved", "yes");
        await using var db = _browser.Node.Contexts.For(Viewer.System);
        Assert.Equal([other], await db.Set<Source>().Where(row => row.Active).Select(row => row.GroupId).ToListAsync());
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Phone_CardsWithManyChips_FitTheWindow()
    {
        var (second, _) = await _night!.GroupAsync("novae and other stars that become much brighter");
        var (third, _) = await _night.GroupAsync("supernovae of every type that are still rising");
        await _night.IngestAsync(OnFirstList, 2);
        await using var page = await _browser.SignedInPageAsync("phone", Role.FullUser, ColorScheme.Light, 390, 844, (_groupId, false), (second, false), (third, false));
        await page.OpenAsync("/candidates");
        await Expect(page.Tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        await page.PictureAsync("scan-phone");

        var right = await page.Tab.EvaluateAsync<double>("Math.max(...[...document.querySelectorAll('.scan-card, .scan-card img, .scan-card .button')].map(e => e.getBoundingClientRect().right))");

        Assert.True(right <= 390, $"A card reaches to {right} px in a window of 390 px.");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Filters_ChosenByClick_StandInTheAddressAndComeBack()
    {
        await using var page = await ScanAsync();
        await page.Tab.Locator(".chip-menu summary", new() { HasText = "last 24 h" }).ClickAsync();
        await page.PictureAsync("scan-menu");
        await page.Tab.Locator(".chip-items a", new() { HasText = "last 7 d" }).ClickAsync();
        await Expect(page.Tab.Locator(".chip-menu summary", new() { HasText = "last 7 d" })).ToBeVisibleAsync();
        await Expect(page.Tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("hours=168"));

        await page.Tab.GoBackAsync();

        await Expect(page.Tab.Locator(".chip-menu summary", new() { HasText = "last 24 h" })).ToBeVisibleAsync();
        await Expect(page.Tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Keys_PastTheLastCard_TurnThePage()
    {
        await _night!.AddBareCandidatesAsync(_groupId, 60);
        await using var page = await ScanAsync();
        var tab = page.Tab;
        var cards = tab.Locator("#scan-cards > .scan-card");
        await Expect(cards).ToHaveCountAsync(50);
        var last = (await NamesAsync(tab))[^1];
        await tab.Locator($"[id='{last}'] .name").EvaluateAsync("name => name.closest('.scan-card').click()");
        await Expect(tab.Locator($"[id='{last}']")).ToHaveAttributeAsync("data-focused", "");

        await tab.Keyboard.PressAsync("s");
        await Expect(tab.Locator($"[id='{last}']")).ToHaveAttributeAsync("data-saved", "yes");
        await tab.Keyboard.PressAsync("j");

        await Expect(cards).ToHaveCountAsync(OnFirstList + 10);
        await Expect(cards.First).ToHaveAttributeAsync("data-focused", "");
        Assert.DoesNotContain(last, await NamesAsync(tab));
        await Expect(tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("page=2"));
        await tab.Keyboard.PressAsync("k");
        await Expect(cards).ToHaveCountAsync(50);
        await Expect(tab.Locator($"[id='{last}']")).ToHaveAttributeAsync("data-focused", "");
        await Expect(tab.Locator($"[id='{last}']")).ToHaveAttributeAsync("data-saved", "yes");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task RealPackets_OnCards_FitTheWindow()
    {
        await _night!.IngestFolderAsync(SharedData.PathOrSkip("alerts/ztf"));
        await using var page = await ScanAsync("member", ColorScheme.Dark, 1600, 1000);
        await page.Tab.Locator(".scan-card img").First.EvaluateAsync("image => image.decode()");
        await page.PictureAsync("scan-real");

        Assert.True((await NamesAsync(page.Tab)).Length > OnFirstList);
        Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        page.AssertNoFaults();
    }

    private async Task<BrowserPage> ScanAsync(string who = "member", ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var page = await _browser.SignedInPageAsync(who, Role.FullUser, scheme, width, height, (_groupId, false));
        await page.OpenAsync("/candidates");
        await Expect(page.Tab.Locator("[data-focused]")).ToHaveCountAsync(1);
        return page;
    }

    private static Task<string[]> NamesAsync(IPage tab) =>
        tab.Locator("#scan-cards > .scan-card").EvaluateAllAsync<string[]>("cards => cards.map(card => card.id)");
}
