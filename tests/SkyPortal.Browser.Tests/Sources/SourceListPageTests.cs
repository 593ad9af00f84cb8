using Microsoft.Playwright;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The list of sources, as a person uses it.</summary>
public sealed class SourceListPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Columns_Chosen_AreKeptAndSort()
    {
        var (world, _) = await WorldAsync("columns");
        await using var page = await world.OpenAsync(world.Member, "/sources");

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Columns", Exact = true }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "+ Origin" }).ClickAsync();
        await page.Tab.FillAsync("[aria-label='Annotation or altdata column']", "annotation.score.value");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.Locator("[data-column='annotation.score.value']")).ToBeVisibleAsync();
        await page.Tab.Locator("[aria-label='value further left']").ClickAsync();
        await page.OpenAsync("/sources");

        await Expect(page.Tab.Locator("th .sort").Last).ToContainTextAsync("Origin");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "value" }).ClickAsync();
        await Expect(page.Tab.Locator("[data-heard] tbody a.name").First).ToHaveTextAsync("LIST_columns3");
        await Expect(page.Tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("sort=annotation.score.value"));
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Redshift" }).ClickAsync();
        await Expect(page.Tab.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Redshift");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Conditions_Applied_StandInTheAddressAndAsChips()
    {
        var (world, _) = await WorldAsync("conditions");
        await using var page = await world.OpenAsync(world.Member, "/sources");
        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveCountAsync(5);

        await page.Tab.Keyboard.PressAsync("f");
        await page.Tab.FillAsync("[name=minRedshift]", "0.25");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();

        await Expect(page.Tab.Locator(".chip.on")).ToContainTextAsync("redshift at least 0.25");
        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveCountAsync(2);
        await Expect(page.Tab).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("minRedshift=0.25"));
        await page.Tab.Locator(".chip.on").ClickAsync();
        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveCountAsync(5);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task QuickSearch_ByNameAliasPlaceAndComment_FindsTheSource()
    {
        var (world, _) = await WorldAsync("search");
        await world.Member.PostAsync("/api/sources/LIST_search2/comments", new { text = "a very odd rise", group_ids = new[] { world.Group } });
        await using var page = await world.OpenAsync(world.Member, "/sources");

        foreach (var (text, found) in new[] { ("list_search1", "LIST_search1"), ("nick search3", "LIST_search3"), ("200 14", "LIST_search4"), ("comment:ODD rise", "LIST_search2") })
        {
            await page.Tab.FillAsync("[aria-label='Search these sources']", text);
            await page.Tab.Keyboard.PressAsync("Enter");
            await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveTextAsync([found]);
        }

        page.AssertNoFaults();
    }

    [Fact]
    public async Task Bulk_SaveAllThatMatch_CanBeUndone()
    {
        var (world, _) = await WorldAsync("bulk");
        await using var page = await world.OpenAsync(world.Member, "/sources?sourceID=LIST_bulk");

        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveCountAsync(5);
        await page.Tab.Keyboard.PressAsync("j");
        await page.Tab.Keyboard.PressAsync("x");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "choose all 5 that match" }).ClickAsync();
        await page.Tab.SelectOptionAsync("[aria-label='For the group']", $"{world.OtherGroup}");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Save to group" }).ClickAsync();

        await Expect(page.Tab.GetByText("5 of 5 sources saved")).ToBeVisibleAsync();
        Assert.Equal(5, await TotalAsync(world));
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.GetByText("5 of 5 sources saved")).ToHaveCountAsync(0);
        await WaitAsync(async () => await TotalAsync(world) == 0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Keys_MoveOpenAndGo_ReachEveryRow()
    {
        var (world, _) = await WorldAsync("keys");
        await using var page = await world.OpenAsync(world.Member, "/sources");
        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveCountAsync(5);

        await page.Tab.Keyboard.PressAsync("j");
        await page.Tab.Keyboard.PressAsync("j");
        await page.Tab.Keyboard.PressAsync("e");
        await Expect(page.Tab.Locator("tr.opened")).ToHaveCountAsync(1);
        await Expect(page.Tab.Locator("tr.opened summary")).ToHaveTextAsync("score");
        await Expect(page.Tab.Locator("tr[data-focused]")).ToHaveAttributeAsync("data-row", "LIST_keys4");
        await page.Tab.Keyboard.PressAsync("o");

        await page.TitleAsync("LIST_keys4");
    }

    [Fact]
    public async Task News_SavedMeanwhile_WaitBehindAChip()
    {
        var (world, admin) = await WorldAsync("news");
        await using var page = await world.OpenAsync(world.Member, "/sources");
        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveCountAsync(5);

        await admin.PostAsync("/api/sources", new { id = "LIST_news_hidden", ra = 1, dec = 1, group_ids = new[] { world.OtherGroup } });
        await admin.PostAsync("/api/sources", new { id = "LIST_news_more", ra = 1, dec = 1, group_ids = new[] { world.Group } });
        await Expect(page.Tab.Locator(".fresh")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator("[data-heard] tbody a.name").First).ToHaveTextAsync("LIST_news5");
        await page.Tab.Keyboard.PressAsync("n");

        await Expect(page.Tab.Locator("[data-heard] tbody a.name").GetByText("LIST_news_more")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".fresh")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Views_Saved_AreFoundAgain()
    {
        var (world, _) = await WorldAsync("views");
        await using var page = await world.OpenAsync(world.Member, "/sources?minRedshift=0.25&sort=redshift");

        await page.Tab.Locator(".chip-menu summary", new() { HasText = "Views" }).ClickAsync();
        await page.Tab.FillAsync("[aria-label='Name of the view']", "far away");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.GetByText("Kept the view far away")).ToBeVisibleAsync();
        await page.OpenAsync("/sources");
        await page.Tab.Locator(".chip-menu summary", new() { HasText = "Views" }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "far away" }).ClickAsync();

        await Expect(page.Tab.Locator("[data-heard] tbody a.name")).ToHaveTextAsync(["LIST_views3", "LIST_views4"]);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Open_OnEveryScreen_FitsIt()
    {
        var (world, _) = await WorldAsync("screens");
        foreach (var (name, scheme, width) in new[] { ("light-wide", ColorScheme.Light, 1440), ("dark-wide", ColorScheme.Dark, 1440), ("light-narrow", ColorScheme.Light, 390), ("dark-narrow", ColorScheme.Dark, 390) })
        {
            await using var page = await world.OpenAsync(world.Member, "/sources?minRedshift=0&cols=favorite,id,tns,position,gal_lat,class,redshift,latest,groups,saved_at,annotation.score.value", scheme, width);
            await Expect(page.Tab.Locator("[data-heard] tbody a.name").First).ToBeVisibleAsync();
            await page.Tab.Keyboard.PressAsync("j");
            await page.Tab.Keyboard.PressAsync("x");
            await page.Tab.Keyboard.PressAsync("e");
            await Expect(page.Tab.Locator("tr.opened .details")).ToBeVisibleAsync();
            await page.PictureAsync($"list-{name}");
            await page.Tab.Keyboard.PressAsync("f");
            await Expect(page.Tab.Locator(".sheet")).ToBeVisibleAsync();
            await page.PictureAsync($"list-conditions-{name}");
            Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1"));
            page.AssertNoFaults();
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Rows_WithTheUsualColumns_ShowWhatCountsWithoutScrollingSideways(ColorScheme scheme, int width)
    {
        var (world, admin) = await WorldAsync($"usual{width}");
        await admin.PostAsync("/api/sources", new { id = world.ObjId, ra = 299.0, dec = 59.1, group_ids = new[] { world.Group, world.OtherGroup } });
        await using var page = await world.OpenAsync(world.Member, "/sources", scheme, width);
        await Expect(page.Tab.Locator("[data-heard] tbody a.name").First).ToBeVisibleAsync();

        var row = page.Tab.Locator($"tr[data-row='{world.ObjId}']");
        await Expect(row.Locator("[data-col=latest]")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^\\s*g \\d\\d\\.\\d\\d\\s*$"));
        await page.PictureAsync($"list-usual-{scheme}-{width}");
        Assert.True(await page.Tab.EvaluateAsync<bool>("() => { const box = document.querySelector('.scroll-x'); return box.scrollWidth <= box.clientWidth + 1; }"));
        foreach (var column in new[] { "id", "latest", "redshift", "saved_at" })
        {
            await Expect(row.Locator($"[data-col={column}]")).ToBeInViewportAsync(new() { Ratio = 1 });
        }

        Assert.True(await page.Tab.EvaluateAsync<bool>("() => { const row = document.querySelector('tr[data-row]').getBoundingClientRect(); return row.height < 64; }"));
        page.AssertNoFaults();
    }

    private async Task<(SourceWorld World, TestClient Admin)> WorldAsync(string name)
    {
        var world = await SourceWorld.MakeAsync(browser, name);
        var admin = await browser.Node.AdminAsync();
        await admin.DataAsync(HttpMethod.Delete, $"/api/sources/{world.ObjId}", new { group_id = world.Group });
        for (var number = 1; number <= 4; number++)
        {
            await SaveAsync(admin, world, name, number);
        }

        await SaveAsync(admin, world, name, 5);
        return (world, admin);
    }

    private static async Task SaveAsync(TestClient admin, SourceWorld world, string name, int number)
    {
        var id = $"LIST_{name}{number}";
        await admin.PostAsync("/api/sources", new
        {
            id, ra = 50.0 * number, dec = 10 + number, redshift = number < 5 ? 0.1 * number : (double?)null, origin = "list",
            alias = new[] { $"nick {name}{number}" }, group_ids = new[] { world.Group },
        });
        await admin.PostAsync($"/api/sources/{id}/annotations", new { origin = "score", data = new { value = Math.Abs(number - 3), note = "drawn" }, group_ids = new[] { world.Group } });
    }

    private static async Task<int> TotalAsync(SourceWorld world) =>
        (await world.Member.GetAsync($"/api/sources?group_ids={world.OtherGroup}")).GetProperty("totalMatches").GetInt32();

    private static async Task WaitAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
