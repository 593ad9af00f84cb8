using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.TestSupport;

/// <summary>
/// One private PostgreSQL per test process, in a folder under the system's temporary one. Durability is off: the data
/// is thrown away. Servers of test processes that died are removed when the next one starts.
/// </summary>
public static class TestPostgres
{
    private const string Prefix = "skyportal-test-";
    private static readonly Lazy<Task<PrivatePostgres>> Server = new(StartAsync);

    /// <summary>Npgsql connection string of the server's maintenance database.</summary>
    public static async Task<string> ConnectionStringAsync() => (await Server.Value).ConnectionString;

    private static async Task<PrivatePostgres> StartAsync()
    {
        await RemoveLeftoversAsync();
        var folder = Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
        var server = await PrivatePostgres.StartAsync(OptionsFor(folder));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Discard(server, folder);
        return server;
    }

    private static PrivatePostgresOptions OptionsFor(string folder) => new() { DataDirectory = folder, Durable = false };

    private static async Task RemoveLeftoversAsync()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                if (!await PrivatePostgres.StopAbandonedAsync(OptionsFor(folder))) continue;
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is PrivatePostgresException or IOException or UnauthorizedAccessException)
            {
                // Another user's, or being removed by another test process at this moment: theirs to clean.
            }
        }
    }

    private static void Discard(PrivatePostgres server, string folder)
    {
        // Nothing can be awaited while the process exits.
        server.StopAsync().GetAwaiter().GetResult();
        Directory.Delete(folder, recursive: true);
    }
}
