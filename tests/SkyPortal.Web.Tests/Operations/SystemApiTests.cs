using SkyPortal.Domain.Photometry;
using Xunit;

namespace SkyPortal.Web.Tests.Operations;

/// <summary>What a site tells of itself.</summary>
public sealed class SystemApiTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Sysinfo_NobodySignedIn_Answers()
    {
        using var http = new HttpClient { BaseAddress = new Uri(site.Node.Address) };

        using var response = await http.GetAsync("/api/sysinfo", TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task EnumTypesAndConfig_ListWhatUploadsMayUse()
    {
        var user = await site.Node.ClientAsync("system-user");

        var types = await user.GetAsync("/api/enum_types");
        var config = await user.GetAsync("/api/config");

        Assert.Equal(9, types.EnumerateObject().Count());
        Assert.Equal(Bandpasses.AllowedNames.Count, types.GetProperty("ALLOWED_BANDPASSES").GetArrayLength());
        Assert.Equal(MagnitudeSystems.Names, types.GetProperty("ALLOWED_MAGSYSTEMS").EnumerateArray().Select(name => name.GetString()!));
        Assert.Equal(37, types.GetProperty("ALLOWED_API_CLASSNAMES").GetArrayLength());
        Assert.Equal("Sitewide Group", config.GetProperty("publicGroupName").GetString());
        Assert.Equal(3, config.GetProperty("bandpassesColors").GetProperty("ztfr").GetArrayLength());
        Assert.InRange(config.GetProperty("bandpassesWavelengths").GetProperty("ztfr").GetDouble(), 6000, 6900);
        Assert.Equal(28, config.EnumerateObject().Count());
    }

    [Fact]
    public async Task DbStats_ForAdministratorsOnly_CountsEverything()
    {
        var admin = await site.Node.AdminAsync();
        var user = await site.Node.ClientAsync("system-user");

        var stats = await admin.GetAsync("/api/db_stats");
        var info = await user.GetAsync("/api/internal/dbinfo");
        var (status, _) = await user.SendAsync(HttpMethod.Get, "/api/db_stats");

        Assert.Equal(17, stats.EnumerateObject().Count());
        Assert.True(stats.GetProperty("Number of users").GetInt64() >= 2);
        Assert.Equal(["postgres_version", "source_table_empty"], info.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(401, status);
    }
}
