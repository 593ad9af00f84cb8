using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using SkyPortal.Domain;
using SkyPortal.Domain.Access;
using SkyPortal.Domain.Alerts;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Alerts;

/// <summary>A page of alerts.</summary>
/// <param name="Alerts">The alerts.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="IsAtLeast">Whether there are more than these: no more than <see cref="SearchAlerts.MostCounted"/> are counted.</param>
/// <param name="HasNext">Whether there is another page.</param>
/// <param name="NextCursor">Where it begins; null where there is none.</param>
public sealed record AlertPage(IReadOnlyList<AlertRow> Alerts, long Total, bool IsAtLeast, bool HasNext, string? NextCursor);

/// <summary>Searches the archived alerts that a viewer may read. Two statements at most.</summary>
public sealed class SearchAlerts(Contexts contexts)
{
    /// <summary>More than these are not counted: a count that nobody reads to its end must not cost more than the page.</summary>
    public const int MostCounted = 10_000;

    private const int ExportBatch = 2_000;
    private const int LongestSearchSeconds = 20;
    private static readonly TimeSpan LongestCount = TimeSpan.FromSeconds(1);

    /// <summary>A page, with the number of all.</summary>
    /// <exception cref="Refusal">A field or the cursor is not known, the page is too far, or the search takes too long.</exception>
    public async Task<AlertPage> HandleAsync(Viewer viewer, AlertCriteria criteria, CancellationToken ct)
    {
        var skipped = criteria.Cursor is null ? (criteria.Page - 1L) * criteria.PerPage : 0;
        if (skipped > AlertCriteria.MostSkipped)
        {
            throw Refusal.Invalid($"Invalid page: pages are numbered up to {AlertCriteria.MostSkipped} alerts. Go on from there with cursor, or narrow the search.");
        }

        var order = Order.Of(criteria);
        var cursor = criteria.Cursor is { Length: > 0 } text ? AlertCursor.Parse(text, order.Name) : null;
        var rows = await ReadAsync(viewer, criteria, order, cursor, criteria.PerPage + 1, skipped, ct);
        var hasNext = rows.Count > criteria.PerPage;
        rows = hasNext ? rows[..criteria.PerPage] : rows;
        var shown = (cursor?.Shown ?? skipped) + rows.Count;
        var (total, isAtLeast) = cursor is not null ? (Math.Max(cursor.Total, shown), cursor.IsAtLeast && hasNext)
            : !hasNext && (rows.Count > 0 || skipped == 0) ? (shown, false)
            : await CountAsync(viewer, criteria, shown + (hasNext ? 1 : 0), ct);
        var next = hasNext
            ? new AlertCursor(order.Name, rows[^1].Key, rows[^1].Row.AlertId, rows[^1].Row.Survey, shown, total, isAtLeast).ToString()
            : null;
        return new AlertPage([.. rows.Select(row => row.Row)], total, isAtLeast, hasNext, next);
    }

    /// <summary>
    /// Every alert, in order of time: a batch is read behind the last, so that the memory is that of a batch, and what comes in
    /// meanwhile neither repeats nor hides an alert.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<AlertRow>> ReadAllAsync(Viewer viewer, AlertCriteria criteria, [EnumeratorCancellation] CancellationToken ct)
    {
        criteria = criteria with { Sort = AlertFieldSql.Time, Cursor = null, Page = 1 };
        var order = Order.Of(criteria);
        for (AlertCursor? cursor = null; ;)
        {
            var rows = await ReadAsync(viewer, criteria, order, cursor, ExportBatch, 0, ct);
            yield return [.. rows.Select(row => row.Row)];
            if (rows.Count < ExportBatch)
            {
                yield break;
            }

            cursor = new AlertCursor(order.Name, rows[^1].Key, rows[^1].Row.AlertId, rows[^1].Row.Survey, 0, 0, false);
        }
    }

    private async Task<List<(AlertRow Row, string Key)>> ReadAsync(
        Viewer viewer, AlertCriteria criteria, Order order, AlertCursor? cursor, int limit, long skipped, CancellationToken ct)
    {
        var conditions = new AlertConditions(viewer, criteria);
        if (cursor is not null)
        {
            order.After(conditions, cursor);
        }

        // A search by object, number or cone gathers its few alerts by their index before it sorts them; any other walks
        // ix_alerts_night_mjd from the newest on and stops when the page is full.
        var select = $"select {AlertRow.Columns}, {order.Key} as sort_key from {conditions.From} where {conditions.Where}";
        var sql = conditions.IsNarrow
            ? $"select * from ({select} offset 0) a order by {order.OverGathered} limit {limit.ToString(CultureInfo.InvariantCulture)}"
            : $"{select} order by {order.Sql} limit {limit.ToString(CultureInfo.InvariantCulture)}";
        await using var command = conditions.Bind(contexts.DataSource.CreateCommand(skipped > 0 ? $"{sql} offset {skipped.ToString(CultureInfo.InvariantCulture)}" : sql));
        command.CommandTimeout = LongestSearchSeconds;
        try
        {
            return await command.ReadAllAsync(reader => (AlertRow.Read(reader), Convert.ToString(reader.GetValue(AlertRow.ColumnCount), CultureInfo.InvariantCulture)!), ct);
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            throw Refusal.Invalid($"The search took longer than {LongestSearchSeconds} s. Narrow it, for instance with time__since, a cone or objectId, or sort by time.");
        }
    }

    private async Task<(long Total, bool IsAtLeast)> CountAsync(Viewer viewer, AlertCriteria criteria, long known, CancellationToken ct)
    {
        var conditions = new AlertConditions(viewer, criteria);
        var most = Math.Max(MostCounted, known);
        await using var command = conditions.Bind(contexts.DataSource.CreateCommand(
            $"select count(*) from (select 1 from {conditions.From} where {conditions.Where} limit {(most + 1).ToString(CultureInfo.InvariantCulture)}) as counted"));
        using var budget = new CancellationTokenSource(LongestCount, contexts.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, ct);
        try
        {
            var count = (long)(await command.ExecuteScalarAsync(either.Token))!;
            return count > most ? (most, true) : (count, false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (known, true);
        }
    }

    /// <summary>An order of alerts, in which no two are equal.</summary>
    /// <param name="Name">Tells it from others.</param>
    /// <param name="Key">What they are sorted by.</param>
    /// <param name="Type">Its type.</param>
    /// <param name="IsTime">Whether that is the time, which goes night by night.</param>
    /// <param name="Ascending">Smallest first.</param>
    private sealed record Order(string Name, string Key, NpgsqlDbType Type, bool IsTime, bool Ascending)
    {
        private string Direction => Ascending ? "asc" : "desc";

        public string Sql => IsTime
            ? $"a.night {Direction}, a.mjd {Direction}, a.alert_id {Direction}, a.survey {Direction}"
            : $"{Key} {Direction}, a.alert_id {Direction}, a.survey {Direction}";

        public string OverGathered => IsTime ? Sql : $"a.sort_key {Direction}, a.alert_id {Direction}, a.survey {Direction}";

        public static Order Of(AlertCriteria criteria)
        {
            var isTime = criteria.Sort == AlertFieldSql.Time;
            var field = AlertFieldSql.ToSortBy(criteria.Sort, criteria.Surveys);
            // Nulls come last either way, and as a value, so that a cursor can stand among them.
            var last = (field.Type, criteria.Ascending) switch
            {
                (NpgsqlDbType.Text, true) => "'~'",
                (NpgsqlDbType.Text, false) => "''",
                (NpgsqlDbType.Bigint, true) => "9223372036854775807",
                (NpgsqlDbType.Bigint, false) => "(-9223372036854775808)",
                (NpgsqlDbType.Real, true) => "'Infinity'::real",
                (NpgsqlDbType.Real, false) => "'-Infinity'::real",
                (_, true) => "'Infinity'::float8",
                (_, false) => "'-Infinity'::float8",
            };
            return new Order($"{criteria.Sort} {criteria.Ascending}", isTime ? field.Sql : $"coalesce({field.Sql}, {last})", field.Type, isTime, criteria.Ascending);
        }

        public void After(AlertConditions conditions, AlertCursor cursor)
        {
            var sign = Ascending ? ">" : "<";
            var value = cursor.TypedValue(Type);
            var key = conditions.Parameter(Type, value);
            var id = conditions.Parameter(NpgsqlDbType.Bigint, cursor.AlertId);
            var survey = conditions.Parameter(NpgsqlDbType.Text, cursor.Survey);
            if (!IsTime)
            {
                conditions.And($"({Key}, a.alert_id, a.survey) {sign} ({key}, {id}, {survey})");
                return;
            }

            var night = conditions.Parameter(NpgsqlDbType.Date, SurveyNight.Of(cursor.Survey, (double)value));
            conditions.And($"a.night {sign}= {night} and (a.night, a.mjd, a.alert_id, a.survey) {sign} ({night}, {key}, {id}, {survey})");
        }
    }
}
