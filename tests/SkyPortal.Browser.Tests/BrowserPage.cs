using Microsoft.Playwright;
using Xunit;

namespace SkyPortal.Browser.Tests;

/// <summary>One tab, and what went wrong in it.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly List<string> _faults = [];

    /// <summary>Watches a tab.</summary>
    public BrowserPage(IPage tab)
    {
        Tab = tab;
        tab.PageError += (_, error) => _faults.Add(error);
        tab.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _faults.Add(message.Text);
            }
        };
        tab.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                _faults.Add($"{response.Status} {response.Url}");
            }
        };
    }

    /// <summary>The tab.</summary>
    public IPage Tab { get; }

    /// <summary>Errors of the console, of scripts and of requests so far.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Opens an address and waits until the page answers to clicks.</summary>
    public async Task OpenAsync(string path)
    {
        await Tab.GotoAsync(path);
        await InteractiveAsync();
    }

    /// <summary>Waits until the page's circuit is up; a click before that is lost.</summary>
    public async Task InteractiveAsync()
    {
        try
        {
            await Tab.Locator("body.interactive").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{Tab.Url} never answered. Faults: {string.Join("; ", _faults)}", late);
        }
    }

    /// <summary>Waits for the page with this title.</summary>
    public Task TitleAsync(string title) => Assertions.Expect(Tab.Locator("h1").First).ToHaveTextAsync(title);

    /// <summary>Presses a key once what it presses is there; before that the key means nothing.</summary>
    public async Task PressAsync(string key)
    {
        await Assertions.Expect(Tab.Locator($"[data-key='{key}'], [data-press='{key}']").First).ToBeVisibleAsync();
        await Tab.Keyboard.PressAsync(key);
    }

    /// <summary>Saves a picture where SKYPORTAL_SCREENSHOTS names a folder; for people, not for a comparison.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SKYPORTAL_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Tab.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }
    }

    /// <summary>Nothing went wrong in the tab.</summary>
    public void AssertNoFaults() => Assert.Empty(_faults);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Tab.Context.DisposeAsync();
}
