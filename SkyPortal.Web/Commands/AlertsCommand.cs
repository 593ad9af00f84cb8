using SkyPortal.Domain;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Web.Commands;

/// <summary><c>alerts ingest PATH... --stream NAME [--schemas DIR]</c>: takes packets from disk into the platform.</summary>
public static class AlertsCommand
{
    private const string Usage = """
        alerts ingest PATH... --stream NAME [--schemas DIR] [--data-dir DIR]
        Takes alert packets in: files, folders of .avro files, tarballs of them. The stream tells the survey; who may read a
        packet is decided by its own programme. --schemas names the folder with the schemas of framed (Rubin) packets; where
        nothing is said, a folder "schema" in or beside PATH serves.
        """;

    private const int ReasonsInFull = 20;

    /// <summary>Runs it; returns 0 when done, 1 when packets came and all were rejected, 2 for wrong usage.</summary>
    /// <param name="services">Services of a node that is migrated and seeded.</param>
    /// <param name="args">Words after <c>alerts</c>.</param>
    /// <param name="output">For the counts.</param>
    /// <param name="error">For reasons and refusals.</param>
    /// <param name="ct">Stops after the batch that is being written.</param>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, TextWriter error, CancellationToken ct)
    {
        Options options;
        try
        {
            options = Read(Words(args));
        }
        catch (UsageException wrong)
        {
            await error.WriteLineAsync(wrong.Message);
            await error.WriteLineAsync(Usage);
            return 2;
        }

        var folder = options.Schemas ?? services.GetRequiredService<SkyPortalSettings>().LsstSchemaDirectory ?? SchemasNear(options.Paths);
        var schemas = folder is null ? null : new FolderSchemaRegistry(folder);
        var report = new Report(error);
        try
        {
            var outcomes = services.GetRequiredService<IngestAlerts>().HandleAsync(options.Stream, PacketFiles.ReadAsync(options.Paths, ct), schemas, ct);
            await foreach (var outcome in outcomes)
            {
                await report.AddAsync(outcome);
            }
        }
        catch (Refusal refusal)
        {
            await error.WriteLineAsync(refusal.Message);
            return 2;
        }

        await report.FinishAsync(output);
        return report.IsAllRejected ? 1 : 0;
    }

    /// <summary>Runs it over the database of the site; see the other form.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken ct)
    {
        var arguments = Words(args);
        if (arguments.Switch("--help") || arguments.Switch("-h"))
        {
            return CommandLine.Print(Usage);
        }

        Read(arguments);
        await using var scope = await CommandLine.OpenAsync(arguments.Option("--data-dir"), ct);
        return await RunAsync(scope.Services, args, Console.Out, Console.Error, ct);
    }

    private static Arguments Words(string[] args) => args is ["ingest", .. var rest]
        ? new Arguments(rest, ["--stream", "--schemas", "--data-dir"], ["--help", "-h"])
        : throw new UsageException("The only command of alerts is ingest.");

    private static Options Read(Arguments arguments)
    {
        var options = new Options(arguments.Plain, arguments.Required("--stream"), arguments.Option("--schemas"));
        if (options.Paths.Count == 0)
        {
            throw new UsageException("Name the files, folders or tarballs to take in.");
        }

        if (options.Paths.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
        {
            throw new UsageException($"There is no file or folder {missing}.");
        }

        return options.Schemas is null || Directory.Exists(options.Schemas)
            ? options
            : throw new UsageException($"There is no folder {options.Schemas}.");
    }

    // A download of packets commonly has their schemas as a neighbour.
    private static string? SchemasNear(IEnumerable<string> paths) => paths
        .Select(path => Directory.Exists(path) ? Path.GetFullPath(path) : Path.GetDirectoryName(Path.GetFullPath(path))!)
        .SelectMany(folder => new[] { Path.Combine(folder, "schema"), Path.Combine(folder, "..", "schema") })
        .FirstOrDefault(Directory.Exists);

    private sealed record Options(IReadOnlyList<string> Paths, string Stream, string? Schemas);

    private sealed class Report(TextWriter error)
    {
        private readonly Dictionary<string, int> _moreByReason = new(StringComparer.Ordinal);
        private int _accepted;
        private int _duplicate;
        private int _rejected;
        private long _droppedPoints;

        public bool IsAllRejected => _rejected > 0 && _accepted + _duplicate == 0;

        public async Task AddAsync(IngestOutcome outcome)
        {
            _droppedPoints += outcome.DroppedPoints;
            switch (outcome.Kind)
            {
                case IngestOutcomeKind.Accepted:
                    _accepted++;
                    break;
                case IngestOutcomeKind.Duplicate:
                    _duplicate++;
                    break;
                case var _ when ++_rejected <= ReasonsInFull:
                    await error.WriteLineAsync($"rejected {outcome.Name}: {outcome.Reason}");
                    break;
                default:
                    _moreByReason[outcome.Reason!] = _moreByReason.GetValueOrDefault(outcome.Reason!) + 1;
                    break;
            }
        }

        public async Task FinishAsync(TextWriter output)
        {
            foreach (var (reason, count) in _moreByReason.OrderByDescending(pair => pair.Value))
            {
                await error.WriteLineAsync($"rejected {count} more: {reason}");
            }

            if (_droppedPoints > 0)
            {
                await error.WriteLineAsync($"left out {_droppedPoints} measurements of programmes that no stream of this site covers, or without an instrument for the survey");
            }

            await output.WriteLineAsync($"accepted {_accepted}, duplicate {_duplicate}, rejected {_rejected}");
        }
    }
}
