using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Operations;

/// <summary>What a site says of its database to anybody who is signed in.</summary>
/// <param name="SourceTableEmpty">Whether nothing was saved yet.</param>
/// <param name="PostgresVersion">Version of the server.</param>
/// <param name="PublicGroupName">Name of the group that everybody joins.</param>
public sealed record DatabaseInfo(bool SourceTableEmpty, string PostgresVersion, string PublicGroupName);

/// <summary>How much a site holds. Counts are of everything, whoever may see it, and so for administrators.</summary>
public sealed class ReadDatabaseStats(Contexts contexts)
{
    // The number of points is the planner's estimate: counting them would read every partition.
    private const string CountsSql = """
        select (select coalesce(sum(greatest(reltuples, 0)), 0)::bigint from pg_class where relkind = 'r' and relname like 'photometry\__%' and relname ~ '^photometry_[0-9]+$'),
               (select count(*) from candidates), (select count(*) from sources), (select count(*) from source_views), (select count(*) from objs),
               (select count(*) from groups), (select count(*) from users), (select count(*) from tokens), (select count(*) from filters),
               (select count(*) from telescopes), (select count(*) from instruments), (select count(*) from comments),
               (select count(*) from annotations), (select count(*) from thumbnails),
               (select count(*) from spectra), (select count(*) from gcnevents)
        """;

    private const string InfoSql = """
        select not exists (select 1 from sources), current_setting('server_version'), (select name from groups where sitewide limit 1)
        """;

    private static readonly string[] Names =
    [
        "Number of photometry (approx)", "Number of candidates", "Number of sources", "Number of source views", "Number of objs", "Number of groups",
        "Number of users", "Number of tokens", "Number of filters", "Number of telescopes", "Number of instruments", "Number of comments",
        "Number of annotations", "Number of thumbnails", "Number of spectra", "Number of GCN events",
    ];

    /// <summary>Counts by the names that clients know.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync(Viewer viewer, CancellationToken ct)
    {
        if (!viewer.SeesAll)
        {
            throw Refusal.Forbidden("Only administrators may count everything.");
        }

        await using var command = contexts.DataSource.CreateCommand(CountsSql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return Names.Select((name, column) => (name, Count: reader.GetInt64(column))).ToDictionary(pair => pair.name, pair => pair.Count, StringComparer.Ordinal);
    }

    /// <summary>What anybody who is signed in may know.</summary>
    public async Task<DatabaseInfo> InfoAsync(CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(InfoSql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new DatabaseInfo(reader.GetBoolean(0), reader.GetString(1).Split(' ')[0], await reader.IsDBNullAsync(2, ct) ? "" : reader.GetString(2));
    }
}
