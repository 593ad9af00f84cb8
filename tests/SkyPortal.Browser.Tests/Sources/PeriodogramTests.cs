using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>Looking for a period and agreeing on it.</summary>
public sealed class PeriodogramTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const double PeriodDays = 0.7317;

    [Fact]
    public async Task Search_OfAVariable_FoldsByThePeakAndIsAgreedOn()
    {
        var world = await SourceWorld.MakeAsync(browser, "period");
        await PulsateAsync(world);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await OpenPanelAsync(page);

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Search periods" }).ClickAsync();
        await Expect(page.Tab.Locator(".power-plot[data-drawn]")).ToBeVisibleAsync();
        var best = page.Tab.Locator(".peaks tbody tr").First;
        await Expect(best).ToContainTextAsync(new System.Text.RegularExpressions.Regex("0\\.731[5-9]"));
        await page.Tab.Locator(".periodogram").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("periodogram");
        await best.GetByRole(AriaRole.Button, new() { Name = "2", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".plot .xtitle")).ToContainTextAsync("phase of 1.46");
        await best.GetByRole(AriaRole.Button).First.ClickAsync();
        await Expect(page.Tab.Locator(".plot .xtitle")).ToContainTextAsync("phase of 0.731");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Agree on this period" }).ClickAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "agreed: 0.731" })).ToBeVisibleAsync();
        await page.Tab.EvaluateAsync("() => scrollTo(0, 0)");
        await page.PictureAsync("folded");

        // Whoever folds next starts with it.
        await using var other = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await other.Tab.GetByRole(AriaRole.Button, new() { Name = "phase", Exact = true }).ClickAsync();
        await Expect(other.Tab.Locator(".plot .xtitle")).ToContainTextAsync("phase of 0.731");
        page.AssertNoFaults();
        other.AssertNoFaults();
    }

    [Fact]
    public async Task Search_WithANarrowRangeOfOneBand_TakesUnitsAndSaysWhatIsWrong()
    {
        var world = await SourceWorld.MakeAsync(browser, "period-range");
        await PulsateAsync(world);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await OpenPanelAsync(page);

        await page.Tab.GetByLabel("Shortest period").FillAsync("soon");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Search periods" }).ClickAsync();
        await Expect(page.Tab.Locator(".periodogram [role=alert]")).ToContainTextAsync("40 min");
        await page.Tab.GetByLabel("Shortest period").FillAsync("12 h");
        await page.Tab.GetByLabel("Longest period").FillAsync("2");
        await page.Tab.GetByRole(AriaRole.Group, new() { Name = "Bandpasses of the periodogram" }).GetByRole(AriaRole.Button, new() { Name = "ztfr" }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Search periods" }).ClickAsync();
        await Expect(page.Tab.Locator(".peaks tbody tr").First).ToContainTextAsync("0.73");
        await Expect(page.Tab.Locator(".periodogram .count")).ToContainTextAsync("62 points");
        await page.Tab.WaitForFunctionAsync("() => new URL(location.href).searchParams.get('period') === '12 h..2'");
        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await Expect(page.Tab.GetByLabel("Shortest period")).ToHaveValueAsync("12 h");
        page.AssertNoFaults();
    }

    private static Task PulsateAsync(SourceWorld world)
    {
        var random = new Random(11);
        var times = Enumerable.Range(0, 120).Select(night => 59800 + night + (0.3 * random.NextDouble())).ToArray();
        return world.MeasureAsync(
            times,
            [.. times.Select((_, place) => place % 2 == 0 ? "ztfg" : "ztfr")],
            [.. times.Select((mjd, place) => (place % 2 == 0 ? 150 : 190) + (60 * Math.Sin(2 * Math.PI * mjd / PeriodDays)) + (8 * (random.NextDouble() - 0.5)))],
            origin: null);
    }

    private static async Task OpenPanelAsync(BrowserPage page)
    {
        await Expect(page.Tab.Locator(".plot[data-drawn='124']")).ToBeVisibleAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Unfold Periodogram" }).ClickAsync();
    }
}
