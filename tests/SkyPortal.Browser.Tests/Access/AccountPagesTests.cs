using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Browser.Tests.Access;

/// <summary>Passwords, links, members and what a reader is offered, as a person uses them.</summary>
public sealed class AccountPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "narrow")]
    public async Task Password_SetThenChanged_SignsInAndAsksForTheFormerOne(ColorScheme scheme, int width, string name)
    {
        var user = $"keyless-{name}";
        await using var page = await browser.SignedInPageAsync(user, scheme: scheme, width: width);
        await page.OpenAsync("/profile");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Set one" }).ClickAsync();
        await FillAsync(page, "first words that fit", "first words that differ");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Tab.Locator(".sheet .error")).ToContainTextAsync("The two new passwords differ.");
        await page.PictureAsync($"password-{name}");
        await FillAsync(page, "first words that fit", "first words that fit");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Tab.Locator(".toast")).ToContainTextAsync("Your password is set.");

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await page.Tab.GetByLabel("Current password").FillAsync("not the one at all");
        await FillAsync(page, "second words that fit", "second words that fit");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Tab.Locator(".sheet .error")).ToContainTextAsync("Invalid former password.");
        await page.Tab.GetByLabel("Current password").FillAsync("first words that fit");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Tab.Locator(".sheet")).ToHaveCountAsync(0);
        page.AssertNoFaults();

        await using var other = await browser.PageAsync();
        await other.Tab.GotoAsync("/sign-in");
        await other.Tab.GetByLabel("User name").FillAsync(user);
        await other.Tab.GetByLabel("Password").FillAsync("second words that fit");
        await other.Tab.Keyboard.PressAsync("Enter");
        await other.Tab.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "narrow")]
    public async Task SignInLink_Made_StaysInItsSheetAndIsCopied(ColorScheme scheme, int width, string name)
    {
        await browser.Node.ClientAsync($"linked-{name}");
        await using var page = await browser.AdminPageAsync(scheme, width);
        await page.Tab.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.OpenAsync($"/users?name=linked-{name}");

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Sign-in link" }).ClickAsync();
        var sheet = page.Tab.Locator(".sheet");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Copy the link" }).ClickAsync();
        await page.PictureAsync($"link-{name}");

        var link = await sheet.Locator("[data-copy]").First.GetAttributeAsync("data-copy");
        Assert.Equal(link, await page.Tab.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Equal(0, await sheet.Locator(".sheet-body").EvaluateAsync<int>("body => body.scrollWidth - body.clientWidth"));
        var outside = await sheet.EvaluateAsync<bool>("sheet => [...sheet.querySelectorAll('.sheet-body *')].some(part => part.getBoundingClientRect().right > sheet.getBoundingClientRect().right)");
        Assert.False(outside);
    }

    [Fact]
    public async Task AddMember_NameAndEnter_AddsTheBestMatchAndArrowsChoose()
    {
        var (_, group) = await GroupAsync("Joined by keys");
        await MakeAsync("vera-rubin-old", "Vera", "Senior");
        await MakeAsync("vera", "Ida", "Noddack");
        await MakeAsync("ida-two", "Zofia", "Verascope");
        await using var page = await browser.AdminPageAsync();
        await page.OpenAsync($"/group/{group}");

        await page.PressAsync("n");
        var box = page.Tab.GetByRole(AriaRole.Combobox, new() { Name = "Name" });
        await box.PressSequentiallyAsync("VERA");
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Tab.Locator(".toast")).ToContainTextAsync("vera is in Joined by keys.");
        await Assertions.Expect(box).ToHaveValueAsync("");
        await Assertions.Expect(box).ToBeFocusedAsync();
        await box.PressSequentiallyAsync("vera");
        await Assertions.Expect(page.Tab.Locator("[role=option][aria-selected=true]")).ToContainTextAsync("vera-rubin-old");
        await page.PictureAsync("add-member");
        await page.Tab.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Tab.Locator("[role=option][aria-selected=true]")).ToContainTextAsync("ida-two");
        await page.Tab.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Tab.Locator(".toast").Last).ToContainTextAsync("ida-two is in Joined by keys.");
        await Assertions.Expect(page.Tab.Locator(".members tbody")).ToContainTextAsync("ida-two");
        await Assertions.Expect(page.Tab.Locator(".members tbody")).Not.ToContainTextAsync("vera-rubin-old");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, "light")]
    [InlineData(ColorScheme.Dark, "dark")]
    public async Task Members_OnANarrowScreen_ShowEveryColumn(ColorScheme scheme, string name)
    {
        var (_, group) = await GroupAsync($"Narrow {name}");
        await browser.Node.ClientAsync($"somebody-with-a-long-name-{name}", Role.FullUser, (group, false));
        await using var page = await browser.AdminPageAsync(scheme, 390);

        await page.OpenAsync($"/group/{group}");
        await page.PictureAsync($"members-{name}");

        var cut = await page.Tab.EvaluateAsync<int>("[...document.querySelectorAll('.members input, .members button')].filter(part => { const box = part.getBoundingClientRect(); return box.right > innerWidth || box.width === 0; }).length");
        Assert.Equal(0, cut);
        Assert.Equal(0, await page.Tab.Locator(".scroll-x:has(.members)").EvaluateAsync<int>("box => box.scrollWidth - box.clientWidth"));
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "narrow")]
    public async Task Reader_IsOfferedNoGroupToMakeAndToldWhatHeMay(ColorScheme scheme, int width, string name)
    {
        await using var page = await browser.SignedInPageAsync($"onlooker-{name}", Role.ViewOnly, scheme, width);

        await page.OpenAsync("/groups");
        await Assertions.Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "New group" })).ToHaveCountAsync(0);
        await page.Tab.Keyboard.PressAsync("n");
        await Assertions.Expect(page.Tab.Locator(".sheet")).ToHaveCountAsync(0);
        await page.OpenAsync("/profile");

        await Assertions.Expect(page.Tab.Locator("main")).ToContainTextAsync("ask to join groups");
        await Assertions.Expect(page.Tab.Locator("main")).ToContainTextAsync("you need the role Full user");
        await page.PictureAsync($"reader-{name}");
        page.AssertNoFaults();
    }

    private static async Task FillAsync(BrowserPage page, string password, string again)
    {
        await page.Tab.Locator(".sheet [autocomplete=new-password]").First.FillAsync(password);
        await page.Tab.Locator(".sheet [autocomplete=new-password]").Last.FillAsync(again);
    }

    private Task<int> MakeAsync(string username, string first, string last) => browser.Node.Services.GetRequiredService<CreateUser>()
        .HandleAsync(Viewer.System, new NewUser(username) { FirstName = first, LastName = last }, CancellationToken.None);

    private async Task<(TestClient Admin, int Group)> GroupAsync(string name)
    {
        var admin = await browser.Node.AdminAsync();
        return (admin, (await admin.PostAsync("/api/groups", new { name, group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32());
    }
}
