using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>A row of candidates as it appears on the wire.</summary>
public sealed record CandidateRow(
    long Id, string ObjId, int FilterId, DateTime PassedAt, long? PassingAlertId, int? UploaderId, DateTime CreatedAt, DateTime Modified);

/// <summary>A page of rows.</summary>
/// <param name="Candidates">Oldest first.</param>
/// <param name="TotalMatches">Told on the first page only.</param>
public sealed record CandidateRows(IReadOnlyList<CandidateRow> Candidates, int? TotalMatches);

/// <summary>Reads bare rows of candidates in three statements at most: scope, page and, on the first page, the number of all.</summary>
public sealed class ListCandidateRows(Contexts contexts, CandidatesPage page)
{
    /// <summary>Reads a page.</summary>
    public async Task<CandidateRows> HandleAsync(Viewer viewer, CandidateCriteria criteria, CancellationToken ct)
    {
        var (filterIds, groupIds) = await page.ScopeAsync(viewer, criteria, ct);
        var conditions = new CandidateConditions(viewer, criteria, CandidatesPage.Selected(viewer, criteria, groupIds), null, contexts.Clock.GetUtcNow().UtcDateTime);
        await using var command = Command(
            $"""
            select c.id, c.obj_id, c.filter_id, c.passed_at, c.passing_alert_id, c.uploader_id, c.created_at, c.modified
            from candidates c
            where c.filter_id = any(@filters){conditions.Sql}
            order by c.passed_at, c.id
            limit @take offset @skip
            """,
            filterIds,
            conditions);
        command.With("take", (long)criteria.NumPerPage).With("skip", (criteria.PageNumber - 1L) * criteria.NumPerPage);
        var rows = await command.ReadAllAsync(
            reader => new CandidateRow(
                reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), reader.GetDateTime(3), reader.Maybe<long?>(4), reader.Maybe<int?>(5),
                reader.GetDateTime(6), reader.GetDateTime(7)),
            ct);
        if (criteria.PageNumber > 1 || rows.Count < criteria.NumPerPage)
        {
            return new CandidateRows(rows, criteria.PageNumber > 1 ? null : rows.Count);
        }

        await using var count = Command($"select count(*)::int from candidates c where c.filter_id = any(@filters){conditions.Sql}", filterIds, conditions);
        return new CandidateRows(rows, (int)(await count.ExecuteScalarAsync(ct))!);
    }

    private NpgsqlCommand Command(string sql, int[] filterIds, CandidateConditions conditions)
    {
        var command = contexts.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter("filters", NpgsqlDbType.Array | NpgsqlDbType.Integer) { Value = filterIds });
        conditions.Bind(command.Parameters);
        return command;
    }
}
