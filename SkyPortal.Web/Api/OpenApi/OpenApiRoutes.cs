using System.Text;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.OpenApi;

/// <summary>The description of the API for programs that write clients.</summary>
public static class OpenApiRoutes
{
    /// <summary>Maps the route.</summary>
    public static void MapOpenApiDescription(this IEndpointRouteBuilder routes)
    {
        // Routes do not change while a node runs.
        string? written = null;
        routes.MapGet("/api/openapi.json", (EndpointDataSource endpoints) =>
            Results.Text(written ??= DescribeApi.Of(endpoints.Endpoints).ToJsonString(ApiJson.Options), "application/json", Encoding.UTF8)).Public().WithName("GetOpenApi");
    }
}
