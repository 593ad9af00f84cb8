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
