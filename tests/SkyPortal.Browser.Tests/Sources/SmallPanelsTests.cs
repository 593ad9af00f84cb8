using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The panels that are folded until somebody wants them: similar sources, the same place, people, calls.</summary>
public sealed class SmallPanelsTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task SimilarSources_Unfolded_LeadToTheNearestFirst()
    {
        var world = await SourceWorld.MakeAsync(browser, "similar");
        await SaveAsync(world, "near", 10, 10, 0.0640);
        await SaveAsync(world, "far", 20, 20, 0.0990);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var panel = await UnfoldAsync(page, "Similar sources", ".similar");

        var rows = panel.Locator("tbody tr");
        await Expect(rows.First).ToContainTextAsync($"{world.ObjId}_near");
        await Expect(rows.First.Locator("td").Nth(2)).ToHaveTextAsync("0.0640");
        await Expect(panel.GetByRole(AriaRole.Link, new() { Name = $"{world.ObjId}_far" })).ToHaveAttributeAsync("href", $"/source/{world.ObjId}_far");
        await page.PictureAsync("small-similar");

        await using var outsider = await world.OpenAsync(world.Outsider, $"/source/{world.ObjId}");
        await Expect(outsider.Tab.Locator("h1, h2").First).ToContainTextAsync("There is no such source");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task SamePlace_TieUntieAndCopy_AreDoneAndUndone()
    {
        var world = await SourceWorld.MakeAsync(browser, "place");
        await SaveAsync(world, "b", 299.0002, 59.1001, null);
        await MeasureAsync(world, $"{world.ObjId}_b");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".facts .also")).ToContainTextAsync($"{world.ObjId}_b 0.5″");
        var panel = await UnfoldAsync(page, "Same place", ".same-place");

        await panel.GetByRole(AriaRole.Button, new() { Name = $"Tie to {world.ObjId}_b" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("2 objects that are one");
        await page.PictureAsync("small-place");
        await panel.GetByRole(AriaRole.Button, new() { Name = $"Untie {world.ObjId}_b" }).ClickAsync();
        await Expect(panel).Not.ToContainTextAsync("2 objects that are one");
        await page.Tab.Locator(".toast").Last.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("2 objects that are one");

        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = $"Copy photometry of {world.ObjId}_b" }).ClickAsync();
        await Expect(page.Tab.Locator(".plot[data-drawn='6']")).ToBeVisibleAsync();
        await page.Tab.Locator(".toast").Filter(new() { HasText = "Copied 2 points" }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator(".plot[data-drawn='4']")).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task InterestAndReminders_AddAndTakeBack_OthersSeeTheInterest()
    {
        var world = await SourceWorld.MakeAsync(browser, "people");
        var friend = await browser.Node.ClientAsync("people-friend", Role.FullUser, (world.Group, false));
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var panel = await UnfoldAsync(page, "Interest and reminders", ".people");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Register an interest" }).ClickAsync();
        await panel.GetByLabel("What you plan").FillAsync("Host of a broad-lined Ic");
        await panel.GetByLabel("Link").FillAsync("https://example.org/plan");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Register", Exact = true }).ClickAsync();
        await Expect(panel.GetByRole(AriaRole.Link, new() { Name = "Host of a broad-lined Ic" })).ToBeVisibleAsync();

        await panel.GetByRole(AriaRole.Button, new() { Name = "Remind me" }).ClickAsync();
        await panel.GetByLabel("Reminder", new() { Exact = true }).FillAsync("spectrum at peak");
        await panel.GetByRole(AriaRole.Button, new() { Name = "+7 d" }).ClickAsync();
        await panel.GetByLabel("Times", new() { Exact = true }).FillAsync("3");
        await panel.GetByLabel("Times", new() { Exact = true }).PressAsync("Tab");
        await panel.GetByLabel("Days between").FillAsync("2");
        await page.PictureAsync("small-people-writing");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        await Expect(panel).ToContainTextAsync("3 times, every 2 d");
        await page.PictureAsync("small-people");

        await using var other = await world.OpenAsync(friend, $"/source/{world.ObjId}");
        var theirs = await UnfoldAsync(other, "Interest and reminders", ".people");
        await Expect(theirs).ToContainTextAsync("Host of a broad-lined Ic");
        await Expect(theirs.GetByRole(AriaRole.Button, new() { Name = "Withdraw" })).ToHaveCountAsync(0);

        await panel.GetByRole(AriaRole.Button, new() { Name = "Delete reminder spectrum at peak" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("No reminder is set.");
        await page.Tab.Locator(".toast").Filter(new() { HasText = "Reminder deleted" }).GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(panel).ToContainTextAsync("spectrum at peak");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Withdraw Host of a broad-lined Ic" }).ClickAsync();
        await Expect(theirs).ToContainTextAsync("Nobody has registered an interest.");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Notify_GroupsOfTheSource_AreCalledAndTheHistorySaysSo()
    {
        var world = await SourceWorld.MakeAsync(browser, "notify");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", ColorScheme.Dark);
        var panel = await UnfoldAsync(page, "Notify", ".notify");
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true })).ToBeDisabledAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "notify first" }).ClickAsync();
        await panel.GetByLabel("Why now").FillAsync("rising fast");
        await panel.GetByRole(AriaRole.Button, new() { Name = "urgent" }).ClickAsync();
        await page.PictureAsync("small-notify");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();
        await page.Tab.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Call", Exact = true }).ClickAsync();

        await Expect(page.Tab.Locator(".history-panel")).ToContainTextAsync("called notify first to it, urgently");
        await Expect(panel.GetByLabel("Why now")).ToHaveValueAsync("");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task ManyClasses_BySliders_RaiseTheirParentsAndAreTakenBackTogether()
    {
        var world = await SourceWorld.MakeAsync(browser, "sliders");
        var admin = await browser.Node.AdminAsync();
        await admin.PostAsync("/api/taxonomy", new
        {
            name = "A small one", version = "1",
            hierarchy = new { @class = "Source", subclasses = new object[] { new { @class = "SN", subclasses = new object[] { new { @class = "Ia" }, new { @class = "II" } } }, new { @class = "CV" } } },
        });
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Many…" }).ClickAsync();
        var sheet = page.Tab.GetByRole(AriaRole.Dialog, new() { Name = $"Classes of {world.ObjId}" });
        await sheet.GetByLabel("Taxonomy").SelectOptionAsync(new SelectOptionValue { Label = "A small one 1" });
        await Expect(sheet.GetByLabel("Probability of Ia")).ToHaveCountAsync(1);
        await sheet.GetByLabel("Probability of Ia").FillAsync("0.7");
        await Expect(sheet.GetByRole(AriaRole.Button, new() { Name = "Classify as 2" })).ToBeVisibleAsync();
        await sheet.GetByLabel("Probability of II").FillAsync("0.2");
        await page.PictureAsync("small-sliders");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Classify as 3" }).ClickAsync();

        var list = page.Tab.Locator(".class-list");
        await Expect(list.Locator(":scope > li")).ToHaveCountAsync(3);
        await Expect(list).ToContainTextAsync("p 0.2");
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(list.Locator(":scope > li")).ToHaveCountAsync(0);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task News_WhileFormsAreOpen_LeaveThemTheirWordsAndTheFocus()
    {
        var world = await SourceWorld.MakeAsync(browser, "newsform");
        var friend = await browser.Node.ClientAsync("newsform-friend", Role.FullUser, (world.Group, false));
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var people = await UnfoldAsync(page, "Interest and reminders", ".people");
        var notify = await UnfoldAsync(page, "Notify", ".notify");
        await notify.GetByRole(AriaRole.Button, new() { Name = "newsform first" }).ClickAsync();
        await people.GetByRole(AriaRole.Button, new() { Name = "Remind me" }).ClickAsync();
        var box = people.GetByLabel("Reminder", new() { Exact = true });
        await box.FillAsync("spectrum at");
        await box.FocusAsync();
        await page.Tab.Locator(".light-curve details.points summary").EvaluateAsync("summary => summary.parentElement.open = true");

        await friend.PostAsync($"/api/sources/{world.ObjId}/comments", new { text = "Still rising.", group_ids = new[] { world.Group } });
        await world.MeasureAsync([60005.1], ["ztfg"], [280], origin: null);
        await Expect(page.Tab.Locator(".words")).ToHaveTextAsync("Still rising.");
        await Expect(page.Tab.Locator(".plot[data-drawn='5']")).ToBeVisibleAsync();

        await Expect(box).ToBeFocusedAsync();
        await page.Tab.Keyboard.TypeAsync(" peak");
        await Expect(box).ToHaveValueAsync("spectrum at peak");
        await Expect(notify.GetByRole(AriaRole.Button, new() { Name = "newsform first" })).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Tab.Locator(".light-curve details.points")).ToHaveAttributeAsync("open", "");
        page.AssertNoFaults();
    }

    private static async Task<ILocator> UnfoldAsync(BrowserPage page, string title, string panel)
    {
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = $"Unfold {title}", Exact = true }).ClickAsync();
        var found = page.Tab.Locator(panel);
        await found.ScrollIntoViewIfNeededAsync();
        return found;
    }

    private static Task SaveAsync(SourceWorld world, string suffix, double ra, double dec, double? redshift) =>
        world.Member.PostAsync("/api/sources", new { id = $"{world.ObjId}_{suffix}", ra, dec, redshift, group_ids = new[] { world.Group } });

    private static async Task MeasureAsync(SourceWorld world, string objId)
    {
        await using var db = world.Browser.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Domain.Facilities.Instrument>().Where(row => row.Name == "ZTF").Select(row => row.Id).FirstAsync();
        await world.Member.PostAsync("/api/photometry", new
        {
            obj_id = objId, instrument_id = instrument, mjd = new[] { 60010.1, 60011.1 }, filter = "ztfg", flux = new[] { 90.0, 80.0 }, fluxerr = 4.0, zp = 23.9, magsys = "ab",
            group_ids = new[] { world.Group },
        });
    }
}
