using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using Xunit;

namespace SkyPortal.Browser.Tests.Access;

/// <summary>Groups, users and the profile, as a person uses them.</summary>
public sealed class AccessPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task NewGroup_Made_OpensItsPage()
    {
        await using var page = await browser.SignedInPageAsync("founder");
        await page.OpenAsync("/groups");

        await page.PressAsync("n");
        await page.Tab.GetByLabel("Name", new() { Exact = true }).FillAsync("Tidal disruptions");
        await page.Tab.Keyboard.PressAsync("Enter");

        await page.TitleAsync("Tidal disruptions");
        await Assertions.Expect(page.Tab.Locator(".toast")).ToContainTextAsync("is made");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Member_FlagChanged_CanBeUndone()
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = "Undoers", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await browser.Node.ClientAsync("flagged", Role.FullUser, (group, false));
        await using var page = await browser.AdminPageAsync();
        await page.OpenAsync($"/group/{group}");
        var save = page.Tab.GetByLabel("flagged may save");

        await save.ClickAsync();
        await Assertions.Expect(page.Tab.Locator(".toast")).ToContainTextAsync("no longer allowed to save");
        await Assertions.Expect(save).Not.ToBeCheckedAsync();
        await page.Tab.Locator(".toast button").First.ClickAsync();

        await Assertions.Expect(save).ToBeCheckedAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Member_RemovedElsewhere_LosesTheOpenPage()
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = "Closed circle", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await admin.SendAsync(HttpMethod.Put, $"/api/groups/{group}", new { name = "Closed circle", @private = true });
        await using var page = await browser.SignedInPageAsync("leaver", groups: (group, false));
        var client = await browser.Node.ClientAsync("leaver");
        await page.OpenAsync($"/group/{group}");
        await page.TitleAsync("Closed circle");

        await admin.DataAsync(HttpMethod.Delete, $"/api/groups/{group}/users/{client.UserId}");

        await Assertions.Expect(page.Tab.Locator("main")).ToContainTextAsync("no such group", new() { Timeout = 5000 });
        await Assertions.Expect(page.Tab.Locator("main")).Not.ToContainTextAsync("Closed circle");
    }

    [Fact]
    public async Task Token_Made_ShowsItsSecretOnceAndWorks()
    {
        var users = browser.Node.Services.GetRequiredService<CreateUser>();
        var id = await users.HandleAsync(Viewer.System, new NewUser("scripter"), CancellationToken.None);
        var secret = await browser.Node.Services.GetRequiredService<CreateSignInLink>().HandleAsync(SkyPortal.Domain.Access.Viewer.System, id, CancellationToken.None);
        await using var page = await browser.PageAsync();
        await page.Tab.GotoAsync($"/sign-in/{secret}");
        await page.OpenAsync("/profile");

        await page.PressAsync("n");
        await page.Tab.GetByLabel("Name", new() { Exact = true }).FillAsync("nightly upload");
        await page.Tab.GetByLabel("Upload data").CheckAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Make the token" }).ClickAsync();
        var token = await page.Tab.Locator(".secret .copy").GetAttributeAsync("data-copy");

        using var http = new HttpClient { BaseAddress = new Uri(browser.Node.Address) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"token {token}");
        Assert.Contains("scripter", await http.GetStringAsync("/api/internal/profile"), StringComparison.Ordinal);
        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await Assertions.Expect(page.Tab.Locator("main")).ToContainTextAsync("nightly upload");
        Assert.DoesNotContain(token!, await page.Tab.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_SearchAndRole_AreInTheAddress()
    {
        await browser.Node.ClientAsync("needle");
        await browser.Node.ClientAsync("haystack", Role.ViewOnly);
        await using var page = await browser.AdminPageAsync();
        await page.OpenAsync("/users");

        await page.Tab.GetByLabel("User name contains").FillAsync("needle");

        await Assertions.Expect(page.Tab.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Contains("name=needle", page.Tab.Url, StringComparison.Ordinal);
        await page.Tab.ReloadAsync();
        await Assertions.Expect(page.Tab.Locator("tbody tr")).ToHaveCountAsync(1);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Dark, 420, "narrow")]
    public async Task Pages_All_FitTheirWindowWithoutFaults(ColorScheme scheme, int width, string name)
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = $"Infant supernovae {name}", nickname = $"infants-{name}", description = "Young supernovae in nearby galaxies, within two days of first light", group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        var streams = (await admin.GetAsync("/api/streams")).EnumerateArray().Select(stream => stream.GetProperty("id").GetInt32()).ToList();
        foreach (var stream in streams.Take(2))
        {
            await admin.PostAsync($"/api/groups/{group}/streams", new { stream_id = stream });
        }

        foreach (var (user, role) in new[] { ("frame-lead", Role.GroupAdmin), ("frame-one", Role.FullUser), ("frame-two", Role.FullUser), ("frame-bot", Role.ViewOnly) })
        {
            await browser.Node.ClientAsync($"{user}-{name}", role, (group, user == "frame-lead"));
        }

        await admin.PostAsync("/api/filters", new { name = "Young and real", stream_id = streams[0], group_id = group, expression = "drb > 0.9 and n_detections < 4 and star_galaxy_score < 0.5" });
        var source = $"ZTF26frame{name}";
        await admin.PostAsync("/api/sources", new { id = source, ra = 297.997, dec = 59.103, group_ids = new[] { group } });
        await using var page = await browser.AdminPageAsync(scheme, width);
        foreach (var (path, picture) in new[] { ("/groups", "groups"), ($"/group/{group}", "group"), ("/users", "users"), ("/profile", "profile"), ("/sources", "sources"), ("/candidates", "candidates"), ($"/source/{source}", "source"), ("/no/such", "missing") })
        {
            await page.OpenAsync(path);
            await Assertions.Expect(page.Tab.Locator("main .loading")).ToHaveCountAsync(0);
            await page.PictureAsync($"{picture}-{name}");
            var overflow = await page.Tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow <= 0, $"{path} is {overflow} pixels too wide at {width}");
        }

        await page.OpenAsync("/profile");
        await page.Tab.Locator("[data-key=e]").ClickAsync();
        await page.Tab.Locator(".sheet").WaitForAsync();
        await page.PictureAsync($"sheet-{name}");
        Assert.DoesNotContain(page.Faults, fault => !fault.Contains("404", StringComparison.Ordinal));
    }
}
