using System.Collections.Concurrent;
using Npgsql;

namespace SkyPortal.TestSupport;

/// <summary>
/// A real database of a test class's own, cloned from a template that is prepared once per process. Dispose it at the
/// end (<c>IAsyncLifetime.DisposeAsync</c>): that drops it.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Templates = new();

    // CREATE DATABASE needs its template free of other sessions, clones of the same template included.
    private static readonly SemaphoreSlim Cloning = new(1, 1);

    private readonly string name;

    private TestDatabase(string name, string connectionString)
    {
        this.name = name;
        ConnectionString = connectionString;
    }

    /// <summary>Npgsql connection string of this database.</summary>
    public string ConnectionString { get; }

    /// <summary>Clones the template <paramref name="template"/>, preparing it first if this process has not yet.</summary>
    /// <param name="prepareTemplate">Fills an empty database: migrations, seeds. Its connections are closed for it at the end.</param>
    /// <param name="template">Name of the template, lower-case letters, digits and underscores: one per way of preparing.</param>
    public static async Task<TestDatabase> CreateAsync(Func<string, Task> prepareTemplate, string template = "skyportal_template")
    {
        var server = await TestPostgres.ConnectionStringAsync();
        await Templates.GetOrAdd(template, _ => new Lazy<Task>(() => PrepareAsync(server, template, prepareTemplate))).Value;
        var name = "t_" + Guid.NewGuid().ToString("N");
        await Cloning.WaitAsync();
        try
        {
            await RunAsync(server, $"CREATE DATABASE {Quoted(name)} TEMPLATE {Quoted(template)}");
        }
        finally
        {
            Cloning.Release();
        }

        return new TestDatabase(name, Address(server, name));
    }

    /// <summary>An empty database.</summary>
    public static Task<TestDatabase> CreateEmptyAsync() => CreateAsync(_ => Task.CompletedTask, "skyportal_empty");

    /// <summary>Drops the database, whoever is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(pooled);
        await RunAsync(await TestPostgres.ConnectionStringAsync(), $"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)");
    }

    private static async Task PrepareAsync(string server, string template, Func<string, Task> prepareTemplate)
    {
        await RunAsync(server, $"CREATE DATABASE {Quoted(template)}");
        var address = Address(server, template);
        await prepareTemplate(address);
        await using (var pooled = new NpgsqlConnection(address)) NpgsqlConnection.ClearPool(pooled);
        // Data sources of their own keep pools that only the server can end.
        await RunAsync(server, $"ALTER DATABASE {Quoted(template)} WITH ALLOW_CONNECTIONS false");
        await using var connection = new NpgsqlConnection(server + ";Pooling=false");
        await connection.OpenAsync();
        await using var end = new NpgsqlCommand("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = template } },
        };
        await end.ExecuteNonQueryAsync();
    }

    private static async Task RunAsync(string server, string statement)
    {
        await using var connection = new NpgsqlConnection(server + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string Address(string server, string database) => new NpgsqlConnectionStringBuilder(server)
    {
        Database = database,
        // Many databases share one server in a test run; few connections each are enough.
        MaxPoolSize = 20,
        IncludeErrorDetail = true,
    }.ConnectionString;

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"")}\"";
}
