using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.TestServer;
using Xunit;

namespace SkyPortal.Browser.Tests.Access;

/// <summary>Filters on the page of their group, as a person makes them.</summary>
public sealed class FilterPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Theory]
    [InlineData(ColorScheme.Light, 1440, "light")]
    [InlineData(ColorScheme.Dark, 1440, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    [InlineData(ColorScheme.Dark, 390, "dark-narrow")]
    public async Task NewFilter_FromTheEmptyScanningPage_IsCheckedWhileWrittenAndMade(ColorScheme scheme, int width, string name)
    {
        var (admin, group) = await GroupAsync($"Hunters {name}", stream: true);
        await using var page = await browser.SignedInPageAsync($"hunter-{name}", scheme: scheme, width: width, groups: (group, false));
        await page.OpenAsync("/candidates");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = $"Make a filter for Hunters {name}" }).ClickAsync();
        await page.TitleAsync($"Hunters {name}");
        var sheet = page.Tab.Locator(".sheet");
        var expression = sheet.GetByLabel("Expression", new() { Exact = true });

        await sheet.GetByLabel("Name", new() { Exact = true }).FillAsync("Young and real");
        await expression.FillAsync("drb > 0.9 and candidate.magpfs < 19");
        await Assertions.Expect(sheet.Locator(".fault")).ToContainTextAsync("Line 1, column 25: Unknown field 'candidate.magpfs'. Did you mean 'candidate.magpsf'?");
        await Assertions.Expect(sheet.Locator(".echo mark").First).ToHaveTextAsync("magpfs");
        await Assertions.Expect(expression).ToHaveAttributeAsync("aria-invalid", "true");
        await page.PictureAsync($"filter-fault-{name}");
        await sheet.Locator(".fault").ClickAsync();
        Assert.Equal("magpfs", await expression.EvaluateAsync<string>("box => box.value.slice(box.selectionStart, box.selectionEnd)"));
        await page.Tab.Keyboard.TypeAsync("magpsf");
        await Assertions.Expect(sheet).ToContainTextAsync("This can be used.");

        await sheet.GetByRole(AriaRole.Button, new() { Name = "Fields that it may use" }).ClickAsync();
        await sheet.GetByLabel("Find a field").FillAsync("first detection [d]");
        await Assertions.Expect(sheet.Locator(".fields-list dt")).ToHaveTextAsync(["age_days number"]);
        await expression.FocusAsync();
        await page.Tab.Keyboard.PressAsync("End");
        await page.Tab.Keyboard.TypeAsync(" and ");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "age_days" }).ClickAsync();
        await page.Tab.Keyboard.TypeAsync(" < 3");
        await Assertions.Expect(expression).ToHaveValueAsync("drb > 0.9 and candidate.magpsf < 19 and age_days < 3");

        await sheet.GetByRole(AriaRole.Button, new() { Name = "Add a value" }).ClickAsync();
        await sheet.GetByLabel("Expression of value 1").FillAsync("age_dys");
        await Assertions.Expect(sheet).ToContainTextAsync("Give the value a name.");
        await sheet.GetByLabel("Name of value 1").FillAsync("age");
        await Assertions.Expect(sheet.Locator(".note .fault")).ToContainTextAsync("Unknown field 'age_dys'");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Make the filter" }).ClickAsync();
        await Assertions.Expect(sheet.Locator(".error")).ToContainTextAsync("Not saved yet");
        await page.PictureAsync($"filter-form-{name}");
        var overflow = await page.Tab.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth - document.documentElement.clientWidth, ...[...document.querySelectorAll('.sheet-body')].map(body => body.scrollWidth - body.clientWidth))");
        Assert.True(overflow <= 0, $"The form is {overflow} pixels too wide at {width}");
        await sheet.GetByLabel("Expression of value 1").FillAsync("age_days");
        await Assertions.Expect(sheet.Locator(".fault")).ToHaveCountAsync(0);
        await page.Tab.Keyboard.PressAsync("Control+Enter");

        await Assertions.Expect(page.Tab.Locator(".toast")).ToContainTextAsync("The filter Young and real is made.");
        await Assertions.Expect(sheet).ToHaveCountAsync(0);
        await Assertions.Expect(page.Tab.Locator("#filters")).ToContainTextAsync("age = age_days");
        await page.PictureAsync($"filters-{name}");
        var made = Assert.Single((await admin.GetAsync("/api/filters")).EnumerateArray(), filter => filter.GetProperty("group_id").GetInt32() == group);
        Assert.Equal("drb > 0.9 and candidate.magpsf < 19 and age_days < 3", made.GetProperty("expression").GetString());
        Assert.Equal("""{"age":"age_days"}""", made.GetProperty("annotations").GetRawText());
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Filter_OfTheGroupsAdministrator_IsSwitchedUndoneChangedAndDeleted()
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
        await page.Tab.GetByLabel("Edit the filter Bright").ClickAsync();
        await page.Tab.GetByLabel("Name", new() { Exact = true }).FillAsync("Brighter");
        await page.Tab.GetByLabel("Save what passes").CheckAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Save the filter" }).ClickAsync();
        await Assertions.Expect(page.Tab.Locator("#filters")).ToContainTextAsync("saves what passes");
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
        await Assertions.Expect(member.Tab.GetByLabel("Edit the filter Bright")).ToHaveCountAsync(0);
        await Assertions.Expect(member.Tab.GetByLabel("Delete the filter Bright")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Panel_OfAGroupWithoutAStream_SaysWhatIsMissing()
    {
        var (_, group) = await GroupAsync("Dry", stream: false);
        await using var page = await browser.SignedInPageAsync("dry-member", groups: (group, false));

        await page.OpenAsync($"/group/{group}?filter=new");

        await Assertions.Expect(page.Tab.Locator("#filters")).ToContainTextAsync("an administrator of the group must add one first");
        await Assertions.Expect(page.Tab.Locator(".sheet")).ToHaveCountAsync(0);
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
