using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.TestServer;
using SkyPortal.Web.Tests.Access;
using Xunit;

namespace SkyPortal.Web.Tests.Contract;

/// <summary>Addresses of pages that people mistype, and forms that programs fill, never make the server fail.</summary>
public sealed class PageBadInputTests
{
    private const string Password = "correct horse battery";

    private static readonly string[] Junk =
        ["%00", "a%00b", "abc", "-1", "0", "2147483647", "9223372036854775808", "1e400", "NaN", "1e300", "%F0%9F%94%AD", "%ED%A0%80", "%25", "'", "%3Cscript%3E", "0001-01-01", "9999-12-31T23:59:59", "1,2,x", "-drb%40", "redshift", "%5C"];

    // The scanning page reads its address by itself.
    private static readonly string[] OfTheScanningPage = ["groups", "filters", "hours", "from", "to", "saved", "rejected", "unseen", "zmin", "zmax", "sort", "list", "page"];

    // So does the archive.
    private static readonly string[] OfTheArchive = ["page", "sort_value", "sort_order", "objectId", "cone", "objectcone", "time__gt", "time__since", "magpsf__gte", "fwhm", "cursor", "survey", "nosuchfield"];

    [Fact]
    public async Task Pages_UnderAnyAddress_AreShownOrNotFound()
    {
        await using var server = await TestSite.StartAsync();
        await SampleSite.MakeAsync(server.Node);
        using var browser = await SignedInAsync(server.Node);
        var pages = server.Node.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Text: endpoint.RoutePattern.RawText!, endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type)).Where(page => page.Type is not null && !page.Text.Contains("**", StringComparison.Ordinal)).ToList();
        var addresses = pages.SelectMany(page => Addresses(page.Text, page.Type!)).Distinct().ToList();
        var failed = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(addresses, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (address, ct) =>
        {
            using var response = await browser.Http.GetAsync(address, ct);
            if ((int)response.StatusCode >= 500)
            {
                failed.Add($"{address}: {(int)response.StatusCode}");
            }
        });

        Assert.True(addresses.Count > 300, $"{addresses.Count}");
        Assert.True(failed.IsEmpty, $"{failed.Count}:\n{string.Join('\n', failed.Order(StringComparer.Ordinal).Take(40))}");
    }

    [Fact]
    public async Task Doors_WithJunk_NeverFail()
    {
        await using var server = await TestSite.StartAsync();
        using var browser = new Browser(server.Node.Address);
        var failed = new List<string>();
        foreach (var junk in Junk.Append(new string('x', 5000)))
        {
            foreach (var path in new[] { $"/sign-in/{junk}", $"/login/{junk}?invite_token={junk}", $"/complete/{junk}?state={junk}&code={junk}", $"/become_user/{junk}", $"/thumbnails/{junk}.png", $"/sign-in?return={junk}&reason={junk}&message={junk}&invite_token={junk}" })
            {
                using var response = await browser.Http.GetAsync(path);
                Note(failed, path, response);
            }

            var text = Uri.UnescapeDataString(junk);
            foreach (var path in new[] { "/sign-in", "/sign-up" })
            {
                using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = text, ["password"] = text, ["return"] = text, ["invite_token"] = text, ["first_name"] = text, ["last_name"] = text });
                using var response = await browser.Http.PostAsync(path, form);
                Note(failed, $"POST {path} {junk[..Math.Min(junk.Length, 20)]}", response);
                using var parts = new MultipartFormDataContent { { new StringContent(text), "username" }, { new StringContent(text), "password" } };
                using var reply = await browser.Http.PostAsync(path, parts);
                Note(failed, $"POST {path} in parts", reply);
                using var wrong = new StringContent(text, Encoding.UTF8, "application/json");
                using var answer = await browser.Http.PostAsync(path, wrong);
                Note(failed, $"POST {path} as JSON", answer);
            }

            using var header = new HttpRequestMessage(HttpMethod.Get, "/api/sources");
            header.Headers.TryAddWithoutValidation("Authorization", $"token {junk}");
            using var refused = await browser.Http.SendAsync(header);
            Assert.Equal(401, (int)refused.StatusCode);
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    [Fact]
    public async Task Password_SetWithJunk_IsRefused()
    {
        await using var server = await TestSite.StartAsync();
        using var browser = await SignedInAsync(server.Node);
        foreach (var body in new[] { "{", "[]", "{}", "{\"password\":1}", "{\"password\":\"\\u0000\"}", "{\"password\":\"x\",\"current_password\":[]}", "{\"user_id\":\"x\",\"password\":\"long enough for all\"}", "{\"user_id\":-1,\"password\":\"long enough for all\"}" })
        {
            var reply = await Reply.ToAsync(browser.Http, HttpMethod.Put, "/api/internal/password", Encoding.UTF8.GetBytes(body));

            Assert.Null(reply.Fault);
            Assert.InRange(reply.Status, 400, 499);
        }
    }

    private static IEnumerable<string> Addresses(string template, Type page)
    {
        var plain = Regex.Replace(template, @"\{(\w+)(:\w+)?\}", match => match.Groups[1].Value == "ObjId" ? "SAMPLE1" : "1", RegexOptions.None, TimeSpan.FromSeconds(1));
        yield return plain;
        foreach (var junk in Junk)
        {
            if (template.Contains('{', StringComparison.Ordinal))
            {
                yield return Regex.Replace(template, @"\{(\w+)(:\w+)?\}", junk.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.None, TimeSpan.FromSeconds(1));
            }

            foreach (var name in Names(page))
            {
                yield return $"{plain}?{name}={junk}";
            }
        }
    }

    private static IEnumerable<string> Names(Type page) => page.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(property => (property.Name, Attribute: property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
        .Where(property => property.Attribute is not null)
        .Select(property => property.Attribute!.Name ?? property.Name)
        .Concat(page.Name == "Candidates" ? OfTheScanningPage : page.Name == "AlertsPage" ? OfTheArchive : []);

    private static async Task<Browser> SignedInAsync(TestNode node)
    {
        var admin = (await node.AdminAsync()).UserId;
        await node.Services.GetRequiredService<SetPassword>().HandleAsync(Viewer.System, admin, null, Password, CancellationToken.None);
        var browser = new Browser(node.Address);
        browser.Http.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/html");
        Assert.Equal("/", await browser.PostAsync("/sign-in", ("username", SeedAccess.AdminName), ("password", Password)));
        return browser;
    }

    private static void Note(List<string> failed, string what, HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500)
        {
            failed.Add($"{what}: {(int)response.StatusCode}");
        }
    }
}
