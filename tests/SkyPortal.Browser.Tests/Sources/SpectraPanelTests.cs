using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Facilities;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The spectra of a source, as a person looks at them.</summary>
public sealed class SpectraPanelTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Spectrum_Uploaded_AppearsOnTheOpenPageAndItsFileComesBack()
    {
        var world = await SourceWorld.MakeAsync(browser, "spectra");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".spectra")).ToContainTextAsync("No spectra that you may see");

        await PostAsync(world, "2020-01-01", "first");
        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='1']")).ToBeVisibleAsync();
        await PostAsync(world, "2020-02-01", "second");
        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='2']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".spectra tbody tr")).ToHaveCountAsync(2);
        var download = await page.Tab.RunAndWaitForDownloadAsync(() => page.Tab.Locator(".spectra tbody a").First.ClickAsync());

        Assert.Equal(Text("first"), await File.ReadAllTextAsync((await download.PathAsync())!));
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Scale_WithASpike_ShowsTheSpectrumAndNotTheSpike()
    {
        var world = await SourceWorld.MakeAsync(browser, "spike");
        await PostAsync(world, "2020-01-01", "spike", spike: 1e6);
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");

        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='1']")).ToBeVisibleAsync();

        Assert.True(await page.Tab.EvaluateAsync<double>("() => document.querySelector('.spectrum-plot').layout.yaxis.range[1]") < 3);
    }

    [Fact]
    public async Task Controls_ByKeyboard_SmoothShiftAndMarkLines()
    {
        var world = await SourceWorld.MakeAsync(browser, "lines");
        await PostAsync(world, "2020-01-01", "one");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='1']")).ToBeVisibleAsync();
        Assert.Equal("0.0647", await page.Tab.GetByLabel("z", new() { Exact = true }).InputValueAsync());

        await page.Tab.GetByLabel("Smooth").FillAsync("50");
        await page.Tab.GetByLabel("Smooth").PressAsync("Enter");
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.spectrum-plot').data.filter(trace => trace.uid !== 'x2').length === 2");
        await page.Tab.Locator(".lines summary").FocusAsync();
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "H I", Exact = true }).FocusAsync();
        await page.Tab.Keyboard.PressAsync("Enter");
        // H alpha at 6563 Å and z 0.0647.
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.spectrum-plot').layout.shapes.some(shape => Math.abs(shape.x0 - 6563 * 1.0647) < 0.1)");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "rest", Exact = true }).FocusAsync();
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.spectrum-plot').layout.shapes.some(shape => Math.abs(shape.x0 - 6563) < 0.1)");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Drag_OfTheLines_FitsARedshiftThatIsSavedAndUndone()
    {
        var world = await SourceWorld.MakeAsync(browser, "drag");
        await PostAsync(world, "2020-01-01", "one");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='1']")).ToBeVisibleAsync();
        await page.Tab.Locator(".spectrum-plot").ScrollIntoViewIfNeededAsync();

        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "drag z" }).ClickAsync();
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.spectrum-plot').layout.dragmode === false");
        var box = (await page.Tab.Locator(".spectrum-plot .nsewdrag").First.BoundingBoxAsync())!;
        await page.Tab.Mouse.MoveAsync(box.X + 200, box.Y + 60);
        await page.Tab.Mouse.DownAsync();
        await page.Tab.Mouse.MoveAsync(box.X + 240, box.Y + 60, new() { Steps = 5 });
        await page.Tab.Mouse.UpAsync();

        var save = page.Tab.GetByRole(AriaRole.Button, new() { Name = "Save z" });
        await Expect(save).ToBeVisibleAsync();
        var fitted = await page.Tab.GetByLabel("z", new() { Exact = true }).InputValueAsync();
        Assert.InRange(double.Parse(fitted, System.Globalization.CultureInfo.InvariantCulture), 0.08, 0.3);
        await save.ClickAsync();
        await Expect(page.Tab.Locator(".source-head")).ToContainTextAsync(fitted[..4]);
        await page.Tab.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Tab.Locator(".source-head")).ToContainTextAsync("0.0647");
        page.AssertNoFaults();
    }

    [Fact]
    public async Task Upload_OfATable_IsShownBeforeItIsKeptAndWrongOnesSayWhy()
    {
        var world = await SourceWorld.MakeAsync(browser, "upload");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}");
        await page.Tab.Locator(".spectra").GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        var file = page.Tab.Locator(".sheet input[type=file]");

        // A file that is chosen before the input listens is lost.
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.sheet input[type=file]')?._blazorInputFileNextFileId !== undefined");
        await file.SetInputFilesAsync(new FilePayload { Name = "bad.txt", MimeType = "text/plain", Buffer = "4000 1\n4001 one\n"u8.ToArray() });
        await Expect(page.Tab.Locator(".sheet [role=alert]")).ToContainTextAsync("line 2");
        await file.SetInputFilesAsync(new FilePayload { Name = "good.txt", MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes("# DATE-OBS: 2026-01-31T04:12:00\n" + Text("good")) });
        await Expect(page.Tab.Locator(".preview")).ToContainTextAsync("1200 samples, 3500 to 9495 Å");
        await page.PictureAsync("spectrum-upload");
        await page.Tab.GetByLabel("Instrument").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.Tab.GetByLabel("Observed, UTC").FillAsync("2026-01-31T04:12");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Save the spectrum" }).ClickAsync();

        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='1']")).ToBeVisibleAsync();
        await Expect(page.Tab.Locator(".spectra a[download]")).ToHaveTextAsync("good.txt");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Upload_OfAFileWithAHeader_TakesInstrumentAndTimeFromItAndAsksForNm(ColorScheme scheme, int width)
    {
        var world = await SourceWorld.MakeAsync(browser, $"header{width}");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", scheme, width);
        await page.Tab.Locator(".spectra").GetByRole(AriaRole.Button, new() { Name = "Upload" }).ClickAsync();
        await page.Tab.WaitForFunctionAsync("() => document.querySelector('.sheet input[type=file]')?._blazorInputFileNextFileId !== undefined");

        var header = "# OBJECT: ZTF_another\n# INSTRUMENT: sedm\n# DATE-OBS: 2026-01-31\n# UTC: 04:12:00\n# EXPTIME: 1200\n";
        await page.Tab.Locator(".sheet input[type=file]").SetInputFilesAsync(new FilePayload { Name = "nm.txt", MimeType = "text/plain", Buffer = System.Text.Encoding.UTF8.GetBytes(header + "380.5 1\n500 2\n920 nan\n920.5 1\n") });

        var sheet = page.Tab.Locator(".sheet");
        await Expect(page.Tab.Locator(".preview")).ToContainTextAsync("3 samples, 380.5 to 920.5 Å, 1 row without a flux left out");
        await Expect(sheet).ToContainTextAsync($"The file says that it is of ZTF_another; this source is {world.ObjId}.");
        await Expect(page.Tab.GetByLabel("Instrument").Locator("option:checked")).ToHaveTextAsync("SEDM on P60");
        // Half of the exposure after its begin.
        await Expect(page.Tab.GetByLabel("Observed, UTC")).ToHaveValueAsync("2026-01-31T04:22:00");
        await page.PictureAsync($"upload-nm-{scheme}-{width}");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "These are nm: multiply by 10" }).ClickAsync();
        await Expect(page.Tab.Locator(".preview")).ToContainTextAsync("3805 to 9205 Å");
        await page.PictureAsync($"upload-header-{scheme}-{width}");
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Save the spectrum" }).ClickAsync();

        await Expect(page.Tab.Locator(".spectra .count")).ToHaveTextAsync("1 spectrum");
        page.AssertNoFaults();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Panel_OnAnyScreen_FitsAndIsDrawn(ColorScheme scheme, int width)
    {
        var world = await SourceWorld.MakeAsync(browser, $"fit-{scheme}-{width}");
        await PostAsync(world, "2020-01-01", "one");
        await PostAsync(world, "2020-02-01", "two");
        await using var page = await world.OpenAsync(world.Member, $"/source/{world.ObjId}", scheme, width);

        await Expect(page.Tab.Locator(".spectrum-plot[data-drawn='2']")).ToBeVisibleAsync();
        await page.Tab.Locator(".lines summary").ClickAsync();
        await page.Tab.GetByRole(AriaRole.Button, new() { Name = "Si II", Exact = true }).ClickAsync();
        await page.Tab.Locator(".spectra").ScrollIntoViewIfNeededAsync();
        await page.PictureAsync($"spectra-{scheme}-{width}");

        Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth + 1"));
        page.AssertNoFaults();
    }

    private static string Text(string name, double spike = 1) =>
        $"# OBJECT: {name}\n" + string.Concat(Enumerable.Range(0, 1_200).Select(index => FormattableString.Invariant(
            $"{3500 + (5 * index)} {(index == 600 ? spike : 1 + (0.3 * Math.Sin(index / 40.0)) + (0.05 * Math.Sin(index * 7.1)))}\n")));

    private static async Task PostAsync(SourceWorld world, string observedAt, string name, double spike = 1)
    {
        await using var db = world.Browser.Node.Contexts.For(Viewer.System);
        var instrument = await db.Set<Instrument>().Select(row => row.Id).FirstAsync();
        await world.Member.PostAsync("/api/spectra/ascii", new
        {
            ascii = Text(name, spike), filename = $"{name}.txt", label = name, obj_id = world.ObjId, instrument_id = instrument, observed_at = observedAt, group_ids = new[] { world.Group },
        });
    }
}
