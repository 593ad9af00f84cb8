using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Browser.Tests.Sources;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.FollowUp;

/// <summary>Follow-up as a person asks for it: on the page of a source, and once for all that passes a filter.</summary>
public sealed class FollowupPagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Panel_OfASource_AsksAndWithdraws()
    {
        var world = await SourceWorld.MakeAsync(browser, "followpanel");
        await AllocateAsync(world);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var panel = page.Tab.Locator(".followup");
        await Expect(panel).ToContainTextAsync("No observation was asked for.");

        await panel.GetByRole(AriaRole.Button, new() { Name = "Ask for an observation" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(panel.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Filters: At least one is needed.");
        await panel.GetByRole(AriaRole.Button, new() { Name = "ztfr", Exact = true }).ClickAsync();
        await panel.ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("followup-form");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Expect(panel.Locator(".followup-list .tag")).ToHaveTextAsync("submitted");
        await Expect(panel.Locator(".followup-list")).ToContainTextAsync("ztfr; exposure time 300 s");
        await page.PictureAsync("followup-asked");

        await panel.GetByRole(AriaRole.Button, new() { Name = "Withdraw request" }).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Withdraw it", Exact = true }).ClickAsync();
        await Expect(panel.Locator(".followup-list .tag")).ToHaveTextAsync("deleted");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Panel_OfAnotherGroup_ShowsNothing()
    {
        var world = await SourceWorld.MakeAsync(browser, "followhidden");
        var allocation = await AllocateAsync(world);
        await world.Member.PostAsync("/api/followup_request", new { obj_id = world.ObjId, allocation_id = allocation, payload = new { observation_choices = new[] { "ztfg" } } });
        await world.Member.PostAsync("/api/sources", new { id = world.ObjId, group_ids = new[] { world.OtherGroup } });
        await using var page = await browser.SignedInPageAsync("follow-reader", Role.ViewOnly, ColorScheme.Dark, 390, 844, (world.OtherGroup, false));
        await page.OpenAsync($"/source/{world.ObjId}");

        var panel = page.Tab.Locator(".followup");
        await Expect(panel).ToContainTextAsync("your groups have no allocation");
        await Expect(panel.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await panel.ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("followup-reader");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Tab_OfAFilter_KeepsWhatIsAskedForWhatPasses()
    {
        var world = await SourceWorld.MakeAsync(browser, "followfilter");
        var allocation = await AllocateAsync(world);
        await using var db = browser.Node.Contexts.For(Viewer.System);
        var stream = await db.Set<AlertStream>().Where(row => row.Name == "ZTF Public").Select(row => row.Id).SingleAsync(TestContext.Current.CancellationToken);
        var filter = (await world.Member.PostAsync("/api/filters", new { name = "followfilter", stream_id = stream, group_id = world.Group, expression = "mag < 19" })).GetProperty("id").GetInt32();
        await using var page = await world.OpenAsync(world.Member, $"/filter/{filter}?tab=actions");
        var panel = page.Tab.Locator(".filter-followup");

        await panel.GetByLabel("Allocation").SelectOptionAsync($"{allocation}");
        await panel.GetByRole(AriaRole.Button, new() { Name = "ztfg", Exact = true }).ClickAsync();
        await panel.GetByLabel("Ask for follow-up of what passes").CheckAsync();
        await panel.GetByLabel("somebody classified it").CheckAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Keep the follow-up" }).ClickAsync();
        await Expect(page.Tab.Locator(".toast")).ToContainTextAsync("Follow-up is asked for what passes from now on.");
        await panel.ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("filter-followup");
        await page.Tab.SetViewportSizeAsync(390, 844);
        await panel.ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("filter-followup-narrow");

        var kept = await world.Member.GetAsync($"/api/filters/{filter}/followup");
        Assert.True(kept.GetProperty("active").GetBoolean() && kept.GetProperty("constraints").GetProperty("not_if_classified").GetBoolean());
        Assert.Equal("ztfg", kept.GetProperty("payload").GetProperty("observation_choices")[0].GetString());
        await page.OpenAsync($"/filter/{filter}?tab=actions");
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "ztfg", Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
        page.AssertNoFaults();
    }

    private async Task<int> AllocateAsync(SourceWorld world)
    {
        await using var db = browser.Node.Contexts.For(Viewer.System);
        var telescope = await db.Set<Telescope>().Select(row => row.Id).FirstAsync();
        var camera = new Instrument { Name = $"{world.Name} camera", Type = "imager", TelescopeId = telescope, Filters = ["ztfg", "ztfr"], ApiClassname = "GENERICAPI" };
        db.Add(camera);
        await db.SaveChangesAsync();
        return (await (await browser.Node.AdminAsync()).PostAsync("/api/allocation", new { group_id = world.Group, instrument_id = camera.Id, hours_allocated = 10, pi = "A. Person" })).GetProperty("id").GetInt32();
    }
}
