using Microsoft.Playwright;
using SkyPortal.Browser.Tests.Sources;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Notifications;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Notifications;

/// <summary>The bell of the frame and what a person wants to be told of.</summary>
public sealed class NotificationBellTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Mention_WhileThePageIsOpen_RingsAndLeadsToTheSource()
    {
        var world = await SourceWorld.MakeAsync(browser, "bell");
        var friend = await browser.Node.ClientAsync("bell-friend", Role.FullUser, (world.Group, false));
        await using var page = await world.OpenAsync(friend, "/profile");
        await page.Tab.GetByLabel("Tell me when somebody names me in a comment").CheckAsync();
        await Expect(page.Tab.GetByLabel("Somebody names me: by e-mail, too")).ToBeEnabledAsync();
        await Expect(Count(page)).ToHaveCountAsync(0);
        await Bell(page).ClickAsync();
        await Expect(Menu(page)).ToContainTextAsync("Nothing new.");
        var focused = Menu(page).GetByRole(AriaRole.Menuitem, new() { Name = "Preferences" });
        await Expect(focused).ToBeFocusedAsync();

        await world.Member.PostAsync($"/api/sources/{world.ObjId}/comments", new { text = "look @bell-friend", group_ids = new[] { world.Group } });

        await Expect(Count(page)).ToHaveTextAsync("1");
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(focused).ToBeFocusedAsync();
        await Expect(Rows(page).Locator("b").First).ToHaveTextAsync("@bell-member");
        await Expect(Rows(page)).Not.ToContainTextAsync("*");
        await Rows(page).ClickAsync();
        await page.TitleAsync(world.ObjId);
        await Expect(Menu(page)).ToBeHiddenAsync();
        await Expect(Count(page)).ToHaveCountAsync(0);
        await page.OpenAsync("/profile");
        await Bell(page).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Count(page)).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Menu_ManyTold_MarksAllAndDeletesAll(ColorScheme scheme, int width)
    {
        var name = $"belled-{width}";
        var user = await browser.Node.ClientAsync(name);
        await using var page = await browser.SignedInPageAsync(name, scheme: scheme, width: width);
        await page.OpenAsync("/profile");
        await page.PictureAsync($"bell-profile-{scheme}-{width}");
        await Bell(page).ClickAsync();
        await page.PictureAsync($"bell-none-{scheme}-{width}");
        await page.Tab.Keyboard.PressAsync("Escape");
        await TellAsync(user.UserId, 25);

        await page.OpenAsync("/profile");
        await Expect(Count(page)).ToHaveTextAsync("25");
        await Bell(page).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(20);
        await Expect(Rows(page).First).ToContainTextAsync("number 25");
        await page.PictureAsync($"bell-many-{scheme}-{width}");
        Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"), "The menu is wider than the window.");
        var box = await Menu(page).BoundingBoxAsync();
        Assert.True(box!.X >= 0 && box.X + box.Width <= width, "The menu leaves the window.");
        await Menu(page).GetByText("Mark all read").ClickAsync();
        await Expect(Count(page)).ToHaveCountAsync(0);
        await Bell(page).ClickAsync();
        await page.PictureAsync($"bell-read-{scheme}-{width}");
        await Menu(page).GetByText("Delete all").ClickAsync();
        await page.Tab.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Delete all", Exact = true }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(0);

        Assert.Empty((await user.GetAsync("/api/internal/notifications")).EnumerateArray());
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Preferences_Switched_AreKeptAfterAReload()
    {
        await using var page = await browser.SignedInPageAsync("wishful");
        await page.OpenAsync("/profile");
        var (mention, mail, reminders) = (page.Tab.GetByLabel("Tell me when somebody names me in a comment"), page.Tab.GetByLabel("Somebody names me: by e-mail, too"), page.Tab.GetByLabel("Reminders: by e-mail, too"));
        await Expect(mention).Not.ToBeCheckedAsync();
        await Expect(mail).ToBeDisabledAsync();

        await mention.CheckAsync();
        await mail.CheckAsync();
        await reminders.CheckAsync();
        await page.OpenAsync("/profile");
        await Expect(mention).ToBeCheckedAsync();
        await Expect(mail).ToBeCheckedAsync();
        await Expect(reminders).ToBeCheckedAsync();
        await page.PictureAsync("bell-wishes-light-1440");
        await mail.UncheckAsync();
        await Expect(mail).Not.ToBeCheckedAsync();
        await page.OpenAsync("/profile");

        await Expect(mention).ToBeCheckedAsync();
        await Expect(mail).Not.ToBeCheckedAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Bell_NobodySignedIn_IsNotThere()
    {
        await using var page = await browser.PageAsync();

        await page.Tab.GotoAsync("/sign-in");

        await Expect(page.Tab.Locator("h1").First).ToBeVisibleAsync();
        await Expect(Bell(page)).ToHaveCountAsync(0);
    }

    private async Task TellAsync(int userId, int number)
    {
        await using var db = browser.Node.Contexts.For(Viewer.System);
        db.AddRange(Enumerable.Range(1, number).Select(index => new UserNotification
        {
            UserId = userId, NotificationType = "mention", Url = "/profile",
            Text = index % 3 == 0 ? $"Reminder of *ZTF26aaa{index}*: is it still rising, and has anybody asked for a spectrum with the 5-m, number {index}" : $"*@observer* mentioned you in a comment on *ZTF26aaa{index}*, number {index}",
        }));
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private static ILocator Bell(BrowserPage page) => page.Tab.Locator("[data-menu=bell-menu]");

    private static ILocator Menu(BrowserPage page) => page.Tab.Locator("#bell-menu");

    private static ILocator Rows(BrowserPage page) => page.Tab.Locator("#bell-menu .row");

    private static ILocator Count(BrowserPage page) => page.Tab.Locator(".bell-count");
}
