using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Pages and files as a browser asks for them.</summary>
public sealed class FrameTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("/sign-in", "text/html")]
    [InlineData("/_framework/blazor.web.js", "text/javascript")]
    [InlineData("/app.css", "text/css")]
    [InlineData("/js/frame.js", "text/javascript")]
    [InlineData("/health/ready", "text/plain")]
    public async Task Get_NobodySignedIn_ServesWhatIsOpen(string path, string contentType)
    {
        using var http = new HttpClient { BaseAddress = new Uri(site.Node.Address) };

        using var response = await http.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Link_UsedTwice_SignsInOnce()
    {
        var secret = await site.Node.Services.GetRequiredService<CreateSignInLink>().HandleAsync(SkyPortal.Domain.Access.Viewer.System, 1, CancellationToken.None);
        using var handler = new HttpClientHandler { CookieContainer = new CookieContainer() };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(site.Node.Address) };

        using var first = await http.GetAsync($"/sign-in/{secret}");
        using var second = await new HttpClient { BaseAddress = new Uri(site.Node.Address) }.GetAsync($"/sign-in/{secret}");

        Assert.DoesNotContain("/sign-in", first.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains("too old", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
