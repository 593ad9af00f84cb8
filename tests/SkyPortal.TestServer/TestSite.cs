using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SkyPortal.TestSupport;
using SkyPortal.Web;

namespace SkyPortal.TestServer;

/// <summary>A node over a database of its own, cloned from a migrated and seeded template: the fixture of a test class.</summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private TestSite(TestDatabase database, TestNode node)
    {
        _database = database;
        Node = node;
    }

    /// <summary>The node.</summary>
    public TestNode Node { get; }

    /// <summary>Connection string of its database.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>Clones the template and starts a node over it.</summary>
    public static async Task<TestSite> StartAsync(Action<WebApplicationBuilder>? configure = null, bool runsJobs = false)
    {
        var database = await TestDatabase.CreateAsync(PrepareAsync);
        return new TestSite(database, await TestNode.StartAsync(database.ConnectionString, configure, runsJobs));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task PrepareAsync(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        SkyPortalHost.AddServices(services, new SkyPortalSettings
        {
            Database = connectionString,
            DataDirectory = Path.Combine(Path.GetTempPath(), "skyportal-template"),
            SeedDirectory = Path.Combine(AppContext.BaseDirectory, "data"),
        });
        await using var provider = services.BuildServiceProvider();
        await SkyPortalHost.PrepareAsync(provider, CancellationToken.None);
    }
}
