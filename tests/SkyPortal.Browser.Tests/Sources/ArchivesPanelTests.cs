using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Infrastructure.Catalogs;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The archives of a source, as a person asks them.</summary>
public sealed class ArchivesPanelTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Fetch_OneArchive_ShowsProgressThenCountsAndTheLastCall()
    {
        var world = await SourceWorld.MakeAsync(browser, "archives");
        var run = browser.Node.Services.GetRequiredService<RunArchiveQueries>();
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var panel = page.Tab.Locator(".archives");
        await Expect(panel).ToContainTextAsync("This site has no account there (Outside:AtlasForced:Token).");
        await Expect(panel.Locator("summary").First).ToContainTextAsync("Shared with archives first");

        await panel.GetByRole(AriaRole.Button, new() { Name = "Fetch from ZTF (IRSA)", Exact = true }).ClickAsync();
        await Expect(panel.Locator(".archive-query")).ToContainTextAsync("queued");
        var claimed = await run.ClaimAsync(CancellationToken.None);
        Assert.True(await run.TellAsync(claimed!, 0.4, "asking IRSA", CancellationToken.None));
        await Expect(panel.Locator(".archive-query")).ToContainTextAsync("asking IRSA");
        await Expect(panel.Locator("progress")).ToHaveAttributeAsync("value", "0.4");
        await run.RunAsync(claimed!, CancellationToken.None, CancellationToken.None);

        await Expect(panel.Locator(".archive-query")).ToContainTextAsync("3 points, 3 new");
        await panel.GetByText("Last call: HTTP 200").ClickAsync();
        await Expect(panel.Locator(".archive-call code").First).ToContainTextAsync("cgi-bin/ZTF/nph_light_curves");
        await page.PictureAsync("archives");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Fetch from ZTF (IRSA) again" }).ClickAsync();
        await panel.GetByRole(AriaRole.Button, new() { Name = "Cancel ZTF (IRSA)" }).ClickAsync();
        await Expect(panel.Locator(".archive-query")).ToContainTextAsync("cancelled");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Panel_OfSomebodyWhoMayNotUpload_OffersNothing()
    {
        var world = await SourceWorld.MakeAsync(browser, "archiveview");
        await using var page = await browser.SignedInPageAsync("archive-reader", Domain.Access.Role.ViewOnly, ColorScheme.Dark, 390, 844, (world.Group, false));
        await page.OpenAsync($"/source/{world.ObjId}");

        var panel = page.Tab.Locator(".archives");
        await Expect(panel.Locator(".archive-list > li")).ToHaveCountAsync(14);
        await Expect(panel.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await panel.ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("archives-reader");
        page.AssertNoFaults();
    }
}
