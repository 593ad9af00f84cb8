using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SkyPortal.Web.Api.Photometry;
using SkyPortal.Web.Auth;

namespace SkyPortal.Web.Api.OpenApi;

/// <summary>
/// Writes the OpenAPI 3.1 description of every route under /api from the routes themselves: names, arguments, whether a body is
/// read, and what the caller must hold.
/// </summary>
internal static partial class DescribeApi
{
    private const string Prefix = "/api/";

    /// <summary>The description of these endpoints.</summary>
    public static JsonObject Of(IEnumerable<Endpoint> endpoints)
    {
        var paths = new JsonObject();
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>().Where(IsDescribed).OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal))
        {
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                foreach (var (path, name) in Forms(endpoint))
                {
                    paths[path] ??= new JsonObject();
                    paths[path]![method.ToLowerInvariant()] = Operation(endpoint, method, path, name);
                }
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "SkyPortal",
                ["version"] = ApiResults.Version,
                ["description"] = "Programs send their token in the header Authorization, as in: token 1234abcd. Pages use the session's cookie.",
            },
            ["paths"] = paths,
            ["components"] = Components(),
        };
    }

    private static bool IsDescribed(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText is { } text && text.StartsWith(Prefix, StringComparison.Ordinal) && !text.Contains("**", StringComparison.Ordinal);

    // An argument that may be left out makes two paths, since a path of OpenAPI has all of its arguments.
    private static IEnumerable<(string Path, string Name)> Forms(RouteEndpoint endpoint)
    {
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
        var text = endpoint.RoutePattern.RawText!;
        if (OptionalArgument().Match(text) is not { Success: true } optional)
        {
            return [(text, name)];
        }

        var argument = optional.Groups[1].Value;
        return [(text[..optional.Index], name), ($"{text[..optional.Index]}/{{{argument}}}", $"{name}By{char.ToUpperInvariant(argument[0])}{argument[1..]}")];
    }

    private static JsonObject Operation(RouteEndpoint endpoint, string method, string path, string name)
    {
        var requirement = endpoint.Metadata.GetMetadata<AccessRequirement>()!;
        var operation = new JsonObject
        {
            ["operationId"] = name,
            ["tags"] = new JsonArray(path[Prefix.Length..].Split('/', '.')[0]),
            ["summary"] = WordStart().Replace(name, " $1").Trim(),
            ["parameters"] = new JsonArray([.. Parameters(endpoint, path)]),
            ["responses"] = Responses(method, requirement),
            ["security"] = Security(requirement),
        };
        if (requirement.Acls.Length > 0)
        {
            operation["description"] = $"Needs the permission {string.Join(" and ", requirement.Acls)}.";
        }

        if (endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler && handler.GetParameters().Any(parameter => parameter.ParameterType == typeof(ApiBody) || parameter.ParameterType == typeof(PhotometryBody)))
        {
            operation["requestBody"] = new JsonObject { ["content"] = Json(new JsonObject { ["type"] = "object" }) };
        }

        return operation;
    }

    private static IEnumerable<JsonNode?> Parameters(RouteEndpoint endpoint, string path)
    {
        foreach (var argument in Argument().Matches(path).Select(match => match.Groups[1].Value))
        {
            yield return new JsonObject { ["name"] = argument, ["in"] = "path", ["required"] = true, ["schema"] = new JsonObject { ["type"] = "string" } };
        }

        foreach (var parameter in QueryParameters.Of(endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName))
        {
            var schema = new JsonObject { ["type"] = parameter.Type };
            if (parameter.Format is { } format)
            {
                schema["format"] = format;
            }

            yield return new JsonObject { ["name"] = parameter.Name, ["in"] = "query", ["required"] = false, ["schema"] = schema };
        }
    }

    private static JsonObject Responses(string method, AccessRequirement requirement)
    {
        var success = new JsonObject { ["description"] = "Done." };
        if (!HttpMethods.IsHead(method))
        {
            success["content"] = Json(Reference("Success"));
        }

        var refusal = new JsonObject { ["description"] = "Refused; the message says why.", ["content"] = Json(Reference("Error")) };
        var responses = new JsonObject { ["200"] = success, ["400"] = refusal.DeepClone() };
        if (requirement.Kind != SignInKind.Public)
        {
            responses["401"] = new JsonObject { ["description"] = "Nobody is signed in, or a permission is missing.", ["content"] = Json(Reference("Error")) };
        }

        responses["default"] = refusal;
        return responses;
    }

    private static JsonArray Security(AccessRequirement requirement) => requirement.Kind switch
    {
        SignInKind.Public => [],
        SignInKind.Session => [new JsonObject { ["session"] = new JsonArray() }],
        _ => [new JsonObject { ["token"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() }],
    };

    private static JsonObject Components() => new()
    {
        ["securitySchemes"] = new JsonObject
        {
            ["token"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "Authorization", ["description"] = "The word token, a space, and the token." },
            ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = "skyportal" },
        },
        ["schemas"] = new JsonObject
        {
            ["Success"] = Envelope("success", "data"),
            ["Error"] = Envelope("error", "message"),
        },
    };

    private static JsonObject Envelope(string status, string required) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("status", required, "version"),
        ["properties"] = new JsonObject
        {
            ["status"] = new JsonObject { ["const"] = status },
            ["data"] = new JsonObject(),
            ["message"] = new JsonObject { ["type"] = "string" },
            ["version"] = new JsonObject { ["type"] = "string" },
        },
    };

    private static JsonObject Json(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Argument();

    [GeneratedRegex(@"/\{(\w+)\?\}$")]
    private static partial Regex OptionalArgument();

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex WordStart();
}
