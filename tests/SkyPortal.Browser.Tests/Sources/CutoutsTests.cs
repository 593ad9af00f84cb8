using Microsoft.Playwright;
using SkyPortal.TestSupport;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace SkyPortal.Browser.Tests.Sources;

/// <summary>The pictures of a source, as a person wants to see them.</summary>
public sealed class CutoutsTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Stretch_Chosen_IsDrawnAndKeptForTheNextTime()
    {
        var folder = SharedData.PathOrSkip("alerts/ztf");
        var world = await SourceWorld.MakeAsync(browser, "stretch");
        var objId = await world.IngestAsync(folder);
        await using var page = await world.OpenAsync(world.Member, $"/source/{objId}");
        var pictures = page.Tab.Locator(".cutouts img");
        await Expect(pictures).ToHaveCountAsync(3);
        var usual = await MeanAsync(page);
        await page.PictureAsync("cutouts-usual");

        await page.Tab.GetByRole(AriaRole.Group, new() { Name = "Scale of the pictures" }).GetByRole(AriaRole.Button, new() { Name = "log" }).ClickAsync();
        await Expect(pictures.First).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex(@"\?scale=log$"));
        Assert.True(await MeanAsync(page) > usual + 10, "A logarithm lifts the sky.");
        await page.Tab.GetByLabel("Part of the pixels between black and white").SelectOptionAsync("95");
        await Expect(pictures.First).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex(@"\?scale=log&low=2.5&high=97.5$"));
        await MeanAsync(page);
        await page.PictureAsync("cutouts-log");

        await page.Tab.ReloadAsync();
        await page.InteractiveAsync();
        await Expect(pictures.First).ToHaveAttributeAsync("src", new System.Text.RegularExpressions.Regex(@"\?scale=log&low=2.5&high=97.5$"));
        page.AssertNoFaults();
    }

    // Mean grey of the first picture, 0 to 255, once all are there.
    private static async Task<double> MeanAsync(BrowserPage page)
    {
        await page.Tab.WaitForFunctionAsync("() => [...document.querySelectorAll('.cutouts img')].every(image => image.complete && image.naturalWidth > 20)");
        return await page.Tab.EvaluateAsync<double>("""
            () => {
              const image = document.querySelector('.cutouts img'), canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
              let sum = 0;
              for (let i = 0; i < data.length; i += 4) sum += data[i];
              return sum / (data.length / 4);
            }
            """);
    }
}
