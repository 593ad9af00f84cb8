using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Alerts;

/// <summary>Brokers as a person sets them up, searches them and takes objects over.</summary>
public sealed class BrokerPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Broker_AddedSearchedAndSaved_BringsTheSource(ColorScheme scheme, int width, string name)
    {
        var admin = await browser.Node.AdminAsync();
        await using var page = await browser.AdminPageAsync(scheme, width);
        await page.OpenAsync("/brokers");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Add a broker" }).ClickAsync();
        var sheet = page.Tab.Locator(".sheet");
        await sheet.GetByLabel("Kind").SelectOptionAsync("FINKBROKER");
        await Expect(sheet.GetByLabel("Password")).ToHaveAttributeAsync("type", "password");
        await sheet.GetByLabel("Kind").SelectOptionAsync("ALERCEBROKER");
        // The kind gives the name that stands there first.
        await Expect(sheet.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("ALeRCE");
        await sheet.GetByLabel("Name", new() { Exact = true }).FillAsync($"ALeRCE {name}");
        await sheet.GetByLabel("Survey").SelectOptionAsync("ZTF");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();
        await Expect(sheet).ToContainTextAsync("The server answers as it should.");
        await page.PictureAsync($"broker-sheet-{name}");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator("table")).ToContainTextAsync($"ALeRCE {name}");
        await page.PictureAsync($"brokers-{name}");
        var group = (await admin.PostAsync("/api/groups", new { name = $"Fishers {name}", group_admins = Array.Empty<int>() })).GetProperty("id").GetInt32();

        await using var member = await browser.SignedInPageAsync($"fisher-{name}", Role.FullUser, scheme, width, groups: (group, false));
        await GrantAsync(admin, $"fisher-{name}");
        await member.OpenAsync("/brokers");
        await Expect(member.Tab.GetByRole(AriaRole.Button, new() { Name = "Add a broker" })).ToHaveCountAsync(0);
        await member.Tab.GetByRole(AriaRole.Link, new() { Name = $"ALeRCE {name}", Exact = true }).ClickAsync();
        await member.Tab.GetByLabel("Right ascension").FillAsync("10:00:24.0024");
        await member.Tab.GetByLabel("Declination").FillAsync("+02:12:00.036");
        await member.Tab.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Expect(member.Tab.Locator(".broker-card h2")).ToHaveTextAsync(SimulatedBrokers.ZtfName);
        await member.OpenAsync(new Uri(member.Tab.Url).AbsolutePath + $"?objectId={SimulatedBrokers.ZtfName}");
        var card = member.Tab.Locator(".broker-card");
        await Expect(card.Locator("figure img")).ToHaveCountAsync(3);
        await Expect(card.Locator(".broker-curve svg")).ToBeVisibleAsync();
        await card.Locator("summary").ClickAsync();
        await card.GetByLabel($"Find a field of {SimulatedBrokers.ZtfName}").FillAsync("magpsf");
        await Expect(card.Locator(".fields tr").First).ToContainTextAsync("18.9");
        await member.PictureAsync($"broker-alerts-{name}");
        var overflow = await member.Tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels too wide at {width}");
        await card.GetByRole(AriaRole.Button, new() { Name = $"Fishers {name}", Exact = true }).ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(card).ToContainTextAsync("3 points, ");
        await Expect(card.GetByRole(AriaRole.Link, new() { Name = "Open" })).ToBeVisibleAsync();
        member.AssertNoFaults();
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Form_WithWhatCannotBe_SaysSoAtTheFieldBeforeItIsSent(ColorScheme scheme, int width, string name)
    {
        await using var page = await browser.AdminPageAsync(scheme, width);
        await page.OpenAsync("/brokers");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Add a broker" }).ClickAsync();
        var sheet = page.Tab.Locator(".sheet");
        await sheet.GetByLabel("Kind").SelectOptionAsync("BOOMBROKER");
        await sheet.GetByLabel("Name", new() { Exact = true }).FillAsync($"Never {name}");
        await sheet.GetByLabel("Port").FillAsync("many");

        await sheet.GetByRole(AriaRole.Button, new() { Name = "Test" }).ClickAsync();

        await Expect(sheet.Locator("#broker-host-wrong")).ToHaveTextAsync("Host is required.");
        await Expect(sheet.Locator("#broker-port-wrong")).ToHaveTextAsync("Port must be a whole number above zero.");
        await Expect(sheet.GetByLabel("Host")).ToHaveAttributeAsync("aria-required", "true");
        await Expect(sheet.GetByLabel("Host")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.PictureAsync($"broker-form-wrong-{name}");
        await sheet.GetByLabel("Host").FillAsync("https://boom.example.org/");
        await sheet.GetByLabel("Port").FillAsync("70000");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(sheet.Locator("#broker-host-wrong")).ToHaveTextAsync("Host must be the name of a host alone, such as broker.example.org.");
        await Expect(sheet.Locator("#broker-port-wrong")).ToHaveTextAsync("Port must be at most 65535.");
        await Expect(sheet.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await sheet.GetByLabel("Kind").SelectOptionAsync("FINKBROKER");
        await Expect(sheet.GetByRole(AriaRole.Group, new() { Name = "Filters", Exact = true })).ToBeVisibleAsync();
        await page.PictureAsync($"broker-form-fink-{name}");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Search_BrokenServer_TellsTheCauseAndOffersToTryAgain()
    {
        var admin = await browser.Node.AdminAsync();
        var id = (await admin.PostAsync("/api/brokers", new { name = "Lost", broker_classname = "GENERICBROKER", altdata = new { base_url = "http://127.0.0.1:1/" } })).GetProperty("id").GetInt32();
        await using var page = await browser.AdminPageAsync();

        await page.OpenAsync($"/brokers/{id}?objectId=ZTF20aaaaaaa");

        await Expect(page.Tab.GetByRole(AriaRole.Alert)).ToContainTextAsync("Error querying alerts of Lost: Lost answered 401");
        await Expect(page.Tab.GetByRole(AriaRole.Button, new() { Name = "Try again" })).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Poll_ThatFails_IsToldWithTimeAndCauseToAdministrators(ColorScheme scheme, int width, string name)
    {
        var admin = await browser.Node.AdminAsync();
        var id = (await admin.PostAsync("/api/brokers", new { name = $"Polled {name}", broker_classname = "GENERICBROKER", altdata = new { base_url = "http://127.0.0.1:1/" } })).GetProperty("id").GetInt32();
        await using (var command = browser.Node.Contexts.DataSource.CreateCommand(
            $"update brokers set polled_at = now() - interval '7 minutes', next_poll_at = now() + interval '53 minutes', poll_faults = 2, poll_note = 'Failed 2 times: Polled answered 503 ServiceUnavailable.' where id = {id}"))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var page = await browser.AdminPageAsync(scheme, width);
        await page.OpenAsync($"/brokers/{id}");
        await using var member = await browser.SignedInPageAsync($"poll-watcher-{name}", Role.FullUser, scheme, width);
        await member.OpenAsync($"/brokers/{id}");

        var state = page.Tab.Locator(".broker-poll");
        await Expect(state).ToContainTextAsync("polling fails");
        await Expect(state).ToContainTextAsync("7 min");
        await Expect(state).ToContainTextAsync("answered 503");
        await Expect(member.Tab.Locator(".broker-poll")).ToContainTextAsync("polling fails");
        await Expect(member.Tab.Locator(".broker-poll")).Not.ToContainTextAsync("503");
        await page.PictureAsync($"broker-poll-{name}");
        page.AssertNoFaults();
        member.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Messages_OfABroker_AreSubscribedToWithoutStreamAndFraming(ColorScheme scheme, int width, string name)
    {
        var admin = await browser.Node.AdminAsync();
        var id = (await admin.PostAsync("/api/brokers", new { name = $"Babamul {name}", broker_classname = "BABAMULBROKER", altdata = new { token = "night" } })).GetProperty("id").GetInt32();
        await using var page = await browser.AdminPageAsync(scheme, width);
        await page.OpenAsync("/streams");
        await page.PressAsync("n");
        var sheet = page.Tab.Locator(".sheet");

        await sheet.GetByLabel("Takes").SelectOptionAsync($"{id}");
        await Expect(sheet.GetByLabel("Stream", new() { Exact = true })).ToHaveCountAsync(0);
        await Expect(sheet.GetByLabel("Framing")).ToHaveCountAsync(0);
        await sheet.GetByLabel("Name", new() { Exact = true }).FillAsync($"messages {name}");
        await sheet.GetByLabel("Brokers").FillAsync("127.0.0.1:9");
        await sheet.GetByLabel("Topics").FillAsync("babamul.ztf.no-lsst-match.hostless");
        await sheet.GetByLabel("Consumer group").FillAsync($"babamul-{name}");
        await page.PictureAsync($"broker-messages-form-{name}");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Subscribe" }).ClickAsync();

        var panel = page.Tab.GetByRole(AriaRole.Region, new() { Name = $"messages {name}" });
        await Expect(panel).ToContainTextAsync($"messages of Babamul {name}");
        await page.PictureAsync($"broker-messages-{name}");
        page.AssertNoFaults();
    }

    private static async Task GrantAsync(TestClient admin, string username)
    {
        // The search finds names that begin so, too.
        var user = (await admin.GetAsync($"/api/user?username={username}")).GetProperty("users").EnumerateArray()
            .Single(one => one.GetProperty("username").GetString() == username).GetProperty("id").GetInt32();
        foreach (var stream in (await admin.GetAsync("/api/streams")).EnumerateArray().Where(stream => stream.GetProperty("name").GetString() is "ZTF Public" or "LSST Public"))
        {
            await admin.PostAsync($"/api/streams/{stream.GetProperty("id").GetInt32()}/users", new { user_id = user });
        }
    }
}
