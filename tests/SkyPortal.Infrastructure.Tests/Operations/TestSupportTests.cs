using Npgsql;
using SkyPortal.TestSupport;
using Xunit;

namespace SkyPortal.Infrastructure.Tests.Operations;

public sealed class TestSupportTests
{
    private static int prepared;

    [Fact]
    public async Task CreateAsync_TwoClones_ShareThePreparationButNotTheRows()
    {
        await using var one = await TestDatabase.CreateAsync(PrepareAsync, "clone_test");
        await using var two = await TestDatabase.CreateAsync(PrepareAsync, "clone_test");

        await RunAsync(one, "INSERT INTO kept VALUES (2)");

        Assert.Equal(1, prepared);
        Assert.Equal(2L, await RunAsync(one, "SELECT count(*) FROM kept"));
        Assert.Equal(1L, await RunAsync(two, "SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task DisposeAsync_WithOpenConnection_DropsTheDatabase()
    {
        var database = await TestDatabase.CreateEmptyAsync();
        await using var open = new NpgsqlConnection(database.ConnectionString);
        await open.OpenAsync();

        await database.DisposeAsync();

        var gone = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(database, "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidCatalogName, gone.SqlState);
    }

    [Fact]
    public void PathOrSkip_Absent_ThrowsWhatTheRunnerCountsAsSkipped()
    {
        var reason = "";
        try
        {
            SharedData.PathOrSkip("no/such/file");
        }
        catch (SkipTestException skip)
        {
            // Assert.Throws would let a skip pass through and skip this test.
            reason = skip.Message;
        }

        Assert.StartsWith("$XunitDynamicSkip$", reason);
        Assert.Contains("no/such/file", reason);
    }

    private static async Task PrepareAsync(string connectionString)
    {
        Interlocked.Increment(ref prepared);
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> RunAsync(TestDatabase database, string statement)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}
