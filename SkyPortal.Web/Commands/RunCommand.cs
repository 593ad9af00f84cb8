using Microsoft.EntityFrameworkCore;
using Npgsql;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Access;
using SkyPortal.Infrastructure.Operations;
using SkyPortal.Infrastructure.Persistence;
using SkyPortal.Jobs.Alerts.Demo;

namespace SkyPortal.Web.Commands;

/// <summary>run: starts the database where it is private, migrates, seeds, serves, and stops it all on Ctrl-C.</summary>
internal static class RunCommand
{
    private const string Usage = """
        run [--urls URL] [--data-dir DIR] [--demo|--no-demo] [-- settings]
          --urls URL       where to serve; http://127.0.0.1:5000 where nothing is said
          --data-dir DIR   folder of the private database and of all files; .data where nothing is said
          --demo           replay a simulated night, so that the pages have something to show (the default on the first run)
          --no-demo        do not
          settings         further settings as --Name=value, such as --Role=web or --Demo:PacketsPerSecond=2
        SKYPORTAL_DATABASE names a PostgreSQL database to use instead of a private one.
        """;

    public static async Task<int> RunAsync(string[] words)
    {
        var arguments = new Arguments(words, ["--urls", "--data-dir"], ["--demo", "--no-demo", "--help", "-h"]);
        if (arguments.Switch("--help") || arguments.Switch("-h"))
        {
            return CommandLine.Print(Usage);
        }

        if (arguments.Plain.Count > 0)
        {
            throw new UsageException($"{arguments.Plain[0]} is not understood.\n{Usage}");
        }

        var folder = Path.GetFullPath(arguments.Option("--data-dir") ?? ".data");
        Directory.CreateDirectory(folder);
        var configuration = CommandLine.Configuration(arguments.Settings);
        var options = new PrivatePostgresOptions { DataDirectory = folder };
        await using var database = await DatabaseLocator.OpenAsync(configuration, options);
        var urls = arguments.Option("--urls") ?? configuration["urls"] ?? "http://127.0.0.1:5000";
        var settings = CommandLine.SettingsOf(database.ConnectionString, folder) with { RunsJobs = configuration["Role"] != "web" };
        await using var app = SkyPortalHost.Build(settings, ["--urls", urls, .. arguments.Settings]);
        var isFirstRun = await IsFirstRunAsync(app.Services);
        await SkyPortalHost.PrepareAsync(app.Services, CancellationToken.None);
        try
        {
            await app.StartAsync();
        }
        catch (IOException error)
        {
            throw new UsageException($"{urls} cannot be served: {error.Message}");
        }

        using var demo = new CancellationTokenSource();
        var playing = settings.RunsJobs && (arguments.Switch("--demo") || (!arguments.Switch("--no-demo") && isFirstRun))
            ? PlayAsync(app.Services, settings, configuration.GetValue("Demo:PacketsPerSecond", 0.0), demo.Token)
            : Task.CompletedTask;
        var address = app.Urls.First();
        Console.Out.WriteLine($"SkyPortal is ready at {address}");
        // A node with a role is one of several under a supervisor, whose log is read by others than the administrator.
        if (isFirstRun || configuration["Role"] is null)
        {
            Console.Out.WriteLine($"Sign in once as {SeedAccess.AdminName}: {address}/sign-in/{await AdminLinkAsync(app.Services)}");
        }

        await app.WaitForShutdownAsync();
        await demo.CancelAsync();
        await playing;
        return 0;
    }

    private static async Task<bool> IsFirstRunAsync(IServiceProvider services)
    {
        await using var command = services.GetRequiredService<Contexts>().DataSource.CreateCommand("select to_regclass('users') is null");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    // The demonstration is extra: what goes wrong in it is told and leaves the site alone.
    private static async Task PlayAsync(IServiceProvider services, SkyPortalSettings settings, double packetsPerSecond, CancellationToken ct)
    {
        try
        {
            var accepted = await Task.Run(() => services.GetRequiredService<PlayDemoNight>().HandleAsync(settings.SeedDirectory, packetsPerSecond, ct), ct);
            Console.Error.WriteLine($"The demonstration night was played: {accepted} new alerts.");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Console.Error.WriteLine("The demonstration night was interrupted; --demo goes on with it.");
        }
        catch (Exception error) when (error is Refusal or IOException or NpgsqlException)
        {
            Console.Error.WriteLine($"The demonstration night could not be played: {error.Message}");
        }
    }

    private static async Task<string> AdminLinkAsync(IServiceProvider services)
    {
        await using var db = services.GetRequiredService<Contexts>().For(Viewer.System);
        var id = await db.Set<User>().Where(user => user.Username == SeedAccess.AdminName).Select(user => user.Id).SingleAsync();
        return await services.GetRequiredService<CreateSignInLink>().HandleAsync(Viewer.System, id, CancellationToken.None);
    }
}
