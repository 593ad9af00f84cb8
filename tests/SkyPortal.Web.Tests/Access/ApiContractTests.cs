using SkyPortal.Infrastructure.Persistence;
using Xunit;

namespace SkyPortal.Web.Tests.Access;

/// <summary>What holds for every route.</summary>
public sealed class ApiContractTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task UnknownPath_SignedIn_Answers400()
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, "/api/nonexistent");

        Assert.Equal(400, status);
        Assert.Equal("Invalid API endpoint", envelope.GetProperty("message").GetString());
        Assert.Equal("1.4.0", envelope.GetProperty("version").GetString());
    }

    [Fact]
    public async Task AnyRoute_NobodySignedIn_Answers401()
    {
        using var http = new HttpClient { BaseAddress = new Uri(site.Node.Address) };

        using var response = await http.GetAsync("/api/nonexistent");

        Assert.Equal(401, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("""{"id": "x", "altdata": {"a": "\u0000"}}""", "altdata.a: it holds a character that no text has")]
    [InlineData("""{"id": "\ud800"}""", "id: it holds a character that no text has")]
    [InlineData("""{"id": "x", "altdata": {"a": [1e999]}}""", "altdata.a: Input should be a finite number")]
    [InlineData("""{"id": "x", "id": "y"}""", "id")]
    [InlineData("""[1]""", "must be a JSON object")]
    public async Task Body_ThatCannotBeKept_IsRefusedWithItsField(string body, string reason)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Post, "/api/sources", body);

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/candidates?listName=a%00", "listName")]
    [InlineData("/api/classification?pageNumber=2147483647", "page number")]
    public async Task Query_ThatCannotBeUsed_IsRefusedWithItsName(string path, string reason)
    {
        var admin = await site.Node.AdminAsync();

        var (status, envelope) = await admin.SendAsync(HttpMethod.Get, path);

        Assert.Equal(400, status);
        Assert.Contains(reason, envelope.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameRequests_AtTheSameTime_NeverFail()
    {
        var admin = await site.Node.AdminAsync();
        var body = new { name = "Raced telescope", nickname = "RT", lat = 1, lon = 2, elevation = 3, diameter = 4, robotic = false };

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => admin.SendAsync(HttpMethod.Post, "/api/telescope", body)));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.All(replies, reply => Assert.True(reply.Status is 200 or 400 or 409, $"{reply}"));
    }

    [Fact]
    public async Task Model_EveryEntity_HasAPolicyAndItsFilter()
    {
        await using var db = site.Node.Contexts.For(Domain.Access.Viewer.System);

        Assert.All(db.Model.GetEntityTypes(), entity =>
        {
            Assert.True(AccessPolicies.All.ContainsKey(entity.ClrType), $"{entity.ClrType.Name} has no access policy.");
            Assert.Contains(entity.GetDeclaredQueryFilters(), filter => filter.Key == SkyPortalContext.AccessFilter);
        });
    }
}
