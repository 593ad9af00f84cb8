using SkyPortal.Infrastructure.Operations;

namespace SkyPortal.Web.Commands;

/// <summary>worker: a node without pages that runs jobs and consumers only.</summary>
internal static class WorkerCommand
{
    private const string Usage = """
        worker [--urls URL] [--data-dir DIR] [-- settings]
        Runs the jobs and the consumers of alert streams, and no pages. Any number of workers and web nodes share one database
        and one folder of files.
          --urls URL       where to answer /health/live, /health/ready and /metrics; nowhere where nothing is said
          --data-dir DIR   folder of the private database and of all files; .data where nothing is said
          settings         further settings as --Name=value, such as --Streams:NodeName=worker-2
        """;

    public static async Task<int> RunAsync(string[] words, CancellationToken ct)
    {
        var arguments = new Arguments(words, ["--urls", "--data-dir"], ["--help", "-h"]);
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
        await using var database = await DatabaseLocator.OpenAsync(CommandLine.Configuration(arguments.Settings), new PrivatePostgresOptions { DataDirectory = folder }, ct);
        await using var app = SkyPortalHost.BuildWorker(CommandLine.SettingsOf(database.ConnectionString, folder), arguments.Settings, arguments.Option("--urls"));
        await SkyPortalHost.PrepareAsync(app.Services, ct);
        try
        {
            await app.StartAsync(ct);
        }
        catch (IOException error)
        {
            throw new UsageException($"{arguments.Option("--urls")} cannot be served: {error.Message}");
        }

        Console.Out.WriteLine(arguments.Option("--urls") is null ? "The worker is ready" : $"The worker is ready at {app.Urls.First()}");
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
