using System.Globalization;
using System.Text.Json;
using SkyPortal.Domain.Access;
using SkyPortal.Infrastructure.Persistence;

namespace SkyPortal.Infrastructure.Sources;

/// <summary>Something that was done to an object or to what hangs on it.</summary>
/// <param name="Kind">What was done, such as source.saved.</param>
/// <param name="Actor">Who did it; null for the site itself.</param>
/// <param name="Payload">Details; before and after where columns were changed.</param>
public sealed record SourceHistoryItem(long Id, string Kind, DateTime At, int? ActorId, string? Actor, JsonElement? Payload);

/// <summary>A value that a property had.</summary>
/// <param name="At">When it was set, UTC; null where that was not noted.</param>
/// <param name="Who">Who set it; null where that was not noted.</param>
/// <param name="Values">The columns that were set together, by wire name.</param>
public sealed record PropertyValue(DateTime? At, string? Who, IReadOnlyDictionary<string, JsonElement> Values);

/// <summary>Reads what was done to an object, as far as the viewer may know of it.</summary>
public sealed class ReadSourceHistory(Contexts contexts)
{
    private const int Most = 300;

    private static readonly string[] Rooms =
        ["source", "comment", "annotation", "classification", "photometry", "photometry_annotation", "spectrum", "spectrum_annotation", "candidate", "thumbnail"];

    // Index outbox_events (subject, id); the rule is that of the events' policy, and that the object is seen.
    private const string Sql = $"""
        select e.id, e.kind, e.at, e.actor_id, u.username, e.payload
        from objs o join outbox_events e on e.subject = o.id left join users u on u.id = e.actor_id
        where o.id = @obj and split_part(e.kind, '.', 1) = any(@rooms) and {ViewerSql.SeesObj}
          and (@sees_all or e.group_ids && @viewer_groups or e.actor_id = @viewer_user)
          and (@column = '' or jsonb_exists(e.payload -> 'after', @column))
        order by e.id desc limit @most
        """;

    /// <summary>The newest first.</summary>
    public Task<List<SourceHistoryItem>> HandleAsync(Viewer viewer, string objId, CancellationToken ct) => ReadAsync(viewer, objId, "", Most, ct);

    /// <summary>
    /// The values that a property had, the newest first: redshift and summary from the object's own histories, others from the
    /// events of the site.
    /// </summary>
    public async Task<IReadOnlyList<PropertyValue>> OfPropertyAsync(Viewer viewer, ObjRecord obj, string column, CancellationToken ct)
    {
        if (column is "redshift" or "summary")
        {
            var entries = Entries(column == "redshift" ? obj.RedshiftHistory : obj.SummaryHistory);
            var names = await NamesAsync([.. entries.Select(SetBy).OfType<int>().Distinct()], ct);
            var values = entries.Select(entry => new PropertyValue(SetAt(entry), SetBy(entry) is { } id ? names.GetValueOrDefault(id) : null, Fields(column, entry)));
            return [.. values.OrderByDescending(value => value.At)];
        }

        var events = await ReadAsync(viewer, obj.Id, column, 50, ct);
        return [.. events.Select(item => new PropertyValue(item.At, item.Actor ?? "the site", item.Payload!.Value.GetProperty("after").EnumerateObject().ToDictionary(field => field.Name, field => field.Value)))];
    }

    private async Task<List<SourceHistoryItem>> ReadAsync(Viewer viewer, string objId, string column, int most, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand(Sql).WithViewer(viewer)
            .With("obj", objId).With("rooms", Rooms).With("column", column).With("most", most);
        return await command.ReadAllAsync(
            reader => new SourceHistoryItem(
                reader.GetInt64(0), reader.GetString(1), reader.GetDateTime(2), reader.Maybe<int?>(3), reader.Maybe<string>(4), reader.Maybe<JsonElement?>(5)),
            ct);
    }

    private async Task<Dictionary<int, string>> NamesAsync(int[] ids, CancellationToken ct)
    {
        await using var command = contexts.DataSource.CreateCommand("select id, username from users where id = any(@ids)").With("ids", ids);
        return (await command.ReadAllAsync(reader => (reader.GetInt32(0), reader.GetString(1)), ct)).ToDictionary(row => row.Item1, row => row.Item2);
    }

    // The histories came over the API, too: whatever in them is not as expected is left out.
    private static List<JsonElement> Entries(JsonElement? history) =>
        history is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object)] : [];

    private static int? SetBy(JsonElement entry) =>
        entry.TryGetProperty("set_by_user_id", out var id) && id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) ? number : null;

    private static DateTime? SetAt(JsonElement entry) =>
        entry.TryGetProperty("set_at_utc", out var at) && at.ValueKind == JsonValueKind.String
        && DateTime.TryParse(at.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    private static Dictionary<string, JsonElement> Fields(string column, JsonElement entry)
    {
        var fields = new Dictionary<string, JsonElement>();
        foreach (var (from, to) in column == "redshift"
            ? [("value", "redshift"), ("uncertainty", "redshift_error"), ("origin", "redshift_origin")]
            : new[] { ("summary", "summary") })
        {
            if (entry.TryGetProperty(from, out var value))
            {
                fields[to] = value;
            }
        }

        return fields;
    }
}
