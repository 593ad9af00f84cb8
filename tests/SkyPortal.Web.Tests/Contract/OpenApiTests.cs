using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>The description of the API is whole and consistent.</summary>
public sealed partial class OpenApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private static readonly string[] Verbs = ["get", "head", "post", "put", "patch", "delete"];

    [Fact]
    public async Task Document_EveryRoute_IsInItUnderItsName()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");

        var missing = ApiRoute.All(site.Node).Where(route =>
        {
            var path = route.Template.Contains('?', StringComparison.Ordinal) ? route.Template[..route.Template.LastIndexOf('/')] : route.Template;
            return !paths.TryGetProperty(path, out var item) || !item.TryGetProperty(route.Method.Method.ToLowerInvariant(), out var operation)
                || operation.GetProperty("operationId").GetString() != route.Name;
        }).ToList();

        Assert.True(missing.Count == 0, $"Not described: {string.Join(", ", missing)}");
    }

    [Fact]
    public async Task Document_EveryOperation_HasAUniqueIdItsArgumentsAndItsSecurity()
    {
        var document = await DocumentAsync();
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Verb: operation.Name, Operation: operation.Value))).ToList();
        var schemes = document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).ToList();

        Assert.Equal(operations.Count, operations.Select(item => item.Operation.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(operations, item =>
        {
            var parameters = item.Operation.GetProperty("parameters").EnumerateArray().ToList();
            Assert.Contains(item.Verb, Verbs);
            Assert.Equal(
                Argument().Matches(item.Path).Select(match => match.Groups[1].Value),
                parameters.Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()));
            Assert.Equal(parameters.Count, parameters.Select(parameter => parameter.GetProperty("name").GetString()).Distinct().Count());
            Assert.True(item.Operation.GetProperty("responses").TryGetProperty("200", out _));
            Assert.All(item.Operation.GetProperty("security").EnumerateArray().SelectMany(choice => choice.EnumerateObject()), choice => Assert.Contains(choice.Name, schemes));
        });
        Assert.Empty(document.GetProperty("paths").GetProperty("/api/sysinfo").GetProperty("get").GetProperty("security").EnumerateArray());
        Assert.Equal("session", Assert.Single(document.GetProperty("paths").GetProperty("/api/internal/password").GetProperty("put").GetProperty("security").EnumerateArray()).EnumerateObject().Single().Name);
        Assert.True(document.GetProperty("paths").GetProperty("/api/sources").GetProperty("post").TryGetProperty("requestBody", out _));
    }

    [Fact]
    public async Task Document_EveryReference_Resolves()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.All(References(document).Distinct(), reference =>
            Assert.True(document.GetProperty("components").GetProperty("schemas").TryGetProperty(reference["#/components/schemas/".Length..], out _), reference));
    }

    [Fact]
    public async Task Document_EveryParameterOfAQuery_IsSweptWithBadInput()
    {
        var operations = (await DocumentAsync()).GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => operation.Value));
        var routes = ApiRoute.All(site.Node).Select(route => route.Name).ToHashSet();

        var unswept = operations.Where(operation => routes.Contains(operation.GetProperty("operationId").GetString()!)).SelectMany(operation =>
        {
            var route = operation.GetProperty("operationId").GetString()!;
            return operation.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!)
                .Except(QueryNames.Of(route))
                .Select(name => $"{route} {name}");
        }).ToList();

        Assert.True(unswept.Count == 0, $"QueryNames.cs lacks {string.Join(", ", unswept)}");
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var anybody = new HttpClient { BaseAddress = new Uri(site.Node.Address) };
        return JsonSerializer.Deserialize<JsonElement>(await anybody.GetStringAsync("/api/openapi.json"));
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(item => item.Name == "$ref" ? [item.Value.GetString()!] : References(item.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Argument();
}
