using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The light curve of a source, as a person uses it all day.</summary>
public sealed class LightCurveTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Chips_ClickedAndDoubleClicked_HideAndIsolateAndSurviveAReload()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-chips");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        var bands = page.Tab.GetByRole(AriaRole.Group, new() { Name = "Bandpasses" });
        await ShownAsync(page, 4);

        await bands.GetByRole(AriaRole.Button, new() { Name = "ztfg" }).ClickAsync();
        await ShownAsync(page, 2);
        await bands.GetByRole(AriaRole.Button, new() { Name = "ztfg" }).ClickAsync();
        await ShownAsync(page, 4);
        await bands.GetByRole(AriaRole.Button, new() { Name = "ztfg" }).DblClickAsync();
        await ShownAsync(page, 2);
        await Expect(bands.GetByRole(AriaRole.Button, new() { Name = "ztfr" })).ToHaveAttributeAsync("aria-pressed", "false");
        await page.Tab.WaitForFunctionAsync("() => location.search.includes('hide=ztfr')");
        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await ShownAsync(page, 2);
        await bands.GetByRole(AriaRole.Button, new() { Name = "ztfg" }).DblClickAsync();
        await ShownAsync(page, 4);
        await page.Tab.WaitForFunctionAsync("() => !location.search.includes('hide')");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task View_FromTheAddress_IsShownAndEveryChoiceIsDrawn()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-view");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}?lc=phase,p2.5,once,sn40");
        await ShownAsync(page, 4);

        await Expect(page.Tab.Locator(".plot .xtitle")).ToHaveTextAsync("phase of 2.5 d");
        // 120, 180 and 2 over 4 µJy: two of four points stand above forty sigma.
        await Expect(page.Tab.Locator(".light-curve .count")).ToHaveTextAsync("2 detections, 2 limits");
        await page.Tab.GetByLabel("Period", new() { Exact = true }).FillAsync("36 h");
        await page.Tab.GetByLabel("Period", new() { Exact = true }).PressAsync("Enter");
        await Expect(page.Tab.Locator(".plot .xtitle")).ToHaveTextAsync("phase of 1.5 d");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "2", Exact = true }).ClickAsync();
        await ShownAsync(page, 8);
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "abs", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".plot .ytitle")).ToHaveTextAsync("absolute magnitude, AB");
        await Expect(page.Tab.Locator(".plot .y2title")).ToHaveTextAsync("apparent magnitude");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Vega", Exact = true }).ClickAsync();
        await Expect(page.Tab.Locator(".plot .ytitle")).ToHaveTextAsync("absolute magnitude, Vega");
        foreach (var (name, title) in new[] { ("UTC", "UTC"), ("days ago", "days ago"), ("T − T0", "days since T0"), ("MJD", "MJD (UTC)") })
        {
            await page.Tab.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
            await Expect(page.Tab.Locator(".plot .xtitle")).ToHaveTextAsync(title);
        }

        page.AssertNoFaults();
    }

    [Fact]
    public async Task Arrival_WhileHiddenAndZoomed_ChangesNeitherZoomNorTogglesNorFocus()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-live");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}?lc=flux&hide=ztfr");
        await ShownAsync(page, 2);
        await page.Tab.EvaluateAsync("() => Plotly.relayout(document.querySelector('.plot'), { 'xaxis.range': [60000, 60002], 'yaxis.range': [0, 500] })");
        await page.Tab.GetByLabel("S/N >").FocusAsync();

        await world.MeasureAsync([60005.2, 60006.1], ["ztfr", "ztfg"], [300, 310], "fp");

        await Expect(page.Tab.Locator(".plot[data-drawn='6']")).ToBeVisibleAsync();
        await ShownAsync(page, 3);
        Assert.Equal("60000,60002,0,500", await page.Tab.EvaluateAsync<string>("() => { const { xaxis, yaxis } = document.querySelector('.plot').layout; return [...xaxis.range, ...yaxis.range].join(); }"));
        await Expect(page.Tab.GetByLabel("S/N >")).ToBeFocusedAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "forced", Exact = true }).ClickAsync();
        await ShownAsync(page, 2);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Verdict_SavedInTheTable_IsMarkedInThePlotAndUndone()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-verdict");
        var judge = await browser.Node.ClientAsync("lc-verdict-judge", Role.GroupAdmin, (world.Group, true));
        await using var page = await world.OpenAsync(judge, $"/source/{world.ObjId}");
        await ShownAsync(page, 4);

        await page.PressAsync("l");
        await page.Tab.Locator(".points tbody tr[data-id]").Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await page.Tab.GetByRole(AriaRole.Group, new() { Name = "Verdict" }).GetByRole(AriaRole.Button, new() { Name = "rejected" }).ClickAsync();
        await page.Tab.GetByLabel("Explanation").FillAsync("COSMIC RAY");
        await page.Tab.GetByLabel("Explanation").PressAsync("Enter");

        await Expect(page.Tab.Locator(".points tbody tr[data-id]").Nth(1)).ToContainTextAsync("rejected COSMIC RAY");
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.plot').data.some(trace => trace.uid === 'rejected' && trace.x.length === 1)");
        await page.Tab.GetByLabel("Checked points").SelectOptionAsync("without rejected");
        await ShownAsync(page, 3);
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await ShownAsync(page, 4);
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Table_OfAnybody_SortsAndOffersTheFileButNoVerdict()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-table");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await ShownAsync(page, 4);
        await page.PressAsync("l");
        var rows = page.Tab.Locator(".points tbody tr[data-id]");

        await Expect(rows.First).ToContainTextAsync("60004.40000");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Flux, µJy" }).ClickAsync();
        await Expect(rows.First).ToContainTextAsync("260.0 ± 4.0");
        await Expect(rows.First.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        var file = await page.Tab.RunAndWaitForDownloadAsync(() => page.Tab.GetByRole(AriaRole.Link, new() { Name = "CSV" }).ClickAsync());
        Assert.Equal(5, (await File.ReadAllLinesAsync((await file.PathAsync())!)).Length);
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Table_OpenedByItsKey_ShowsManyRowsAndTheirVerdicts(ColorScheme scheme, int width)
    {
        var world = await SourceWorld.MakeAsync(browser, $"lc-rows{width}");
        var judge = await browser.Node.ClientAsync($"lc-rows{width}-judge", Role.GroupAdmin, (world.Group, true));
        await world.MeasureAsync([.. Enumerable.Range(0, 40).Select(day => 60010.123 + day)], [.. Enumerable.Repeat("ztfg", 40)], [.. Enumerable.Range(0, 40).Select(day => 100.0 + day)], origin: "alerts of a long name");
        await using var page = await world.OpenAsync(judge, $"/source/{world.ObjId}?lc=phase,p0.11009278948996427", scheme, width);
        await Expect(page.Tab.Locator(".plot[data-drawn='44']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".plot .xtitle")).ToHaveTextAsync("phase of 0.110093 d");

        await page.PressAsync("l");

        await Expect(page.Tab.Locator(".points tbody tr[data-id]").First).ToBeVisibleAsync();
        // Rows that lie whole within the window and the panel, with the end of their verdict.
        await page.Tab.WaitForFunctionAsync("""
            () => [...document.querySelectorAll('.points tbody tr[data-id] .said button')].filter(button => {
              const box = button.getBoundingClientRect();
              return [[box.left + 1, box.top + 2], [box.right - 2, box.bottom - 2]].every(([x, y]) => button.contains(document.elementFromPoint(x, y)));
            }).length >= 8
            """);
        await page.PictureAsync($"points-{scheme}-{width}");
        await page.Tab.Locator(".points tbody tr[data-id] .said button").Nth(1).ClickAsync();
        await Expect(page.Tab.GetByRole(AriaRole.Group, new() { Name = "Verdict" })).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".points[open]")).ToBeVisibleAsync();
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Plot_ThatIsNotDrawnYet_SaysThatItComes()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-drawing");
        await using var page = await world.OpenAsync(world.Member, "/sources");
        var go = new TaskCompletionSource();
        await page.Tab.RouteAsync("**/plotly.min*.js", async route => { await go.Task; await route.ContinueAsync(); });
        const string Said = "() => getComputedStyle(document.querySelector('.light-curve .plot'), '::before').content";

        await page.OpenAsync($"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".light-curve .plot")).ToBeVisibleAsync();
        Assert.Contains("Drawing", await page.Tab.EvaluateAsync<string>(Said), StringComparison.Ordinal);
        await page.PictureAsync("lc-drawing");
        go.SetResult();

        await ShownAsync(page, 4);
        Assert.Equal("none", await page.Tab.EvaluateAsync<string>(Said));
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Kilonova_Real_LooksRight()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-gw170817");
        var objId = await KilonovaAsync(world, "AT2017gfo");
        foreach (var (name, scheme, width, view) in new[]
        {
            ("light", ColorScheme.Light, 1440, ""), ("dark", ColorScheme.Dark, 1440, ""), ("narrow", ColorScheme.Light, 390, ""), ("dark-narrow", ColorScheme.Dark, 390, ""),
            ("flux", ColorScheme.Light, 1440, "?lc=flux,logy,t0,logx"),
        })
        {
            await using var page = await world.OpenAsync(world.Member, $"/source/{objId}{view}", scheme, width);
            await Expect(page.Tab.Locator(".plot[data-drawn='145']")).ToBeVisibleAsync();
            await page.Tab.Locator(".light-curve").ScrollIntoViewIfNeededAsync();
            await page.PictureAsync($"gw170817-{name}");
            Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1"));
            // Brighter is up, and no chip reaches out of its line.
            Assert.True(view.Length > 0 || await page.Tab.EvaluateAsync<bool>("() => { const [low, high] = document.querySelector('.plot').layout.yaxis.range; return low > high && high > 15 && high < 18; }"));
            Assert.True(await page.Tab.EvaluateAsync<bool>("() => [...document.querySelectorAll('.light-chips')].every(line => line.scrollWidth <= line.clientWidth + 1)"));
            page.AssertNoFaults();
        }
    }

    [Fact]
    public async Task Points_FiveThousand_PanSmoothly()
    {
        var world = await SourceWorld.MakeAsync(browser, "lc-many");
        var random = new Random(5);
        string[] filters = ["ztfg", "ztfr", "ztfi"];
        var times = Enumerable.Range(0, 4996).Select(place => 58000 + (place * 0.4) + (0.1 * random.NextDouble())).ToArray();
        await world.MeasureAsync(times, [.. times.Select((_, place) => filters[place % 3])], [.. times.Select(mjd => 100 + (50 * Math.Sin(mjd / 40)) + (4 * random.NextDouble()))], origin: null);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await ShownAsync(page, 5000);
        var box = (await page.Tab.Locator(".plot .nsewdrag").First.BoundingBoxAsync())!;
        await page.Tab.EvaluateAsync("() => Plotly.relayout(document.querySelector('.plot'), { dragmode: 'pan' })");

        await page.Tab.EvaluateAsync("() => { window.frames_ = []; let last = performance.now(); const step = now => { window.frames_.push(now - last); last = now; window.ticking = requestAnimationFrame(step); }; requestAnimationFrame(step); }");
        await page.Tab.Mouse.MoveAsync(box.X + 300, box.Y + 100);
        await page.Tab.Mouse.DownAsync();
        for (var step = 0; step < 40; step++)
        {
            await page.Tab.Mouse.MoveAsync(box.X + 300 - (4 * step), box.Y + 100);
        }

        var median = await page.Tab.EvaluateAsync<double>("() => { cancelAnimationFrame(window.ticking); const sorted = window.frames_.slice(2).sort((a, b) => a - b); return sorted[Math.floor(sorted.length / 2)]; }");
        await page.Tab.Mouse.UpAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median frame while dragging 5000 points: {median:0.0} ms"));

        Assert.Equal("scattergl", await page.Tab.EvaluateAsync<string>("() => document.querySelector('.plot').data[0].type"));
        Assert.True(await page.Tab.EvaluateAsync<int>("() => document.querySelector('.plot').data.length") < 12);
        // A software renderer on a busy machine: a tenth of a second a frame is the bound, a browser with a graphics card needs a few milliseconds.
        Assert.True(median < 100, $"{median} ms");
        await page.PictureAsync("lc-5000");
        page.AssertNoFaults();
    }

    private static Task ShownAsync(BrowserPage page, int count) => Expect(page.Tab.Locator($".plot[data-shown='{count}']")).ToBeVisibleAsync();

    /// <summary>The kilonova of GW170817 in optical, radio and X-rays with three instruments, saved to the first group.</summary>
    private static async Task<string> KilonovaAsync(SourceWorld world, string objId)
    {
        var admin = await world.Browser.Node.AdminAsync();
        await using var db = world.Browser.Node.Contexts.For(Viewer.System);
        var telescope = await db.Set<Telescope>().Select(row => row.Id).FirstAsync();
        await admin.PostAsync("/api/sources", new { id = objId, ra = 197.450375, dec = -23.381489, redshift = 0.0098, group_ids = new[] { world.Group } });
        foreach (var (file, name, type) in new[] { ("AT2017gfo_optical.csv", "Many telescopes", "imager"), ("AT2017gfo_radio.csv", "VLA", "imager"), ("AT2017gfo_xray.csv", "Chandra", "imager") })
        {
            var lines = await File.ReadAllLinesAsync(SharedData.PathOrSkip($"photometry/{file}"));
            var rows = lines.Skip(1).Select(line => line.Split(',')).Where(cells => cells.Length == 6).ToList();
            var instrument = (await admin.PostAsync("/api/instrument", new { name = $"{name} {objId}", type, telescope_id = telescope, filters = rows.Select(cells => cells[0]).Distinct() })).GetProperty("id").GetInt32();
            double? Number(string cell) => cell.Length == 0 ? null : double.Parse(cell, CultureInfo.InvariantCulture);
            await world.Member.PostAsync("/api/photometry", new
            {
                obj_id = objId, instrument_id = instrument, filter = rows.Select(cells => cells[0]), mjd = rows.Select(cells => Number(cells[1])), flux = rows.Select(cells => Number(cells[2])),
                zp = rows.Select(cells => Number(cells[3])), magsys = rows.Select(cells => cells[4]), fluxerr = rows.Select(cells => Number(cells[5])), group_ids = new[] { world.Group },
            });
        }

        return objId;
    }
}
