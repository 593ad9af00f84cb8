using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Browser.Tests;

/// <summary>A site and a real browser: the fixture of a test class.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private TestSite? _site;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The site's node.</summary>
    public TestNode Node => _site!.Node;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        // A machine with two cores that also runs the server and the database is sometimes slow; it is never this slow.
        Assertions.SetDefaultExpectTimeout(30_000);
        var chromium = new[] { Environment.GetEnvironmentVariable("SKYPORTAL_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
            .FirstOrDefault(File.Exists);
        if (chromium is null)
        {
            throw new SkipTestException("No Chromium: install the package chromium, or name one in SKYPORTAL_CHROMIUM.");
        }

        _site = await TestSite.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = Arguments });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    /// <summary>A fresh browser profile with one tab, nobody signed in. What goes wrong in it is collected.</summary>
    public async Task<BrowserPage> PageAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = Node.Address,
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return new BrowserPage(await context.NewPageAsync());
    }

    /// <summary>A tab of a user, signed in by a link; the user is made where it is new.</summary>
    public async Task<BrowserPage> SignedInPageAsync(
        string username, string role = Role.FullUser, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900, params (int GroupId, bool Admin)[] groups)
    {
        var client = await Node.ClientAsync(username, role, groups);
        var page = await PageAsync(scheme, width, height);
        try
        {
            await SignInAsync(page, client.UserId);
        }
        catch (PlaywrightException aborted) when (aborted.Message.Contains("net::ERR_ABORTED", StringComparison.Ordinal) && page.Tab.Url == "about:blank")
        {
            // Chromium dropped the first navigation of a tab that it was still starting: nothing of the site was shown yet.
            await SignInAsync(page, client.UserId);
        }

        await page.InteractiveAsync();
        return page;
    }

    private async Task SignInAsync(BrowserPage page, int userId)
    {
        var secret = await Node.Services.GetRequiredService<CreateSignInLink>().HandleAsync(SkyPortal.Domain.Access.Viewer.System, userId, CancellationToken.None);
        await page.Tab.GotoAsync($"/sign-in/{secret}");
    }

    /// <summary>A tab of the first administrator.</summary>
    public Task<BrowserPage> AdminPageAsync(ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900) =>
        SignedInPageAsync(SeedAccess.AdminName, Role.SuperAdmin, scheme, width, height);
}
