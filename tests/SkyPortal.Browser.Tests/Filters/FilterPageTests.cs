using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Candidates.Trials;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Filters;

/// <summary>The page of a filter, as a scientist uses it alone: build, read, change, compare, try.</summary>
public sealed class FilterPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task NewFilter_BuiltWithTheKeyboardAndAsText_SaysTheSameOnBothSides(ColorScheme scheme, int width, string name)
    {
        var (admin, group) = await GroupAsync($"Hunters {name}", "ZTF Public");
        await using var page = await browser.SignedInPageAsync($"hunter-{name}", scheme: scheme, width: width, groups: (group, false));
        await page.OpenAsync("/candidates");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = $"Make a filter for Hunters {name}" }).ClickAsync();
        await page.TitleAsync("New filter");
        var (tab, text) = (page.Tab, page.Tab.GetByLabel("Expression", new() { Exact = true }));
        await tab.GetByLabel("Name", new() { Exact = true }).FillAsync("Young and real");
        await tab.Locator("h1").ClickAsync();

        await page.PressAsync("n");
        var first = tab.GetByLabel("Quantity").First;
        await Expect(first).ToBeFocusedAsync();
        await first.PressSequentiallyAsync("real/bogus");
        await Expect(tab.Locator(".quantity [role=option]").First).ToContainTextAsync("drb");
        await page.PictureAsync($"filter-search-{name}");
        await tab.Keyboard.PressAsync("Enter");
        await tab.GetByLabel("Value", new() { Exact = true }).First.FillAsync("0.8");
        await Expect(text).ToHaveValueAsync("drb > 0.8");
        await Expect(tab.Locator(".builder .about").First).ToContainTextAsync("0 bogus to 1 real");

        await text.FillAsync("drb > 0.8 # real\nand (mag < 19 or rise_rate > 0.2)\nand mag / magerr > 5");
        await Expect(tab.Locator(".group:not(.root)")).ToHaveCountAsync(1);
        await Expect(tab.GetByLabel("Condition as text")).ToHaveValueAsync("mag / magerr > 5");
        await Expect(tab.Locator(".builder .comment")).ToHaveTextAsync("real");
        await tab.Locator(".group:not(.root)").GetByLabel("Value", new() { Exact = true }).First.FillAsync("18.5");
        await Expect(text).ToHaveValueAsync("# real\ndrb > 0.8\nand (mag < 18.5 or rise_rate > 0.2)\nand mag / magerr > 5");
        await tab.Locator(".group:not(.root)").GetByLabel("How the conditions of this group combine").SelectOptionAsync("none");
        await Expect(text).ToHaveValueAsync("# real\ndrb > 0.8\nand not (mag < 18.5 or rise_rate > 0.2)\nand mag / magerr > 5");

        await text.FillAsync("drb > 0.9 and candidate.magpfs < 19");
        await Expect(tab.Locator(".fault")).ToContainTextAsync("Line 1, column 25: Unknown field 'candidate.magpfs'. Did you mean 'candidate.magpsf'?");
        await page.PictureAsync($"filter-fault-{name}");
        await tab.Locator(".fault").ClickAsync();
        Assert.Equal("magpfs", await text.EvaluateAsync<string>("box => box.value.slice(box.selectionStart, box.selectionEnd)"));
        await tab.Keyboard.TypeAsync("magpsf");
        await Expect(tab.Locator("main")).ToContainTextAsync("This can be used.");
        await text.FillAsync("drb > 0.9 and (");
        await Expect(tab.Locator("main")).ToContainTextAsync("The text cannot be read just now");
        await text.FillAsync("not is_moving");
        await Expect(tab.GetByLabel("Quantity")).ToHaveCountAsync(1);
        await Expect(tab.GetByLabel("Comparison")).ToHaveValueAsync("IsFalse");
        await text.FillAsync("mag < 19");
        await Expect(tab.GetByLabel("Comparison")).ToHaveValueAsync("Less");
        await text.FillAsync("drb > 0.9 and not is_moving\nand (band == \"g\" or age_days between 0 and 3)\nand mag / magerr > 5");
        await Expect(tab.GetByLabel("Quantity")).ToHaveCountAsync(4);
        await tab.GetByRole(AriaRole.Button, new() { Name = "Add a value" }).ClickAsync();
        await tab.GetByLabel("Name of value 1").FillAsync("age");
        await tab.GetByLabel("Expression of value 1").FillAsync("age_days");
        await Expect(tab.Locator(".fault")).ToHaveCountAsync(0);
        await page.PictureAsync($"filter-builder-{name}");
        var overflow = await tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels too wide at {width}");
        await tab.GetByLabel("Expression of value 1").FocusAsync();
        await tab.Keyboard.PressAsync("Control+Enter");

        await page.TitleAsync("Young and real");
        await tab.ReloadAsync();
        await Expect(tab.GetByLabel("Comparison").Nth(1)).ToHaveValueAsync("IsFalse");
        var made = Assert.Single((await admin.GetAsync("/api/filters")).EnumerateArray(), filter => filter.GetProperty("group_id").GetInt32() == group);
        Assert.Equal("drb > 0.9 and not is_moving\nand (band == \"g\" or age_days between 0 and 3)\nand mag / magerr > 5", made.GetProperty("expression").GetString());
        Assert.Equal(("""{"age":"age_days"}""", false), (made.GetProperty("annotations").GetRawText(), made.GetProperty("active").GetBoolean()));
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Versions_SavedWithANote_AreComparedAndMadeActive()
    {
        var (admin, group) = await GroupAsync("Keepers of versions", "ZTF Public");
        var id = await FilterAsync(admin, group, "ZTF Public", "mag < 18 and drb > 0.5");
        await using var page = await browser.SignedInPageAsync("keeper-of-versions", groups: (group, true));
        await page.OpenAsync($"/filter/{id}");
        var tab = page.Tab;

        await tab.GetByLabel("Value", new() { Exact = true }).First.FillAsync("19");
        await tab.GetByLabel("Note to this version").FillAsync("a magnitude fainter");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" }).ClickAsync();
        await Expect(tab.Locator(".toast")).ToContainTextAsync("Version 2");
        await page.PressAsync("2");
        await Expect(tab.Locator(".changes")).ToContainTextAsync("mag < 18");
        await Expect(tab.Locator(".changes ins")).ToHaveTextAsync("mag < 19");
        await Expect(tab.Locator(".versions")).ToContainTextAsync("a magnitude fainter");
        await page.PictureAsync("filter-versions");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Make it active" }).ClickAsync();
        await Expect(tab.Locator(".versions .after .tag.good")).ToHaveTextAsync("active");
        Assert.Equal(2, (await admin.GetAsync($"/api/filters/{id}")).GetProperty("version").GetInt32());
        await page.OpenAsync($"/filter/{id}?tab=versions&from=2&to=1");
        await Expect(tab.Locator(".changes ins")).ToHaveTextAsync("mag < 18");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Test_OnArchivedAlerts_ShowsWhatPassesAndWhatJustFails(ColorScheme scheme, int width, string name)
    {
        var night = new SimulatedNight(browser.Node);
        bool isFilled;
        var (group, _) = await night.GroupAsync($"Testers {name}");
        await using (var db = browser.Node.Contexts.For(Viewer.System))
        {
            isFilled = await db.Set<Alert>().AnyAsync();
        }

        // The tests of the class share the archive; whichever comes first fills it.
        if (!isFilled)
        {
            await night.IngestAsync(0, 12);
        }

        var admin = await browser.Node.AdminAsync();
        var id = await FilterAsync(admin, group, "ZTF Partnership", "mag < 25");
        await using var page = await browser.SignedInPageAsync($"tester-{name}", scheme: scheme, width: width, groups: (group, true));
        await page.OpenAsync($"/filter/{id}");
        var tab = page.Tab;
        await tab.GetByLabel("Expression", new() { Exact = true }).FillAsync("drb > 0.5 and n_detections >= 2 and mag < 19.5");
        await Expect(tab.GetByLabel("Quantity")).ToHaveCountAsync(3);
        await tab.GetByRole(AriaRole.Link, new() { Name = "Test", Exact = true }).ClickAsync();
        await tab.GetByLabel("Compared with").SelectOptionAsync("1");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Run the test" }).ClickAsync();
        await Expect(tab.GetByLabel("Result")).ToContainTextAsync("It waits for its turn");
        await WorkAsync();

        await Expect(tab.GetByLabel("Result")).ToContainTextAsync("What each condition removes");
        await Expect(tab.Locator(".clauses tbody tr")).ToHaveCountAsync(3);
        await Expect(tab.Locator(".figures").First).ToContainTextAsync("12");
        await Expect(tab.Locator(".examples svg.mini-curve").First).ToBeVisibleAsync();
        await Expect(tab.GetByLabel("Result")).ToContainTextAsync("Against version 1");
        await page.PictureAsync($"filter-test-{name}");
        await tab.Locator(".examples li").Last.ScrollIntoViewIfNeededAsync();
        await page.PictureAsync($"filter-examples-{name}");
        var overflow = await tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels too wide at {width}");
        await tab.ReloadAsync();
        await Expect(tab.Locator(".clauses tbody tr")).ToHaveCountAsync(3);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task WhenItPasses_SetOnThePage_IsKeptAndShownToOthersAsItIs(ColorScheme scheme, int width, string name)
    {
        var (admin, group) = await GroupAsync($"Savers {name}", "ZTF Public");
        var (_, other) = await GroupAsync($"Friends {name}", "ZTF Public");
        var id = await FilterAsync(admin, group, "ZTF Public", "mag < 18");
        await using var page = await browser.SignedInPageAsync($"saver-{name}", scheme: scheme, width: width, groups: [(group, true), (other, false)]);
        await using var reader = await browser.SignedInPageAsync($"saver-reader-{name}", Role.ViewOnly, groups: (group, false));
        await page.OpenAsync($"/filter/{id}");
        var tab = page.Tab;
        await page.PressAsync("4");

        await tab.GetByLabel("Save what passes").CheckAsync();
        await tab.GetByLabel("Groups that are saved to", new() { Exact = true }).GetByLabel("Add a group").SelectOptionAsync($"Friends {name}");
        await tab.GetByLabel("In whose name").SelectOptionAsync($"saver-{name}");
        await tab.GetByLabel("Not if a member").CheckAsync();
        await tab.GetByLabel("Comment at the save").FillAsync("bright and new");
        await tab.GetByLabel("Keep the values").UncheckAsync();
        await tab.GetByLabel("Who is told").GetByLabel("Add somebody").SelectOptionAsync($"saver-reader-{name}");
        await page.PictureAsync($"filter-actions-{name}");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Keep these settings" }).ClickAsync();
        await Expect(tab.Locator(".toast")).ToContainTextAsync("is set");

        var kept = await admin.GetAsync($"/api/filters/{id}/actions");
        Assert.Equal((true, false, true, "bright and new", 2), (kept.GetProperty("autosave").GetBoolean(), kept.GetProperty("annotate").GetBoolean(),
            kept.GetProperty("ignore_rejected").GetBoolean(), kept.GetProperty("comment").GetString(), kept.GetProperty("group_ids").GetArrayLength()));
        Assert.Equal(1, kept.GetProperty("notify_user_ids").GetArrayLength());
        await tab.ReloadAsync();
        await Expect(tab.GetByLabel("Groups that are saved to", new() { Exact = true })).ToContainTextAsync($"Friends {name}");
        await Expect(tab.GetByText($"Set by saver-{name}")).ToBeVisibleAsync();
        await page.PictureAsync($"filter-actions-kept-{name}");
        var overflow = await tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels too wide at {width}");
        await reader.OpenAsync($"/filter/{id}?tab=actions");
        await Expect(reader.Tab.GetByLabel("Save what passes")).ToBeDisabledAsync();
        await Expect(reader.Tab.GetByRole(AriaRole.Button, new() { Name = "Keep these settings" })).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Page_OfWhoMayNot_OffersNothingAndOfAnOutsider_IsNotThere()
    {
        var (admin, group) = await GroupAsync("Shown and hidden", "ZTF Public");
        var (_, elsewhere) = await GroupAsync("Elsewhere", "ZTF Public");
        var id = await FilterAsync(admin, group, "ZTF Public", "mag < 18");
        await using var reader = await browser.SignedInPageAsync("filter-reader", Role.ViewOnly, groups: (group, true));
        await using var outsider = await browser.SignedInPageAsync("filter-outsider", groups: (elsewhere, true));

        await reader.OpenAsync($"/filter/{id}");
        await Expect(reader.Tab.GetByLabel("Expression", new() { Exact = true })).ToHaveAttributeAsync("readonly", "");
        await Expect(reader.Tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" })).ToHaveCountAsync(0);
        await Expect(reader.Tab.GetByLabel("f is active")).ToBeDisabledAsync();
        foreach (var path in new[] { $"/filter/{id}", $"/filter/{id}?tab=versions", $"/filter/{id}?tab=test", $"/filter/{id}?tab=actions" })
        {
            await outsider.Tab.GotoAsync(path);
            await Expect(outsider.Tab.Locator("main")).ToContainTextAsync("There is no such filter");
            await Expect(outsider.Tab.Locator("main")).Not.ToContainTextAsync("mag < 18");
        }
    }

    private async Task WorkAsync()
    {
        var run = browser.Node.Services.GetRequiredService<RunFilterTests>();
        while (await run.ClaimAsync(CancellationToken.None) is { } claimed)
        {
            await run.RunAsync(claimed, CancellationToken.None);
        }
    }

    private async Task<(TestClient Admin, int Group)> GroupAsync(string name, string stream)
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name, group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await admin.PostAsync($"/api/groups/{group}/streams", new { stream_id = await StreamAsync(admin, stream) });
        return (admin, group);
    }

    private static async Task<int> FilterAsync(TestClient admin, int group, string stream, string expression) =>
        (await admin.PostAsync("/api/filters", new { name = "f", stream_id = await StreamAsync(admin, stream), group_id = group, expression })).GetProperty("id").GetInt32();

    private static async Task<int> StreamAsync(TestClient admin, string name) =>
        (await admin.GetAsync("/api/streams")).EnumerateArray().Single(stream => stream.GetProperty("name").GetString() == name).GetProperty("id").GetInt32();
}
