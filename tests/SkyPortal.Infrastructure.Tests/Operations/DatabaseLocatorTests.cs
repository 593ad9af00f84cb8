using Microsoft.Extensions.Configuration;
using Npgsql;
using SkyPortal.Infrastructure.Operations;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Operations;

public sealed class DatabaseLocatorTests
{
    [Fact]
    public void Named_Nothing_MeansThePrivateDatabase() => Assert.Null(Named(null, null));

    [Fact]
    public void Named_Both_PrefersTheVariable() =>
        Assert.Equal("a", new NpgsqlConnectionStringBuilder(Named("Host=a;Database=x", "Host=b;Database=x")!).Host);

    [Fact]
    public void Named_OnlyTheSetting_UsesIt() =>
        Assert.Equal("b", new NpgsqlConnectionStringBuilder(Named(" ", "Host=b;Database=x")!).Host);

    [Fact]
    public void Named_Url_ReadsEveryPart()
    {
        var parts = new NpgsqlConnectionStringBuilder(Named("postgresql://mira:p%40ss%3Aw%2Frd@db.example.org:6543/sky%20one?sslmode=verify-full&application_name=sky", null)!);

        Assert.Equal("mira", parts.Username);
        Assert.Equal("p@ss:w/rd", parts.Password);
        Assert.Equal("db.example.org", parts.Host);
        Assert.Equal(6543, parts.Port);
        Assert.Equal("sky one", parts.Database);
        Assert.Equal(SslMode.VerifyFull, parts.SslMode);
        Assert.Equal("sky", parts.ApplicationName);
    }

    [Fact]
    public void Named_UrlWithSocketFolder_UsesIt() =>
        Assert.Equal("/run/postgresql", new NpgsqlConnectionStringBuilder(Named("postgres:///sky?host=/run/postgresql", null)!).Host);

    [Theory]
    [InlineData("postgres://mira:s3cret@db/sky?colour=blue", "colour")]
    [InlineData("postgres://mira:s3cret@db/", "names no database")]
    [InlineData("Host=db;Pasword=s3cret;Database=sky", "key or value")]
    [InlineData("Password=s3cret;Database=sky", "names no host")]
    [InlineData("postgres://mira:s3cret@db:notaport/sky", "malformed")]
    public void Named_Unreadable_SaysWhyWithoutTheSecret(string address, string reason)
    {
        var refusal = Assert.Throws<PrivatePostgresException>(() => Named(address, null));

        Assert.Contains(DatabaseLocator.Variable, refusal.Message);
        Assert.Contains(reason, refusal.Message);
        Assert.DoesNotContain("s3cret", refusal.Message);
    }

    [Fact]
    public void Description_NamedDatabase_ShowsNoSecret()
    {
        var located = new LocatedDatabase("Host=db;Port=5432;Database=sky;Username=mira;Password=s3cret", null);

        Assert.Equal("db:5432/sky", located.ToString());
    }

    private static string? Named(string? variable, string? setting) => DatabaseLocator.Named(
        new ConfigurationBuilder().AddInMemoryCollection([new(DatabaseLocator.Setting, setting)]).Build(),
        name => name == DatabaseLocator.Variable ? variable : null);
}
