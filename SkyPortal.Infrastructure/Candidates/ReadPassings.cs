using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>One passing of an object through a filter, as it appears on the wire.</summary>
public sealed record PassingRecord(int FilterId, long? PassingAlertId, DateTime PassedAt);

/// <summary>Reads the passings of objects through the filters that the viewer may read, newest first, in one statement.</summary>
public sealed class ReadPassings(Contexts contexts)
{
    private const int MostPerObject = 1000;

    // Index candidates (obj_id, filter_id, passed_at); the rule is that of the candidate's policy.
    private const string Sql = """
        select c.obj_id, c.filter_id, c.passing_alert_id, c.passed_at
        from unnest(@ids) as wanted (id)
        cross join lateral (
            select c.id, c.obj_id, c.filter_id, c.passing_alert_id, c.passed_at
            from candidates c join filters f on f.id = c.filter_id
            where c.obj_id = wanted.id and (@sees_all or (f.group_id = any(@viewer_groups) and f.stream_id = any(@viewer_streams)))
            order by c.passed_at desc, c.id desc
            limit @most) c
        order by c.obj_id, c.passed_at desc, c.id desc
        """;

    /// <summary>Passings by object; the newest thousand of each.</summary>
    public async Task<ILookup<string, PassingRecord>> ForAsync(Viewer viewer, string[] objIds, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer).With("ids", objIds).With("most", MostPerObject);
        var rows = await command.ReadAllAsync(
            reader => (ObjId: reader.GetString(0), Passing: new PassingRecord(reader.GetInt32(1), reader.Maybe<long?>(2), reader.GetDateTime(3))), ct);
        return rows.ToLookup(row => row.ObjId, row => row.Passing);
    }
}
