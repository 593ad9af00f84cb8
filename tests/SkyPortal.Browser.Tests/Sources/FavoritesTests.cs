using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>Favourites with a person's own words, the vocabulary of tags, and tags on a source, as a person uses them.</summary>
public sealed class FavoritesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Favourites_WordsGivenAndTaken_FilterTheTable()
    {
        var world = await SourceWorld.MakeAsync(browser, "fav");
        await world.Member.PostAsync("/api/sources", new { id = "other_fav", ra = 10.0, dec = -20.0, group_ids = new[] { world.Group } });
        await world.Member.PostAsync("/api/listing", new { obj_id = "other_fav", list_name = "favorites" });
        await world.Member.PostAsync("/api/listing", new { obj_id = world.ObjId, list_name = "favorites" });
        await using var page = await world.OpenAsync(world.Member, "/favorites");
        await page.TitleAsync("Favourites");
        await Expect(page.Tab.Locator("tbody tr")).ToHaveCountAsync(2);

        await page.Tab.GetByLabel($"Change your words on {world.ObjId}").ClickAsync();
        await page.Tab.GetByLabel($"Your words on {world.ObjId}, between commas").FillAsync("paper 2, check again");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Expect(page.Tab.Locator(".strip a.chip", new() { HasText = "paper 2" })).ToBeVisibleAsync();
        await page.PictureAsync("favourites-light");
        await page.Tab.Locator(".strip a.chip", new() { HasText = "paper 2" }).ClickAsync();
        await Expect(page.Tab.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Contains("word=paper%202", page.Tab.Url, StringComparison.Ordinal);

        await page.Tab.GetByLabel($"Take {world.ObjId} off your favourites").ClickAsync();
        await Expect(page.Tab.Locator(".state")).ToContainTextAsync("Nothing fits");
        await page.Tab.Locator(".toast", new() { HasText = "no favourite any more" }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator("tbody tr")).ToHaveCountAsync(1);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Favourites_NoneYet_SaysWhatToDo()
    {
        await using var page = await browser.SignedInPageAsync("favless", scheme: ColorScheme.Dark, width: 390);

        await page.OpenAsync("/favorites");

        await Expect(page.Tab.Locator(".state")).ToContainTextAsync("No favourites yet");
        await page.PictureAsync("favourites-none-dark-390");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Tags_MadeOnTheirPage_ArePutOnASourceAndTakenBack()
    {
        var world = await SourceWorld.MakeAsync(browser, "tag");
        await using var admin = await browser.AdminPageAsync();
        await admin.OpenAsync("/tag_management");
        await admin.PressAsync("n");
        await admin.Tab.Locator(".sheet input").First.FillAsync("Nuclear");
        await admin.Tab.Keyboard.PressAsync("Enter");
        await Expect(admin.Tab.Locator("tbody tr")).ToContainTextAsync("Nuclear");
        await admin.PictureAsync("tags-light");

        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.Tab.Locator(".tag-add summary").ClickAsync();
        await page.PictureAsync("tags-menu-light");
        await page.Tab.Locator(".tag-choices button", new() { HasText = "Nuclear" }).ClickAsync();
        await Expect(page.Tab.Locator(".tag-chip")).ToContainTextAsync("Nuclear");
        await page.Tab.GetByLabel("Take the tag Nuclear away").ClickAsync();
        await Expect(page.Tab.Locator(".tag-chip")).ToHaveCountAsync(0);
        await page.Tab.Locator(".toast button", new() { HasText = "Undo" }).Last.ClickAsync();

        await Expect(page.Tab.Locator(".tag-chip")).ToContainTextAsync("Nuclear");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 390)]
    [InlineData(ColorScheme.Dark, 1440)]
    public async Task Pages_InEveryLight_StayWithinTheWindow(ColorScheme scheme, int width)
    {
        var name = $"look{width}";
        var world = await SourceWorld.MakeAsync(browser, name);
        await world.Member.PostAsync("/api/listing", new { obj_id = world.ObjId, list_name = "favorites", @params = new { words = new[] { "paper 2", "host?" } } });
        await using var page = await browser.SignedInPageAsync($"{name}-member", scheme: scheme, width: width);

        foreach (var path in new[] { "/favorites", "/tag_management", $"/source/{world.ObjId}" })
        {
            await page.OpenAsync(path);
            await Expect(page.Tab.Locator("h1").First).ToBeVisibleAsync();
            await page.PictureAsync($"{path.Split('/')[1]}-{scheme}-{width}");
            Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"), $"{path} is wider than the window.");
        }

        page.AssertNoFaults();
    }
}
