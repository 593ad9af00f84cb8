using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Browser.Tests.Access;

/// <summary>Filters on the page of their group, as a person makes them.</summary>
public sealed class FilterPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Filter_OfTheGroupsAdministrator_IsSwitchedUndoneOpenedAndDeleted()
    {
        var (admin, group) = await GroupAsync("Keepers", stream: true);
        await FilterAsync(admin, group, "Bright");
        await using var page = await browser.SignedInPageAsync("keeper", groups: (group, true));
        await page.OpenAsync($"/group/{group}");
        var active = page.Tab.GetByLabel("Bright is active");

        await active.ClickAsync();
        await Assertions.Expect(page.Tab.Locator(".toast")).ToContainTextAsync("Bright is off.");
        await Assertions.Expect(page.Tab.Locator("#filters .tag.warn")).ToHaveTextAsync("off");
        await page.Tab.Locator(".toast button").First.ClickAsync();
        await Assertions.Expect(active).ToBeCheckedAsync();
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Bright", Exact = true }).ClickAsync();
        await page.TitleAsync("Bright");
        await page.Tab.GetByLabel("Name", new() { Exact = true }).FillAsync("Brighter");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Save a version" }).ClickAsync();
        await page.TitleAsync("Brighter");
        await page.OpenAsync($"/group/{group}");
        await page.Tab.GetByLabel("Delete the filter Brighter").ClickAsync();
        await page.Tab.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Delete the filter" }).ClickAsync();

        await Assertions.Expect(page.Tab.Locator("#filters")).ToContainTextAsync("No filter yet");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Panel_OfWhoMayNot_OffersNothing()
    {
        var (admin, group) = await GroupAsync("Readers", stream: true);
        await FilterAsync(admin, group, "Bright");
        await using var reader = await browser.SignedInPageAsync("reader", Role.ViewOnly, groups: (group, true));
        await using var member = await browser.SignedInPageAsync("plain-member", groups: (group, false));

        await reader.OpenAsync($"/group/{group}");
        await member.OpenAsync($"/group/{group}");

        await Assertions.Expect(reader.Tab.Locator("#filters")).ToContainTextAsync("Bright");
        await Assertions.Expect(reader.Tab.Locator("main button")).ToHaveCountAsync(1);
        await Assertions.Expect(reader.Tab.GetByLabel("Remove reader")).ToHaveCountAsync(1);
        await Assertions.Expect(member.Tab.GetByLabel("Bright is active")).ToHaveCountAsync(0);
        await Assertions.Expect(member.Tab.GetByLabel("Delete the filter Bright")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Panel_OfAGroupWithoutAStream_SaysWhatIsMissing()
    {
        var (_, group) = await GroupAsync("Dry", stream: false);
        await using var page = await browser.SignedInPageAsync("dry-member", groups: (group, false));

        await page.OpenAsync($"/group/{group}");

        await Assertions.Expect(page.Tab.Locator("#filters")).ToContainTextAsync("an administrator of the group must add one first");
        await Assertions.Expect(page.Tab.GetByRole(AriaRole.Link, new() { Name = "Make a filter" })).ToHaveCountAsync(0);
    }

    private async Task<(TestClient Admin, int Group)> GroupAsync(string name, bool stream)
    {
        var admin = await browser.Node.AdminAsync();
        var group = (await admin.PostAsync("/api/groups", new { name, group_admins = new[] { admin.UserId } })).GetProperty("id").GetInt32();
        if (stream)
        {
            await admin.PostAsync($"/api/groups/{group}/streams", new { stream_id = await StreamAsync(admin) });
        }

        return (admin, group);
    }

    private static async Task FilterAsync(TestClient admin, int group, string name) =>
        await admin.PostAsync("/api/filters", new { name, stream_id = await StreamAsync(admin), group_id = group, expression = "mag < 18" });

    private static async Task<int> StreamAsync(TestClient admin) =>
        (await admin.GetAsync("/api/streams")).EnumerateArray().Single(stream => stream.GetProperty("name").GetString() == "ZTF Public").GetProperty("id").GetInt32();
}
