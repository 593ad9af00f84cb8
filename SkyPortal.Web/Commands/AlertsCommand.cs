using SkyPortal.Domain;
using SkyPortal.Infrastructure.Alerts;
using SkyPortal.Infrastructure.Formats;

namespace SkyPortal.Web.Commands;

/// <summary><c>alerts ingest PATH... --stream NAME [--schemas DIR]</c>: takes packets from disk into the platform.</summary>
public static class AlertsCommand
{
    private const string Usage = "Usage: alerts ingest PATH... --stream NAME [--schemas DIR]";
    private const int ReasonsInFull = 20;

    /// <summary>Runs it; returns 0 when done, 1 when packets came and all were rejected, 2 for wrong usage.</summary>
    /// <param name="services">Services of a node that is migrated and seeded.</param>
    /// <param name="args">Words after <c>alerts</c>.</param>
    /// <param name="output">For the counts.</param>
    /// <param name="error">For reasons and refusals.</param>
    /// <param name="ct">Stops after the batch that is being written.</param>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var options = Read(args, out var problem);
        if (options is null)
        {
            await error.WriteLineAsync(problem);
            await error.WriteLineAsync(Usage);
            return 2;
        }

        var folder = options.Schemas ?? services.GetRequiredService<SkyPortalSettings>().LsstSchemaDirectory;
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

    private static Options? Read(string[] args, out string problem)
    {
        var paths = new List<string>();
        string? stream = null;
        string? schemas = null;
        problem = args is ["ingest", ..] ? "" : "The only command is 'ingest'.";
        for (var i = 1; i < args.Length && problem.Length == 0; i++)
        {
            switch (args[i])
            {
                case "--stream" when i + 1 < args.Length:
                    stream = args[++i];
                    break;
                case "--schemas" when i + 1 < args.Length:
                    schemas = args[++i];
                    break;
                case var word when word.StartsWith("--", StringComparison.Ordinal):
                    problem = word is "--stream" or "--schemas" ? $"{word} needs a value." : $"There is no option {word}.";
                    break;
                case var path:
                    paths.Add(path);
                    break;
            }
        }

        problem = problem.Length > 0 ? problem
            : paths.Count == 0 ? "Name the files, folders or tarballs to take in."
            : stream is null ? "Name the stream with --stream."
            : schemas is not null && !Directory.Exists(schemas) ? $"There is no folder {schemas}."
            : paths.Find(path => !Path.Exists(path)) is { } missing ? $"There is no file or folder {missing}."
            : "";
        return problem.Length > 0 ? null : new Options(paths, stream!, schemas);
    }

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
