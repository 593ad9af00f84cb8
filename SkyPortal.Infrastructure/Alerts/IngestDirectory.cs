using Npgsql;
using SkyPortal.Domain.Alerts.Watches;
using SkyPortal.Infrastructure.Alerts.Scores;
using SkyPortal.Infrastructure.Alerts.Watches;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>What the ingest must know of the site: streams, filters, instruments, and whose its rows are.</summary>
/// <param name="Streams">The streams.</param>
/// <param name="Filters">Active filters with an expression.</param>
/// <param name="Models">Active models that score what passes.</param>
/// <param name="Instruments">Keys of the surveys' instruments by survey.</param>
/// <param name="OwnerId">The user in whose name points and annotations are written.</param>
public sealed record IngestDirectory(
    StreamRules Streams,
    IReadOnlyList<IngestFilter> Filters,
    IReadOnlyList<IngestModel> Models,
    IReadOnlyDictionary<string, int> Instruments,
    int OwnerId)
{
    /// <summary>All that is watched.</summary>
    public WatchSnapshot Watches { get; init; } = WatchSnapshot.Empty;
}

/// <summary>Reads the directory afresh for every batch, so that a changed filter counts from the next batch on. All statements go in one round trip.</summary>
public sealed class ReadIngestDirectory(NpgsqlDataSource dataSource, IngestFilters compiler, ScoringModels models, WatchCache watches)
{
    private const string StreamsSql = "select id, name, altdata::text from streams order by id";

    private const string FiltersSql = """
        select f.id, f.modified, f.name, f.stream_id, f.group_id, g.name, f.autosave, f.expression, f.annotation_expressions::text, coalesce(f.version, 0)
        from filters f join groups g on g.id = f.group_id
        where f.active and f.expression is not null
        order by f.id
        """;

    private const string ModelsSql = """
        select m.id, m.modified, m.stream_id, m.group_id, g.name || ':' || m.name, m.file_hash, m.inputs::text, m.outputs::text
        from scoring_models m join groups g on g.id = m.group_id
        where m.active
        order by m.id
        """;

    private const string InstrumentsSql =
        "select distinct on (name) name, id from instruments where name in ('ZTF', 'LSST', 'WINTER', 'DECam') order by name, id";

    // The first administrator stands for the system, which is no user.
    private const string OwnerSql = "select id from users where 'Super admin' = any(roles) order by id limit 1";

    /// <summary>Reads it.</summary>
    public async Task<IngestDirectory> HandleAsync(CancellationToken ct)
    {
        await using var batch = dataSource.CreateBatch();
        foreach (var sql in new[] { StreamsSql, ReadIngestActions.Sql, FiltersSql, ModelsSql, InstrumentsSql, OwnerSql, WatchCache.StampSql })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }

        await using var reader = await batch.ExecuteReaderAsync(ct);
        var rules = new List<StreamRule>();
        while (await reader.ReadAsync(ct))
        {
            if (StreamRule.Read(reader.GetInt32(0), reader.GetString(1), await TextAsync(reader, 2, ct)) is { } rule)
            {
                rules.Add(rule);
            }
        }

        await reader.NextResultAsync(ct);
        var streams = rules.ToDictionary(rule => rule.Id);
        var actions = await ReadIngestActions.ReadAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var filters = await FiltersAsync(reader, streams, actions, ct);
        await reader.NextResultAsync(ct);
        var scorers = await ModelsAsync(reader, streams, ct);
        await reader.NextResultAsync(ct);
        var instruments = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            instruments.Add(reader.GetString(0), reader.GetInt32(1));
        }

        await reader.NextResultAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            throw new InvalidOperationException("The site has no administrator; it has not been set up.");
        }

        var owner = reader.GetInt32(0);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        var stamp = reader.GetString(0);
        return new IngestDirectory(new StreamRules(rules), filters, scorers, instruments, owner) { Watches = await watches.GetAsync(stamp, ct) };
    }

    private async Task<List<IngestFilter>> FiltersAsync(
        NpgsqlDataReader reader, Dictionary<int, StreamRule> streams, Dictionary<int, IngestActions> actions, CancellationToken ct)
    {
        var filters = new List<IngestFilter>();
        while (await reader.ReadAsync(ct))
        {
            if (!streams.TryGetValue(reader.GetInt32(3), out var stream) || stream.Survey is not { } survey)
            {
                continue;
            }

            var compiled = compiler.Compile(reader.GetInt32(0), reader.GetDateTime(1), survey, reader.GetString(7), await TextAsync(reader, 8, ct));
            if (compiled is not null)
            {
                filters.Add(new IngestFilter(
                    reader.GetInt32(0), reader.GetString(2), reader.GetInt32(4), reader.GetString(5), reader.GetBoolean(6), stream, compiled)
                {
                    Version = reader.GetInt32(9),
                    Actions = actions.GetValueOrDefault(reader.GetInt32(0)) ?? IngestActions.Default(reader.GetInt32(4)),
                });
            }
        }

        return filters;
    }

    private async Task<List<IngestModel>> ModelsAsync(NpgsqlDataReader reader, Dictionary<int, StreamRule> streams, CancellationToken ct)
    {
        var scorers = new List<IngestModel>();
        while (await reader.ReadAsync(ct))
        {
            if (streams.TryGetValue(reader.GetInt32(2), out var stream) && stream.Survey is { } survey
                && await models.LoadAsync(
                    reader.GetInt32(0), reader.GetDateTime(1), survey, reader.GetString(5), reader.GetString(6), reader.GetString(7), ct) is { } scorer)
            {
                scorers.Add(new IngestModel(reader.GetInt32(3), reader.GetString(4), stream, scorer));
            }
        }

        return scorers;
    }

    private static async Task<string?> TextAsync(NpgsqlDataReader reader, int column, CancellationToken ct) =>
        await reader.IsDBNullAsync(column, ct) ? null : reader.GetString(column);
}
