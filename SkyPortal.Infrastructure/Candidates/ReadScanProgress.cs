using Npgsql;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Candidates;

/// <summary>How far the night is: objects that passed the scanned filters within the window, whatever was done to them.</summary>
/// <param name="Total">All of them.</param>
/// <param name="Seen">The viewer has looked at them.</param>
/// <param name="SeenByGroup">The viewer or another member of a scanned group has.</param>
/// <param name="Saved">They are saved to one of the scanned groups.</param>
/// <param name="Rejected">The viewer rejected them.</param>
/// <param name="Left">None of these three: neither seen by the viewer, nor saved, nor rejected.</param>
/// <param name="IsWhole">False where the window is so wide that only the objects of the list were counted.</param>
public sealed record ScanProgress(int Total, int Seen, int SeenByGroup, int Saved, int Rejected, int Left, bool IsWhole);

/// <summary>Counts how far the viewer and the viewer's groups are with the window of a list; one statement, two where the window is wide.</summary>
public sealed class ReadScanProgress(Contexts contexts)
{
    private const int MostPassings = 60_000;

    // ix_candidate_views_obj_id_user_id for each object, by its name alone ("+ 0"): a look-up for each member of each object costs several
    // times as much. Saves of the groups and rejected objects are read once. Views are told to those of a common group.
    private const string Counts = """
        , members as materialized (
            select array_append(array_agg(distinct m.user_id), @viewer_user) as ids from group_users m join groups g on g.id = m.group_id
            where m.group_id = any(@groups) and (@sees_all or m.group_id = any(@viewer_groups)) and not g.sitewide),
        marks as (
            select coalesce(v.own, false) as seen, v.own is not null as seen_by_any, s.obj_id is not null as saved, l.obj_id is not null as rejected
            from passed c
            left join lateral (
                select bool_or(v.user_id = @viewer_user) as own from candidate_views v
                where v.obj_id = c.obj_id and v.user_id + 0 = any((select ids from members)::int[])) v on true
            left join (
                select distinct s.obj_id from sources s
                where s.active and s.group_id = any(@groups) and (@sees_all or s.group_id = any(@viewer_groups))) s on s.obj_id = c.obj_id
            left join (select l.obj_id from listings l where l.user_id = @viewer_user and l.list_name = @rejected) l on l.obj_id = c.obj_id
            where (select sum(p.passings) from passed p) <= @most)
        select (select coalesce(sum(p.passings), 0)::bigint from passed p), count(*)::int, (count(*) filter (where seen))::int, (count(*) filter (where seen_by_any))::int,
               (count(*) filter (where saved))::int, (count(*) filter (where rejected))::int, (count(*) filter (where not seen and not saved and not rejected))::int
        from marks
        """;

    /// <summary>Counts them.</summary>
    /// <param name="viewer">Who scans.</param>
    /// <param name="list">The list that is gone through.</param>
    /// <param name="window">Criteria of which the window counts, and no more.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<ScanProgress> HandleAsync(Viewer viewer, ScanList list, CandidateCriteria window, CancellationToken ct)
    {
        var plain = new CandidateConditions(viewer, new CandidateCriteria { StartDate = window.StartDate, EndDate = window.EndDate, RequireDetections = false }, list.GroupIds, null, contexts.Clock.GetUtcNow().UtcDateTime);
        await using var whole = Command(
            $"""
            with passed as materialized (
                select c.obj_id, count(*) as passings
                from (select c.obj_id from candidates c where c.filter_id = any(@filters){plain.Window} limit @most + 1) c
                group by c.obj_id){Counts}
            """,
            viewer, list).With("filters", list.FilterIds);
        plain.Bind(whole.Parameters);
        var (passings, progress) = await ReadAsync(whole, true, ct);
        if (passings <= MostPassings)
        {
            return progress;
        }

        await using var listed = Command($"with passed as materialized (select l.obj_id, 1 as passings from unnest(@ids) as l (obj_id)){Counts}", viewer, list).With("ids", list.ObjIds);
        return (await ReadAsync(listed, false, ct)).Progress;
    }

    private NpgsqlCommand Command(string sql, Viewer viewer, ScanList list) => contexts.DataSource.CreateCommand(sql).WithViewer(viewer)
        .With("groups", list.GroupIds).With("rejected", ScanListNames.Rejected).With("most", (long)MostPassings);

    private static async Task<(long Passings, ScanProgress Progress)> ReadAsync(NpgsqlCommand command, bool isWhole, CancellationToken ct) =>
        (await command.ReadAllAsync(
            reader => (
                reader.GetInt64(0),
                new ScanProgress(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), isWhole)),
            ct))[0];
}
