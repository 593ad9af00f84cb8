using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Alerts;

/// <summary>Filters that brokers run, as a scientist makes, tries and switches them.</summary>
public sealed class BrokerFilterPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Pipeline = "[\n  { \"$match\": { \"candidate.drb\": { \"$gt\": 0.95 } } },\n  { \"$project\": { \"objectId\": 1, \"annotations.mag\": \"$candidate.magpsf\" } }\n]";

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Pipeline_MadeTriedComparedAndActivated_RunsAtTheBroker(ColorScheme scheme, int width, string name)
    {
        var (admin, group, broker) = await MakeAsync($"BOOM {name}", "BOOMBROKER", new { host = "boom.example.org", username = SimulatedAccountBrokers.User, password = SimulatedAccountBrokers.Password, survey = "ZTF" });
        await admin.PostAsync("/api/filters", new { name = $"Loose {name}", group_id = group, stream_id = await StreamAsync(admin) });
        await using var page = await browser.SignedInPageAsync($"boomer-{name}", scheme: scheme, width: width, groups: (group, true));
        var tab = page.Tab;
        await page.OpenAsync($"/brokers/{broker}");
        await tab.GetByRole(AriaRole.Link, new() { Name = "Filters", Exact = true }).Last.ClickAsync();
        await Expect(tab.Locator("main")).ToContainTextAsync("No filter here");
        await tab.GetByRole(AriaRole.Button, new() { Name = "without a broker" }).ClickAsync();
        await tab.GetByRole(AriaRole.Button, new() { Name = $"Attach Loose {name} to BOOM {name}" }).ClickAsync();
        await tab.GetByRole(AriaRole.Button, new() { Name = $"of BOOM {name}" }).ClickAsync();
        await Expect(tab.Locator("table")).ToContainTextAsync("nothing saved yet");
        await page.PictureAsync($"broker-filters-{name}");
        await tab.GetByRole(AriaRole.Button, new() { Name = "New filter" }).ClickAsync();
        await tab.Locator(".sheet").GetByLabel("Name").FillAsync($"Bright {name}");
        await tab.Locator(".sheet").GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await page.TitleAsync($"Bright {name}");

        var text = tab.GetByLabel("Stages", new() { Exact = true });
        await Expect(tab.Locator("main")).ToContainTextAsync("2 stages.");
        await text.FillAsync("[\n  { \"$lookup\": {} }\n]");
        await Expect(tab.Locator(".fault")).ToContainTextAsync("Line 2, column 5: $lookup is no stage that a filter may have");
        await Expect(tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" })).ToBeDisabledAsync();
        await page.PictureAsync($"pipeline-fault-{name}");
        await text.FillAsync(Pipeline.Replace("candidate.drb", SimulatedBoomFilters.Unsound, StringComparison.Ordinal));
        await tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" }).ClickAsync();
        await Expect(tab.Locator(".toast", new() { HasText = "its validation failed" })).ToBeVisibleAsync();
        await text.FillAsync(Pipeline);
        await tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" }).ClickAsync();
        await Expect(tab.Locator("body")).ToContainTextAsync("Version v00002 is saved and passed its validation.");
        await page.PictureAsync($"pipeline-{name}");

        await tab.GetByRole(AriaRole.Link, new() { Name = "Versions 2" }).ClickAsync();
        await Expect(tab.Locator(".versions li").Nth(1)).ToContainTextAsync("not valid");
        await Expect(tab.Locator(".versions li").Nth(1).GetByRole(AriaRole.Button, new() { Name = "Make it active" })).ToBeDisabledAsync();
        await tab.Locator(".versions li").First.GetByRole(AriaRole.Button, new() { Name = "Make it active" }).ClickAsync();
        await Expect(tab.Locator(".versions li").First.Locator(".tag").First).ToHaveTextAsync("active");
        await Expect(tab.Locator(".diff .added")).ToContainTextAsync("candidate.drb");
        await Expect(tab.Locator(".on-off")).ToContainTextAsync("on");
        await tab.GetByLabel($"Save it to Boomers {name}").ClickAsync();
        await Expect(tab.Locator("body")).ToContainTextAsync("Saving is on.");
        await page.PictureAsync($"pipeline-versions-{name}");

        await tab.GetByRole(AriaRole.Link, new() { Name = "Test", Exact = true }).ClickAsync();
        await tab.GetByRole(AriaRole.Button, new() { Name = "Count", Exact = true }).ClickAsync();
        await Expect(tab.Locator("main")).ToContainTextAsync("2 alerts pass in this window.");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Run", Exact = true }).ClickAsync();
        await Expect(tab.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(tab.Locator("thead")).ToContainTextAsync("annotations.mag");
        await page.PictureAsync($"pipeline-test-{name}");
        await AssertFitsAsync(tab, width);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task Query_BuiltAndAsSql_SaysTheSameAndIsTriedBeforeItIsSaved(ColorScheme scheme, int width, string name)
    {
        var (admin, group, broker) = await MakeAsync($"Lasair {name}", "LASAIRBROKER", new { endpoint = "https://lasair-ztf.lsst.ac.uk/api", token = SimulatedAccountBrokers.Token, survey = "ZTF" });
        var filter = (await admin.PostAsync("/api/filters", new { name = $"Query {name}", group_id = group, stream_id = await StreamAsync(admin), broker_id = broker })).GetProperty("id").GetInt32();
        await using var page = await browser.SignedInPageAsync($"asker-{name}", scheme: scheme, width: width, groups: (group, true));
        var tab = page.Tab;
        await page.OpenAsync($"/filter/{filter}");
        var sql = tab.GetByLabel("Conditions as SQL");

        await tab.Locator("h1").ClickAsync();
        await page.PressAsync("n");
        await tab.GetByLabel("Column", new() { Exact = true }).First.FillAsync("objects.gmag");
        await tab.GetByLabel("Comparison").First.SelectOptionAsync("$lt");
        await tab.GetByLabel("Value", new() { Exact = true }).First.FillAsync("19.5");
        await Expect(sql).ToHaveValueAsync("objects.gmag < 19.5");
        await sql.FillAsync("objects.gmag < 19.5 AND (objects.ncand > 3 OR sherlock_classifications.classification IN ('SN', 'NT'))");
        await Expect(tab.Locator(".group:not(.root)")).ToHaveCountAsync(1);
        await Expect(tab.Locator(".fault")).ToContainTextAsync("Conditions: sherlock_classifications.classification is of a table that is not among the tables");
        await page.PictureAsync($"query-fault-{name}");
        await tab.GetByRole(AriaRole.Button, new() { Name = "sherlock_classifications", Exact = true }).ClickAsync();
        await Expect(tab.Locator(".fault")).ToHaveCountAsync(0);
        await tab.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Expect(tab.Locator("section.results tbody tr")).ToHaveCountAsync(3);
        await tab.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(tab.Locator("body")).ToContainTextAsync("The query is saved.");
        await Expect(tab.GetByLabel("Annotate it with the filter's values")).ToBeVisibleAsync();
        await page.PictureAsync($"query-{name}");
        await sql.FillAsync("no_such_column > 1");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(tab.GetByRole(AriaRole.Alert)).ToContainTextAsync($"Error trying the query on Lasair {name}: Lasair (ZTF) answered 400");
        await AssertFitsAsync(tab, width);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Filter_OfOthersOrWithABrokenBroker_SaysSo()
    {
        var (admin, group, broker) = await MakeAsync("Gone dark", "BOOMBROKER", new { host = "boom.example.org", username = SimulatedAccountBrokers.User, password = SimulatedAccountBrokers.Password, survey = "ZTF" });
        var filter = (await admin.PostAsync("/api/filters", new { name = "Secret plans", group_id = group, stream_id = await StreamAsync(admin), broker_id = broker })).GetProperty("id").GetInt32();
        var elsewhere = (await admin.PostAsync("/api/groups", new { name = "Elsewhere", group_admins = Array.Empty<int>() })).GetProperty("id").GetInt32();
        await using var outsider = await browser.SignedInPageAsync("bf-outsider", groups: (elsewhere, true));
        await using var reader = await browser.SignedInPageAsync("bf-reader", Role.ViewOnly, groups: (group, false));
        await GrantAsync(admin, "bf-outsider");

        await outsider.Tab.GotoAsync($"/filter/{filter}");
        await Expect(outsider.Tab.Locator("main")).ToContainTextAsync("There is no such filter");
        await outsider.OpenAsync($"/brokers/{broker}?tab=filters&which=all");
        await Expect(outsider.Tab.Locator("main")).ToContainTextAsync("No filter here");
        await Expect(outsider.Tab.Locator("main")).Not.ToContainTextAsync("Secret plans");
        await reader.OpenAsync($"/brokers/{broker}/filter/{filter}");
        await Expect(reader.Tab.GetByLabel("Stages", new() { Exact = true })).ToHaveAttributeAsync("readonly", "");
        await Expect(reader.Tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" })).ToHaveCountAsync(0);
        await admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{broker}", new { active = false });
        await reader.OpenAsync($"/filter/{filter}");
        await Expect(reader.Tab.GetByRole(AriaRole.Alert)).ToContainTextAsync("Broker Gone dark is not active");
        await reader.PictureAsync("broker-filter-inactive");
    }

    private async Task<(TestClient Admin, int Group, int Broker)> MakeAsync(string name, string classname, object settings)
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name = name.Replace("BOOM", "Boomers", StringComparison.Ordinal), group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        await admin.PostAsync($"/api/groups/{group}/streams", new { stream_id = await StreamAsync(admin) });
        var broker = (await admin.PostAsync("/api/brokers", new { name, broker_classname = classname, altdata = settings })).GetProperty("id").GetInt32();
        await admin.DataAsync(HttpMethod.Patch, $"/api/brokers/{broker}", new { active = true });
        return (admin, group, broker);
    }

    private static async Task AssertFitsAsync(IPage tab, int width)
    {
        var overflow = await tab.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"The page is {overflow} pixels too wide at {width}");
    }

    private static async Task GrantAsync(TestClient admin, string username)
    {
        var user = (await admin.GetAsync($"/api/user?username={username}")).GetProperty("users")[0].GetProperty("id").GetInt32();
        await admin.PostAsync($"/api/streams/{await StreamAsync(admin)}/users", new { user_id = user });
    }

    private static async Task<int> StreamAsync(TestClient admin) =>
        (await admin.GetAsync("/api/streams")).EnumerateArray().Single(stream => stream.GetProperty("name").GetString() == "ZTF Public").GetProperty("id").GetInt32();
}
