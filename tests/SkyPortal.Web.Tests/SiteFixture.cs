using Xunit;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests;

/// <summary>One site per test class.</summary>
public sealed class SiteFixture : IAsyncLifetime
{
    private TestSite? _site;

    /// <summary>The site's node.</summary>
    public TestNode Node => _site!.Node;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _site!.DisposeAsync();
}
