using System.Globalization;
using Npgsql;
using SkyPortal.Infrastructure.Operations;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Operations;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task StartAsync_FreshDirectory_AnswersOnASocketWithTheRightEncoding()
    {
        await using var server = await StartAsync();

        Assert.False(server.Adopted);
        Assert.Equal("UTF8", await AskAsync(server, "SHOW server_encoding"));
        Assert.Equal("C", await AskAsync(server, "SELECT datcollate FROM pg_database WHERE datname = current_database()"));
        Assert.Equal("", await AskAsync(server, "SHOW listen_addresses"));
        Assert.Equal("on", await AskAsync(server, "SHOW data_checksums"));
        Assert.Equal("200", await AskAsync(server, "SHOW max_connections"));
    }

    [Fact]
    public async Task StartAsync_Durable_KeepsFsyncOn()
    {
        await using var server = await PrivatePostgres.StartAsync(Options() with { Durable = true });

        Assert.Equal("on", await AskAsync(server, "SHOW fsync"));
    }

    [Fact]
    public async Task StartAsync_AfterStop_FindsTheData()
    {
        await using (var first = await StartAsync()) await AskAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");

        await using var second = await StartAsync();

        Assert.False(second.Adopted);
        Assert.Equal("42", await AskAsync(second, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task StopAsync_LastUser_ShutsDownCleanly()
    {
        var server = await StartAsync();

        await server.StopAsync();
        await server.StopAsync();

        Assert.False(Postmaster.IsRunning(server.ProcessId));
        Assert.Contains("database system is shut down", await File.ReadAllTextAsync(server.LogFile));
        Assert.False(File.Exists(Path.Combine(folder.Path, "postgres", "data", "postmaster.pid")));
    }

    [Fact]
    public async Task StopAsync_AnotherUserRemains_LeavesTheServerToTheLast()
    {
        var first = await StartAsync();
        await using var second = await StartAsync();
        Assert.True(second.Adopted);

        await first.StopAsync();
        Assert.Equal("1", await AskAsync(second, "SELECT 1"));

        await second.StopAsync();
        Assert.False(Postmaster.IsRunning(second.ProcessId));
    }

    [Fact]
    public async Task StartAsync_ManyAtOnce_ShareOneServer()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => StartAsync()));

        Assert.Single(servers.Select(s => s.ProcessId).Distinct());
        Assert.Single(servers, s => !s.Adopted);

        await Task.WhenAll(servers.Select(s => s.StopAsync()));
        Assert.False(Postmaster.IsRunning(servers[0].ProcessId));
    }

    [Fact]
    public async Task StartAsync_AfterItsProcessWasKilled_AdoptsTheServer()
    {
        using var child = HoldingProcess.Start(folder.Path);
        var processId = int.Parse((await child.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        child.Kill();
        await child.WaitForExitAsync();

        await using var server = await StartAsync();

        Assert.True(server.Adopted);
        Assert.Equal(processId, server.ProcessId);
        Assert.Equal("1", await AskAsync(server, "SELECT 1"));
        await server.StopAsync();
        Assert.False(Postmaster.IsRunning(processId));
    }

    [Fact]
    public async Task StartAsync_ServerWasKilled_RecoversCommittedData()
    {
        var first = await PrivatePostgres.StartAsync(Options() with { Durable = true });
        await AskAsync(first, "CREATE TABLE kept AS SELECT 7 AS answer; SELECT 1");
        LinuxFiles.Signal(first.ProcessId, LinuxFiles.Quit);
        await StoppedAsync(first.ProcessId);
        first.Abandon();

        await using var second = await StartAsync();

        Assert.False(second.Adopted);
        Assert.Equal("7", await AskAsync(second, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task StartAsync_PidFileNamesAStranger_StartsAnyway()
    {
        await using (await StartAsync())
        {
        }

        var stale = Path.Combine(folder.Path, "postgres", "data", "postmaster.pid");
        await File.WriteAllTextAsync(stale, $"{Environment.ProcessId}\n{Path.GetDirectoryName(stale)}\n1\n5432\n/tmp\n\n\nready\n");
        await using var server = await StartAsync();

        Assert.False(server.Adopted);
    }

    [Fact]
    public async Task StartAsync_SocketWasRemoved_RestartsTheServer()
    {
        var first = await StartAsync();
        first.Abandon();
        File.Delete(Path.Combine(folder.Path, "postgres", "run", ".s.PGSQL.5432"));

        await using var second = await StartAsync();

        Assert.NotEqual(first.ProcessId, second.ProcessId);
        Assert.Equal("1", await AskAsync(second, "SELECT 1"));
    }

    [Fact]
    public async Task StartAsync_PathTooLongForASocket_UsesAShortFolder()
    {
        var deep = Path.Combine(folder.Path, new string('d', 60), new string('e', 60), "with a space and a 'quote'");
        await using var server = await PrivatePostgres.StartAsync(Options() with { DataDirectory = deep });

        var socket = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        Assert.StartsWith("/tmp/skyportal-", socket);
        Assert.Equal("1", await AskAsync(server, "SELECT 1"));
        await server.StopAsync();
        Directory.Delete(socket, recursive: true);
    }

    [Fact]
    public async Task StartAsync_DataOfAnotherMajorVersion_RefusesAndSaysWhatToDo()
    {
        await using (await StartAsync())
        {
        }

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "postgres", "data", "PG_VERSION"), "9\n");

        var refusal = await Assert.ThrowsAsync<PrivatePostgresException>(StartAsync);

        Assert.Contains("made by PostgreSQL 9", refusal.Message);
        Assert.Contains("apt-get install postgresql-9", refusal.Message);
    }

    [Fact]
    public async Task StartAsync_InterruptedCreation_StartsAfresh()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "postgres", "data.new", "base"));
        var account = ServerAccount.Choose(null);
        if (account.Name is not null) LinuxFiles.GiveTo(Path.Combine(folder.Path, "postgres"), account.UserId, account.GroupId);

        await using var server = await StartAsync();

        Assert.Equal("1", await AskAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task StartAsync_FilesThatAreNoDatabase_RefusesToTouchThem()
    {
        await using (await StartAsync())
        {
        }

        File.Delete(Path.Combine(folder.Path, "postgres", "data", "PG_VERSION"));

        var refusal = await Assert.ThrowsAsync<PrivatePostgresException>(StartAsync);

        Assert.Contains("not a PostgreSQL database", refusal.Message);
    }

    [Fact]
    public async Task StartAsync_DirectoryClosedToTheServersUser_UsesTheFallback()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root lends the server to another user.");
        using var fallback = new TemporaryFolder();
        folder.SetMode(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = Options() with { FallbackRoot = fallback.Path };

        await using (var first = await PrivatePostgres.StartAsync(options)) await AskAsync(first, "CREATE TABLE kept AS SELECT 1 AS answer; SELECT 1");
        await using var second = await PrivatePostgres.StartAsync(options);

        Assert.Single(Directory.GetDirectories(fallback.Path));
        Assert.Equal("1", await AskAsync(second, "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task StopAbandonedAsync_InUse_LeavesItRunning()
    {
        await using var server = await StartAsync();

        Assert.False(await PrivatePostgres.StopAbandonedAsync(Options()));
        Assert.Equal("1", await AskAsync(server, "SELECT 1"));
    }

    [Fact]
    public async Task StopAbandonedAsync_OwnerGone_StopsTheServer()
    {
        var server = await StartAsync();
        server.Abandon();

        Assert.True(await PrivatePostgres.StopAbandonedAsync(Options()));
        Assert.False(Postmaster.IsRunning(server.ProcessId));
    }

    private Task<PrivatePostgres> StartAsync() => PrivatePostgres.StartAsync(Options());

    private PrivatePostgresOptions Options() => new() { DataDirectory = folder.Path, Durable = false };

    private static async Task StoppedAsync(int processId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Postmaster.IsRunning(processId)) await Task.Delay(TimeSpan.FromMilliseconds(10), limit.Token);
    }

    private static async Task<string?> AskAsync(PrivatePostgres server, string question)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(question, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
