using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>Writes what follows from packets that pass filters, within the transaction of their batch.</summary>
public sealed class WriteCandidates
{
    // Newest packets that passed, so that an older packet that comes late does not replace what a newer one showed.
    private const string NewestSql = """
        select c.obj_id, c.filter_id, max(a.mjd)
        from candidates c
        join alerts a on a.alert_id = c.passing_alert_id and a.obj_id = c.obj_id
        where c.obj_id = any($1) and a.obj_id = any($1) and a.night >= $2
        group by c.obj_id, c.filter_id
        """;

    private const string CandidatesSql = """
        insert into candidates (obj_id, filter_id, passed_at, passing_alert_id, filter_version, created_at, modified)
        select obj_id, filter_id, passed_at, alert_id, nullif(version, 0), $1, $1
        from unnest($2::text[], $3::int[], $4::timestamptz[], $5::bigint[], $6::int[]) as new(obj_id, filter_id, passed_at, alert_id, version)
        on conflict do nothing
        """;

    // Two groups cannot have an origin in common unless their names conspire; then the first one keeps it.
    private const string AnnotationsSql = """
        insert into annotations as old (obj_id, origin, data, author_id, group_ids, created_at, modified)
        select obj_id, origin, data::jsonb, $2, array[group_id], $1, $1
        from unnest($3::text[], $4::text[], $5::text[], $6::int[]) as new(obj_id, origin, data, group_id)
        order by obj_id, origin
        on conflict (obj_id, origin) do update set data = excluded.data, modified = excluded.modified
        where old.group_ids = excluded.group_ids
        """;

    private const string GroupsSql = """
        update objs o set group_ids = array(select distinct g from unnest(o.group_ids || new.group_ids::int[]) g order by g), modified = $1
        from unnest($2::text[], $3::text[]) as new(obj_id, group_ids)
        where o.id = new.obj_id and not o.group_ids @> new.group_ids::int[]
        """;

    private const string OldThumbnailsSql = """
        delete from thumbnails t using unnest($1::text[], $2::text[]) as new(obj_id, survey)
        where t.obj_id = new.obj_id and t.survey = new.survey and t.alert_id is not null and t.type in ('new', 'ref', 'sub')
        """;

    private const string ThumbnailsSql = """
        insert into thumbnails (obj_id, type, survey, origin, alert_id, is_grayscale, created_at, modified)
        select obj_id, type, survey, survey, alert_id, true, $1, $1
        from unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) as new(obj_id, type, survey, alert_id)
        """;

    // Before the candidates of the batch are there: only a first passing is told of.
    private const string NoticesSql = """
        insert into passing_notices (filter_id, obj_id, created_at, modified)
        select filter_id, obj_id, $1, $1
        from unnest($2::int[], $3::text[]) as new(filter_id, obj_id)
        where not exists (select 1 from candidates c where c.obj_id = new.obj_id and c.filter_id = new.filter_id)
        order by filter_id, obj_id
        """;

    // One for each object and allocation. What came to nothing is looked at again. What waits or was asked for is left out beforehand:
    // a conflict would wait for whoever is making the request.
    private const string FollowupsSql = """
        with made as (
            insert into auto_followups as old (filter_id, obj_id, allocation_id, state, created_at, modified)
            select distinct on (new.obj_id, f.allocation_id) f.filter_id, new.obj_id, f.allocation_id, 'waiting', $1, $1
            from unnest($2::int[], $3::text[]) as new(filter_id, obj_id) join filter_followups f on f.filter_id = new.filter_id and f.active
            where not exists (
                select 1 from auto_followups known
                where known.obj_id = new.obj_id and known.allocation_id = f.allocation_id and known.state in ('waiting', 'asked'))
            order by new.obj_id, f.allocation_id, f.filter_id
            on conflict (obj_id, allocation_id) do update set state = 'waiting', reason = null, filter_id = excluded.filter_id, modified = excluded.modified
            where old.state in ('ignored', 'failed')
            returning filter_id)
        insert into outbox_events (kind, subject, group_ids, at)
        select distinct 'followupqueue.passed', m.filter_id::text, array[f.group_id], $1::timestamptz from made m join filters f on f.id = m.filter_id
        """;

    private const string EventsSql = """
        insert into outbox_events (kind, subject, group_ids, payload, at)
        select kind, subject, array[group_id], payload::jsonb, $1
        from unnest($2::text[], $3::text[], $4::int[], $5::text[]) as new(kind, subject, group_id, payload)
        """;

    /// <summary>Writes candidates, annotations, the groups that know the objects, thumbnails, saved sources and events.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">Its transaction.</param>
    /// <param name="alerts">New packets of the batch, in the order in which they came; their objects are there and held by the transaction.</param>
    /// <param name="ownerId">In whose name annotations are written.</param>
    /// <param name="now">Time of passing, UTC; each packet counts one microsecond on, so that two of one object differ.</param>
    /// <param name="ct">Cancels.</param>
    public async Task HandleAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PreparedAlert> alerts, int ownerId, DateTime now, CancellationToken ct)
    {
        var passings = alerts
            .SelectMany((alert, i) => alert.Passings.Select(passing => new Row(alert, passing.Filter, passing.AnnotationJson, now.AddMicroseconds(i))))
            .ToList();
        if (passings.Count == 0)
        {
            return;
        }

        var write = new Statements(connection, transaction, now, ct);
        var objIds = passings.Select(row => row.ObjId).Distinct().Order(StringComparer.Ordinal).ToArray();
        var newest = await ReadNewestAsync(connection, transaction, objIds, passings.Min(row => row.Alert.Alert.Night), ct);
        await NoteFirstAsync(write, passings);
        await write.RunAsync(
            CandidatesSql,
            withTime: true,
            Column(passings, row => row.ObjId),
            Column(passings, row => row.Filter.Id),
            Column(passings, row => row.PassedAt),
            Column(passings, row => row.Alert.Alert.AlertId),
            Column(passings, row => row.Filter.Version));
        await AnnotateAsync(write, alerts, passings, newest, ownerId);
        var saved = await SavePassings.HandleAsync(connection, transaction, passings.Select(row => (row.ObjId, row.Filter)), now, ct);
        var groups = passings.Select(row => (row.ObjId, row.Filter.GroupId)).Concat(saved.Select(save => (save.ObjId, save.GroupId)))
            .GroupBy(row => row.ObjId, row => row.GroupId).ToList();
        await write.RunAsync(
            GroupsSql, withTime: true, Column(groups, group => group.Key), Column(groups, group => $"{{{string.Join(',', group.Distinct())}}}"));
        await ShowAsync(write, passings, newest);
        var passed = passings.Select(row => (row.Filter.Id, row.ObjId)).Distinct().ToList();
        await write.RunAsync(FollowupsSql, withTime: true, Column(passed, row => row.Id), Column(passed, row => row.ObjId));
        await RecordAsync(write, passings, saved);
    }

    // What filters note and what models say: the newest packet of each object has the word.
    private static async Task AnnotateAsync(
        Statements write, IReadOnlyList<PreparedAlert> alerts, List<Row> passings, Dictionary<(string ObjId, int FilterId), double> newest, int ownerId)
    {
        var shown = Shown(newest);
        var noted = passings
            .Where(row => row.AnnotationJson is not null && row.Filter.Actions.Annotate && !(newest.GetValueOrDefault((row.ObjId, row.Filter.Id), double.MinValue) > row.Alert.Alert.Mjd))
            .Select(row => (row.Alert.Alert, row.Filter.AnnotationOrigin, Json: row.AnnotationJson!, row.Filter.GroupId));
        var scored = alerts
            .Where(alert => !(shown.GetValueOrDefault(alert.Alert.ObjId, double.MinValue) > alert.Alert.Mjd))
            .SelectMany(alert => alert.Scores.Select(score => (alert.Alert, AnnotationOrigin: score.Origin, score.Json, score.GroupId)));
        var rows = noted.Concat(scored)
            .GroupBy(row => (row.Alert.ObjId, row.AnnotationOrigin))
            .Select(group => group.MaxBy(row => row.Alert.Mjd))
            .ToList();
        if (rows.Count > 0)
        {
            await write.RunAsync(
                AnnotationsSql,
                withTime: true,
                ownerId,
                Column(rows, row => row.Alert.ObjId),
                Column(rows, row => row.AnnotationOrigin),
                Column(rows, row => row.Json),
                Column(rows, row => row.GroupId));
        }
    }

    private static Dictionary<string, double> Shown(Dictionary<(string ObjId, int FilterId), double> newest) =>
        newest.GroupBy(pair => pair.Key.ObjId).ToDictionary(group => group.Key, group => group.Max(pair => pair.Value));

    private static async Task ShowAsync(Statements write, List<Row> passings, Dictionary<(string ObjId, int FilterId), double> newest)
    {
        var shown = Shown(newest);
        var alerts = passings
            .Where(row => row.Alert.CutoutTypes.Count > 0 && !(shown.GetValueOrDefault(row.ObjId, double.MinValue) > row.Alert.Alert.Mjd))
            .GroupBy(row => (row.ObjId, row.Alert.Alert.Survey))
            .Select(group => group.MaxBy(row => row.Alert.Alert.Mjd)!.Alert)
            .ToList();
        if (alerts.Count == 0)
        {
            return;
        }

        await write.RunAsync(OldThumbnailsSql, withTime: false, Column(alerts, alert => alert.Alert.ObjId), Column(alerts, alert => alert.Alert.Survey));
        var rows = alerts.SelectMany(alert => alert.CutoutTypes.Select(type => (alert.Alert, Type: type))).ToList();
        await write.RunAsync(
            ThumbnailsSql,
            withTime: true,
            Column(rows, row => row.Alert.ObjId),
            Column(rows, row => row.Type),
            Column(rows, row => row.Alert.Survey),
            Column(rows, row => row.Alert.AlertId));
    }

    private static async Task NoteFirstAsync(Statements write, List<Row> passings)
    {
        var told = passings.Where(row => row.Filter.Actions.Notify).Select(row => (row.Filter.Id, row.ObjId)).Distinct().ToList();
        if (told.Count > 0)
        {
            await write.RunAsync(NoticesSql, withTime: true, Column(told, row => row.Id), Column(told, row => row.ObjId));
        }
    }

    private static async Task RecordAsync(Statements write, List<Row> passings, IReadOnlyList<PassingSave> saved)
    {
        var events = passings.GroupBy(row => row.Filter.GroupId)
            .Select(group => (
                Kind: "candidates.arrived",
                Subject: group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture),
                GroupId: group.Key,
                Payload: JsonSerializer.Serialize(new
                {
                    count = group.Count(),
                    filter_ids = group.Select(row => row.Filter.Id).Distinct().Order(),
                })))
            .Concat(saved.Select(save => (Kind: "source.saved", Subject: save.ObjId, save.GroupId, Payload: """{"autosave": true}""")))
            .Concat(saved.Where(save => save.Filter.Actions.Comment is not null)
                .Select(save => (Kind: "comment.posted", Subject: save.ObjId, save.GroupId, Payload: JsonSerializer.Serialize(new { on = "sources", key = save.ObjId }))))
            .ToList();
        await write.RunAsync(
            EventsSql,
            withTime: true,
            Column(events, item => item.Kind),
            Column(events, item => item.Subject),
            Column(events, item => item.GroupId),
            Column(events, item => item.Payload));
    }

    private static async Task<Dictionary<(string ObjId, int FilterId), double>> ReadNewestAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string[] objIds, DateOnly night, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NewestSql, connection, transaction);
        command.Parameters.AddWithValue(objIds);
        command.Parameters.AddWithValue(night);
        var newest = new Dictionary<(string, int), double>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            newest[(reader.GetString(0), reader.GetInt32(1))] = reader.GetDouble(2);
        }

        return newest;
    }

    private static TValue[] Column<TRow, TValue>(IEnumerable<TRow> rows, Func<TRow, TValue> value) => [.. rows.Select(value)];

    private sealed record Row(PreparedAlert Alert, IngestFilter Filter, string? AnnotationJson, DateTime PassedAt)
    {
        public string ObjId => Alert.Alert.ObjId;
    }

    private sealed class Statements(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTime now, CancellationToken ct)
    {
        public async Task RunAsync(string sql, bool withTime, params object[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            if (withTime)
            {
                command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, now);
            }

            foreach (var parameter in parameters)
            {
                command.Parameters.AddWithValue(parameter);
            }

            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
