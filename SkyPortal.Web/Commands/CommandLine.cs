using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Web.Commands;

/// <summary>The program's commands, one per verb of the launcher. Progress goes to standard error, results to standard output.</summary>
public static class CommandLine
{
    private const string Usage = """
        Commands:
          run [--urls URL] [--data-dir DIR] [--demo|--no-demo] [-- settings]
          worker [--urls URL] [--data-dir DIR] [-- settings]
          user create NAME --role ROLE [--email E] [--data-dir DIR]
          user password NAME [--data-dir DIR]
          token create --user NAME --name N (--acl ACL ... | --all-acls) [--data-dir DIR]
          alerts ingest PATH... --stream NAME [--schemas DIR] [--data-dir DIR]
        Every command takes --help.
        """;

    /// <summary>Runs a command; returns the exit code: 0 done, 1 failed, 2 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return args switch
            {
                [] => Fail(Usage, 2),
                ["help" or "--help" or "-h", ..] => Print(Usage),
                ["run", .. var rest] => await RunCommand.RunAsync(rest),
                ["worker", .. var rest] => await WorkerCommand.RunAsync(rest, stop.Token),
                ["user", "create", .. var rest] => await UserCommand.CreateAsync(rest, stop.Token),
                ["user", "password", .. var rest] => await UserCommand.PasswordAsync(rest, stop.Token),
                ["token", "create", .. var rest] => await TokenCommand.CreateAsync(rest, stop.Token),
                ["alerts", .. var rest] => await AlertsCommand.RunAsync(rest, stop.Token),
                ["user" or "token", ..] => Fail(Usage, 2),
                _ => Fail($"{args[0]} is not a command.\n{Usage}", 2),
            };
        }
        catch (UsageException error)
        {
            return Fail(error.Message, 2);
        }
        catch (Refusal refusal)
        {
            return Fail(refusal.Message, 1);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail("Stopped.", 1);
        }
        catch (NpgsqlException error)
        {
            return Fail($"The database does not answer: {error.Message}", 1);
        }
        catch (PrivatePostgresException error)
        {
            return Fail(error.Message, 1);
        }
    }

    /// <summary>Opens the database that the command is to work on: the configured one, or the private one of a data folder.</summary>
    internal static async Task<CommandScope> OpenAsync(string? dataDirectory, CancellationToken ct)
    {
        var folder = Path.GetFullPath(dataDirectory ?? ".data");
        var isNew = !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();
        Directory.CreateDirectory(folder);
        var configuration = Configuration([]);
        if (isNew)
        {
            Console.Error.WriteLine($"There is no site in {folder} yet: this makes one. --data-dir names the folder of another.");
        }

        var database = await DatabaseLocator.OpenAsync(configuration, new PrivatePostgresOptions { DataDirectory = folder, Logger = NullLogger.Instance }, ct);
        var services = new ServiceCollection();
        services.AddLogging();
        SkyPortalHost.AddServices(services, SettingsOf(database.ConnectionString, folder));
        var provider = services.BuildServiceProvider();
        await SkyPortalHost.PrepareAsync(provider, ct);
        return new CommandScope(provider, database);
    }

    /// <summary>Settings of a node or a command.</summary>
    internal static SkyPortalSettings SettingsOf(string connectionString, string folder) => new()
    {
        Database = connectionString,
        DataDirectory = folder,
        SeedDirectory = Path.Combine(AppContext.BaseDirectory, "data"),
        LsstSchemaDirectory = Configuration([])["Alerts:LsstSchemas"],
    };

    /// <summary>Configuration from files, the environment and the command line, the later the stronger.</summary>
    internal static IConfigurationRoot Configuration(string[] settings) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine(settings)
        .Build();

    /// <summary>Prints a result.</summary>
    internal static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return 0;
    }

    private static int Fail(string text, int code)
    {
        Console.Error.WriteLine(text);
        return code;
    }
}

/// <summary>The services of a command and the database that they work on.</summary>
internal sealed record CommandScope(ServiceProvider Services, LocatedDatabase Database) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
