using Microsoft.Extensions.Logging;
using Npgsql;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>
/// The PostgreSQL that comes up with the product: under the data directory, reachable through a Unix socket only.
/// Every process that uses it holds a shared lock; the first starts the server and the last one stops it, so a command
/// may run beside the web server or alone. A server that outlived a killed process is adopted.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Name = "skyportal";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly PrivatePostgresOptions options;
    private readonly PrivatePostgresLayout layout;
    private FileLease? user;

    private PrivatePostgres(PrivatePostgresOptions options, PrivatePostgresLayout layout, FileLease user, Postmaster server, bool adopted)
    {
        this.options = options;
        this.layout = layout;
        this.user = user;
        Adopted = adopted;
        ProcessId = server.ProcessId;
        ConnectionString = ConnectionTo(server, Name);
    }

    /// <summary>Npgsql connection string of the product's database.</summary>
    public string ConnectionString { get; }

    /// <summary>True when the server ran already.</summary>
    public bool Adopted { get; }

    /// <summary>Process id of the server.</summary>
    public int ProcessId { get; }

    /// <summary>The file that the server writes its log to.</summary>
    public string LogFile => layout.Log;

    /// <summary>Starts the server of a data directory, or adopts the one that runs; returns once it answers.</summary>
    /// <exception cref="PrivatePostgresException">It cannot be used; the message says why and what to do.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken ct = default)
    {
        if (!OperatingSystem.IsLinux())
            throw new PrivatePostgresException("The private PostgreSQL needs Linux. Set SKYPORTAL_DATABASE to a PostgreSQL that runs already.");
        try
        {
            CreateDataDirectory(options.DataDirectory);
            using var gate = await GateAsync(options, ct);
            var layout = await PrivatePostgresLayout.PrepareAsync(options, ct);
            var user = await FileLease.AcquireAsync(UsersFile(options), exclusive: false, options.Patience, options.Time, ct);
            try
            {
                var (server, adopted) = await BringUpAsync(options, layout, ct);
                await EnsureDatabaseAsync(server, ct);
                options.Logger.LogInformation("{What} private PostgreSQL (process {ProcessId}) in {Home}", adopted ? "Adopted" : "Started", server.ProcessId, layout.Home);
                return new PrivatePostgres(options, layout, user, server, adopted);
            }
            catch
            {
                user.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PrivatePostgresException($"The private PostgreSQL in {options.DataDirectory} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Lets go of the server, and stops it cleanly when no other process uses it. May be called twice.</summary>
    /// <exception cref="PrivatePostgresException">It did not stop in time.</exception>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref user, null) is not { } lease) return;
        using var gate = await GateAsync(options, CancellationToken.None);
        lease.Dispose();
        await StopIfUnusedAsync(options, layout);
    }

    /// <summary>Stops the server of a data directory that no process uses any more, such as one left by a killed process.</summary>
    /// <returns>True when no server runs there now; false when a process still uses it.</returns>
    public static async Task<bool> StopAbandonedAsync(PrivatePostgresOptions options, CancellationToken ct = default)
    {
        if (!Directory.Exists(options.DataDirectory)) return true;
        using var gate = await GateAsync(options, ct);
        return await StopIfUnusedAsync(options, await PrivatePostgresLayout.PrepareAsync(options, ct));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>What the kernel does when this process is killed: the lock goes, the server stays.</summary>
    internal void Abandon() => Interlocked.Exchange(ref user, null)?.Dispose();

    private static async Task<bool> StopIfUnusedAsync(PrivatePostgresOptions options, PrivatePostgresLayout layout)
    {
        using var alone = FileLease.TryAcquire(UsersFile(options), exclusive: true);
        if (alone is null) return false;
        if (Postmaster.Find(layout.Data) is { } server)
        {
            await StopServerAsync(options, server);
            options.Logger.LogInformation("Stopped private PostgreSQL (process {ProcessId})", server.ProcessId);
        }

        return true;
    }

    private static async Task<(Postmaster Server, bool Adopted)> BringUpAsync(PrivatePostgresOptions options, PrivatePostgresLayout layout, CancellationToken ct)
    {
        var begin = options.Time.GetTimestamp();
        var adopted = true;
        while (true)
        {
            if (options.Time.GetElapsedTime(begin) > options.Patience)
                throw new PrivatePostgresException($"The private PostgreSQL has not answered for {options.Patience.TotalSeconds:0} s. Its last words:\n{LogTail(layout)}");
            var server = Postmaster.Find(layout.Data);
            if (server is null)
            {
                adopted = false;
                await LaunchAsync(options, layout, ct);
                continue;
            }

            if (server.Ready && !File.Exists(server.SocketPath))
            {
                // Someone cleaned the socket's folder; a server that nobody can reach is of no use.
                await StopServerAsync(options, server);
                continue;
            }

            if (server.Ready && await AnswersAsync(server, ct)) return (server, adopted);
            await Task.Delay(Pause, options.Time, ct);
        }
    }

    private static async Task LaunchAsync(PrivatePostgresOptions options, PrivatePostgresLayout layout, CancellationToken ct)
    {
        var binaries = await PostgresBinaries.FindAsync(layout.DataMajorVersion, ct);
        if (layout.DataMajorVersion is null) await CreateClusterAsync(options, layout, binaries, ct);
        layout.Account.OwnFolder(layout.SocketFolder);
        Postmaster.RemoveStaleFile(layout.Data);
        KeepLogShort(layout.Log);

        var settings = $"-k {ShellQuote(layout.SocketFolder)} -p {PrivatePostgresLayout.Port} -c listen_addresses= -c unix_socket_permissions=0700 "
            + (options.Durable ? "-c fsync=on" : "-c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        // pg_ctl gives the server a session of its own, so Ctrl-C in the terminal does not reach it, and a log that
        // needs no living parent to drain it.
        var answer = await ServerCommand.RunAsync(
            Path.Combine(binaries.Folder, "pg_ctl"),
            ["start", "-w", "-t", $"{options.Patience.TotalSeconds:0}", "-D", layout.Data, "-l", layout.Log, "-o", settings],
            layout.Account.Name,
            ct);
        if (answer.ExitCode != 0)
            throw new PrivatePostgresException($"The private PostgreSQL did not start. Its last words ({layout.Log}):\n{LogTail(layout)}\n{answer.Output.Trim()}");
    }

    private static async Task CreateClusterAsync(PrivatePostgresOptions options, PrivatePostgresLayout layout, PostgresBinaries binaries, CancellationToken ct)
    {
        if (Directory.Exists(layout.Data) && Directory.EnumerateFileSystemEntries(layout.Data).Any())
            throw new PrivatePostgresException($"{layout.Data} holds files but no PG_VERSION: it is not a PostgreSQL database, or a damaged one. Move it away to start afresh.");
        if (Directory.Exists(layout.Unfinished)) Directory.Delete(layout.Unfinished, recursive: true);
        string[] arguments =
        [
            "-D", layout.Unfinished, "--username", Name, "--encoding", "UTF8", "--locale", "C",
            "--auth-local", "trust", "--auth-host", "reject", "--data-checksums",
        ];
        var answer = await ServerCommand.RunAsync(
            Path.Combine(binaries.Folder, "initdb"), options.Durable ? arguments : [.. arguments, "--no-sync"], layout.Account.Name, ct);
        if (answer.ExitCode != 0)
            throw new PrivatePostgresException($"initdb could not create the database in {layout.Unfinished}:\n{answer.Output.Trim()}");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        await File.AppendAllTextAsync(Path.Combine(layout.Unfinished, "postgresql.conf"), PostgresTuning.For(memory, options.MaxConnections), ct);
        // A kill in the middle leaves data.new, never half a database.
        if (Directory.Exists(layout.Data)) Directory.Delete(layout.Data);
        Directory.Move(layout.Unfinished, layout.Data);
    }

    private static async Task<bool> AnswersAsync(Postmaster server, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionTo(server, "postgres") + ";Pooling=false;Timeout=10");
            await connection.OpenAsync(ct);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task EnsureDatabaseAsync(Postmaster server, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo(server, "postgres") + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var ask = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = Name } } };
        if (await ask.ExecuteScalarAsync(ct) is not null) return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
        await create.ExecuteNonQueryAsync(ct);
    }

    private static async Task StopServerAsync(PrivatePostgresOptions options, Postmaster server)
    {
        var begin = options.Time.GetTimestamp();
        // SIGINT is PostgreSQL's fast shutdown: sessions end, everything reaches the disk.
        LinuxFiles.Signal(server.ProcessId, LinuxFiles.Interrupt);
        while (server.IsAlive)
        {
            if (options.Time.GetElapsedTime(begin) > options.Patience)
                throw new PrivatePostgresException($"The private PostgreSQL (process {server.ProcessId}) did not stop within {options.Patience.TotalSeconds:0} s.");
            await Task.Delay(Pause, options.Time);
        }
    }

    private static void CreateDataDirectory(string path)
    {
        if (Directory.Exists(path)) return;
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        // As root, the server runs as another user, who must be able to pass through.
        if (Environment.IsPrivilegedProcess) mode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        LinuxFiles.CreateFolder(path, mode);
    }

    private static Task<FileLease> GateAsync(PrivatePostgresOptions options, CancellationToken ct) =>
        FileLease.AcquireAsync(Path.Combine(options.DataDirectory, "postgres.lock"), exclusive: true, options.Patience, options.Time, ct);

    private static string UsersFile(PrivatePostgresOptions options) => Path.Combine(options.DataDirectory, "postgres.users");

    private static string ConnectionTo(Postmaster server, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = server.SocketFolder,
        Port = server.Port,
        Username = Name,
        Database = database,
    }.ConnectionString;

    private static void KeepLogShort(string log)
    {
        const long longest = 16 * 1024 * 1024;
        if (File.Exists(log) && new FileInfo(log).Length > longest) File.Move(log, log + ".old", overwrite: true);
    }

    private static string LogTail(PrivatePostgresLayout layout) =>
        File.Exists(layout.Log) ? string.Join('\n', File.ReadLines(layout.Log).TakeLast(10)) : "(nothing)";

    private static string ShellQuote(string text) => $"'{text.Replace("'", @"'\''")}'";
}
