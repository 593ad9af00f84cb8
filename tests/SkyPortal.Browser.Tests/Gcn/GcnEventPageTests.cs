using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Astronomy;
using SkyPortal.Infrastructure.Formats;
using SkyPortal.TestServer;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Gcn;

/// <summary>The page of one event: its map on the sky, what lies within, and who sees it.</summary>
public sealed class GcnEventPageTests : IAsyncLifetime
{
    private const string Path = "/gcn_events/2026-01-02T03:04:05";
    private readonly BrowserFixture _browser = new();
    private int _groupId;
    private TestClient _poster = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        var night = new SimulatedNight(_browser.Node);
        (_groupId, _) = await night.GroupAsync("transients");
        await night.AddMeasuredCandidatesAsync(_groupId, 8);
        await using var command = _browser.Node.Contexts.DataSource.CreateCommand(
            "update objs set ra = p.ra, dec = p.dec, healpix = p.pixel from unnest(@ids, @ras, @decs, @pixels) as p (id, ra, dec, pixel) where objs.id = p.id");
        command.Parameters.AddWithValue("ids", Enumerable.Range(1, 8).Select(at => $"seen{at:0000}").ToArray());
        command.Parameters.AddWithValue("ras", Enumerable.Range(1, 8).Select(at => (double)at).ToArray());
        command.Parameters.AddWithValue("decs", Enumerable.Range(1, 8).Select(at => at / 10.0).ToArray());
        command.Parameters.AddWithValue("pixels", Enumerable.Range(1, 8).Select(at => new SkyPosition(at, at / 10.0).ToHealpix29()).ToArray());
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        _poster = await _browser.Node.ClientAsync("poster", Role.FullUser, (_groupId, false));
        foreach (var at in new[] { 2, 3, 8 })
        {
            await _poster.PostAsync("/api/sources", new { id = $"seen000{at}", group_ids = new[] { _groupId } });
        }

        await PostAsync(new { ra = 3, dec = 0.3, error = 0.9 });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _browser.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 1440, 900)]
    [InlineData(ColorScheme.Light, 390, 844)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task Event_OfAMember_ShowsItsMapsAndWhatLiesWithin(ColorScheme scheme, int width, int height)
    {
        await PostAsync(new { localization_name = "strip", polygon = new[] { new[] { 40.0, 20 }, [90, 20], [90, 65], [40, 65] } });
        await using var page = await _browser.SignedInPageAsync("member", Role.FullUser, scheme, width, height, (_groupId, false));
        var (tab, name) = (page.Tab, $"{scheme}-{width}".ToLowerInvariant());
        await page.OpenAsync("/gcn_events");
        await tab.GetByRole(AriaRole.Link, new() { Name = "2026-01-02 03:04:05", Exact = true }).ClickAsync();

        var map = tab.GetByRole(AriaRole.Region, new() { Name = "Sky map", Exact = true });
        await Expect(map.Locator("h2")).ToHaveTextAsync("strip");
        await Expect(map.Locator("path.ninety")).ToHaveAttributeAsync("d", new System.Text.RegularExpressions.Regex("^M\\d+ \\d+h"));
        await Expect(tab.GetByRole(AriaRole.Region, new() { Name = "Sources within 90 %", Exact = true })).ToContainTextAsync("No source lies within");
        await page.PictureAsync($"event-wide-{name}");
        await tab.GetByRole(AriaRole.Link, new() { Name = "3.00000_0.30000_0.90000", Exact = true }).ClickAsync();
        await Expect(map.Locator("h2")).ToHaveTextAsync("3.00000_0.30000_0.90000");
        // 90 % of a Gaussian of 0.9° lie within 1.93°: the objects at 2° and 3°, not that at 8°.
        var sources = tab.GetByRole(AriaRole.Region, new() { Name = "Sources within 90 %", Exact = true });
        await Expect(sources.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(sources).ToContainTextAsync("seen0002");
        await Expect(sources).ToContainTextAsync("1.00°");
        await Expect(map.Locator("circle.ring")).ToHaveCountAsync(1);
        await Expect(tab.GetByRole(AriaRole.Region, new() { Name = "About the map", Exact = true })).ToContainTextAsync("not in the map");
        await Expect(tab.Locator(".strip[aria-label=Event]")).ToContainTextAsync("transients");
        Assert.True(await tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await page.PictureAsync($"event-{name}");

        await tab.GetByRole(AriaRole.Link, new() { Name = "Candidates within C", Exact = true }).ClickAsync();
        await Expect(tab.Locator(".scan-strip")).ToContainTextAsync("within 90 % of 3.00000_0.30000_0.90000");
        Assert.Contains("first=2026-01-02T03:04", Uri.UnescapeDataString(tab.Url), StringComparison.Ordinal);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Map_WithDistances_TellsThem()
    {
        var file = SkyMapFits.Write(SkyMapShapes.Cone(new SkyPosition(200, 40), 12));
        await PostAsync($"data:application/fits;name=near.fits;base64,{Convert.ToBase64String(file)}");
        await using (var command = _browser.Node.Contexts.DataSource.CreateCommand("update localizations set properties = properties || '{\"distmean\": 156.4, \"diststd\": 41.2}' where name = 'near.fits'"))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var page = await _browser.SignedInPageAsync("reader", Role.FullUser, groups: (_groupId, false));
        await page.OpenAsync($"{Path}?map=near.fits");

        await Expect(page.Tab.GetByRole(AriaRole.Region, new() { Name = "About the map", Exact = true })).ToContainTextAsync("156 ± 41 Mpc");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Delete_ByTheAdministrator_LeadsToTheListAndTheEventIsGone()
    {
        await using var page = await _browser.AdminPageAsync();
        await page.OpenAsync(Path);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Delete event", Exact = true }).ClickAsync();
        await page.Tab.Locator("dialog, .dialog").GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();

        await Expect(page.Tab.Locator(".state-title")).ToContainTextAsync("There are no events yet");
        await page.OpenAsync(Path);
        await Expect(page.Tab.Locator(".state-title")).ToContainTextAsync("There is no such event");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Event_OfAnOutsider_IsAsOneThatIsNotThere()
    {
        await using var outsider = await _browser.SignedInPageAsync("outsider");
        await outsider.OpenAsync("/gcn_events/2026-01-02T03:04:06");
        var missing = await outsider.Tab.Locator("main").InnerTextAsync();
        await outsider.OpenAsync(Path);

        await Expect(outsider.Tab.Locator(".state-title")).ToContainTextAsync("There is no such event");
        Assert.Equal(missing, await outsider.Tab.Locator("main").InnerTextAsync());
        await outsider.OpenAsync("/gcn_events/not-a-time");
        await Expect(outsider.Tab.Locator(".state-title")).ToContainTextAsync("There is no such event");
        outsider.AssertNoFaults();
    }

    private Task PostAsync(object skymap) => _poster.PostAsync("/api/gcn_event", new { dateobs = "2026-01-02T03:04:05", group_ids = new[] { _groupId }, tags = new[] { "GRB" }, aliases = new[] { "FERMI#788994250" }, skymap });
}
