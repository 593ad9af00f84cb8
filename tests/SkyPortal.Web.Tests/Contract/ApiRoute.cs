using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.TestServer;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>One verb of one registered route of the API.</summary>
/// <param name="Name">Name of the route.</param>
/// <param name="Method">HTTP verb.</param>
/// <param name="Template">Path with its arguments, such as /api/sources/{objId}.</param>
internal sealed partial record ApiRoute(string Name, HttpMethod Method, string Template)
{
    /// <summary>Names of the arguments in the path.</summary>
    public IReadOnlyList<string> Arguments => [.. Argument().Matches(Template).Select(match => match.Groups[1].Value)];

    /// <summary>Whether requests carry a body.</summary>
    public bool HasBody => Method != HttpMethod.Get && Method != HttpMethod.Head;

    /// <summary>Every route under /api but the fallback, found in the running node.</summary>
    public static IReadOnlyList<ApiRoute> All(TestNode node) =>
    [
        .. node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is { } text && text.StartsWith("/api/", StringComparison.Ordinal) && !text.Contains("**", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
                new ApiRoute(endpoint.Metadata.GetMetadata<EndpointNameMetadata>()!.EndpointName, new HttpMethod(method), endpoint.RoutePattern.RawText!)))
            .OrderBy(route => route.Name, StringComparer.Ordinal),
    ];

    /// <summary>The path with its arguments filled in; the values are escaped already.</summary>
    public string Path(Func<string, string> value) => Argument().Replace(Template, match => value(match.Groups[1].Value));

    [GeneratedRegex(@"\{(\w+)\??\}")]
    private static partial Regex Argument();
}
