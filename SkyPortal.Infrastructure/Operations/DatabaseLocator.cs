using Microsoft.Extensions.Configuration;
using Npgsql;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>
/// Finds the product's database: the environment variable <c>SKYPORTAL_DATABASE</c>, else the setting
/// <c>Database:ConnectionString</c>, else a private PostgreSQL under the data directory.
/// </summary>
public static class DatabaseLocator
{
    /// <summary>Environment variable with a connection string or a <c>postgres://</c> address.</summary>
    public const string Variable = "SKYPORTAL_DATABASE";

    /// <summary>Key of the same in the configuration.</summary>
    public const string Setting = "Database:ConnectionString";

    /// <summary>The database that was named, as an Npgsql connection string; null when the private one is meant.</summary>
    /// <param name="configuration">The product's settings.</param>
    /// <param name="environment">Reads an environment variable; null for the process's own.</param>
    /// <exception cref="PrivatePostgresException">What was named is no PostgreSQL address; the message repeats no secret.</exception>
    public static string? Named(IConfiguration configuration, Func<string, string?>? environment = null)
    {
        if ((environment ?? Environment.GetEnvironmentVariable)(Variable) is { } variable && !string.IsNullOrWhiteSpace(variable))
            return PostgresAddress.Parse(variable, Variable);
        return configuration[Setting] is { } setting && !string.IsNullOrWhiteSpace(setting) ? PostgresAddress.Parse(setting, Setting) : null;
    }

    /// <summary>Opens the database that was named, or brings up the private one; dispose the answer at the end.</summary>
    /// <param name="configuration">The product's settings.</param>
    /// <param name="privateOptions">How the private database runs, if it comes to that.</param>
    /// <param name="ct">Stops waiting for the private database.</param>
    public static async Task<LocatedDatabase> OpenAsync(IConfiguration configuration, PrivatePostgresOptions privateOptions, CancellationToken ct = default)
    {
        if (Named(configuration) is { } named) return new LocatedDatabase(named, null);
        var server = await PrivatePostgres.StartAsync(privateOptions, ct);
        return new LocatedDatabase(server.ConnectionString, server);
    }
}

/// <summary>A database in use by this process.</summary>
/// <param name="ConnectionString">Npgsql connection string; secret when <paramref name="Private"/> is null.</param>
/// <param name="Private">The private server, or null when the database was named by the operator.</param>
public sealed record LocatedDatabase(string ConnectionString, PrivatePostgres? Private) : IAsyncDisposable
{
    /// <summary>Where the database is, without user or password: fit for a log.</summary>
    public string Description
    {
        get
        {
            if (Private is not null) return "private PostgreSQL";
            var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
            return $"{parts.Host}:{parts.Port}/{parts.Database}";
        }
    }

    /// <summary>Lets go of a private server; a named database is left alone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Private is not null) await Private.StopAsync();
    }

    /// <summary>The description, so that no log shows the connection string by mistake.</summary>
    public override string ToString() => Description;
}
