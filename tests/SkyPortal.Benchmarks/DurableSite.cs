using Npgsql;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.TestServer;

namespace SkyPortal.Benchmarks;

/// <summary>A node over a private PostgreSQL that keeps its promises (fsync and synchronous commit), thrown away at the end.</summary>
internal sealed class DurableSite : IAsyncDisposable
{
    private const string Database = "skyportal_bench";

    private readonly string _folder;
    private readonly PrivatePostgres _server;

    private DurableSite(string folder, PrivatePostgres server, TestNode node)
    {
        _folder = folder;
        _server = server;
        Node = node;
    }

    /// <summary>The node.</summary>
    public TestNode Node { get; }

    /// <summary>Makes a server and a migrated and seeded database, and starts a node over it.</summary>
    public static async Task<DurableSite> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("skyportal-bench-").FullName;
        var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataDirectory = folder });
        await using (var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false"))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand($"create database {Database}", connection);
            await create.ExecuteNonQueryAsync();
        }

        var address = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = Database }.ConnectionString;
        return new DurableSite(folder, server, await TestNode.StartAsync(address));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await _server.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
