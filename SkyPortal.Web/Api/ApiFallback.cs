using Microsoft.AspNetCore.Routing.Template;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api;

/// <summary>Answers what no route of the API answers: 400 for an unknown path, 405 for a known path with another verb.</summary>
public static class ApiFallback
{
    /// <summary>Maps the fallback under /api.</summary>
    public static void MapApiFallback(this IEndpointRouteBuilder routes) =>
        routes.Map("/api/{**rest}", (HttpContext context, EndpointDataSource endpoints) =>
            HttpMethods.IsGet(context.Request.Method) && !IsKnown(context, endpoints)
                ? ApiResults.Error(400, "Invalid API endpoint")
                : ApiResults.Error(405, "HTTP 405: Method Not Allowed")).SignedIn().WithName("ApiFallback");

    private static bool IsKnown(HttpContext context, EndpointDataSource endpoints) => endpoints.Endpoints
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText is { } text && text.StartsWith("/api/", StringComparison.Ordinal) && !text.Contains("**", StringComparison.Ordinal))
        .Any(endpoint => new TemplateMatcher(TemplateParser.Parse(endpoint.RoutePattern.RawText!.TrimStart('/')), []).TryMatch(context.Request.Path, []));
}
