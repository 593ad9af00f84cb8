using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Gcn;

/// <summary>Events and sky maps by hand: added, listed, and looked within.</summary>
public sealed class GcnEventsPageTests : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private int _groupId;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        var night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await night.GroupAsync("transients");
        await night.AddMeasuredCandidatesAsync(_groupId, 8);
        await using var command = _browser.Node.Contexts.DataSource.CreateCommand("""
            update objs set healpix = p.pixel from unnest(@ids, @pixels) as p (id, pixel) where objs.id = p.id;
            insert into photstats (obj_id, num_obs_global, num_det_global, num_det_no_forced_phot_global, first_detected_mjd, last_detected_mjd, visibility, created_at, modified)
                select id, 20, 16, 16, 61300, 61320, jsonb_build_array(jsonb_build_object('groups', to_jsonb(group_ids), 'streams', '[]'::jsonb)), now(), now() from objs where id = any(@ids)
            """);
        command.Parameters.AddWithValue("ids", Enumerable.Range(1, 8).Select(at => $"seen{at:0000}").ToArray());
        command.Parameters.AddWithValue("pixels", Enumerable.Range(1, 8).Select(at => new SkyPosition(at, at / 10.0).ToHealpix29()).ToArray());
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Map_AddedFromAConeAPolygonAndAFile_NarrowsTheCandidates(ColorScheme scheme, int width, int height)
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, scheme, width, height, (_groupId, false));
        var tab = page.Tab;
        await page.OpenAsync("/candidates");
        await tab.Locator("#scan-more").ClickAsync();
        await Expect(tab.Locator(".sheet")).ToContainTextAsync("No event with a sky map is shared with you yet");
        await page.OpenAsync("/gcn_events");
        await Expect(tab.Locator(".state-title")).ToContainTextAsync("There are no events yet");
        await page.PictureAsync($"events-none-{width}");

        await tab.Locator(".page-actions button").ClickAsync();
        await tab.Locator("#event-time").FillAsync("2026-01-02T03:04:05");
        await tab.Locator(".sheet .chip", new() { HasText = "Cone" }).ClickAsync();
        await tab.Locator("#cone-place").FillAsync("3 0.3");
        await tab.Locator("#cone-error").FillAsync("0.9");
        await page.PictureAsync($"events-sheet-{width}");
        await tab.Locator(".sheet-foot button").ClickAsync();
        await Expect(tab.Locator(".events tbody tr")).ToHaveCountAsync(1);
        await Expect(tab.Locator(".events")).ToContainTextAsync("3.00000_0.30000_0.90000");

        await tab.Locator(".page-actions button").ClickAsync();
        await tab.Locator("#event-time").FillAsync("2026-01-02T03:04:05");
        await tab.Locator(".sheet .chip", new() { HasText = "Polygon" }).ClickAsync();
        await tab.Locator("#polygon-name").FillAsync("field");
        await tab.Locator("#polygon-corners").FillAsync("[[6.5, -5], [20, -5], [20, 5], [6.5, 5]");
        await tab.Locator(".sheet-foot button").ClickAsync();
        await Expect(tab.Locator(".form-error")).ToContainTextAsync("polygon");
        await tab.Locator("#polygon-corners").FillAsync("[[6.5, -5], [20, -5], [20, 5], [6.5, 5]]");
        await tab.Locator(".sheet-foot button").ClickAsync();
        await Expect(tab.Locator(".events tbody tr")).ToHaveCountAsync(2);

        await tab.Locator(".page-actions button").ClickAsync();
        await tab.Locator("#event-time").FillAsync("2026-02-03T00:00:00");
        await tab.Locator(".sheet .chip", new() { HasText = "File" }).ClickAsync();
        var file = SkyMapFits.Write(SkyMapShapes.Cone(new SkyPosition(200, 40), 12));
        await tab.Locator("#sky-map-file").SetInputFilesAsync(new FilePayload { Name = "bayestar.fits", MimeType = "application/fits", Buffer = file });
        await tab.Locator(".sheet-foot button").ClickAsync();
        await Expect(tab.Locator(".events tbody tr")).ToHaveCountAsync(3);
        await page.PictureAsync($"events-{scheme}-{width}".ToLowerInvariant());
        Assert.True(await tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));

        await tab.Locator("tr", new() { HasText = "field" }).Locator("a", new() { HasText = "candidates" }).ClickAsync();
        await Expect(tab.Locator("article.scan-card")).ToHaveCountAsync(2);
        await Expect(tab.Locator(".scan-strip")).ToContainTextAsync("within 90 % of field");
        await page.InteractiveAsync();
        await tab.Locator("#scan-more").ClickAsync();
        await Expect(tab.Locator("#sky-map option")).ToHaveCountAsync(4);
        await tab.Locator("#sky-map").SelectOptionAsync("2026-01-02T03:04:05/3.00000_0.30000_0.90000");
        await tab.Locator("#sky-probability").FillAsync("50");
        await tab.Keyboard.PressAsync("Tab");
        await page.PictureAsync($"scan-map-sheet-{width}");
        await tab.Locator(".sheet-foot .primary").ClickAsync();
        // The median of a Gaussian of 0.9° lies at 1.06°: three of the objects, which are 1.005° apart, are nearer.
        await Expect(tab.Locator("article.scan-card")).ToHaveCountAsync(3);
        Assert.Contains("prob=0.5", tab.Url, StringComparison.Ordinal);
        await page.PictureAsync($"scan-map-{scheme}-{width}".ToLowerInvariant());
        await tab.ReloadAsync();
        await Expect(tab.Locator("article.scan-card")).ToHaveCountAsync(3);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Sources_WithinAMap_AreListedAndTheSheetKnowsTheMap()
    {
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, ColorScheme.Dark, 1440, 900, (_groupId, false));
        var member = await _browser.Node.ClientAsync("saver", Role.FullUser, (_groupId, false));
        await member.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05", skymap = new { ra = 3, dec = 0.3, error = 0.9 } });
        foreach (var at in new[] { 3, 8 })
        {
            await member.PostAsync("/api/sources", new { id = $"seen000{at}", group_ids = new[] { _groupId } });
        }

        var tab = page.Tab;
        await page.OpenAsync("/sources?localizationDateobs=2026-01-02T03:04:05&localizationName=3.00000_0.30000_0.90000");

        await Expect(tab.Locator("table tbody tr[data-row], table tbody tr").Filter(new() { HasText = "seen" })).ToHaveCountAsync(1);
        await Expect(tab.Locator(".source-list[data-heard]")).ToBeVisibleAsync();
        await tab.Locator("button", new() { HasText = "+ condition" }).ClickAsync();
        await Expect(tab.Locator("#sky-map")).ToHaveValueAsync("2026-01-02T03:04:05/3.00000_0.30000_0.90000");
        await tab.Locator("#sky-map").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync("sources-map-sheet");
        await tab.Locator("#sky-map").SelectOptionAsync("");
        await tab.Locator(".sheet-foot .primary").ClickAsync();
        await Expect(tab.Locator("table tbody tr").Filter(new() { HasText = "seen" })).ToHaveCountAsync(2);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Outsider_OfARestrictedEvent_SeesNothingOfIt()
    {
        var member = await _browser.Node.ClientAsync("poster", Role.FullUser, (_groupId, false));
        await member.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05", group_ids = new[] { _groupId }, skymap = new { ra = 3, dec = 0.3, error = 0.9 } });
        await using var outsider = await _browser.SignedInPageAsync("outsider");

        await outsider.OpenAsync("/gcn_events");
        await Expect(outsider.Tab.Locator(".state-title")).ToContainTextAsync("There are no events yet");
        await outsider.OpenAsync("/candidates?event=2026-01-02T03:04:05");

        await Expect(outsider.Tab.Locator("main")).ToContainTextAsync("Localization of 2026-01-02T03:04:05 not found");
    }
}
