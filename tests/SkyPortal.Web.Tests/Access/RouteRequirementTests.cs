using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Web.Auth;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>Every route says who may use it, once.</summary>
public sealed class RouteRequirementTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public void Routes_All_CarryExactlyOneRequirement()
    {
        var endpoints = site.Node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints.Where(endpoint => !IsFrameworkFile(endpoint)), endpoint =>
            Assert.True(CountOf(endpoint) == 1, $"{endpoint.RoutePattern.RawText} carries {CountOf(endpoint)} requirements."));
    }

    // Routes carry the requirement itself, pages an attribute that holds it.
    private static int CountOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.OfType<AccessRequirement>().Count() + endpoint.Metadata.OfType<PageRequirementAttribute>().Count();

    private static bool IsFrameworkFile(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText is { } text && (text.Contains("_framework", StringComparison.Ordinal) || text == "{**path:file}" || text.Contains("_blazor", StringComparison.Ordinal)
            || text.Contains("_content", StringComparison.Ordinal) || endpoint.Metadata.Any(item => item.GetType().Name.Contains("StaticAsset", StringComparison.Ordinal)));
}
