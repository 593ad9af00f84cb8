using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using SkyPortal.Jobs.Alerts.Demo;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Alerts;

/// <summary>The alert archive, as a person uses it, over a simulated night.</summary>
public sealed class AlertArchivePagesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const double NightMjd = 61_360;
    private static readonly SemaphoreSlim Once = new(1);

    [Fact]
    public async Task Search_ByChipsConditionsAndSort_StandsInTheAddress()
    {
        await using var page = await OpenAsync("archive-search", "/alerts");
        await Expect(page.Tab.Locator("[data-heard] tbody tr[data-row]")).ToHaveCountAsync(100);
        await page.PictureAsync("list-light");

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "likely real" }).ClickAsync();
        await Expect(page.Tab).ToHaveURLAsync(new Regex("score__gte=0.65"));
        await page.Tab.Locator("body").PressAsync("f");
        await page.Tab.FillAsync("[name=magpsf__lte]", "19");
        await page.Tab.FillAsync("[aria-label=Field]", "fwhm");
        await page.Tab.FillAsync("[aria-label=Value]", "0.5");
        await page.PictureAsync("conditions-light");
        await page.Tab.Locator(".conditions button.primary").ClickAsync();
        await Expect(page.Tab).ToHaveURLAsync(new Regex("fwhm__gte=0.5.*magpsf__lte=19|magpsf__lte=19.*fwhm__gte=0.5"));
        await Expect(page.Tab.Locator(".strip .chip.on")).ToContainTextAsync(["likely real", "fwhm ≥ 0.5", "mag ≤ 19"]);

        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "Mag", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator("th[aria-sort=descending]")).ToContainTextAsync("Mag");
        await page.Tab.Locator("th[data-col=mag] a").ClickAsync();
        await Expect(page.Tab.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Mag");
        var first = await page.Tab.Locator("tbody tr[data-row]").First.GetAttributeAsync("data-row");
        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await Expect(page.Tab.Locator("[data-heard] tbody tr[data-row]").First).ToHaveAttributeAsync("data-row", first!);
        await page.Tab.GoBackAsync();
        await Expect(page.Tab.Locator("th[aria-sort=descending]")).ToContainTextAsync("Mag");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Keys_OpenTheAlert_AndBackFindsTheList()
    {
        await using var page = await OpenAsync("archive-keys", "/alerts?sort_value=magpsf&sort_order=asc");
        await Expect(page.Tab.Locator("[data-heard] tbody tr[data-row]")).ToHaveCountAsync(100);

        await page.Tab.Keyboard.PressAsync("j");
        await page.Tab.Keyboard.PressAsync("j");
        var id = await page.Tab.Locator("tr[data-focused]").GetAttributeAsync("data-row");
        await page.Tab.Keyboard.PressAsync("o");
        await Expect(page.Tab.Locator("h1")).ToContainTextAsync(id!);
        await page.Tab.GoBackAsync();
        await Expect(page.Tab.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Mag");
        await page.PressAsync("]");
        await Expect(page.Tab).ToHaveURLAsync(new Regex("page=2"));
        await Expect(page.Tab.Locator(".pager")).ToContainTextAsync("101 to");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Alert_ShowsPicturesFieldsCurveAndNeighbours()
    {
        await using var page = await OpenAsync("archive-alert", "/alerts?deltamaglatest__lte=-0.02&sort_value=magpsf&sort_order=asc");
        await page.Tab.Locator("[data-heard] tbody a.name").First.ClickAsync();

        await Expect(page.Tab.Locator("figure img")).ToHaveCountAsync(3);
        await Expect(page.Tab.Locator("figure.gone")).ToHaveCountAsync(0);
        await page.PictureAsync("alert-light");
        await page.Tab.GetByRole(AriaRole.Link, new() { Name = "log", Exact = true }).ClickAsync();
        await Expect(page.Tab).ToHaveURLAsync(new Regex("scale=log"));
        await Expect(page.Tab.Locator("figure img").First).ToHaveAttributeAsync("src", new Regex("scale=log"));
        await page.Tab.FillAsync("[aria-label='Search the fields']", "galactic lat");
        await Expect(page.Tab.Locator(".fields tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Tab.Locator(".fields tbody tr")).ToContainTextAsync("[deg]");
        await Expect(page.Tab.Locator("svg.mini-curve .mark").First).ToBeVisibleAsync();
        await Expect(page.Tab.Locator("tr.current")).ToHaveCountAsync(1);
        await page.Tab.SelectOptionAsync("[aria-label='Save to a group']", new SelectOptionValue { Label = "archive-alert group" });
        await Expect(page.Tab.GetByText("Saved ZTF")).ToBeVisibleAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Link, new() { Name = "Source page" })).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Nothing_SaysWhy()
    {
        await using var page = await OpenAsync("archive-none", "/alerts?objectId=ZTF00nothing");
        await Expect(page.Tab.Locator(".state-title")).ToHaveTextAsync("No alert fits");
        await page.OpenAsync("/alerts?magpfs__gte=1");
        await Expect(page.Tab.Locator("[role=alert]")).ToContainTextAsync("did you mean magpsf");
        await page.OpenAsync("/alerts/ZTF/1");
        await Expect(page.Tab.Locator("h1")).ToHaveTextAsync("There is no such alert");
        page.AssertNoFaults();
        await using var outsider = await browser.SignedInPageAsync("archive-outsider", Role.ViewOnly);
        await outsider.OpenAsync("/alerts");
        await Expect(outsider.Tab.Locator("tbody tr[data-row]")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("dark", 1440)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public async Task Pages_InOtherLights_AreWhole(string scheme, int width)
    {
        await ArrangeAsync();
        var group = await GroupAsync($"archive-{scheme}-{width} group");
        await using var page = await browser.SignedInPageAsync($"archive-{scheme}-{width}", Role.FullUser, scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light, width, 900, (group, false));
        await page.OpenAsync("/alerts");
        await Expect(page.Tab.Locator("[data-heard] tbody tr[data-row]")).ToHaveCountAsync(100);
        await page.PictureAsync($"list-{scheme}-{width}");
        Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"));
        await page.OpenAsync("/alerts?deltamaglatest__lte=-0.02&sort_value=magpsf&sort_order=asc");
        await page.Tab.Locator("[data-heard] tbody a.name").First.ClickAsync();
        await Expect(page.Tab.Locator("figure img")).ToHaveCountAsync(3);
        await page.PictureAsync($"alert-{scheme}-{width}");
        Assert.Equal(0, await page.Tab.Locator(".fields .scroll-x").EvaluateAsync<int>("box => Math.max(0, box.scrollWidth - box.clientWidth)"));
        await page.Tab.Locator(".fields").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync($"alert-fields-{scheme}-{width}");
        Assert.True(await page.Tab.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth + 1"));
        page.AssertNoFaults();
    }

    private async Task<BrowserPage> OpenAsync(string name, string path)
    {
        await ArrangeAsync();
        var page = await browser.SignedInPageAsync(name, Role.FullUser, groups: (await GroupAsync($"{name} group"), true));
        await page.OpenAsync(path);
        return page;
    }

    private async Task<int> GroupAsync(string name)
    {
        await using var db = browser.Node.Contexts.For(Viewer.System);
        var group = new Domain.Access.Group { Name = name };
        db.Add(group);
        await db.SaveChangesAsync();
        db.Add(new GroupStream { GroupId = group.Id, StreamId = await db.Set<AlertStream>().Where(stream => stream.Name == "ZTF Public").Select(stream => stream.Id).SingleAsync() });
        await db.SaveChangesAsync();
        return group.Id;
    }

    private async Task ArrangeAsync()
    {
        await Once.WaitAsync();
        try
        {
            await using var db = browser.Node.Contexts.For(Viewer.System);
            if (await db.Set<Domain.Alerts.Alert>().AnyAsync())
            {
                return;
            }

            var packets = new SimulatedAlerts().Of(DemoSettings.Read(ProductData.Folder), NightMjd).Take(260).Select(packet => new AlertPacket(packet.Name, packet.Bytes));
            await foreach (var outcome in browser.Node.Services.GetRequiredService<IngestAlerts>().HandleAsync("ZTF Public", packets.ToAsyncEnumerable(), null, CancellationToken.None))
            {
                Assert.Equal(IngestOutcomeKind.Accepted, outcome.Kind);
            }
        }
        finally
        {
            Once.Release();
        }
    }
}
